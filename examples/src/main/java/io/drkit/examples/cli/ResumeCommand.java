package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Goes on with a run that was interrupted or has failed. */
@Command(
    name = "resume",
    description =
        "Goes on with the last run, which was interrupted or has failed: looks at each step"
            + " again, and asks for what is still missing. A region that is lost still is named again"
            + " with --lost: it may have come back meanwhile.")
final class ResumeCommand extends RunningCommand {
  @Option(
      names = "--stopped",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "Until when the lost region may have taken orders, for example"
          + " 2026-11-23T12:00:00Z; data loss counts to it. Default: now.")
  private @Nullable Instant stopped;

  @Override
  FileJournal openJournal() {
    return journal.existing();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    requireSamePlace(engine, plan);
    return stopped == null
        ? engine.resume(plan, name, sites)
        : engine.resume(plan, name, sites, stopped);
  }
}
