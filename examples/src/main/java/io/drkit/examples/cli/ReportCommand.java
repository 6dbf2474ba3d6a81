package io.drkit.examples.cli;

import io.drkit.RunReport;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the report of a run. */
@Command(name = "report", description = "Prints the report of a run, from its journal alone.")
final class ReportCommand implements Callable<Integer> {
  @Mixin
  private final JournalOption journal = new JournalOption();

  @Mixin
  private final RunOutput output = new RunOutput();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run's id, as 'runs' lists it. Default: the last run.")
  private @Nullable String run;

  @Override
  public Integer call() {
    List<RunReport> reports = PastRuns.of(journal);
    if (reports.isEmpty()) {
      throw new RefusalException(
          "there is no run in " + journal.directory() + " yet; start one with 'failover'");
    }
    output.print(run == null ? reports.get(reports.size() - 1) : find(reports, run));
    return ExitCode.DONE;
  }

  private RunReport find(List<RunReport> reports, String id) {
    return reports.stream()
        .filter(report -> report.run().equals(id))
        .findFirst()
        .orElseThrow(() -> new RefusalException("there is no run '" + id + "' in "
            + journal.directory() + "; it has "
            + reports.stream().map(RunReport::run).toList()));
  }
}
