package io.drkit.bench;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Outcome;
import io.drkit.file.FileJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures the engine and its journal against the least that could do the same work, and prints a table of ratios. Give the
 * names of the goals to measure; all by default. The directory must be on a disk that forces.
 */
public final class Ratios {
  private static final List<String> ALL =
      List.of("P1", "P2a", "P4a", "P4b", "P5", "P6b", "P12", "P13");
  private static final int RECORD = 256;

  private static final int MAKESPANS = 20;
  private static final int STARTS = 20;

  private final Path directory;
  private final Comparison table;
  /** For what the processors do alone: it counts once the compiler is done. */
  private final Comparison warmTable;

  private Ratios(Path directory) {
    this.directory = directory;
    this.table = new Comparison(directory, 20, 9);
    this.warmTable = new Comparison(directory, 40, 15);
  }

  /** Measures. */
  public static void main(String[] goals) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "bench");
    try {
      Ratios ratios = new Ratios(directory);
      ratios.table.print(() -> {
        for (String goal : goals.length == 0 ? ALL : List.of(goals)) {
          ratios.measure(goal);
        }
        return null;
      });
    } finally {
      Engines.delete(directory);
    }
  }

  private void measure(String goal) throws Exception {
    switch (goal) {
      case "P1" -> graph();
      case "P2a" -> chain();
      case "P4a" -> oneWriter();
      case "P4b" -> manyInFlight();
      case "P5" -> recovery();
      case "P6b" -> makespan();
      case "P12" -> memory();
      case "P13" -> footprint();
      default -> throw new IllegalArgumentException("no such goal: " + goal);
    }
  }

  /** P1: what a step costs in a graph of 100 by 100, without a disk. Our records are still made and written as JSON. */
  private void graph() throws Exception {
    warmTable.line(
        "P1",
        "10,000 steps, no disk",
        () -> Engines.run(new Workload(100, 100), new Discarding()),
        () -> Comparison.timed(() -> Rivals.futures(new Workload(100, 100))));
  }

  /** P2a: a chain of 300 steps, durable, against one force for each step. */
  private void chain() throws Exception {
    table.line(
        "P2a",
        "300 steps one after the other, durable",
        () -> Engines.run(new Workload(300, 1), FileJournal.at(fresh())),
        () -> Comparison.timed(() -> Rivals.forces(fresh(), 300, RECORD)));
  }

  /** P4a: appends of one record each. */
  private void oneWriter() throws Exception {
    int many = 500;
    String record = "x".repeat(RECORD - 64);
    table.line(
        "P4a",
        many + " appends of one record",
        () -> {
          try (FileJournal journal = FileJournal.at(fresh())) {
            return Comparison.timed(() -> {
              for (int i = 0; i < many; i++) {
                journal.append("bench", i, List.of(record));
              }
            });
          }
        },
        () -> Comparison.timed(() -> Rivals.forces(fresh(), many, RECORD)));
  }

  /** P4b: 640 steps side by side; the rival forces each of their records by itself. */
  private void manyInFlight() throws Exception {
    int steps = 640;
    int records = recordsOf(new Workload(1, steps));
    table.line(
        "P4b",
        "one run, " + steps + " steps side by side, " + records + " records",
        () -> Engines.run(new Workload(1, steps), FileJournal.at(fresh())),
        () -> Comparison.timed(() -> Rivals.forces(fresh(), records, RECORD)));
  }

  private int recordsOf(Workload work) throws Exception {
    try (FileJournal journal = FileJournal.at(fresh())) {
      Engines.run(work, journal);
      return journal.read("bench").records().size();
    }
  }

  /** P5: 100,000 records are read, verified and folded. */
  private void recovery() throws Exception {
    Path home = fresh();
    int steps = 100_000 / (recordsOf(new Workload(10, 100)) / 1_000);
    int size;
    try (FileJournal journal = FileJournal.at(home)) {
      Engines.run(new Workload(steps / 100, 100), journal);
      size = journal.read("bench").records().size();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(home)) {
      files = all.filter(file -> !file.toString().endsWith(".lock")).toList();
    }
    warmTable.line(
        "P5",
        size + " records read, verified and folded",
        () -> Comparison.timed(() -> {
          try (FileJournal journal = FileJournal.at(home);
              DrEngine engine = Engines.engine(journal)) {
            Comparison.require(engine.reports("bench").get(0).outcome() == Outcome.COMPLETED);
          }
        }),
        () -> Comparison.timed(() -> Comparison.require(Rivals.checksum(files) != 0)));
  }

  /** P6b: steps that take 5 to 50 ms each, durable, against the longest way through them, which nothing can beat. */
  private void makespan() throws Exception {
    List<Double> ratios = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> bounds = new ArrayList<>();
    for (int seed = -2; seed < MAKESPANS; seed++) {
      Workload work = Workload.lasting(20, 10, seed);
      double taken = Engines.run(work, FileJournal.at(fresh())).nanos() / 1e6;
      if (seed >= 0) {
        ratios.add(taken / work.longestWay());
        ours.add(taken);
        bounds.add((double) work.longestWay());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| P6b | 200 steps of 5 to 50 ms in 20 layers, durable | %.3f (%.3f-%.3f) | %.0f ms | %.0f ms | |%n",
        Comparison.median(ratios),
        Collections.min(ratios),
        Collections.max(ratios),
        Comparison.median(ours),
        Comparison.median(bounds));
  }

  /** P12: a plan of 100,000 steps whose first layer is being asked for. */
  private void memory() throws Exception {
    long before = used();
    DrPlan plan = new Workload(1_000, 100).plan();
    long planned = used();
    try (DrEngine engine = Engines.engine(new Discarding())) {
      DrRun run = engine.failover(plan, Declaration.of("bench"));
      long running = used();
      Comparison.require(run.await().outcome() == Outcome.COMPLETED);
      System.out.printf(
          Locale.ROOT,
          "| P12 | 100,000 steps: heap in MiB | plan %d, plan and run at its start %d, with the report at its end %d | %d bytes per waiting step | | |%n",
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

  /** P13: what the module weighs, and how long a cold JVM takes from its main method until a plan and an engine are there. */
  private void footprint() throws Exception {
    List<Double> starts = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      starts.add(ColdStart.inAnotherJvm());
    }
    System.out.printf(
        Locale.ROOT,
        "| P13 | the jar, and %d cold starts until plan and engine are there | %d KB, %.0f ms (%.0f-%.0f) | | | |%n",
        STARTS,
        ColdStart.jarSize() / 1_000,
        Comparison.median(starts),
        Collections.min(starts),
        Collections.max(starts));
  }

  private Path fresh() {
    return directory.resolve("b" + System.nanoTime());
  }
}
