package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.Instruction;
import io.drkit.RunControl;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands to the last run of a journal have in common. The run goes on in a process of its own. */
abstract class SteeringCommand implements Callable<Integer> {
  @Mixin
  private final JournalOption journal = new JournalOption();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who says so; written to the journal. Default: the user's name.")
  private String by = System.getProperty("user.name", "somebody");

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; written to the journal and shown in the report.")
  private String reason = "";

  @Spec
  private CommandSpec command;

  /**
   * Tells the run.
   *
   * @return what was told, for the person who told it
   */
  abstract String tell(RunControl run, Instruction instruction);

  @Override
  public Integer call() {
    Instruction instruction = Instruction.by(by).because(reason);
    try (FileJournal runs = journal.existing();
        DrEngine engine =
            DrEngine.builder().journal(runs).leases(journal.leases()).build()) {
      String told = tell(engine.control(Orders.PLAN), instruction);
      command.commandLine().getOut().println(told);
      command.commandLine().getOut().flush();
      return ExitCode.DONE;
    }
  }
}
