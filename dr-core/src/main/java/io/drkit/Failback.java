package io.drkit;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a workload may go back to the site that it came from: how long the copies that flow back must have stood, and who
 * has to consent. Going back is planned: it can wait, and it is no emergency. Immutable.
 *
 * @param stability how long every copy must flow without a break before the move; 15 minutes by default
 * @param approval whose consent the move needs once the copies have stood; empty if nobody's
 */
public record Failback(Duration stability, Optional<Approval> approval) {

  /** How long copies must have stood unless the plan says otherwise. */
  public static final Duration DEFAULT_STABILITY = Duration.ofMinutes(15);

  /** How long people may take to consent unless their approval says otherwise. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofDays(1);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the stability is negative
   */
  public Failback {
    Objects.requireNonNull(approval, "approval");
    if (stability.isNegative()) {
      throw new IllegalArgumentException("failback: stability must not be negative: " + stability);
    }
  }

  /** {@return a failback after {@link #DEFAULT_STABILITY}, without an approval} */
  public static Failback standard() {
    return new Failback(DEFAULT_STABILITY, Optional.empty());
  }

  /**
   * Returns this failback with another length of the time in which the copies must stand.
   *
   * @param window zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public Failback stableFor(Duration window) {
    return new Failback(window, approval);
  }

  /**
   * Returns this failback with the consent that the move needs. It is asked for when the copies have stood, and may be given
   * within {@link #DEFAULT_PATIENCE} unless it has a time limit of its own.
   *
   * @param consent whose
   */
  public Failback approval(Approval consent) {
    return new Failback(
        stability,
        Optional.of(
            consent.timeLimit().isPresent() ? consent : consent.timeLimit(DEFAULT_PATIENCE)));
  }
}
