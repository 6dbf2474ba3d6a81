package io.drkit.internal;

import io.drkit.RecoveryPoint;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How much is lost at most by what a run knows. Where something is not known, the worse figure stands. */
final class LossBound {
  private final RunState state;

  LossBound(RunState state) {
    this.state = state;
  }

  /**
   * The loss if a step promotes a recovery point; empty if it cannot be told.
   *
   * @param now the time from the start of the run
   */
  Optional<Duration> with(StepState promotion, RecoveryPoint point, Duration now) {
    Optional<Instant> fenced = fencedAt(promotion);
    return point
        .completeUntil()
        .flatMap(until -> fenced
            .or(() -> unfencedUntil(until, state.at(now)))
            .map(written -> Duration.between(until, written)))
        .map(length -> length.isNegative() ? Duration.ZERO : length);
  }

  /** Since when nothing was written but by people's word, or else for want of knowledge; empty if a fence proves it, or nobody can tell. */
  Optional<Instant> takenForGranted(StepState promotion, RecoveryPoint point, Duration now) {
    Optional<Instant> fenced = fencedAt(promotion);
    return point
        .completeUntil()
        .filter(until -> fenced.isEmpty())
        .flatMap(until -> unfencedUntil(until, state.at(now)));
  }

  /** The fences of the promotion's own plan or child count, no others. */
  private Optional<Instant> fencedAt(StepState promotion) {
    return Optional.ofNullable(state.fencedAt().get(RunState.part(promotion)));
  }

  /**
   * Until when writing may have gone on without a proven fence: as people said of the site, unless the copy itself shows that it lived on;
   * then until they said so, or until now. Empty where the copy is younger than that: nobody can tell when that was.
   */
  private Optional<Instant> unfencedUntil(Instant completeUntil, Instant now) {
    return state
        .silence()
        .since()
        .flatMap(said -> completeUntil.isBefore(said)
            ? Optional.of(said)
            : state.silence().saidAt().filter(completeUntil::isBefore))
        .or(() -> Optional.of(now)
            .filter(until -> state.told(state.elapsed()) && !until.isBefore(completeUntil)));
  }

  /** What somebody can say who knows more of a lost site than the run does, on which the loss hangs. */
  Optional<String> askedOfPeople(StepState promotion) {
    Site from = state.started().direction().from();
    boolean open = fencedAt(promotion).isEmpty() && state.silence().since().isEmpty();
    return state.lost(from) && open
        ? Optional.of(from
            + " may have come back since it was declared lost; if it has not, cancel this"
            + " run, and resume it with " + from + " as lost and the instant until which it wrote")
        : Optional.empty();
  }

  /** Whether a recovery point holds all that was written until the fence, whichever of the two clocks is ahead. */
  boolean holdsAll(StepState promotion, RecoveryPoint point) {
    Optional<Instant> needed = fencedAt(promotion).map(fenced -> fenced.plus(RunClock.SKEW));
    return needed.isPresent()
        && point.completeUntil().filter(until -> !until.isBefore(needed.get())).isPresent();
  }
}
