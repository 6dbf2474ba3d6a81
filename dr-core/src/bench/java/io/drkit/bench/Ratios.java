package io.drkit.bench;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.file.FileJournal;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Measures the engine and its journal against the least that could do the same work, both sides by turns in one process, and
 * prints a table of ratios. Give the names of the goals to measure; all by default. The directory must be on a disk that forces.
 */
public final class Ratios {
  private static final int ROUNDS = 9;
  private static final int WARM_UPS = 4;
  private static final int RECORD = 256;

  private final Path directory;

  private Ratios(Path directory) {
    this.directory = directory;
  }

  /** Measures. */
  public static void main(String[] goals) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "bench");
    try {
      Ratios ratios = new Ratios(directory);
      List<String> wanted =
          goals.length == 0 ? List.of("P1", "P2a", "P4a", "P4b", "P5", "P12") : List.of(goals);
      System.out.println("| goal | what | ours / rival, median (min-max) | ours | rival |");
      System.out.println("|---|---|---|---|---|");
      for (String goal : wanted) {
        switch (goal) {
          case "P1" -> ratios.graph();
          case "P2a" -> ratios.chain();
          case "P4a" -> ratios.oneWriter();
          case "P4b" -> ratios.manyInFlight();
          case "P5" -> ratios.recovery();
          case "P12" -> ratios.memory();
          default -> throw new IllegalArgumentException("no such goal: " + goal);
        }
      }
    } finally {
      delete(directory);
    }
  }

  /** P1: what a step costs in a graph of 100 by 100, without a disk. The records are still made and written as JSON. */
  private void graph() {
    compare(
        "P1",
        "10,000 steps, no disk",
        () -> run(new Workload(100, 100), new Discarding()),
        () -> timed(() -> Rivals.futures(new Workload(100, 100))));
  }

  /** P2a: a chain of 300 steps, durable, against one force for each step. */
  private void chain() {
    compare(
        "P2a",
        "300 steps one after the other, durable",
        () -> run(new Workload(300, 1), FileJournal.at(fresh())),
        () -> timed(() -> Rivals.forces(fresh(), 300, RECORD)));
  }

  /** P4a: appends of one record each. */
  private void oneWriter() {
    int many = 500;
    String record = "x".repeat(RECORD - 64);
    compare(
        "P4a",
        many + " appends of one record",
        () -> {
          try (FileJournal journal = FileJournal.at(fresh())) {
            return timed(() -> {
              for (int i = 0; i < many; i++) {
                journal.append("bench", i, List.of(record));
              }
            });
          }
        },
        () -> timed(() -> Rivals.forces(fresh(), many, RECORD)));
  }

  /** P4b: 640 steps side by side write about 3,840 records; the rival forces each by itself. */
  private void manyInFlight() {
    int records = 640 * 4;
    compare(
        "P4b",
        "one run, 640 steps side by side, 4 records each",
        () -> run(new Workload(1, 640), FileJournal.at(fresh())),
        () -> timed(() -> Rivals.forces(fresh(), records, RECORD)));
  }

  /** P5: 100,000 records are read, verified and folded. */
  private void recovery() throws Exception {
    Path home = fresh();
    long size;
    try (FileJournal journal = FileJournal.at(home)) {
      run(new Workload(250, 100), journal);
      size = journal.read("bench").records().size();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(home)) {
      files = all.filter(file -> !file.toString().endsWith(".lock")).toList();
    }
    compare(
        "P5",
        size + " records read, verified and folded",
        () -> timed(() -> {
          try (FileJournal journal = FileJournal.at(home);
              DrEngine engine = engine(journal)) {
            require(engine.reports("bench").get(0).outcome() == Outcome.COMPLETED);
          }
        }),
        () -> timed(() -> require(Rivals.checksum(files) != 0)));
  }

  /** P12: a plan of 100,000 steps whose first layer is being asked for. */
  private void memory() throws Exception {
    long before = used();
    Workload work = new Workload(1_000, 100);
    DrPlan plan = work.plan();
    long planned = used();
    try (DrEngine engine = engine(new Discarding())) {
      DrRun run = engine.failover(plan, Declaration.of("bench"));
      long running = used();
      RunReport report = run.await();
      require(report.outcome() == Outcome.COMPLETED);
      System.out.printf(
          Locale.ROOT,
          "| P12 | 100,000 steps: heap in MiB | plan %d, plan and run at its start %d, with the report at its end %d | %d bytes per waiting step | |%n",
          (planned - before) >> 20,
          (running - before) >> 20,
          (used() - before) >> 20,
          (running - before) / 100_000);
    }
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static DrEngine engine(Journal journal) {
    return DrEngine.builder().journal(journal).leases(LeaseStore.inMemory()).build();
  }

  private static long run(Workload work, Journal journal) {
    DrPlan plan = work.plan();
    try (DrEngine engine = engine(journal)) {
      return timed(() -> require(
          engine.failover(plan, Declaration.of("bench")).await().outcome() == Outcome.COMPLETED));
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("the work was not done");
    }
  }

  private void compare(String goal, String what, Side ours, Side rival) {
    List<Double> ratios = new ArrayList<>();
    List<Double> mine = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
      boolean first = round % 2 == 0;
      double a = first ? ours.measured() : 0;
      double b = rival.measured();
      a = first ? a : ours.measured();
      if (round >= WARM_UPS) {
        ratios.add(a / b);
        mine.add(a / 1e6);
        theirs.add(b / 1e6);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.2f (%.2f-%.2f) | %.1f ms | %.1f ms |%n",
        goal,
        what,
        median(ratios),
        Collections.min(ratios),
        Collections.max(ratios),
        median(mine),
        median(theirs));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private Path fresh() {
    return directory.resolve("b" + System.nanoTime());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static long timed(Task task) {
    long began = System.nanoTime();
    try {
      task.run();
    } catch (Exception e) {
      throw new IllegalStateException("the benchmark failed", e);
    }
    return System.nanoTime() - began;
  }

  /** One side of a comparison; its nanoseconds. */
  private interface Side extends LongSupplier {
    default double measured() {
      return getAsLong();
    }
  }

  private interface Task {
    void run() throws Exception;
  }

  /** Takes everything and keeps nothing. */
  private static final class Discarding implements Journal {
    @Override
    public void append(String plan, long expectedNext, List<String> records) {
      // Dropped.
    }

    @Override
    public Log read(String plan) {
      return Log.EMPTY;
    }

    @Override
    public List<String> read(String plan, long from) {
      return List.of();
    }
  }
}
