package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.Site;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes back a run that has promoted nothing. */
@Command(
    name = "rollback",
    description =
        "Takes back the last failover or switchover if it is not finished and has promoted"
            + " nothing: the writers go on in us-east-1. A run that goes on in another process is told"
            + " to take itself back.")
final class RollbackCommand extends RunningCommand {
  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; written to the journal.")
  private String reason = "a rollback was asked for";

  @Override
  public Integer call() throws InterruptedException {
    List<Site> sites = lost.sites();
    if (!sites.isEmpty()) {
      throw new RefusalException("rollback gives up no region, but " + sites
          + " is declared lost; leave --lost out: what cannot be put back is in the report");
    }
    if (told()) {
      say("the run goes on in another process, which rolls it back");
      return ExitCode.DONE;
    }
    return super.call();
  }

  /** Whether a run in another process was told to do it. */
  private boolean told() {
    if (journal.leases().holder(Orders.PLAN).isEmpty()) {
      return false;
    }
    try (FileJournal runs = journal.existing();
        DrEngine engine =
            DrEngine.builder().journal(runs).leases(journal.leases()).build()) {
      engine.control(Orders.PLAN).rollback(Instruction.by(by()).because(reason));
      return true;
    }
  }

  @Override
  FileJournal openJournal() {
    return journal.existing();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    requireSamePlace(engine, plan);
    return engine.rollback(plan, Instruction.by(name).because(where() + "; " + reason));
  }
}
