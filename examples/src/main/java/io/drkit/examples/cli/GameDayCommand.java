package io.drkit.examples.cli;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.report.DurationText;
import io.drkit.report.JsonReport;
import io.drkit.report.TextReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import io.drkit.testkit.junit.GameDayDisaster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays a disaster in a fake cloud, for each strategy. */
@Command(
    name = "game-day",
    description =
        "Plays a disaster in a fake cloud, in virtual time: takes a second, needs nothing,"
            + " and compares the white paper's four strategies. The same seed gives the same day.")
final class GameDayCommand implements Callable<Integer> {
  /** How long it takes until somebody has noticed, and how long until the failover is decided on. */
  private static final Duration DETECT = Duration.ofSeconds(20);

  private static final Duration DECIDE = Duration.ofSeconds(10);

  private static final String LINE = "%-18s  %-13s  %-13s  %-13s  %-13s  %-5s  %s%n";

  @Option(
      names = "--strategy",
      paramLabel = "S",
      converter = StrategyConverter.class,
      description = "backup-and-restore, pilot-light, warm-standby or multi-site. Default: all.")
  private @Nullable DrStrategy strategy;

  @Option(
      names = "--disaster",
      paramLabel = "D",
      defaultValue = "primary-region-loss",
      converter = DisasterConverter.class,
      completionCandidates = DisasterConverter.Names.class,
      description =
          "What goes wrong: ${COMPLETION-CANDIDATES}. Orders runs in us-east-1, or in a site of its own, and is recovered in"
              + " us-west-2. Default: ${DEFAULT-VALUE}.")
  private GameDayDisaster disaster;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The seed of everything that is left to chance. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write report.json, with the whole reports.")
  private @Nullable Path out;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    if (out != null) {
      writable(out);
    }
    PrintWriter console = command.commandLine().getOut();
    List<RunReport> reports = new ArrayList<>();
    for (DrStrategy each : strategy == null ? DrStrategy.values() : new DrStrategy[] {strategy}) {
      reports.add(play(each));
    }
    console.println(disaster.sentence() + "; noticed after " + DurationText.of(DETECT)
        + ", declared after " + DurationText.of(DECIDE) + " more; seed " + seed);
    console.println();
    console.printf(
        Locale.ROOT, LINE, "STRATEGY", "RTO", "OBJECTIVE", "RPO", "OBJECTIVE", "STEPS", "OUTCOME");
    reports.forEach(report -> print(console, report));
    if (strategy == null) {
      printList(console, "EXPOSED: owed, and to be put right", reports, RunReport::exposed);
      printList(
          console,
          "PROBLEMS, the first of each",
          reports,
          report -> report.problems().stream().limit(1).toList());
      console.println();
      console.println("--strategy shows the whole report of one, --out writes all of them");
    } else {
      console.println();
      reports.forEach(report -> console.print(TextReport.of(report)));
    }
    if (out != null) {
      console.println();
      console.println("the whole reports are in " + write(out, reports));
    }
    console.flush();
    return reports.stream().allMatch(RunReport::objectiveMet) ? ExitCode.DONE : ExitCode.NOT_DONE;
  }

  private RunReport play(DrStrategy chosen) throws InterruptedException {
    FakeApplication orders = disaster.orders(chosen, seed);
    FakeCloud cloud = orders.cloud();
    Optional<FakeHost> runner = disaster.runner(orders);
    Journal journal = Journal.inMemory();
    try (DrEngine engine = DrEngine.builder()
        .journal(runner.map(host -> host.disk().journal(journal)).orElse(journal))
        .leases(LeaseStore.inMemory())
        .time(runner.map(FakeHost::time).orElse(cloud.time()))
        .seed(seed)
        .owner("game day")
        .build()) {
      engine.prepare(orders.plan(), "game day").await().orThrow();
      cloud.time().advance(Duration.ofHours(1));
      disaster.schedule(orders).strike(cloud);
      cloud.time().advance(DETECT);
      var noticed = cloud.time().now();
      cloud.time().advance(DECIDE);
      Declaration declaration = orders.declaration("game day").detected(noticed);
      if (declaration.recoverTo().isPresent()) {
        // Whoever goes back to before the data went bad has decided to lose what was written since.
        declaration = declaration.acceptLoss("orders-db", "receipts");
      }
      return engine.failover(orders.plan(), declaration).await();
    }
  }

  private static void print(PrintWriter console, RunReport report) {
    long reached = report.steps().stream()
        .filter(step -> step.status() == StepStatus.REACHED)
        .count();
    console.printf(
        Locale.ROOT,
        LINE,
        StrategyConverter.option(report.strategy()),
        report.rto().recovered() ? DurationText.of(report.rto().elapsed()) : "not back",
        against(report.objective().rto(), report.rtoMet()),
        report.rpo().map(DurationText::of).orElse("unknown"),
        against(report.objective().rpo(), report.rpoMet()),
        reached + "/" + report.steps().size(),
        report.outcome() + (report.exposed().isEmpty() ? "" : ", EXPOSED"));
  }

  /** One line for a sentence that several strategies share. */
  private static void printList(
      PrintWriter console,
      String title,
      List<RunReport> reports,
      Function<RunReport, List<String>> sentences) {
    Map<String, List<String>> strategies = new LinkedHashMap<>();
    for (RunReport report : reports) {
      for (String sentence : sentences.apply(report)) {
        strategies
            .computeIfAbsent(sentence, unseen -> new ArrayList<>())
            .add(StrategyConverter.option(report.strategy()));
      }
    }
    if (!strategies.isEmpty()) {
      console.println();
      console.println(title);
      strategies.forEach((sentence, names) ->
          console.println("  - " + String.join(", ", names) + ": " + sentence));
    }
  }

  private static String against(Duration objective, boolean met) {
    return DurationText.of(objective) + (met ? " met" : " MISSED");
  }

  private static void writable(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw notWritable(directory, e);
    }
    if (!Files.isWritable(directory)) {
      throw notWritable(directory, null);
    }
  }

  private static Path write(Path directory, List<RunReport> reports) {
    Path file = directory.resolve("report.json");
    try {
      return Files.writeString(file, JsonReport.of(reports) + "\n");
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  private static RefusalException notWritable(Path path, @Nullable IOException cause) {
    return new RefusalException(
        "--out: " + path + " cannot be written; name a directory of your own", cause);
  }
}
