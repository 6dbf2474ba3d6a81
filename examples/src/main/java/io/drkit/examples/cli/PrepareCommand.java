package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Brings about what has to be there before orders can be moved. */
@Command(
    name = "prepare",
    description =
        "Brings about what has to be there before orders can be moved. After a move it restores"
            + " redundancy: stops what may still write where orders was, keeps what that site held,"
            + " and copies the other way.")
final class PrepareCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.open();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    if (!sites.isEmpty()) {
      throw new RefusalException("prepare needs both regions, but " + sites + " is declared lost");
    }
    return engine.prepare(plan, name);
  }
}
