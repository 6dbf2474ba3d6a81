package io.drkit.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** A table of ratios: two sides of one piece of work, by turns in one process, so that both have the same noise. */
final class Comparison {
  /** A disk that forces faster keeps nothing. */
  private static final long LEAST_FORCE = 20_000;

  private static final double MOST_DRIFT = 0.3;
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Path directory;
  private final int warmUps;
  private final int rounds;

  Comparison(Path directory, int warmUps, int rounds) {
    this.directory = directory;
    this.warmUps = warmUps;
    this.rounds = rounds;
  }

  /**
   * Prints what forcing one record costs, then the table, then what it costs now.
   *
   * @throws IllegalStateException if the directory is not on a disk that forces
   */
  void print(Callable<Void> table) throws Exception {
    long before = force("before");
    System.out.println();
    System.out.println(
        "| goal | what | ours / rival, median (min-max) | ours | rival | CPU of this process: ours, rival |");
    System.out.println("|---|---|---|---|---|---|");
    table.call();
    System.out.println();
    long after = force("after");
    double drift = Math.abs(after - before) / (double) before;
    if (drift > MOST_DRIFT) {
      System.out.printf(
          Locale.ROOT,
          "The disk changed by %.0f %% meanwhile: do not keep these figures.%n",
          100 * drift);
    }
  }

  private long force(String when) throws IOException {
    long[] taken = Rivals.forces(directory.resolve("raw-" + System.nanoTime()), 2_000, 256);
    Arrays.sort(taken);
    long median = taken[taken.length / 2];
    System.out.printf(
        Locale.ROOT,
        "One write of 256 bytes, forced, %s: p50 %d us, p99 %d us.%n",
        when,
        median / 1_000,
        taken[taken.length * 99 / 100] / 1_000);
    if (median < LEAST_FORCE) {
      throw new IllegalStateException(directory.toAbsolutePath()
          + " is not on a disk that forces; nothing durable can be measured there");
    }
    return median;
  }

  /** Measures and prints one line. */
  void line(String goal, String what, Side ours, Side rival) throws Exception {
    List<Double> ratios = new ArrayList<>();
    List<Measure> mine = new ArrayList<>();
    List<Measure> theirs = new ArrayList<>();
    for (int round = 0; round < warmUps + rounds; round++) {
      boolean first = round % 2 == 0;
      Measure a = first ? ours.once() : Measure.NONE;
      Measure b = rival.once();
      a = first ? a : ours.once();
      if (round >= warmUps) {
        ratios.add(a.nanos / b.nanos);
        mine.add(a);
        theirs.add(b);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.2f (%.2f-%.2f) | %.1f ms | %.1f ms | %.0f ms, %.0f ms |%n",
        goal,
        what,
        median(ratios),
        Collections.min(ratios),
        Collections.max(ratios),
        median(mine.stream().map(measure -> measure.nanos / 1e6).toList()),
        median(theirs.stream().map(measure -> measure.nanos / 1e6).toList()),
        median(mine.stream().map(measure -> measure.cpu / 1e6).toList()),
        median(theirs.stream().map(measure -> measure.cpu / 1e6).toList()));
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  static Measure timed(Task task) throws Exception {
    long cpu = SYSTEM.getProcessCpuTime();
    long began = System.nanoTime();
    task.run();
    double nanos = System.nanoTime() - began;
    return new Measure(nanos, SYSTEM.getProcessCpuTime() - cpu);
  }

  static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("the work was not done");
    }
  }

  /** Nanoseconds, on the wall and on the processors. */
  record Measure(double nanos, double cpu) {
    private static final Measure NONE = new Measure(0, 0);
  }

  /** One side. */
  interface Side {
    /** Does the work once. Returns what it took, without what is only prepared for it. */
    Measure once() throws Exception;
  }

  /** Work. */
  interface Task {
    /** Does it. */
    void run() throws Exception;
  }
}
