package io.drkit.testkit;

/**
 * How much data is changed, or sent over a link, in a time.
 *
 * @param bytesPerSecond one or more
 */
public record DataRate(long bytesPerSecond) {

  /**
   * Checks the rate.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public DataRate {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a data rate must be positive: " + bytesPerSecond);
    }
  }

  /**
   * Returns a rate of so many million bytes a second.
   *
   * @param megabytes one or more
   * @throws IllegalArgumentException if it is not positive
   */
  public static DataRate megabytesPerSecond(long megabytes) {
    return new DataRate(Math.multiplyExact(megabytes, 1_000_000L));
  }

  /**
   * Returns a rate of so many million bits a second, as links are sold.
   *
   * @param megabits one or more
   * @throws IllegalArgumentException if it is not positive
   */
  public static DataRate megabitsPerSecond(long megabits) {
    return new DataRate(Math.multiplyExact(megabits, 125_000L));
  }
}
