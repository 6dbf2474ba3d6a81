package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Goes on with a run that was interrupted or has failed. */
@Command(
    name = "resume",
    description =
        "Goes on with the last run, which was interrupted or has failed: looks at each step"
            + " again, and asks for what is still missing.")
final class ResumeCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.existing();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    requireSamePlace(engine, plan);
    return engine.resume(plan, name, sites);
  }
}
