package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Takes back a run that has promoted nothing. */
@Command(
    name = "rollback",
    description =
        "Takes back the last failover or switchover if it is not finished and has promoted"
            + " nothing: the writers go on in us-east-1.")
final class RollbackCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.existing();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    requireSamePlace(engine, plan);
    return engine.rollback(plan, Instruction.by(name).because(where()));
  }
}
