package io.drkit.internal;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Outcome;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.Clock;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long a run takes by clocks that are set, stand still or are not the same. */
class RunClockTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private final RunClock clock = new RunClock(record(1, 0, 1000, new RunEnded(Outcome.FAILED)));

  private static RunRecord record(long epoch, long wall, long uptime, RunEvent event) {
    return new RunRecord(0, "r1", epoch, NOON.plusSeconds(wall), ofSeconds(uptime), event);
  }

  private Optional<Duration> passed(long epoch, long wall, long uptime) {
    return clock.passed(record(epoch, wall, uptime, new RunEnded(Outcome.FAILED)));
  }

  private Optional<Duration> passed(long epoch, long wall, long uptime, Clock told) {
    return clock.passed(record(
        epoch,
        wall,
        uptime,
        new RunnerBegan(
            "host", "ann", List.of(), Optional.empty(), Optional.of(told), Optional.empty())));
  }

  private void assertAllIsTold() {
    assertThat(clock.untold(ZERO, ofSeconds(1000))).isFalse();
  }

  @Test
  void withinAProcessTheLongerTimeCountsAndNoneIsTakenBack() {
    assertThat(passed(1, 10, 1009)).contains(ofSeconds(10));
    assertThat(passed(1, 15, 1029)).as("the machine was held up").contains(ofSeconds(20));
    assertThat(passed(1, -600, 1034)).as("the clock was set back").contains(ofSeconds(5));
    assertThat(passed(1, -610, 1030)).as("both say nonsense").contains(ZERO);
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(35));
    assertAllIsTold();
  }

  @Test
  void theWallClockTellsBetweenProcesses() {
    assertThat(passed(2, 60, 3)).contains(ofSeconds(60));
    assertThat(passed(3, 60, 9)).contains(ZERO);
    assertThat(passed(4, 58, 9)).as("5 s more at most").contains(ofSeconds(3));
    assertThat(passed(5, 53, 9)).contains(ZERO);
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(63));
    assertAllIsTold();
  }

  @Test
  void nobodyCanTellHowLongItTookUntilAProcessWhoseClockIsBehind() {
    passed(1, 20, 1020);
    assertThat(passed(2, 14, 3)).isEmpty();
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(20));
    passed(2, 34, 23);
    assertThat(passed(3, 0, 0)).isEmpty();

    assertThat(clock.elapsed()).isEqualTo(ofSeconds(40));
    assertThat(clock.untold(ZERO, ofSeconds(19))).isFalse();
    assertThat(clock.untold(ofSeconds(20), ofSeconds(20))).isTrue();
    assertThat(clock.untold(ofSeconds(21), ofSeconds(39))).isFalse();
    assertThat(clock.untold(ofSeconds(21), ofSeconds(40))).isTrue();
  }

  @Test
  void nobodyCanTellHowLongItTookUntilTheRunOfAProcessThatSaysSo() {
    assertThat(passed(1, 0, 1000, Clock.NONE)).isEmpty();
    assertThat(clock.untold(ZERO, ZERO)).isTrue();
  }

  @Test
  void aProcessThatWroteBothRecordsTellsWhateverItsWallClockSays() {
    assertThat(passed(2, -600, 1045, Clock.STEADY)).contains(ofSeconds(45));
    assertThat(passed(3, -500, 1050, Clock.STEADY)).contains(ofSeconds(100));
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(145));
    assertAllIsTold();
  }

  @Test
  void aClockIsBehindByMoreThanClocksMayDiffer() {
    assertThat(clock.behind(NOON.minusSeconds(5))).isFalse();
    assertThat(clock.behind(NOON.minusSeconds(5).minusNanos(1))).isTrue();
  }

  @Test
  void timePassesWithoutARecordToo() {
    assertThat(clock.elapsed(ofSeconds(1007))).isEqualTo(ofSeconds(7));
    assertThat(clock.elapsed(ofSeconds(999))).isEqualTo(ZERO);
    assertThat(clock.elapsed(NOON.plusSeconds(9))).isEqualTo(ofSeconds(9));
    assertThat(clock.elapsed(ofSeconds(1007), NOON.plusSeconds(9))).isEqualTo(ofSeconds(9));
    assertThat(clock.elapsed(ofSeconds(1007), NOON.minusSeconds(9))).isEqualTo(ofSeconds(7));
    assertThat(clock.elapsed()).isEqualTo(ZERO);
    clock.passTimeTo(NOON.minusSeconds(1));
    assertThat(clock.elapsed()).isEqualTo(ZERO);
    clock.passTimeTo(NOON.plusSeconds(8));
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(8));
  }
}
