package io.drkit.examples.cli;

import io.drkit.Compaction;
import io.drkit.DrEngine;
import io.drkit.Retention;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes old runs out of a journal. */
@Command(
    name = "compact",
    description =
        "Takes runs out of the journal that ended long ago and that nothing needs any more. The old journal is"
            + " kept beside it, as journal-FIRST-NEXT.log; remove it when nobody wants to read it any more.")
final class CompactCommand implements Callable<Integer> {
  @Mixin
  private final JournalOption journal = new JournalOption();

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "AGE",
      converter = AgeConverter.class,
      description = "How long ago a run must have ended, like 400d or 36h.")
  private Duration keep = Duration.ZERO;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who says so; written to the journal. Default: the user's name.")
  private String by = System.getProperty("user.name", "somebody");

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    try (FileJournal runs = journal.existing();
        DrEngine engine =
            DrEngine.builder().journal(runs).leases(journal.leases()).build()) {
      Compaction done = engine.compact(Orders.PLAN, by, Retention.of(keep));
      PrintWriter out = command.commandLine().getOut();
      out.println(told(done));
      out.flush();
      return ExitCode.DONE;
    }
  }

  private static String told(Compaction done) {
    return done.until()
        .map(until -> "took out " + done.removed() + " runs, the last of which ended at " + until
            + ", and kept " + done.kept() + "; what was there is archived beside the journal")
        .orElse("kept all " + done.kept() + " runs: only what ended longer ago than that, up to the"
            + " last completed move but one, is taken out");
  }
}
