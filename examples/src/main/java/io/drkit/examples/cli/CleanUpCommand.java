package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Removes what a rehearsal left. */
@Command(
    name = "clean-up",
    description = "Removes what the last rehearsal left, if its own clean-up could not.")
final class CleanUpCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.existing();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    if (!sites.isEmpty()) {
      throw new RefusalException("clean-up needs both regions, but " + sites + " is declared lost");
    }
    return engine.cleanUp(plan, name);
  }
}
