package io.drkit.examples.cli;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Moves orders to the recovery region while the primary one works. */
@Command(
    name = "switchover",
    description = "Moves orders from us-east-1 to us-west-2 while both work, and loses nothing:"
        + " stops the writers, waits for the copies, then moves. If they do not catch up, it"
        + " is rolled back by itself.")
final class SwitchoverCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.open();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    return engine.switchover(
        plan, Declaration.of(name).lost(sites.toArray(Site[]::new)).reason(where()));
  }
}
