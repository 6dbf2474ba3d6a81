package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  private static final int MANY = 20_000;
  private static final char[] SIGNS = "0123456789-+:.,TZPHMSd ".toCharArray();

  private final Random random = new Random(1);

  @Test
  void anInstantHasTheTextThatItGivesItself() {
    for (int i = 0; i < MANY; i++) {
      Instant instant = instant();

      assertThat(text(TimeText::write, instant)).isEqualTo(instant.toString());
      assertThat(readInstant(instant.toString())).isEqualTo(instant);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z",
        "-0001-12-31T23:59:59.999999999Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "+10000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2028-02-29T00:00:00.000000001Z"
      })
  void anInstantFarAwayHasTheTextThatItGivesItself(String text) {
    Instant instant = Instant.parse(text);

    assertThat(text(TimeText::write, instant)).isEqualTo(text);
    assertThat(readInstant(text)).isEqualTo(instant);
  }

  @Test
  void aDurationHasTheTextThatItGivesItself() {
    for (int i = 0; i < MANY; i++) {
      Duration duration = duration();

      assertThat(text(TimeText::write, duration)).isEqualTo(duration.toString());
      assertThat(readDuration(duration.toString())).isEqualTo(duration);
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        Long.MIN_VALUE,
        Integer.MIN_VALUE,
        -1,
        0,
        59,
        60,
        3_599,
        3_600,
        86_400,
        Integer.MAX_VALUE - 1L,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE + 1L,
        Long.MAX_VALUE
      })
  void aDurationAtALimitHasTheTextThatItGivesItself(long seconds) {
    for (int nanos : new int[] {0, 1, 10, 999_999_999}) {
      Duration duration = Duration.ofSeconds(seconds, nanos);

      assertThat(text(TimeText::write, duration)).isEqualTo(duration.toString());
      assertThat(readDuration(duration.toString())).isEqualTo(duration);
    }
  }

  @Test
  void whatIsNoTimeIsRefusedAndWhatIsOneInAnotherFormIsRead() {
    for (int i = 0; i < MANY; i++) {
      String instant = damaged(instant().toString());
      String duration = damaged(duration().toString());

      assertThat(outcome(this::readInstant, instant)).isEqualTo(outcome(Instant::parse, instant));
      assertThat(outcome(this::readDuration, duration))
          .isEqualTo(outcome(Duration::parse, duration));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2030-02-30T12:00:00Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T23:59:60Z",
        "",
        "Z",
        "2030-01-01T12:00Z",
        "2030-01-01T12:00:00.Z",
        "2030-01-01t12:00:00z"
      })
  void anOddInstantIsReadAsJavaReadsIt(String text) {
    assertThat(outcome(this::readInstant, text)).isEqualTo(outcome(Instant::parse, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "PT1",
        "PTS",
        "PT1.S",
        "PT.5S",
        "PT1H1H",
        "PT1M1H",
        "PT1S1M",
        "P1D",
        "PT-1S",
        "PT1.1234567891S",
        "PT99999999999S",
        "PT1.5M",
        "PT1,5S",
        "pt1s",
        "PT9223372036854775808S"
      })
  void anOddDurationIsReadAsJavaReadsIt(String text) {
    assertThat(outcome(this::readDuration, text)).isEqualTo(outcome(Duration::parse, text));
  }

  private Instant instant() {
    long seconds = random.nextLong(-70_000_000_000L, 300_000_000_000L);
    return Instant.ofEpochSecond(seconds, nanos());
  }

  private Duration duration() {
    return Duration.ofSeconds(random.nextLong(1L << random.nextInt(1, 40)) - 3, nanos());
  }

  private int nanos() {
    int unit = new int[] {1, 10, 1_000, 1_000_000, 1_000_000_000}[random.nextInt(5)];
    return random.nextInt(1_000_000_000) / unit * unit;
  }

  private String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    int at = random.nextInt(text.length());
    char sign = SIGNS[random.nextInt(SIGNS.length)];
    switch (random.nextInt(3)) {
      case 0 -> damaged.setCharAt(at, sign);
      case 1 -> damaged.insert(at, sign);
      default -> damaged.deleteCharAt(at);
    }
    return damaged.toString();
  }

  /** Amid other characters, as in a parser's buffer. */
  private Instant readInstant(String text) {
    return TimeText.instant(("9" + text + "9Z").toCharArray(), 1, text.length());
  }

  private Duration readDuration(String text) {
    return TimeText.duration(("9" + text + "9S").toCharArray(), 1, text.length());
  }

  private static Object outcome(Function<String, Object> reader, String text) {
    try {
      return reader.apply(text);
    } catch (DateTimeException e) {
      return "refused";
    }
  }

  private static <T> String text(Writer<T> writer, T time) {
    char[] text = new char[TimeText.LIMIT];
    return new String(text, 0, writer.write(time, text));
  }

  private interface Writer<T> {
    int write(T time, char[] text);
  }
}
