package io.drkit.internal;

import io.drkit.Outcome;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run owes: fences that were not proven, redundancy that is not back. A run is not done while it owes anything. */
final class Exposure {
  private final RunState state;
  private final List<String> sentences = new ArrayList<>();

  /**
   * Looks at a run.
   *
   * @param redundant whether copies flowed again afterwards from where it moved the workload
   */
  Exposure(RunState state, boolean redundant) {
    this.state = state;
    state
        .started()
        .unfenced()
        .ifPresent(reason -> sentences.add("the plan fences no writer: " + reason));
    state
        .started()
        .children()
        .forEach(child -> child
            .unfenced()
            .ifPresent(reason ->
                sentences.add("the child '" + child.path() + "' fences no writer: " + reason)));
    state.steps().forEach(this::look);
    state.steps().forEach(this::lookAtOrder);
    List<String> datasets =
        state.steps().stream().flatMap(step -> step.planned.dataset().stream()).toList();
    if (moved() && !redundant && !datasets.isEmpty()) {
      sentences.add("no copies of " + datasets + " flow from "
          + state.started().direction().to()
          + " to any other site; prepare the plan, as soon as there is one to copy to");
    }
  }

  private boolean moved() {
    return state.mode().moves()
        && (state.outcome() == Outcome.COMPLETED
            || state.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS);
  }

  private void look(StepState step) {
    Stage stage = step.planned.stage();
    if (step.status == StepStatus.OWED) {
      sentences.add("the fence '" + step.name() + "' is owed (" + step.detail
          + "); prepare applies it, before anything else touches that site, when it is back;"
          + " losses are counted as if "
          + (state.silence().since().isPresent()
              ? "nobody wrote there after the instant that each names"
              : "somebody wrote there for as long as the run went on, which does not fence it"));
    } else if (stage == Stage.FENCE && step.status == StepStatus.SKIPPED) {
      sentences.add("the fence '" + step.name() + "' was " + step.detail
          + "; nobody proved that the writers at that site have stopped");
    } else if (stage == Stage.AFTERWARDS
        && (step.status == StepStatus.FAILED || step.status == StepStatus.SKIPPED)) {
      sentences.add("redundancy is not restored: step '" + step.name() + "' "
          + (step.status == StepStatus.SKIPPED ? "was " : "failed: ") + step.detail
          + "; bring it about by hand");
    } else if (step.effectPossible) {
      sentences.add(
          "step '" + step.name() + "' was given up, but what it asked for may yet take effect");
    }
  }

  /** The risk that a step names is one until all fences are proven. */
  private void lookAtOrder(StepState step) {
    boolean oneWay = step.planned.reversibility().equals(Optional.of(Reversibility.ONE_WAY));
    if (!oneWay || !step.effectPossible() || step.planned.because().isEmpty()) {
      return;
    }
    boolean unfenced = state.steps().stream()
        .filter(fence -> fence.planned.stage() == Stage.FENCE
            && fence != step
            && Outages.isOf(RunState.part(step), RunState.part(fence)))
        .anyMatch(fence -> fence.status != StepStatus.REACHED);
    if (unfenced) {
      sentences.add("step '" + step.name() + "' cannot be taken back and was asked for before every"
          + " fence was proven: " + step.planned.because().get());
    }
  }

  /** One sentence for each thing that is owed. */
  List<String> sentences() {
    return sentences;
  }

  /** Since when; after a disaster that is its beginning. */
  Optional<Instant> since(Instant disruption) {
    return Optional.of(state.mode() == RunMode.FAILOVER ? disruption : state.startedAt())
        .filter(instant -> !sentences.isEmpty());
  }
}
