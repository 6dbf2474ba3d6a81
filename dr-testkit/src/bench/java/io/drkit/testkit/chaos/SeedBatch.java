package io.drkit.testkit.chaos;

import io.drkit.testkit.Seeds;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a batch of seeds takes on all cores, from a cold start: days of all disasters over the four strategies, each with its checks, as
 * {@link EveryDisasterTest} lives them. Prints a table. Results: BENCHMARKS.md.
 */
public final class SeedBatch {
  private SeedBatch() {}

  /** Measures. Give the number of seeds; 10,000 by default. */
  public static void main(String[] arguments) throws InterruptedException {
    int seeds = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
    AtomicLong all = new AtomicLong();
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    Sightings sightings = new Sightings();
    long began = System.nanoTime();
    Seeds.each(seeds, seed -> {
      EveryDisaster day = new EveryDisaster(seed);
      long lived = day.live(day.schedule(), sightings).lived().toSeconds();
      all.addAndGet(lived);
      least.accumulateAndGet(lived, Math::min);
    });
    double took = (System.nanoTime() - began) / 1e9;
    System.out.println(
        "| days | virtual hours: all, the shortest day | seconds | times faster than the clock |");
    System.out.println("|---|---|---|---|");
    System.out.printf(
        Locale.ROOT,
        "| %,d | %,d, %.1f | %.1f | %,.0f |%n",
        seeds,
        Duration.ofSeconds(all.get()).toHours(),
        least.get() / 3_600.0,
        took,
        all.get() / took);
  }
}
