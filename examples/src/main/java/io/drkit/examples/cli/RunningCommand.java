package io.drkit.examples.cli;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.examples.orders.Orders;
import io.drkit.examples.orders.OrdersPlan;
import io.drkit.file.FileJournal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What failover and resume have in common: everything but the verb. */
abstract class RunningCommand implements Callable<Integer> {
  @Mixin
  final JournalOption journal = new JournalOption();

  @Mixin
  private final AwsOptions aws = new AwsOptions();

  @Mixin
  final LostOption lost = new LostOption();

  @Mixin
  private final RunOutput output = new RunOutput();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks for it; written to the journal. Default: the user's name.")
  private String by = System.getProperty("user.name", "somebody");

  @Spec
  private CommandSpec command;

  /** Opens the journal: a new one, or one that must be there. */
  abstract FileJournal openJournal();

  /** Starts the run. What it throws was found before anything was done. */
  abstract DrRun start(DrEngine engine, DrPlan plan, String name, List<Site> sites);

  @Override
  public Integer call() throws InterruptedException {
    List<Site> sites = lost.sites();
    // An empty name, or a time that cannot be, is found before anything is opened.
    Declaration.of(by);
    try (AwsClients clients = aws.clients();
        FileJournal runs = openJournal();
        DrEngine engine = DrEngine.builder()
            .journal(runs)
            .leases(journal.leases())
            .listener(output.progress())
            .build()) {
      DrPlan plan = OrdersPlan.of(clients);
      engine.reports(plan.name());
      new Reachability(aws).check(clients, List.of(Orders.WEST));
      return await(start(engine, plan, by, sites));
    }
  }

  private int await(DrRun run) throws InterruptedException {
    Thread hint = new Thread(this::interrupted);
    Runtime.getRuntime().addShutdownHook(hint);
    try {
      var report = run.await();
      output.print(report);
      return ExitCode.of(report);
    } catch (DrException stopped) {
      throw new RunStoppedException(
          "the run could not go on: " + stopped.getMessage()
              + "; when that is put right, go on with " + resume(),
          stopped);
    } finally {
      removeHook(hint);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // The process is being ended, and the hook says what it has to say.
    }
  }

  private void interrupted() {
    command
        .commandLine()
        .getErr()
        .println("interrupted; what was done is in the journal: go on with " + resume());
  }

  final String by() {
    return by;
  }

  final void say(String sentence) {
    command.commandLine().getOut().println(sentence);
    command.commandLine().getOut().flush();
  }

  /** What the run works on; journaled, so that no other place goes on with it. */
  final String where() {
    return "at " + aws.target();
  }

  /** A run that was started at one place must not go on at another. */
  final void requireSamePlace(DrEngine engine, DrPlan plan) {
    List<RunReport> reports = engine.reports(plan.name());
    if (!reports.isEmpty()) {
      RunReport last = reports.get(reports.size() - 1);
      String before = last.declaration().reason();
      if (!before.equals(where()) && !before.startsWith(where() + "; ")) {
        throw new RefusalException(
            "run " + last.run() + " was started " + before + ", and would now go on " + where()
                + "; name the --endpoint that it was started with");
      }
    }
  }

  private String resume() {
    return "'drkit resume --journal " + journal.directory() + aws.option() + lost.option() + "'";
  }
}
