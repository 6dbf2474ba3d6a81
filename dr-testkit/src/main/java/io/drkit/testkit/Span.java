package io.drkit.testkit;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from its first instant
 * @param until the first instant after it
 */
public record Span(Instant from, Instant until) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if it ends before it begins
   */
  public Span {
    if (until.isBefore(from)) {
      throw new IllegalArgumentException("until (" + until + ") is before from (" + from + ")");
    }
  }

  /** {@return how long it is} */
  public Duration length() {
    return Duration.between(from, until);
  }
}
