package io.drkit.testkit;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.report.TextReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.junit.GameDayDisaster;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The white paper's four game days, a thousand times with each strategy (WP-60; reliability.md D10). */
@Tag("proof")
class WhitePaperGameDaysTest {
  private static final int SEEDS = 4_000;

  @ParameterizedTest
  @EnumSource(names = {"ON_PREMISES_LOSS", "MACHINE_LOSS", "LINK_LOSS"})
  void whatIsGoneIsReplacedWithinTheObjective(GameDayDisaster disaster) throws Exception {
    Seeds.each(SEEDS, seed -> {
      Day day = new Day(disaster, seed);
      RunReport report = day.recover();

      assertThat(report).recoveredWithin(day.orders.plan().objective().rto());
      // Behind a lost link users write on until the lease has run out, and what they write is lost.
      Duration late = disaster == GameDayDisaster.LINK_LOSS ? ofSeconds(32) : Duration.ZERO;
      assertThat(report).lostAtMost(day.orders.plan().objective().rpo().plus(late));
      assertThat(day.orders.service().level()).isEqualTo(1);
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"VIRUS", "USER_ERROR"})
  void dataIsAsItWasBeforeItWentBad(GameDayDisaster disaster) throws Exception {
    Seeds.each(SEEDS, seed -> {
      Day day = new Day(disaster, seed);
      RunReport report = day.recover();

      assertThat(report).recoveredWithin(day.orders.plan().objective().rto());
      Duration rpo = day.orders.plan().objective().rpo();
      for (FakeDataset dataset : day.orders.datasets()) {
        assertThat(day.cloud.truth().losses(dataset.name()))
            .singleElement()
            .satisfies(loss ->
                assertThat(loss.completeUntil()).isBetween(day.struck.minus(rpo), day.struck));
      }
      assertThat(day.orders.service().level()).isEqualTo(1);
    });
  }

  /** One game day: some hours of work, the disaster, and somebody who notices it soon. */
  private static final class Day {
    final FakeApplication orders;
    final FakeCloud cloud;
    private final GameDayDisaster disaster;
    private Instant struck = Instant.MIN;

    Day(GameDayDisaster disaster, long seed) {
      DrStrategy[] strategies = DrStrategy.values();
      this.disaster = disaster;
      this.orders = disaster.orders(strategies[(int) (seed % strategies.length)], seed);
      this.cloud = orders.cloud();
    }

    RunReport recover() throws InterruptedException {
      try (DrEngine engine = DrEngine.builder()
          .journal(Journal.inMemory())
          .leases(LeaseStore.inMemory())
          .time(cloud.time())
          .seed(cloud.seed())
          .build()) {
        engine.prepare(orders.plan(), "nightly job").await();
        cloud.time().advance(ofHours(2).plus(within(ofHours(3), "the hour")));
        struck = cloud.time().now();
        disaster.schedule(orders).strike(cloud);
        cloud.time().advance(within(ofSeconds(20), "until somebody notices"));
        Declaration truth = orders.declaration("on-call").acceptLoss("orders-db", "receipts");

        RunReport report = engine.failover(orders.plan(), truth).await();

        assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
        assertThat(TextReport.of(report).toString())
            .contains("RTO", "RPO", "orders-db", "receipts");
        return report;
      }
    }

    private Duration within(Duration most, String what) {
      return ofMillis((long) (cloud.chance(what) * most.toMillis()));
    }
  }
}
