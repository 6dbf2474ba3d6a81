package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Tries out a move without moving anything. */
@Command(
    name = "rehearse",
    description =
        "Tries out a move of orders beside production, as far as its steps have isolated variants, and"
            + " cleans up. Moves nothing.")
final class RehearseCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.open();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    if (!sites.isEmpty()) {
      throw new RefusalException("rehearse needs both regions, but " + sites + " is declared lost");
    }
    return engine.rehearse(plan, name);
  }
}
