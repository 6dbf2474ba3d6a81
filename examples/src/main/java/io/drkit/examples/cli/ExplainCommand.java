package io.drkit.examples.cli;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.Explanation;
import io.drkit.Explanation.Change;
import io.drkit.Explanation.ExplainedStep;
import io.drkit.Reversibility;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.examples.orders.Orders;
import io.drkit.examples.orders.OrdersPlan;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what a failover would change. */
@Command(
    name = "explain",
    description = "Tells, step by step, what a failover would change now. Changes nothing.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin
  private final AwsOptions aws = new AwsOptions();

  @Mixin
  private final LostOption lost = new LostOption();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    Declaration declaration = Declaration.of("explain").lost(lost.sites().toArray(Site[]::new));
    try (AwsClients clients = aws.clients();
        DrEngine engine = DrEngine.builder()
            .journal(Journal.inMemory())
            .leases(LeaseStore.inMemory())
            .build()) {
      new Reachability(aws).check(clients, List.of(Orders.WEST));
      print(engine.explain(OrdersPlan.of(clients), declaration));
    }
    return ExitCode.DONE;
  }

  private void print(Explanation explanation) {
    PrintWriter out = command.commandLine().getOut();
    out.println("A failover of plan '" + explanation.plan() + "' " + explanation.direction()
        + " would do this now; nothing was changed.");
    int width = explanation.steps().stream()
        .mapToInt(step -> step.name().length())
        .max()
        .orElse(0);
    for (ExplainedStep step : explanation.steps()) {
      out.println(String.format(
          Locale.ROOT,
          "  %-12s  %-10s  %-" + width + "s  %s",
          word(step.change()),
          step.stage().name().toLowerCase(Locale.ROOT),
          step.name(),
          step.detail()));
      out.println(" ".repeat(28) + "wanted: " + step.wanted()
          + (step.after().isEmpty() ? "" : "; after " + String.join(", ", step.after()))
          + (step.required() ? "" : "; best effort")
          + (step.reversibility() == Reversibility.ONE_WAY ? "; cannot be taken back" : "")
          + step.because().map(reason -> "; because " + reason).orElse(""));
    }
    explanation.steps().stream()
        .filter(step -> step.required() && step.change() == Change.BLOCKED)
        .findFirst()
        .ifPresent(
            step -> out.println("As things stand, '" + step.name() + "' would not succeed."));
    out.flush();
  }

  private static String word(Change change) {
    return switch (change) {
      case NONE -> "no change";
      case APPLY -> "WOULD CHANGE";
      case KNOWN_LATER -> "known later";
      case BLOCKED -> "BLOCKED";
      case UNKNOWN -> "CANNOT TELL";
    };
  }
}
