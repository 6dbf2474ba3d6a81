package io.drkit.internal;

import io.drkit.Outcome;
import io.drkit.RunReport.Standing;
import io.drkit.RunReport.Standing.Kind;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.LeverPulled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What holds a run up while it goes on: a pause, the stop lever of all runs, its own end, consents that it asks for. */
final class HoldUps {
  private HoldUps() {}

  static List<Standing> of(RunState run, Optional<LeverPulled> lever) {
    if (run.outcome() != Outcome.RUNNING) {
      return List.of();
    }
    List<Standing> standing = new ArrayList<>();
    run.cancelled()
        .ifPresent(why ->
            standing.add(new Standing(Kind.ENDING, why + "; it ends when no call is under way")));
    if (run.cancelled().isPresent()) {
      return standing;
    }
    lever.ifPresent(pulled -> standing.add(new Standing(
        Kind.PAUSED,
        "the stop lever of all runs was pulled by " + pulled.by()
            + (pulled.reason().isEmpty() ? "" : ": " + pulled.reason())
            + "; nothing is asked for until somebody releases it")));
    run.pausedSince()
        .ifPresent(since -> standing.add(new Standing(
            Kind.PAUSED, since + "; nothing is asked for until somebody continues it")));
    Consents.open(run).forEach(ask -> standing.add(new Standing(Kind.ASKS, asks(run, ask))));
    return standing;
  }

  private static String asks(RunState run, Ask ask) {
    ApprovalRequested asked = ask.request;
    int missing = asked.needed() - ask.given().size();
    List<String> left = asked.members().stream()
        .filter(member -> !ask.given().contains(member) && !member.equals(run.requestedBy()))
        .toList();
    String whom = missing + (ask.given().isEmpty() ? "" : " more") + " of '" + asked.group() + "'"
        + (left.isEmpty() ? "" : " " + left)
        + (ask.given().isEmpty() ? "" : ", after " + ask.given())
        + (Consents.staysOpen(run, run.step(asked.step())) ? "" : ", until " + asked.expiresAt());
    return switch (asked.subject()) {
      case STEP ->
        "step '" + asked.step() + "' waits for the approval of " + whom + "; loss: " + asked.loss();
      case LOSS ->
        "step '" + asked.step() + "' waits until a loss is accepted by " + whom + ": "
            + asked.loss();
      case COMMIT -> "the move waits to be committed or taken back by " + whom;
    };
  }
}
