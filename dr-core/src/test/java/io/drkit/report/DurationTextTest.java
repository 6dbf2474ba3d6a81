package io.drkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT0.4S, 0.4 s",
    "PT9.9S, 9.9 s",
    "PT10S, 10 s",
    "PT4M12S, 4 min 12 s",
    "PT30M, 30 min",
    "PT1H5M, 1 h 5 min",
    "PT51H0M1S, 2 d 3 h 1 s",
    "PT-4M-12S, -4 min 12 s",
  })
  void saysADurationAsAPersonDoes(Duration duration, String words) {
    assertThat(DurationText.of(duration)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.000000001S, 0.1 s",
    "PT9.900000001S, 10 s",
    "PT10.000000001S, 11 s",
    "PT29M59.001S, 30 min",
  })
  void roundsUpSoThatNothingLooksShorterThanItWas(Duration duration, String words) {
    assertThat(DurationText.of(duration)).isEqualTo(words);
  }

  @Test
  void bearsALengthOfYears() {
    assertThat(DurationText.of(Duration.ofDays(4000))).isEqualTo("4000 d");
  }
}
