package io.drkit.internal;

import io.drkit.RecoveryPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How much is lost at most by what a run knows. Where something is not known, the worse figure stands. */
final class LossBound {
  /** By how much the clock of a service that tells recovery points may be ahead of ours in a planned move. */
  static final Duration SKEW = Duration.ofSeconds(5);

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

  /** The loss if a step promotes a recovery point; empty if it cannot be told. */
  Optional<Duration> with(StepState promotion, RecoveryPoint point) {
    return point.completeUntil().flatMap(until -> since(fencedAt(promotion), until));
  }

  /** The fences of the promotion's own plan or child count, no others. */
  private Optional<Instant> fencedAt(StepState promotion) {
    return Optional.ofNullable(state.fencedAt().get(RunState.part(promotion)));
  }

  /** Empty where the copy is younger than the end of writing can be: then nobody can tell when that was. */
  private Optional<Duration> since(Optional<Instant> fenced, Instant completeUntil) {
    if (fenced.isPresent()) {
      Duration length = Duration.between(completeUntil, fenced.get());
      return Optional.of(length.isNegative() ? Duration.ZERO : length);
    }
    return Optional.of(Duration.between(completeUntil, unfencedUntil(completeUntil)))
        .filter(length -> !length.isNegative());
  }

  /** Whether a recovery point holds all that was written until the fence, whichever of the two clocks is ahead. */
  boolean holdsAll(StepState promotion, RecoveryPoint point) {
    Optional<Instant> needed = fencedAt(promotion).map(fenced -> fenced.plus(SKEW));
    return needed.isPresent()
        && point.completeUntil().filter(until -> !until.isBefore(needed.get())).isPresent();
  }

  /**
   * Until when writing may have gone on without a proven fence. A lost site wrote until it stopped by the declaration, which is when the
   * disruption began if it says nothing else; or until it was declared lost, if that was in the middle of the run; unless the copy itself shows that it lived on; one that is not lost may write still.
   */
  private Instant unfencedUntil(Instant completeUntil) {
    if (state.lost(state.started().direction().from())) {
      Instant died =
          state.workedUntil().or(state.started().declaration()::stopped).orElse(disruption);
      if (completeUntil.isBefore(died)) {
        return died;
      }
      if (completeUntil.isBefore(state.startedAt())) {
        return state.startedAt();
      }
    }
    return state.at(state.elapsed());
  }
}
