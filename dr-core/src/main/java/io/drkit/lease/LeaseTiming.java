package io.drkit.lease;

import java.time.Duration;

/**
 * How long a service may write on what it read, and how long a fence has to wait therefore. Immutable.
 *
 * @param term how long a service may begin writes after it began to read the register; it reads again every fifth of that
 * @param longestWrite how long a write takes at most from its beginning, its database's time limit included
 * @param skew by how much a service's clock may be slow over one term, and what else is to be allowed for
 */
public record LeaseTiming(Duration term, Duration longestWrite, Duration skew) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the term or the longest write is not positive, or the skew is negative or not below
   *     the term
   */
  public LeaseTiming {
    if (term.isZero() || term.isNegative() || longestWrite.isZero() || longestWrite.isNegative()) {
      throw new IllegalArgumentException(
          "term and longestWrite must be positive: " + term + ", " + longestWrite);
    }
    if (skew.isNegative() || skew.compareTo(term) >= 0) {
      throw new IllegalArgumentException(
          "skew must be zero or more, and below the term of " + term + ": " + skew);
    }
  }

  /** {@return a term of 10 seconds, writes of 5 seconds at most, and a skew of 1 second} */
  public static LeaseTiming standard() {
    return new LeaseTiming(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(1));
  }

  /** {@return how long writes may go on after the register was changed: term, longest write and skew} */
  public Duration drain() {
    return term.plus(longestWrite).plus(skew);
  }
}
