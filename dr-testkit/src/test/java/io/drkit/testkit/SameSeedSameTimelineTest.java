package io.drkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SameSeedSameTimelineTest {

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameTimelineByteForByteAndAnotherSeedAnotherOne(DrStrategy strategy)
      throws InterruptedException {
    String first = timeline(strategy, 42);

    assertThat(timeline(strategy, 42)).isEqualTo(first);
    assertThat(timeline(strategy, 43)).isNotEqualTo(first);
    assertThat(first).contains("reached  an order can be placed");
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameJournalByteForByte(DrStrategy strategy) throws InterruptedException {
    Journal first = Journal.inMemory();
    Journal second = Journal.inMemory();
    gameDay(strategy, 42, first, new Timeline());
    gameDay(strategy, 42, second, new Timeline());

    assertThat(second.read("orders").records())
        .isEqualTo(first.read("orders").records())
        .isNotEmpty();
  }

  private static String timeline(DrStrategy strategy, long seed) throws InterruptedException {
    Timeline timeline = new Timeline();
    gameDay(strategy, seed, Journal.inMemory(), timeline);
    return timeline.toString();
  }

  private static void gameDay(DrStrategy strategy, long seed, Journal journal, Timeline timeline)
      throws InterruptedException {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    try (DrEngine engine = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .owner("test")
        .listener(timeline)
        .build()) {
      engine.prepare(orders.plan(), "test").await();
      cloud.strike(Disaster.loss(orders.primary()).after(Duration.ofMinutes(70)));
      cloud.time().advance(Duration.ofMinutes(71));
      engine.failover(orders.plan(), orders.declaration("test")).await();
    }
  }
}
