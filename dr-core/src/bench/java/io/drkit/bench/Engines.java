package io.drkit.bench;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.Outcome;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Our side of the comparisons. */
final class Engines {
  private Engines() {}

  static DrEngine engine(Journal journal) {
    return DrEngine.builder().journal(journal).leases(LeaseStore.inMemory()).build();
  }

  /** Runs a plan to its end. Returns what that took, from the call to the report. */
  static Comparison.Measure run(Workload work, Journal journal) throws Exception {
    DrPlan plan = work.plan();
    try (DrEngine engine = engine(journal)) {
      return Comparison.timed(() -> Comparison.require(
          engine.failover(plan, Declaration.of("bench")).await().outcome() == Outcome.COMPLETED));
    }
  }

  /** Removes a directory and all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
