package io.drkit.examples.cli;

import io.drkit.Declaration;
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

/** Moves orders to the recovery region. */
@Command(
    name = "failover",
    description = "Moves orders from us-east-1 to us-west-2, and tells what that cost.")
final class FailoverCommand extends RunningCommand {
  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "When the disruption began, for example 2026-11-23T12:00:00Z; the RTO counts"
          + " from it. Default: now, and the report says that it was counted from the declaration.")
  private @Nullable Instant since;

  @Option(
      names = "--stopped",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description =
          "Until when the lost region may have taken orders; data loss counts to it."
              + " Default: the beginning of the disruption, or now after a failover that was not finished.")
  private @Nullable Instant stopped;

  @Option(
      names = "--accept-loss",
      paramLabel = "DATASET",
      split = ",",
      description =
          "Datasets of which more may be lost than the RPO allows. Without it, the run asks:"
              + " see 'approve'.")
  private List<String> acceptLoss = List.of();

  @Override
  FileJournal openJournal() {
    return journal.open();
  }

  @Override
  DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites) {
    Declaration declaration =
        Declaration.of(name).lost(sites.toArray(Site[]::new)).reason(where());
    for (String dataset : acceptLoss) {
      declaration = declaration.acceptLoss(dataset);
    }
    if (since != null) {
      declaration = declaration.since(since);
    }
    return engine.failover(plan, stopped == null ? declaration : declaration.stopped(stopped));
  }
}
