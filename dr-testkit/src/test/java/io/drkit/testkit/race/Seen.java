package io.drkit.testkit.race;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through a journal as it was in the end, and counts the rare states that its run was in. */
final class Seen {
  private final Probes probes;
  private final Map<String, String> steps = new LinkedHashMap<>();
  private final Map<String, Long> askedUnder = new HashMap<>();
  private final Map<String, Integer> generations = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> askedBefore = new HashSet<>();
  private final Set<String> owners = new HashSet<>();
  private boolean paused;
  private boolean cancelled;
  private String outcome = "";
  private String owner = "";
  private int takeoversInARow;

  private Seen(Probes probes) {
    this.probes = probes;
  }

  static void in(List<String> journal, Probes probes) {
    Seen seen = new Seen(probes);
    Line before = null;
    for (String text : journal) {
      Line line = Line.of(text);
      probes.hitIf(
          before != null && line.at().isBefore(before.at()),
          Rare.THE_WALL_CLOCK_OF_THE_JOURNAL_GOES_BACK);
      seen.see(line);
      before = line;
    }
  }

  private boolean any(String status) {
    return steps.containsValue(status);
  }

  private void see(Line line) {
    String was = steps.getOrDefault(line.step(), "");
    if (line.command()) {
      command(line, was);
    } else if (line.is("RunnerBegan")) {
      began(line);
      return;
    }
    switch (line.event()) {
      case "StepStarted" -> steps.put(line.step(), "started");
      case "StepIntended" -> intended(line);
      case "StepApplied" -> steps.put(line.step(), "applied");
      case "IntentWithdrawn" -> {
        probes.hit(Rare.AN_INTENT_IS_WITHDRAWN);
        steps.put(line.step(), "started");
      }
      case "StepReached" -> {
        probes.hitIf(was.equals("started"), Rare.REACHED_WITHOUT_BEING_ASKED_FOR);
        probes.hitIf(was.equals("asked"), Rare.REACHED_THOUGH_THE_ANSWER_WAS_LOST);
        probes.hitIf(paused, Rare.REACHED_WHILE_PAUSED);
        steps.put(line.step(), "reached");
        takeoversInARow = 0;
      }
      case "StepFailed" -> {
        probes.hitIf(
            line.has("effectPossible", "true"), Rare.A_STEP_FAILS_WHOSE_EFFECT_IS_POSSIBLE);
        probes.hitIf(
            line.text().contains("was not given until")
                || line.text().contains("nobody accepted the loss"),
            Rare.AN_APPROVAL_RUNS_OUT);
        steps.put(line.step(), "failed");
      }
      case "StepInDoubt" -> steps.put(line.step(), "doubt");
      case "ApprovalRequested" -> {
        asked.add(line.step());
        probes.hitIf(!askedBefore.add(line.step()), Rare.AN_APPROVAL_IS_ASKED_FOR_AGAIN);
      }
      case "RunEnded" -> ended(line);
      default -> {
        // Nothing rare by itself.
      }
    }
  }

  private void ended(Line line) {
    outcome = line.part("outcome");
    probes.hitIf(outcome.equals("IN_DOUBT"), Rare.ENDED_IN_DOUBT);
    probes.hitIf(outcome.equals("CANCELLED"), Rare.ENDED_CANCELLED);
    probes.hitIf(outcome.equals("FAILED"), Rare.ENDED_FAILED);
    probes.hitIf(outcome.equals("COMPLETED_WITH_EXCEPTIONS"), Rare.ENDED_WITH_EXCEPTIONS);
  }

  private void intended(Line line) {
    Long under = askedUnder.put(line.step(), line.epoch());
    probes.hitIf(under != null && under != line.epoch(), Rare.ONE_STEP_IS_ASKED_FOR_BY_TWO_RUNNERS);
    probes.hitIf(
        generations.merge(line.step(), 1, Integer::sum) == 2, Rare.A_STEP_IS_ASKED_FOR_TWICE);
    steps.put(line.step(), "asked");
    takeoversInARow = 0;
  }

