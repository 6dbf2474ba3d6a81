package io.drkit.internal;

import io.drkit.RecoveryPoint;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How much is lost at most by what a run knows. Where something is not known, the worse figure stands. */
final class LossBound {
  private final RunState state;
  private final Instant disruption;

  /**
   * Measures against a run.
   *
   * @param disruption since when the service is disrupted
   */
  LossBound(RunState state, Instant disruption) {
    this.state = state;
    this.disruption = disruption;
  }

  /** The loss with a recovery point; empty if it cannot be told. */
  Optional<Duration> with(RecoveryPoint point) {
    return point.completeUntil().flatMap(this::since);
  }

  /** Empty where the copy is younger than the end of writing can be: then nobody can tell when that was. */
  private Optional<Duration> since(Instant completeUntil) {
    Optional<Instant> fenced = fencedAt();
    if (fenced.isPresent()) {
      Duration length = Duration.between(completeUntil, fenced.get());
      return Optional.of(length.isNegative() ? Duration.ZERO : length);
    }
    return Optional.of(Duration.between(completeUntil, unfencedUntil(completeUntil)))
        .filter(length -> !length.isNegative());
  }

  /** When the last writer at the site that was left is proven to have stopped. */
  private Optional<Instant> fencedAt() {
    List<StepState> fences = state.steps().stream()
        .filter(step -> step.planned.stage() == Stage.FENCE)
        .toList();
    return fences.stream().allMatch(step -> step.status == StepStatus.REACHED)
        ? fences.stream().map(step -> after(step.endedAfter)).max(Instant::compareTo)
        : Optional.empty();
  }

  /**
   * Until when writing may have gone on without a proven fence. A lost site wrote until the disruption, unless the copy
   * itself shows that it lived on; one that is not lost may write still.
   */
  private Instant unfencedUntil(Instant completeUntil) {
    if (state.lost(state.started().direction().from())) {
      if (completeUntil.isBefore(disruption)) {
        return disruption;
      }
      if (completeUntil.isBefore(state.startedAt())) {
        return state.startedAt();
      }
    }
    return after(state.elapsed());
  }

  /** The instant that lies so long after the start of the run; a wall clock that was set back does not shorten it. */
  private Instant after(Duration elapsed) {
    return state.startedAt().plus(elapsed);
  }
}
