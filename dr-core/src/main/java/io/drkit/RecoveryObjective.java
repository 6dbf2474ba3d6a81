package io.drkit;

import java.time.Duration;
import java.util.Objects;

/**
 * What a business process needs of its recovery (WP-1, WP-2): the time within which it is back, the loss in time that it
 * bears, and the service level that counts as back. Immutable.
 *
 * @param rto the recovery time objective: the outage, from the disruption on, that is acceptable at most; positive
 * @param rpo the recovery point objective: the loss, counted in time of writing, that is acceptable at most; zero or more
 * @param serviceLevel the share of the full service that counts as recovered, above 0 and at most 1; 1 by default
 */
public record RecoveryObjective(Duration rto, Duration rpo, double serviceLevel) {

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if the RTO is not positive, the RPO negative, or the service level not in (0, 1]
   */
  public RecoveryObjective {
    checkRto(rto);
    if (rpo.isNegative()) {
      throw new IllegalArgumentException(
          "rpo must not be negative: " + rpo + "; use Duration.ZERO for no loss at all");
    }
    if (!(serviceLevel > 0 && serviceLevel <= 1)) {
      throw new IllegalArgumentException(
          "serviceLevel must be above 0 and at most 1: " + serviceLevel);
    }
  }

  private static void checkRto(Duration rto) {
    if (rto.isZero() || rto.isNegative()) {
      throw new IllegalArgumentException(
          "rto must be positive: " + rto + "; give the longest outage that is acceptable");
    }
  }

  /**
   * Begins with the recovery time objective.
   *
   * @param rto the longest outage that is acceptable, from the disruption on
   * @return the rest to be said
   * @throws IllegalArgumentException if it is not positive
   */
  public static RpoStep rto(Duration rto) {
    checkRto(Objects.requireNonNull(rto, "rto"));
    return rpo -> new RecoveryObjective(rto, rpo, 1.0);
  }

  /**
   * Returns this objective with a service level below the full one.
   *
   * @param level the share of the full service that counts as recovered
   * @throws IllegalArgumentException if it is not above 0 and at most 1
   */
  public RecoveryObjective serviceLevel(double level) {
    return new RecoveryObjective(rto, rpo, level);
  }

  /** What is to be said after the RTO. */
  @FunctionalInterface
  public interface RpoStep {
    /**
     * Goes on with the recovery point objective.
     *
     * @param rpo the longest stretch of writing whose loss is acceptable; {@link Duration#ZERO} for no loss
     * @throws IllegalArgumentException if it is negative
     */
    RecoveryObjective rpo(Duration rpo);
  }
}
