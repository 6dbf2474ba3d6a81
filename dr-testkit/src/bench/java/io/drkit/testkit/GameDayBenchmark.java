package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A thousand game days of one virtual hour each, one after the other on one thread, from a cold start: what a team waits
 * for that tries a thousand seeds. Each day builds the world, prepares the plan, loses the region, fails over, lives on to
 * the end of the hour and holds the report against the truth. Results: BENCHMARKS.md.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class GameDayBenchmark {
  private static final int DAYS = 1_000;

  /** How the application is kept ready; a restore takes most of its hour. */
  @Param({"BACKUP_AND_RESTORE", "PILOT_LIGHT", "WARM_STANDBY", "MULTI_SITE"})
  public DrStrategy strategy;

  @Benchmark
  public int thousandGameDays() throws InterruptedException {
    int recovered = 0;
    for (int seed = 0; seed < DAYS; seed++) {
      recovered += gameDay(seed) ? 1 : 0;
    }
    if (recovered != DAYS) {
      throw new IllegalStateException("only " + recovered + " of " + DAYS + " recovered");
    }
    return recovered;
  }

  private boolean gameDay(long seed) throws InterruptedException {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .build()) {
      engine.prepare(orders.plan(), "benchmark").await();
      cloud.strike(Disaster.loss(orders.primary()));
      RunReport report =
          engine.failover(orders.plan(), orders.declaration("benchmark")).await();
      Duration left = Duration.ofHours(1).minus(cloud.time().uptime());
      if (!left.isNegative()) {
        cloud.time().advance(left);
      }
      return report.objectiveMet()
          && Invariants.broken(orders, engine.reports("orders")).isEmpty();
    }
  }
}
