package io.drkit.internal;

import io.drkit.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fences that were begun before this process took the run over and are not proven in it yet. What waits for a fence, be it through
 * others that were reached, may have been started when it stood; and somebody may have started the writers again since.
 */
final class Fences {
  private final List<String> open = new ArrayList<>();
  private RunState state;

  /** Looks at a run as it was taken over. */
  Fences(RunState state) {
    this.state = state;
    state.steps().stream()
        .filter(step -> step.planned.stage() == Stage.FENCE && step.startedAt != null)
        .map(StepState::name)
        .forEach(open::add);
  }

  /** Goes on with the run's state as it was made anew. */
  void rebase(RunState anew) {
    state = anew;
  }

  /** The first one that a step waits for. */
  Optional<StepState> before(StepState step) {
    return open.stream()
        .map(state::step)
        .filter(fence -> !fence.passed() && state.waitsFor(step.name(), fence.name()))
        .findFirst();
  }
}
