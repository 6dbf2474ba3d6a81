package io.drkit.internal;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Outcome;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long a run takes by clocks that are set, stand still or are not the same. */
class RunClockTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private final RunClock clock = new RunClock(record(1, 0, 1000));

  private static RunRecord record(long epoch, long wall, long uptime) {
    return new RunRecord(
        0, "r1", epoch, NOON.plusSeconds(wall), ofSeconds(uptime), new RunEnded(Outcome.FAILED));
  }

  private Optional<Duration> passed(long epoch, long wall, long uptime) {
    return clock.passed(record(epoch, wall, uptime), Optional.empty());
  }

  @Test
  void withinAProcessTheLongerTimeCountsAndNoneIsTakenBack() {
    assertThat(passed(1, 10, 1009)).contains(ofSeconds(10));
    assertThat(passed(1, 15, 1029)).as("the machine was held up").contains(ofSeconds(20));
    assertThat(passed(1, -600, 1034)).as("the clock was set back").contains(ofSeconds(5));
    assertThat(passed(1, -610, 1030)).as("both say nonsense").contains(ZERO);
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(35));
    assertThat(clock.untoldAfter()).isEmpty();
  }

  @Test
  void theWallClockTellsBetweenProcesses() {
    assertThat(passed(2, 60, 3)).contains(ofSeconds(60));
    assertThat(passed(3, 60, 9)).contains(ZERO);
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(60));
    assertThat(clock.untoldAfter()).isEmpty();
  }

  @Test
  void nobodyCanTellHowLongItTookUntilAProcessWhoseClockIsBehind() {
    passed(1, 20, 1020);
    assertThat(passed(2, 19, 3)).isEmpty();
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(20));
    assertThat(clock.untoldAfter()).contains(ofSeconds(20));
    passed(2, 29, 13);
    passed(3, 0, 0);
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(30));
    assertThat(clock.untoldAfter()).as("the first time").contains(ofSeconds(20));
  }

  @Test
  void aProcessThatKnowsBothEndsTellsWhateverItsWallClockSays() {
    assertThat(clock.passed(record(2, -600, 1045), Optional.of(ofSeconds(45))))
        .contains(ofSeconds(45));
    assertThat(clock.passed(record(3, -500, 1050), Optional.of(ofSeconds(5))))
        .contains(ofSeconds(100));
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(145));
    assertThat(clock.untoldAfter()).isEmpty();
  }

  @Test
  void timePassesWithoutARecordToo() {
    assertThat(clock.elapsed(ofSeconds(1007))).isEqualTo(ofSeconds(7));
    assertThat(clock.elapsed(ofSeconds(999))).isEqualTo(ZERO);
    assertThat(clock.elapsed()).isEqualTo(ZERO);
    clock.passTimeTo(NOON.minusSeconds(1));
    assertThat(clock.elapsed()).isEqualTo(ZERO);
    clock.passTimeTo(NOON.plusSeconds(8));
    assertThat(clock.elapsed()).isEqualTo(ofSeconds(8));
  }
}