  private void began(Line line) {
    String by = line.part("owner");
    if (line.epoch() > 1) {
      probes.hit(Rare.A_RUN_IS_TAKEN_OVER);
      probes.hitIf(line.epoch() == 6, Rare.A_RUN_IS_TAKEN_OVER_FOR_THE_FIFTH_TIME);
      probes.hitIf(steps.isEmpty(), Rare.TAKEN_OVER_BEFORE_ANYTHING_WAS_DONE);
      probes.hitIf(any("asked"), Rare.TAKEN_OVER_BETWEEN_INTENT_AND_ANSWER);
      probes.hitIf(any("applied"), Rare.TAKEN_OVER_BETWEEN_ANSWER_AND_STATE);
      probes.hitIf(paused, Rare.TAKEN_OVER_WHILE_PAUSED);
      probes.hitIf(cancelled && outcome.isEmpty(), Rare.TAKEN_OVER_WHILE_CANCELLED);
      probes.hitIf(any("doubt") && outcome.isEmpty(), Rare.TAKEN_OVER_WHILE_IN_DOUBT);
      probes.hitIf(!asked.isEmpty() && outcome.isEmpty(), Rare.TAKEN_OVER_WHILE_SOMEBODY_IS_ASKED);
      probes.hitIf(outcome.equals("FAILED"), Rare.TAKEN_OVER_AFTER_A_FAILURE);
      probes.hitIf(outcome.equals("CANCELLED"), Rare.TAKEN_OVER_AFTER_THE_RUN_WAS_CANCELLED);
      probes.hitIf(outcome.equals("IN_DOUBT"), Rare.TAKEN_OVER_AFTER_THE_RUN_WAS_IN_DOUBT);
      probes.hitIf(
          !by.equals(owner) && owners.contains(by), Rare.TAKEN_BACK_BY_THE_PROCESS_THAT_LOST_IT);
      probes.hitIf(++takeoversInARow == 3, Rare.TAKEN_OVER_THREE_TIMES_WITHOUT_PROGRESS);
    }
    owner = by;
    owners.add(by);
    cancelled = false;
    paused &= outcome.isEmpty();
    outcome = "";
    asked.clear();
  }

  private void command(Line line, String was) {
    probes.hitIf(any("asked"), Rare.A_COMMAND_COMES_BETWEEN_INTENT_AND_ANSWER);
    probes.hitIf(any("started"), Rare.A_COMMAND_COMES_BETWEEN_START_AND_INTENT);
    switch (line.event()) {
      case "RunPaused" -> {
        probes.hitIf(any("asked") || any("applied"), Rare.PAUSED_WHILE_A_REQUEST_IS_OPEN);
        probes.hitIf(!asked.isEmpty(), Rare.PAUSED_WHILE_SOMEBODY_IS_ASKED);
        paused = true;
      }
      case "RunContinued" -> paused = false;
      case "RunCancelled" -> {
        probes.hitIf(paused, Rare.CANCELLED_WHILE_PAUSED);
        probes.hitIf(any("asked"), Rare.CANCELLED_WHILE_A_REQUEST_IS_OPEN);
        cancelled = true;
      }
      case "StepSkipped" -> {
        probes.hitIf(was.isEmpty(), Rare.SKIPPED_BEFORE_IT_BEGAN);
        probes.hitIf(
            was.equals("asked") || was.equals("applied"), Rare.ABANDONED_WITH_A_REQUEST_OPEN);
        steps.put(line.step(), "skipped");
      }
      case "StepRetried" -> {
        probes.hit(Rare.RETRIED_WHILE_THE_RUN_GOES_ON);
        steps.put(line.step(), "");
      }
      case "StepApproved" -> {
        probes.hitIf(line.step().startsWith("promote"), Rare.A_LOSS_IS_ACCEPTED);
        asked.remove(line.step());
      }
      case "StepDeclined" -> {
        probes.hit(
            line.step().startsWith("promote")
                ? Rare.A_LOSS_IS_DECLINED
                : Rare.AN_APPROVAL_IS_DECLINED);
        asked.remove(line.step());
        steps.put(line.step(), "failed");
      }
      default -> decided(line);
    }
  }

  private void decided(Line line) {
    probes.hitIf(paused, Rare.DECIDED_WHILE_PAUSED);
    probes.hit(outcome.isEmpty() ? Rare.DECIDED_WHILE_THE_RUN_GOES_ON : Rare.DECIDED_AFTER_THE_END);
    boolean took = line.has("decision", "TOOK_EFFECT");
    probes.hit(took ? Rare.DECIDED_TO_HAVE_TAKEN_EFFECT : Rare.DECIDED_TO_HAVE_HAD_NO_EFFECT);
    steps.put(line.step(), took ? "reached" : "");
  }
}
