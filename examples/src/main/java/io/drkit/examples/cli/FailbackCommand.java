package io.drkit.examples.cli;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.util.List;
import picocli.CommandLine.Command;

/** Moves orders back to where it came from. */
@Command(
    name = "failback",
    description =
        "Moves orders back to us-east-1 once that works again, and loses nothing: stops what"
            + " may still write there, keeps what it held, copies back, waits until the copies"
            + " have stood for a minute, then moves.")
final class FailbackCommand extends RunningCommand {
  @Override
  FileJournal openJournal() {
    return journal.open();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    return engine.failback(
        plan, Declaration.of(name).lost(sites.toArray(Site[]::new)).reason(where()));
  }
}
