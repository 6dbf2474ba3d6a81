package io.drkit.examples.cli;

import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.report.DurationText;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the runs of a journal. */
@Command(
    name = "runs",
    description = "Lists the runs of a journal, the oldest first; 'report' tells more of one.")
final class RunsCommand implements Callable<Integer> {
  private static final String LINE = "%-14s  %-10s  %-25s  %-20s  %-18s  %s%n";

  @Mixin
  private final JournalOption journal = new JournalOption();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    List<RunReport> reports = PastRuns.of(journal);
    PrintWriter out = command.commandLine().getOut();
    out.printf(Locale.ROOT, LINE, "RUN", "MODE", "OUTCOME", "STARTED", "RTO", "RPO");
    for (RunReport report : reports) {
      boolean moves = report.mode().moves();
      out.printf(
          Locale.ROOT,
          LINE,
          report.run(),
          mode(report),
          outcome(report),
          report.startedAt().truncatedTo(ChronoUnit.SECONDS),
          moves ? rto(report) : "",
          moves ? report.rpo().map(DurationText::of).orElse("unknown") : "");
    }
    out.flush();
    return ExitCode.DONE;
  }

  /** As the command line calls it. */
  private static String mode(RunReport report) {
    return report.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String outcome(RunReport report) {
    List<String> standing = report.standing().stream()
        .map(one -> one.kind().name().toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
    return standing.isEmpty()
        ? report.outcome().name()
        : report.outcome() + ": " + String.join(", ", standing);
  }

  private static String rto(RunReport report) {
    String length = (report.rto().atLeast() ? "at least " : "")
        + DurationText.of(report.rto().elapsed());
    return report.rto().recovered()
        ? length
        : report.outcome() == Outcome.RUNNING ? length + " so far" : "not back";
  }
}
