package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntervalsTest {
  private final Intervals intervals = new Intervals(7);

  /** How often a state is looked at that comes after so long. */
  private int looks(Stage stage, Duration waited) {
    int looks = 0;
    for (Duration at = Duration.ZERO; at.compareTo(waited) < 0; looks++) {
      at = at.plus(intervals.poll(stage, "an order can be placed", looks + 1));
    }
    return looks;
  }

  private Duration last(Stage stage, Duration waited) {
    return intervals.poll(stage, "an order can be placed", looks(stage, waited));
  }

  @Test
  void aVerificationIsLookedAtEachSecondSoThatAnOutageEndsWhenItEnds() {
    assertThat(last(Stage.VERIFY, Duration.ofMinutes(1))).isLessThan(Duration.ofMillis(1_500));
    assertThat(looks(Stage.VERIFY, Duration.ofMinutes(1))).isBetween(60, 120);
  }

  @Test
  void aControlPlaneIsSpared() {
    assertThat(looks(Stage.PROMOTE, Duration.ofMinutes(1))).isLessThan(15);
    assertThat(looks(Stage.REDIRECT, Duration.ofMinutes(1))).isLessThan(15);
  }

  @Test
  void noWaitIsLongerThanTenSecondsAndItsJitter() {
    for (Stage stage : Stage.values()) {
      assertThat(last(stage, Duration.ofHours(1)))
          .as(stage.name())
          .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
    }
  }
}
