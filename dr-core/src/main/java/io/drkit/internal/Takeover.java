package io.drkit.internal;

import io.drkit.Stage;
import io.drkit.StepStatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a process that takes a run over looks at again: what was given up, and what may have changed since it was proven. */
final class Takeover {
  private Takeover() {}

  /** Lets steps of a run begin anew. */
  static void lookAgain(RunState run) {
    List<StepState> unpromoted = run.steps().stream()
        .filter(step -> step.planned.dataset().isPresent() && step.status != StepStatus.REACHED)
        .toList();
    Set<String> fenced = run.steps().stream()
        .filter(step -> step.planned.stage() == Stage.FENCE)
        .map(RunState::part)
        .collect(Collectors.toSet());
    for (StepState step : run.steps()) {
      // Somebody may have started the writers again since they were seen to be stopped.
      boolean staleFence = step.planned.stage() == Stage.FENCE
          && step.status == StepStatus.REACHED
          && unpromoted.stream()
              .anyMatch(promotion -> fenced.contains(RunState.part(promotion))
                  ? RunState.part(step).equals(RunState.part(promotion))
                  : fencesFromOutside(run, step, promotion));
      if (staleFence
          || step.status == StepStatus.FAILED
          || step.status == StepStatus.IN_DOUBT
          || step.status == StepStatus.OWED) {
        RunState.again(step);
      }
    }
    lookAgainAtCopies(run);
  }

  /** Whether a promotion of a child that fences no writer relies on a fence of another: of a plan around it, or one that it names. */
  private static boolean fencesFromOutside(RunState run, StepState fence, StepState promotion) {
    boolean named = promotion.planned.after().contains(fence.name());
    boolean around = RunState.part(fence).isEmpty()
        || RunState.part(promotion).startsWith(RunState.part(fence) + "/");
    return named || (around && run.waitsFor(promotion.name(), fence.name()));
  }

  /** A copy that was made after a fence was made before that fence is proven once more. */
  private static void lookAgainAtCopies(RunState run) {
    Set<String> fenced = run.fencedAt().keySet();
    run.steps().stream()
        .filter(step -> step.status != StepStatus.REACHED
            && !step.effectPossible()
            && !fenced.contains(RunState.part(step)))
        .flatMap(promotion -> promotion.planned.dataset().stream())
        .flatMap(dataset -> run.find(ModeSwitch.catchUpName(dataset)).stream())
        .filter(copy -> copy.status == StepStatus.REACHED)
        .toList()
        .forEach(RunState::again);
  }
}
