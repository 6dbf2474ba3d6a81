package io.drkit.testkit;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.RefusedException;
import io.drkit.RunReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much longer a service is out if the process that runs its failover dies in the middle and another takes over, and what
 * the lease costs that makes this safe; in virtual time, by seed. Prints a table. Results: BENCHMARKS.md.
 */
public final class TakeoverCosts {
  private static final Duration LEASE = Duration.ofSeconds(60);
  /** The successor asks for nothing before a request of the dead process must have ended. */
  private static final Duration REQUEST = Duration.ofSeconds(10);

  private TakeoverCosts() {}

  /** Measures. Give the number of seeds for each strategy; 250 by default. */
  public static void main(String[] seeds) throws InterruptedException {
    int days = seeds.length == 0 ? 250 : Integer.parseInt(seeds[0]);
    System.out.printf(
        "| strategy | outage | more with a crash, less the lease of %d s: median, 99 of 100, most"
            + " | within 2 s | within 2 s and a request's limit of %d s | lease writes for each renewal period |%n",
        LEASE.toSeconds(), REQUEST.toSeconds());
    System.out.println("|---|---|---|---|---|---|");
    for (DrStrategy strategy : DrStrategy.values()) {
      List<Double> outages = new ArrayList<>();
      List<Double> over = new ArrayList<>();
      double writes = 0;
      for (int seed = 0; seed < days; seed++) {
        Day quiet = new Day(strategy, seed);
        quiet.run(Duration.ofDays(1));
        Day crashed = new Day(strategy, seed);
        // While the service is out: at the beginning, the run was declared as soon as the region
        // was lost.
        crashed.run(
            Duration.ofMillis(new SplittableRandom(seed).nextLong(quiet.outage.toMillis())));
        outages.add(seconds(quiet.outage));
        over.add(seconds(crashed.outage.minus(quiet.outage).minus(LEASE)));
        writes = Math.max(writes, quiet.writes / (1 + seconds(quiet.took) / (seconds(LEASE) / 3)));
      }
      Collections.sort(over);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f s | %.1f s, %.1f s, %.1f s | %d of %d | %d of %d | %.2f |%n",
          strategy,
          outages.stream().sorted().skip(days / 2).findFirst().orElseThrow(),
          over.get(days / 2),
          over.get(days * 99 / 100),
          over.get(days - 1),
          over.stream().filter(more -> more <= 2).count(),
          days,
          over.stream().filter(more -> more <= 2 + seconds(REQUEST)).count(),
          days,
          writes);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  /** A day on which a region is lost. */
  private static final class Day {
    private final FakeCloud cloud;
    private final FakeApplication orders;
    private final Journal journal = Journal.inMemory();
    private final CountingTable table = new CountingTable();
    /** Its time until it dies: then none of its tasks runs, and no answer reaches it. */
    private final GatedTime first;

    private final long seed;
    private boolean dead;
    private Duration outage = Duration.ZERO;
    private Duration took = Duration.ZERO;
    private long writes;

    Day(DrStrategy strategy, long seed) {
      this.seed = seed;
      cloud = FakeCloud.builder().seed(seed).build();
      orders = FakeApplication.orders(cloud, strategy);
      first = new GatedTime(cloud.time(), task -> {
        if (!dead) {
          task.run();
        }
      });
    }

    private DrEngine engine(TimeSource time, String owner) {
      return DrEngine.builder()
          .journal(journal)
          .leases(LeaseStore.over(table, time, LEASE))
          .requestTimeLimit(REQUEST)
          .time(time)
          .seed(seed)
          .owner(owner)
          .build();
    }

    /** The first process dies after a while, or not at all. A second one asks for the run, again and again. */
    void run(Duration deathAfter) throws InterruptedException {
      VirtualTime time = cloud.time();
      try (DrEngine running = engine(first, "first");
          DrEngine waiting = engine(time, "second")) {
        running.prepare(orders.plan(), "benchmark").await();
        cloud.strike(Disaster.loss(orders.primary()));
        Declaration declaration = orders.declaration("benchmark");
        long before = table.writes;
        Duration began = time.uptime();
        DrRun run = running.failover(orders.plan(), declaration);
        if (deathAfter.compareTo(Duration.ofHours(12)) < 0) {
          time.schedule(deathAfter, () -> dead = true);
          run = takenOver(waiting);
        }
        RunReport report = run.await();
        if (!report.rto().recovered()) {
          throw new IllegalStateException("seed " + seed + ": " + report);
        }
        outage = report.rto().elapsed();
        took = time.uptime().minus(began);
        writes = table.writes - before;
      }
    }

    private DrRun takenOver(DrEngine waiting) {
      while (true) {
        try {
          return waiting.resume(orders.plan(), "benchmark", List.of());
        } catch (RefusedException e) {
          if (!e.getMessage().contains("being run by first")) {
            throw e;
          }
        }
      }
    }
  }

  /** A table that counts what is written to it on a condition. */
  private static final class CountingTable implements LeaseTable {
    private final LeaseTable table = LeaseTable.inMemory();
    private long writes;

    @Override
    public Entry read(String plan) {
      return table.read(plan);
    }

    @Override
    public boolean replace(String plan, Entry expected, Entry next) {
      writes++;
      return table.replace(plan, expected, next);
    }
  }
}
