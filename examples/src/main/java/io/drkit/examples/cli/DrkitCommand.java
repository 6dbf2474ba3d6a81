package io.drkit.examples.cli;

import io.drkit.DrException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that the others are part of. */
@Command(
    name = "drkit",
    description = "Shows drkit at work: in virtual time, at an emulator of AWS, or at AWS.",
    scope = ScopeType.INHERIT,
    subcommands = {
      GameDayCommand.class,
      EmulatorCommand.class,
      SetupCommand.class,
      PrepareCommand.class,
      ExplainCommand.class,
      FailoverCommand.class,
      SwitchoverCommand.class,
      RollbackCommand.class,
      FailbackCommand.class,
      RehearseCommand.class,
      CleanUpCommand.class,
      ResumeCommand.class,
      PauseCommand.class,
      ContinueCommand.class,
      SkipCommand.class,
      RetryCommand.class,
      ApproveCommand.class,
      DeclineCommand.class,
      DecideCommand.class,
      CancelCommand.class,
      CommitCommand.class,
      ModeCommand.class,
      RunsCommand.class,
      ReportCommand.class,
      CompactCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The verb did what it promises; a failover: the service is back within its objective."
          + " EXPOSED is a warning.",
      "1:It ended otherwise; the report or the message says how.",
      "2:Wrong usage or environment; nothing was done.",
      "3:Waits for a person: nobody knows whether a step took effect."
    })
public final class DrkitCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and end.")
  @SuppressWarnings("unused") // picocli reads the option itself.
  private boolean help;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print stack traces with errors.")
  private boolean verbose;

  @Spec
  private CommandSpec command;

  private DrkitCommand() {}

  /** {@return the whole command line, ready to {@code execute}} */
  public static CommandLine commandLine() {
    DrkitCommand top = new DrkitCommand();
    CommandLine line = new CommandLine(top);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(top::wrongUsage);
    line.setExecutionExceptionHandler(top::failed);
    return line;
  }

  @Override
  public Integer call() {
    command.commandLine().usage(command.commandLine().getOut());
    return ExitCode.DONE;
  }

  private int wrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("drkit: " + Sentence.of(wrong.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    trace(wrong, err);
    err.flush();
    return ExitCode.REFUSED;
  }

  private int failed(Exception error, CommandLine line, @Nullable ParseResult parsed) {
    PrintWriter err = line.getErr();
    err.println("drkit: " + Sentence.of(error));
    trace(error, err);
    err.flush();
    return nothingWasDone(error) ? ExitCode.REFUSED : ExitCode.NOT_DONE;
  }

  /** What goes wrong after a beginning was made is told by a report, or by a {@link RunStoppedException}. */
  private static boolean nothingWasDone(Exception error) {
    return error instanceof RefusalException
        || error instanceof DrException
        || error instanceof IllegalArgumentException;
  }

  private void trace(Throwable error, PrintWriter err) {
    if (verbose) {
      error.printStackTrace(err);
    }
  }
}
