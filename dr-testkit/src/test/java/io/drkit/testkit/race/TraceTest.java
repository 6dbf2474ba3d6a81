package io.drkit.testkit.race;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Seeds;
import io.drkit.testkit.Timeline;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The same seed leaves the same trace, byte for byte: the journal and the timeline of game days, and the journal of the
 * swarm. On every JDK, too: the digest of all of them is a resource of this test (reliability.md R24, I15).
 *
 * <p>When the engine writes something else than before, and is meant to, run this test with {@code -Ddrkit.trace=print} and put
 * what it prints into {@code trace.sha256}.
 */
class TraceTest {
  private static final int SEEDS = 1_000;
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());

  @Test
  void theSameSeedLeavesTheSameTraceOnEveryJdk() throws Exception {
    List<String> first = traces();
    List<String> second = traces();
    assertThat(second).isEqualTo(first);

    String all = sha256(String.join("\n", first));
    if ("print".equals(System.getProperty("drkit.trace"))) {
      System.out.println("trace.sha256: " + all);
    } else if (Seeds.many(SEEDS) == SEEDS) {
      assertThat(all).isEqualTo(golden());
    }
  }

  private static String golden() throws Exception {
    try (InputStream golden = TraceTest.class.getResourceAsStream("trace.sha256")) {
      return new String(golden.readAllBytes(), UTF_8).strip();
    }
  }

  private static List<String> traces() throws InterruptedException {
    String[] traces = new String[Seeds.many(SEEDS)];
    Seeds.each(
        SEEDS,
        seed ->
            traces[Math.toIntExact(seed)] = sha256(seed % 5 == 0 ? swarm(seed) : gameDay(seed)));
    return List.of(traces);
  }

  private static String swarm(long seed) {
    Swarm swarm = new Swarm(seed, new Probes());
    swarm.play();
    return String.join("\n", swarm.journal.read("orders").records());
  }

  private static String gameDay(long seed) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    DrStrategy strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
    FakeCloud cloud =
        FakeCloud.builder().seed(seed).whenLost(FakeCloud.WhenLost.EITHER).build();
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    Journal journal = Journal.inMemory();
    Timeline timeline = new Timeline();
    try (DrEngine engine = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .owner("test")
        .listener(timeline)
        .build()) {
      engine.prepare(orders.plan(), "test").await();
      Disaster disaster = random.nextInt(4) == 0
          ? Disaster.controlPlaneLoss(orders.primary())
          : Disaster.loss(orders.primary());
      cloud.strike(disaster.after(Duration.ofSeconds(1L + random.nextInt(5_000))));
      cloud.time().advance(Duration.ofSeconds(5_100L + random.nextInt(300)));
      engine.failover(orders.plan(), orders.declaration("test")).await();
    }
    return String.join("\n", journal.read("orders").records()) + "\n" + timeline;
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }
}
