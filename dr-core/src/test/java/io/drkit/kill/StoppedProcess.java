package io.drkit.kill;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that wants a failover to be done, by itself or by another one; and its handle. */
final class StoppedProcess {
  static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofMillis(200);
  /** How many requests of one process are under way at the same time, at most. */
  static final int CHAINS = 2;

  private static final int LINKS = 12;

  private final Process process;

  private StoppedProcess(Process process) {
    this.process = process;
  }

  static StoppedProcess start(Path directory, int port, String name) throws IOException {
    return new StoppedProcess(new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xmx64m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            StoppedProcess.class.getName(),
            directory.toString(),
            Integer.toString(port),
            name)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  /** Sends a signal: {@code STOP} or {@code CONT}. */
  static void signal(long pid, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int exit() throws InterruptedException {
    return process.waitFor();
  }

  void kill() {
    process.destroyForcibly();
  }

  static DrPlan plan(int port) {
    DrPlanBuilder plan = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofHours(1)).rpo(Duration.ofHours(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      plan.waive(point, "not what the test is about");
    }
    for (int chain = 0; chain < CHAINS; chain++) {
      for (int link = 0; link < LINKS; link++) {
        String before = "step-" + chain + "-" + (link - 1);
        boolean first = link == 0;
        String name = "step-" + chain + "-" + link;
        plan.provision(
            name,
            new Remote(name, (chain + link) % 2 == 0, port),
            step -> first ? step.attempts(100) : step.attempts(100).after(before));
      }
    }
    return plan.build();
  }

  private record Remote(String name, boolean fenced, int port) implements FailoverAction {
    @Override
    public String describe() {
      return name + " is there";
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      return context
              .call(need(context), () -> Ledger.send(port, "look " + name))
              .equals("there")
          ? Progress.reached()
          : Progress.pending("absent");
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      String request =
          name + " " + context.epoch() + " " + ProcessHandle.current().pid();
      context.call(need(context), () -> {
        Ledger.send(port, "about " + request);
        // A process that was stopped until now does what it was about to do, whoever runs the plan.
        return Ledger.send(port, (fenced ? "fenced " : "open ") + request);
      });
    }

    private Need need(ActionContext context) {
      return Need.data(name, context.to());
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }

  static DrEngine engine(Path directory, String name) {
    return DrEngine.builder()
        .journal(FileJournal.at(directory))
        .leases(LeaseStore.over(
            new FileLeaseTable(directory.resolveSibling(directory.getFileName() + ".lease")),
            TimeSource.system(),
            LEASE))
        .requestTimeLimit(LIMIT)
        .owner(name)
        .build();
  }

  private static boolean done(DrEngine engine) {
    List<RunReport> reports = engine.reports("orders");
    return !reports.isEmpty() && reports.get(0).outcome() == Outcome.COMPLETED;
  }

  public static void main(String[] arguments) throws Exception {
    DrPlan plan = plan(Integer.parseInt(arguments[1]));
    CountDownLatch never = new CountDownLatch(1);
    try (DrEngine engine = engine(Path.of(arguments[0]), arguments[2])) {
      while (!done(engine)) {
        try {
          (engine.reports("orders").isEmpty()
                  ? engine.failover(plan, Declaration.of(arguments[2]))
                  : engine.resume(plan, arguments[2], List.of()))
              .await();
        } catch (DrException | CompletionException otherWasFaster) {
          // It is the other one's turn.
          never.await(50, TimeUnit.MILLISECONDS);
        }
      }
    }
  }
}
