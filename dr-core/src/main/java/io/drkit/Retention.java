package io.drkit;

import java.time.Duration;

/**
 * How long the runs of a plan stay in its journal before {@link DrEngine#compact} may take them out. Immutable.
 *
 * @param age the age that a run's end must have; positive
 */
public record Retention(Duration age) {

  /**
   * Checks the age.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Retention {
    if (age.isZero() || age.isNegative()) {
      throw new IllegalArgumentException("retention: age must be positive: " + age);
    }
  }

  /** {@return a retention of runs that ended less than so long ago} */
  public static Retention of(Duration age) {
    return new Retention(age);
  }
}
