package io.drkit.internal;

import io.drkit.Outcome;
import io.drkit.Stage;
import io.drkit.StepStatus;

/** How a run has ended when nothing more can be done in it. */
final class RunEnd {
  private RunEnd() {}

  static Outcome of(RunState run) {
    boolean exceptions = false;
    boolean failed = false;
    for (StepState step : run.steps()) {
      if (step.status == StepStatus.IN_DOUBT && step.planned.required()) {
        return Outcome.IN_DOUBT;
      }
      exceptions |= step.status != StepStatus.REACHED;
      failed |= step.status != StepStatus.REACHED
          && step.status != StepStatus.OWED
          && step.status != StepStatus.SKIPPED
          && step.planned.required()
          && step.planned.stage() != Stage.AFTERWARDS;
    }
    if (failed) {
      return run.cancelled().isPresent() ? Outcome.CANCELLED : Outcome.FAILED;
    }
    return exceptions ? Outcome.COMPLETED_WITH_EXCEPTIONS : Outcome.COMPLETED;
  }
}
