package io.drkit.bench;

import io.drkit.file.FileJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures runs beside others that do durable steps, and prints a table of ratios. Give the names of the goals to measure; all
 * by default. What is durable is so in the same directory, which must be on a disk that forces.
 */
public final class PeerRatios {
  private static final int CHAIN = 300;
  private static final int ACTIVITIES = 200;
  private static final int FAN = 10_000;
  private static final int IN_FLIGHT = 64;

  private final Path directory;

  private PeerRatios(Path directory) {
    this.directory = directory;
  }

  /** Measures. */
  public static void main(String[] goals) throws Exception {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    Path directory = Files.createTempDirectory(Path.of("target"), "bench").toAbsolutePath();
    try {
      PeerRatios ratios = new PeerRatios(directory);
      new Comparison(directory, 0, 1).print(() -> {
        for (String goal : goals.length == 0 ? List.of("P2b", "P2c", "P3") : List.of(goals)) {
          switch (goal) {
            case "P2b" -> ratios.dbos();
            case "P2c" -> ratios.temporal();
            case "P3" -> ratios.dbScheduler();
            default -> throw new IllegalArgumentException("no such goal: " + goal);
          }
        }
        return null;
      });
    } finally {
      Engines.delete(directory);
    }
  }

  /** P2b: a chain of 300 steps, durable on both sides. */
  private void dbos() throws Exception {
    try (Database database = Database.start(directory.resolve("dbos"));
        DbosSteps rival = new DbosSteps(database)) {
      new Comparison(directory, 20, 9)
          .line(
              "P2b",
              CHAIN + " steps one after the other, durable; DBOS on PostgreSQL "
                  + database.version(),
              () -> ours(CHAIN, 1),
              () -> Comparison.timed(() -> rival.run(CHAIN)));
    }
  }

  /** P2c: a chain of 200 steps; ours are durable, the rival's are in memory. */
  private void temporal() throws Exception {
    try (TemporalActivities rival = new TemporalActivities()) {
      new Comparison(directory, 20, 9)
          .line(
              "P2c",
              ACTIVITIES
                  + " steps one after the other; ours durable, Temporal's test server in memory",
              () -> ours(ACTIVITIES, 1),
              () -> Comparison.timed(() -> rival.run(ACTIVITIES)));
    }
  }

  /** P3: 10,000 steps that wait for nothing, durable on both sides. That the rival is told of its tasks is not counted. */
  private void dbScheduler() throws Exception {
    try (Database database = Database.start(directory.resolve("scheduler"));
        ScheduledTasks rival = new ScheduledTasks(database, IN_FLIGHT)) {
      new Comparison(directory, 5, 7)
          .line(
              "P3",
              FAN + " steps side by side, durable; db-scheduler's lock-and-fetch with " + IN_FLIGHT
                  + " threads on PostgreSQL " + database.version(),
              () -> ours(1, FAN),
              () -> {
                rival.schedule(FAN);
                return Comparison.timed(() -> rival.run(FAN));
              });
    }
  }

  private Comparison.Measure ours(int layers, int width) throws Exception {
    try (FileJournal journal = FileJournal.at(directory.resolve("b" + System.nanoTime()))) {
      return Engines.run(new Workload(layers, width), journal);
    }
  }
}
