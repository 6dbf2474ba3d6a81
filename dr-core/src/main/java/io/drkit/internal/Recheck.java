package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.Step;
import java.time.Duration;
import java.util.List;

/**
 * Every required state of a move still holds. Looks at as many in one call as fit into half of its time limit, and begins anew
 * when one does not hold. How far it came is known to this process alone.
 */
final class Recheck implements FailoverAction {
  private final List<Step> steps;
  private int next;

  Recheck(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  @Override
  public String describe() {
    return "every required state still holds";
  }

  @Override
  public synchronized Progress observe(ActionContext context) throws Exception {
    if (!(context instanceof StepContext own)) {
      throw new IllegalArgumentException("made for a run's own contexts: " + context);
    }
    Duration until = context.time().uptime().plus(context.requestTimeLimit().dividedBy(2));
    while (next < steps.size()) {
      Step step = steps.get(next);
      // What is owed or was skipped by somebody has no evidence, and is told elsewhere.
      if (context.evidence(step.name()).isPresent()) {
        Progress progress = step.action().observe(own.of(step.name()));
        if (progress.kind() != Progress.Kind.REACHED) {
          next = 0;
          return Progress.underway("'" + step.name() + "' " + word(progress) + " ("
              + progress.detail() + "); the move is committed when all does");
        }
      }
      next++;
      if (context.time().uptime().compareTo(until) >= 0) {
        return Progress.underway("looked at " + next + " of " + steps.size() + " states");
      }
    }
    next = 0;
    return Progress.reached(Evidence.of("looked at again", Integer.toString(steps.size())));
  }

  /** A fence that has to wait in each process that looks at it has not stopped to hold. */
  private static String word(Progress seen) {
    return switch (seen.kind()) {
      case PENDING, BLOCKED -> "does not hold any more";
      case UNDERWAY, UNKNOWN, REACHED -> "is not seen to hold just now";
    };
  }

  @Override
  public void apply(ActionContext context) {
    throw new IllegalStateException("it is never asked for");
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  /** Looking changes nothing. */
  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }
}
