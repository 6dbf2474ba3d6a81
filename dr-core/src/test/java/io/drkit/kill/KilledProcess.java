package io.drkit.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.Repeatability.Kind;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JVM of its own that starts a failover of fifty steps or goes on with it, and prints how it ended; and its handle. */
final class KilledProcess {
  private static final int CHAINS = 8;
  private static final int LINKS = 5;

  private final Process process;

  private KilledProcess(Process process) {
    this.process = process;
  }

  static KilledProcess start(Path directory, int port) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        KilledProcess.class.getName(),
        directory.toString(),
        Integer.toString(port)));
    return new KilledProcess(new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  /** Kills it as {@code kill -9} does. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** {@return what it printed; returns when it is dead} */
  String output() throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    process.waitFor();
    return output;
  }

  boolean wasKilled() {
    return process.exitValue() == 128 + 9;
  }

  /** {@return the steps and what is promised about their requests} */
  static Map<String, Kind> steps() {
    Map<String, Kind> steps = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      steps.put("fence-" + i, kind(i));
    }
    for (int chain = 0; chain < CHAINS; chain++) {
      for (int link = 0; link < LINKS; link++) {
        steps.put("provision-" + chain + "-" + link, kind(chain + link));
      }
    }
    for (int i = 0; i < 4; i++) {
      steps.put("redirect-" + i, kind(i));
      steps.put("verify-" + i, kind(i + 1));
    }
    return steps;
  }

  private static Kind kind(int number) {
    return switch (number % 4) {
      case 0 -> Kind.TOKENED;
      case 1 -> Kind.OBSERVED;
      case 2 -> Kind.UNSAFE;
      default -> Kind.IDEMPOTENT;
    };
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
    steps().forEach((name, kind) -> {
      FailoverAction action = action(name, kind, port);
      String[] parts = name.split("-", -1);
      switch (parts[0]) {
        case "fence" -> plan.fence(name, action);
        case "redirect" -> plan.redirect(name, action);
        case "verify" -> plan.verify(name, action);
        default -> {
          int link = Integer.parseInt(parts[2]);
          plan.provision(
              name,
              action,
              step -> link == 0 ? step : step.after("provision-" + parts[1] + "-" + (link - 1)));
        }
      }
    });
    return plan.build();
  }

  private static FailoverAction action(String name, Kind kind, int port) {
    return kind == Kind.UNSAFE
        ? FailoverAction.once(name, 1, context -> ask(name, kind, port, context))
        : new Remote(name, kind, port);
  }

  private static void ask(String name, Kind kind, int port, ActionContext context)
      throws Exception {
    String request = "ask " + name + " " + kind + " " + context.token("it");
    context.call(Need.data("ledger", context.to()), () -> Ledger.send(port, request));
  }

  private record Remote(String name, Kind kind, int port) implements FailoverAction {
    @Override
    public String describe() {
      return name + " is there";
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      String answer =
          context.call(Need.data("ledger", context.to()), () -> Ledger.send(port, "look " + name));
      return answer.equals("there") ? Progress.reached() : Progress.pending(answer);
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      ask(name, kind, port, context);
    }

    @Override
    public Repeatability repeatability() {
      return switch (kind) {
        case TOKENED -> Repeatability.tokened(Duration.ofHours(1));
        case OBSERVED -> Repeatability.observed(Duration.ZERO);
        default -> Repeatability.idempotent();
      };
    }
  }

  static DrEngine engine(Path directory) {
    return DrEngine.builder()
        .journal(FileJournal.at(directory))
        .leases(FileLeaseStore.at(directory))
        // A successor waits for it before it asks for anything.
        .requestTimeLimit(Duration.ofMillis(300))
        .build();
  }

  public static void main(String[] arguments) throws Exception {
    DrPlan plan = plan(Integer.parseInt(arguments[1]));
    try (DrEngine engine = engine(Path.of(arguments[0]))) {
      DrRun run = engine.reports("orders").isEmpty()
          ? engine.failover(plan, Declaration.of("on-call"))
          : engine.resume(plan, "on-call", List.of());
      System.out.println(run.await().outcome());
    }
  }
}
