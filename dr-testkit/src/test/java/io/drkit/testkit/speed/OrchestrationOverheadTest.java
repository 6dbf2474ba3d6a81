package io.drkit.testkit.speed;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.CloudTruth;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the engine itself adds to an outage, and how true the loss is that it reports (performance.md P14, P16): a region is lost, the
 * failover is asked for at that instant, and nothing else goes wrong. All of it is virtual time: the same on every machine.
 */
@Tag("proof")
class OrchestrationOverheadTest {
  private static final int SEEDS = 1_000;
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());
  /** The longest wait between two looks at a state that is on its way, with its jitter. */
  private static final Duration POLL = ofSeconds(12);
  /** Recovery points are shown to the second, as the services do. */
  private static final Duration SHOWN_TO = ofSeconds(1);

  /** What one strategy's days were like. */
  private static final class Figures {
    private final List<Duration> overheads = new ArrayList<>();
    private final List<Duration> overReports = new ArrayList<>();
    private int below;

    synchronized void add(Duration overhead, List<Duration> over) {
      overheads.add(overhead);
      overReports.addAll(over);
      below += (int) over.stream().filter(Duration::isNegative).count();
    }

    void sort() {
      Collections.sort(overheads);
      Collections.sort(overReports);
    }
  }

  private final Map<DrStrategy, Figures> figures = new EnumMap<>(DrStrategy.class);

  /** What the longest way through the plan takes where nobody has to wait for the engine: work in the cloud, and the users' TTL. */
  private static Duration leastOutage(DrStrategy strategy) {
    Duration switched = ofSeconds(5);
    return switch (strategy) {
      case BACKUP_AND_RESTORE -> ofMinutes(40).plus(switched).plusSeconds(60);
      case PILOT_LIGHT -> ofMinutes(8).plus(switched).plusSeconds(60);
      case WARM_STANDBY -> ofMinutes(4).plus(switched).plusSeconds(60);
      case MULTI_SITE -> ofSeconds(20).plus(switched).plusSeconds(10);
    };
  }

  @Test
  void theEngineAddsAPollAndASecondAtMostAndReportsNoLessThanTheLoss() throws Exception {
    STRATEGIES.forEach(strategy -> figures.put(strategy, new Figures()));

    Seeds.each(SEEDS, this::measure);

    System.out.println(
        "| strategy | least outage | overhead: median, 99 of 100, most | loss over-reported: median, most | below the truth |");
    for (DrStrategy strategy : STRATEGIES) {
      Figures of = of(strategy);
      of.sort();
      int days = of.overheads.size();
      int losses = of.overReports.size();
      System.out.printf(
          Locale.ROOT,
          "| %s | %d s | %.1f s, %.1f s, %.1f s | %.2f s, %.2f s | %d of %d |%n",
          strategy,
          leastOutage(strategy).toSeconds(),
          seconds(of.overheads.get(days / 2)),
          seconds(of.overheads.get(days * 99 / 100)),
          seconds(of.overheads.get(days - 1)),
          seconds(of.overReports.get(losses / 2)),
          seconds(of.overReports.get(losses - 1)),
          of.below,
          losses);
      assertThat(of.overheads.get(0)).as("less than the least").isPositive();
      assertThat(of.overheads.get(days - 1)).isLessThanOrEqualTo(POLL.plusSeconds(1));
      assertThat(of.below).as("losses that are told smaller than they are").isZero();
      assertThat(of.overReports.get(losses - 1)).isLessThanOrEqualTo(SHOWN_TO);
    }
  }

  private Figures of(DrStrategy strategy) {
    Figures of = figures.get(strategy);
    if (of == null) {
      throw new IllegalStateException("no figures of " + strategy);
    }
    return of;
  }

  private void measure(long seed) throws InterruptedException {
    DrStrategy strategy = STRATEGIES.get((int) (seed % STRATEGIES.size()));
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .build()) {
      engine.prepare(orders.plan(), "test").await();
      cloud.time().advance(Duration.ofMillis((long) (cloud.chance("the hour") * 7_200_000)));
      cloud.strike(Disaster.loss(orders.primary()));
      RunReport report =
          engine.failover(orders.plan(), orders.declaration("test")).await();

      assertThat(report.rto().recovered()).as(report.summary()).isTrue();
      List<Duration> over = new ArrayList<>();
      for (RunReport.DataLoss loss : report.losses()) {
        for (CloudTruth.Loss truth : cloud.truth().losses(loss.dataset())) {
          over.add(loss.length().orElseThrow().minus(truth.length()));
        }
      }
      assertThat(over).as("losses").hasSize(2);
      of(strategy).add(report.rto().elapsed().minus(leastOutage(strategy)), over);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
