package io.drkit;

import java.time.Duration;
import java.util.Objects;

/**
 * A time to look before a move is kept. When everything is verified, the run waits, until somebody {@linkplain
 * RunControl#commit commits} it or {@linkplain RunControl#rollback takes it back}, or until the time limit has passed. Before it
 * is committed, every required state is observed once more. What comes {@link Stage#AFTERWARDS} waits for it. The service is back
 * meanwhile, and the RTO clock does not run. Immutable.
 *
 * @param limit how long to wait; positive
 * @param atLimit what happens then
 */
public record CommitWindow(Duration limit, AtLimit atLimit) {

  /** The name of the step that a plan with a commit window has. */
  public static final String STEP = "commit";

  /** What happens if nobody has decided when the time limit has passed. */
  public enum AtLimit {
    /** Nothing: the run goes on waiting. */
    NONE,
    /** The move is kept. */
    COMMIT,
    /**
     * The move is taken back. Not for plans that promote copies, because what was written to them since would be lost, or that do
     * anything else before that is {@linkplain Reversibility#ONE_WAY one-way}.
     */
    ROLLBACK
  }

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public CommitWindow {
    Objects.requireNonNull(atLimit, "atLimit");
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("commitWindow: limit must be positive: " + limit);
    }
  }

  Step step() {
    FailoverAction decided = FailoverAction.check(
        "somebody keeps the move, and every required state still holds",
        context -> Progress.pending("decided when the move is verified"));
    return Step.of(STEP, Stage.COMMIT, decided)
        .approval(Approval.by("whoever looks at the service", 1).timeLimit(limit));
  }
}
