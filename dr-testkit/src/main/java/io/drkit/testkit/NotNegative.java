package io.drkit.testkit;

import java.time.Duration;

/** What a part of the fake cloud is told to be, and cannot be below zero: refused at once. */
final class NotNegative {
  private NotNegative() {}

  /** Returns a time that is zero or more. */
  static Duration time(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    return duration;
  }

  /** Returns an amount that is zero or more. */
  static int amount(String what, int amount) {
    if (amount < 0) {
      throw new IllegalArgumentException(what + " must not be negative: " + amount);
    }
    return amount;
  }
}
