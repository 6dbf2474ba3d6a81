package io.drkit.examples.cli;

import io.drkit.RunReport;
import io.drkit.report.JsonReport;
import io.drkit.report.TerminalProgress;
import io.drkit.report.TextReport;
import io.drkit.spi.RunListener;
import io.drkit.spi.TimeSource;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a run's live lines and its report go. */
final class RunOutput {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      description =
          "Print the report as JSON on standard output; the live lines go to standard error.")
  private boolean json;

  /** {@return a listener that prints a line for each thing that happens} */
  RunListener progress() {
    PrintWriter out =
        json ? command.commandLine().getErr() : command.commandLine().getOut();
    return new TerminalProgress(out, TimeSource.system());
  }

  /** Prints a report. */
  void print(RunReport report) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(JsonReport.of(report));
    } else {
      out.print(TextReport.of(report));
    }
    out.flush();
  }
}
