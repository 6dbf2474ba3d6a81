package io.drkit.internal;

import io.drkit.Evidence;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.PlannedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the journal says of one step. Changed by {@link RunState} only. */
final class StepState {
  final PlannedStep planned;
  StepStatus status = StepStatus.WAITING;
  /** How often the state was asked for and settled before; 0 if it was never asked for. */
  int generation;
  /** Whether the request of this generation was accepted. */
  boolean applied;

  /** Whether the last request is known to come to nothing. */
  boolean withdrawn;

  /** What people are asked to consent to, or were. */
  @Nullable
  Ask ask;

  /** What it goes on as, if it was parted from what the run is. */
  @Nullable
  RunMode switchedTo;

  Instant intentAt = Instant.EPOCH;
  int failedCalls;
  String detail = "";
  boolean effectPossible;
  Evidence evidence = Evidence.none();
  /** What the first intent wrote down of the state from before. */
  Evidence before = Evidence.none();
  /** The worst recovery point that an intent wrote down: what a promotion gives at least. */
  @Nullable
  RecoveryPoint bound;

  @Nullable
  Instant startedAt;
  /** When it was first started, in worst-case time since the start of the run. */
  Duration startedAfter = Duration.ZERO;

  /** When it was started once more, in worst-case time since the start of the run; zero if it was not. */
  Duration begunAgainAfter = Duration.ZERO;

  @Nullable
  Instant endedAt;
  /** When it ended, in worst-case time since the start of the run. */
  Duration endedAfter = Duration.ZERO;

  StepState(PlannedStep planned) {
    this.planned = planned;
  }

  String name() {
    return planned.name();
  }

  boolean open() {
    return generation > 0 && !applied && !withdrawn;
  }

  /** Whether something that was asked for may take effect. */
  boolean effectPossible() {
    return generation > 1 || (generation == 1 && !withdrawn);
  }

  /** Whether what waits for this step may start. */
  boolean passed() {
    return switch (status) {
      case REACHED, OWED, SKIPPED -> true;
      case FAILED, IN_DOUBT -> !planned.required();
      case WAITING, RUNNING -> false;
    };
  }

  void intend(int next, Evidence seen) {
    if (generation == 0) {
      before = seen;
    }
    generation = next;
    applied = false;
    withdrawn = false;
    seen.recoveryPoint().ifPresent(point -> {
      if (bound == null || worse(point, bound)) {
        bound = point;
      }
    });
  }

  private static boolean worse(RecoveryPoint point, RecoveryPoint than) {
    if (point.completeUntil().isEmpty() || than.completeUntil().isEmpty()) {
      return point.completeUntil().isEmpty();
    }
    return point.completeUntil().get().isBefore(than.completeUntil().get());
  }

  Optional<Instant> started() {
    return Optional.ofNullable(startedAt);
  }

  Optional<Instant> ended() {
    return Optional.ofNullable(endedAt);
  }
}
