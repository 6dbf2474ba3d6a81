package io.drkit.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Instants and durations to and from the text of {@link Instant#toString} and {@link Duration#toString}, in a fraction of the
 * time that those take: a journal has two of them in each record. Whatever does not look as these write it is left to them.
 */
final class TimeText {
  /** More than the longest text of an instant or a duration. */
  static final int LIMIT = 64;

  private static final int DAY = 86_400;
  private static final int NANO_DIGITS = 9;
  private static final long YEAR_0 = LocalDate.of(0, 1, 1).toEpochDay() * DAY;
  private static final long YEAR_10000 = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY;

  private TimeText() {}

  /** Writes an instant at the beginning of an array of {@link #LIMIT} characters. Returns its length. */
  static int write(Instant instant, char[] text) {
    long seconds = instant.getEpochSecond();
    if (seconds < YEAR_0 || seconds >= YEAR_10000) {
      return copy(instant.toString(), text);
    }
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
    int second = Math.floorMod(seconds, DAY);
    int end = digits(date.getYear(), 4, text, 0);
    text[end++] = '-';
    end = digits(date.getMonthValue(), 2, text, end);
    text[end++] = '-';
    end = digits(date.getDayOfMonth(), 2, text, end);
    text[end++] = 'T';
    end = digits(second / 3_600, 2, text, end);
    text[end++] = ':';
    end = digits(second / 60 % 60, 2, text, end);
    text[end++] = ':';
    end = digits(second % 60, 2, text, end);
    int nanos = instant.getNano();
    if (nanos != 0) {
      text[end++] = '.';
      end = digits(nanos, NANO_DIGITS, text, end);
      // In groups of three, as Instant writes them.
      while (text[end - 1] == '0' && text[end - 2] == '0' && text[end - 3] == '0') {
        end -= 3;
      }
    }
    text[end++] = 'Z';
    return end;
  }

  /** Writes a duration at the beginning of an array of {@link #LIMIT} characters. Returns its length. */
  static int write(Duration duration, char[] text) {
    long seconds = duration.getSeconds();
    int nanos = duration.getNano();
    if (seconds < 0 || seconds >= Integer.MAX_VALUE || (seconds == 0 && nanos == 0)) {
      return copy(duration.toString(), text);
    }
    text[0] = 'P';
    text[1] = 'T';
    int end = 2;
    int all = (int) seconds;
    if (all >= 3_600) {
      end = number(all / 3_600, text, end);
      text[end++] = 'H';
    }
    if (all / 60 % 60 > 0) {
      end = number(all / 60 % 60, text, end);
      text[end++] = 'M';
    }
    if (all % 60 > 0 || nanos > 0) {
      end = number(all % 60, text, end);
      if (nanos > 0) {
        text[end++] = '.';
        end = digits(nanos, NANO_DIGITS, text, end);
        while (text[end - 1] == '0') {
          end--;
        }
      }
      text[end++] = 'S';
    }
    return end;
  }

  private static int copy(String from, char[] text) {
    from.getChars(0, from.length(), text, 0);
    return from.length();
  }

  private static int number(int value, char[] text, int at) {
    int digits = 1;
    for (int rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits(value, digits, text, at);
  }

  private static int digits(int value, int digits, char[] text, int at) {
    int rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    return at + digits;
  }

  /**
   * {@return the instant of a text}
   *
   * @throws java.time.DateTimeException if it is none
   */
  static Instant instant(char[] text, int from, int length) {
    int fraction = length - "2030-01-01T12:00:00Z".length();
    int end = from + length;
    boolean plain = (fraction == 0 || (fraction == 4 || fraction == 7 || fraction == 10))
        && text[from + 4] == '-'
        && text[from + 7] == '-'
        && text[from + 10] == 'T'
        && text[from + 13] == ':'
        && text[from + 16] == ':'
        && (fraction == 0 || text[from + 19] == '.')
        && text[end - 1] == 'Z';
    if (plain) {
      int year = value(text, from, 4);
      int month = value(text, from + 5, 2);
      int day = value(text, from + 8, 2);
      int hour = value(text, from + 11, 2);
      int minute = value(text, from + 14, 2);
      int second = value(text, from + 17, 2);
      int nanos = fraction == 0 ? 0 : nanos(text, from + 20, fraction - 1);
      if ((year | month | day | hour | minute | second | nanos) >= 0
          && month >= 1
          && month <= 12
          && day >= 1
          && day <= 31
          && hour < 24
          && minute < 60
          && second < 60) {
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(days * DAY + hour * 3_600L + minute * 60L + second, nanos);
      }
    }
    return Instant.parse(new String(text, from, length));
  }

  /**
   * {@return the duration of a text}
   *
   * @throws java.time.DateTimeException if it is none
   */
  static Duration duration(char[] text, int from, int length) {
    int end = from + length;
    int at = from + 2;
    if (length > 3 && text[from] == 'P' && text[from + 1] == 'T') {
      long seconds = 0;
      char lastUnit = 0;
      while (at < end) {
        int digits = digitsAt(text, at, end);
        int value = value(text, at, digits);
        at += digits;
        if (digits == 0 || digits > NANO_DIGITS || at == end) {
          break;
        }
        char unit = text[at++];
        int nanos = 0;
        if (unit == '.') {
          int places = digitsAt(text, at, end);
          nanos = nanos(text, at, places);
          at += places;
          if (places == 0 || places > NANO_DIGITS || at == end || text[at++] != 'S') {
            break;
          }
          unit = 'S';
        }
        // H, M and S stand in the order of the alphabet.
        if (unit <= lastUnit || (unit != 'H' && unit != 'M' && unit != 'S')) {
          break;
        }
        lastUnit = unit;
        seconds += value * (unit == 'H' ? 3_600L : unit == 'M' ? 60L : 1L);
        if (at == end) {
          return Duration.ofSeconds(seconds, nanos);
        }
        if (unit == 'S') {
          break;
        }
      }
    }
    return Duration.parse(new String(text, from, length));
  }

  private static int digitsAt(char[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at - from;
  }

  private static int nanos(char[] text, int from, int places) {
    int value = value(text, from, Math.min(places, NANO_DIGITS));
    for (int i = places; i < NANO_DIGITS; i++) {
      value *= 10;
    }
    return value;
  }

  /** {@return the number of so many digits; below zero if they are not all digits} */
  private static int value(char[] text, int from, int digits) {
    int value = 0;
    for (int i = from; i < from + Math.min(digits, NANO_DIGITS); i++) {
      if (text[i] < '0' || text[i] > '9') {
        return -1;
      }
      value = 10 * value + text[i] - '0';
    }
    return value;
  }
}
