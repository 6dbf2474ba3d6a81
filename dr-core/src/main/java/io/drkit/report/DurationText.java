package io.drkit.report;

import java.time.Duration;

/**
 * A duration as a person says it, such as "4 min 12 s". Rounded up, so that an outage or a loss never looks shorter than
 * it was: to tenths of a second below ten seconds, to seconds above.
 */
public final class DurationText {
  private static final long TENTHS_BELOW_MILLIS = 10_000;
  private static final String[] UNITS = {"d", "h", "min", "s"};
  private static final long[] SECONDS = {86_400, 3_600, 60, 1};

  private DurationText() {}

  /**
   * Returns a duration in words, for example "0 s", "0.4 s", "12 s", "4 min 12 s", "1 h 5 min" or "2 d 3 h 1 s". Units that
   * are zero are left out.
   *
   * @param duration any; a negative one gets a minus sign
   */
  public static String of(Duration duration) {
    if (duration.isNegative()) {
      return "-" + of(duration.negated());
    }
    if (duration.isZero()) {
      return "0 s";
    }
    if (duration.compareTo(Duration.ofMillis(TENTHS_BELOW_MILLIS)) < 0) {
      return tenths(duration.plusNanos(99_999_999).toMillis() / 100);
    }
    return whole(duration.plusNanos(999_999_999).toSeconds());
  }

  private static String tenths(long tenths) {
    return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
  }

  private static String whole(long seconds) {
    StringBuilder text = new StringBuilder();
    long rest = seconds;
    for (int i = 0; i < UNITS.length; i++) {
      long count = rest / SECONDS[i];
      rest %= SECONDS[i];
      if (count > 0) {
        text.append(text.isEmpty() ? "" : " ").append(count).append(' ').append(UNITS[i]);
      }
    }
    return text.toString();
  }
}
