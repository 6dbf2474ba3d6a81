package io.drkit.testkit;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  private static final Site EAST = Site.region("us-east-1");

  private final Timeline timeline = new Timeline();

  private void tell(Duration after, RunEvent event) {
    timeline.onEvent("orders", new RunRecord(0, "r1", 2, NOON.plus(after), Duration.ZERO, event));
  }

  @Test
  void eachEventIsALineWithItsOffset() {
    tell(
        Duration.ZERO,
        new RunEvent.RunStarted(
            RunMode.FAILOVER,
            "f00d",
            DrStrategy.PILOT_LIGHT,
            RecoveryObjective.rto(Duration.ofHours(1)).rpo(Duration.ZERO),
            new Direction(EAST, Site.region("us-west-2")),
            Declaration.of("on-call").lost(EAST),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of()));
    tell(
        ofMillis(1),
        new RunEvent.RunnerBegan(
            "host", "on-call", List.of(), Optional.empty(), Optional.empty(), Optional.empty()));
    tell(ofMillis(2), new RunEvent.StepStarted("a"));
    tell(ofMillis(3), new RunEvent.StepIntended("a", 1, Evidence.none()));
    tell(ofMillis(4), new RunEvent.StepIntended("a", 2, Evidence.none()));
    tell(ofMillis(5), new RunEvent.StepApplied("a", 2));
    tell(ofMillis(6), new RunEvent.CallFailed("a", "observe", "no answer"));
    tell(ofMillis(7), new RunEvent.StepReached("a", Evidence.none()));
    tell(Duration.ofSeconds(1), new RunEvent.StepFailed("b", "it is gone", false));
    tell(Duration.ofMinutes(1), new RunEvent.StepOwed("c", "it is lost"));
    tell(Duration.ofHours(1), new RunEvent.StepInDoubt("d", "who knows"));
    tell(Duration.ofHours(100), new RunEvent.RunEnded(Outcome.IN_DOUBT));

    assertThat(timeline.lines())
        .containsExactly(
            "+0:00:00.000  run r1 began: FAILOVER us-east-1 -> us-west-2, declared by on-call, lost: [us-east-1]",
            "+0:00:00.001  runner 2 took over, asked by on-call",
            "+0:00:00.002  began    a",
            "+0:00:00.003  asks     a",
            "+0:00:00.004  asks     a, request 2",
            "+0:00:00.005  asked    a",
            "+0:00:00.006  failed call of a: observe: no answer",
            "+0:00:00.007  reached  a",
            "+0:00:01.000  failed   b: it is gone",
            "+0:01:00.000  owed     c: it is lost",
            "+1:00:00.000  in doubt d: who knows",
            "+100:00:00.000  run r1 IN_DOUBT");
  }

  @Test
  void whatWasToldLateStandsWhereItHappened() {
    timeline.note(NOON.plusSeconds(2), "second");
    timeline.note(NOON, "first");
    timeline.note(NOON.plusSeconds(2), "third");

    assertThat(timeline)
        .hasToString("+0:00:00.000  first\n+0:00:02.000  second\n+0:00:02.000  third\n");
  }

  @Test
  void anEmptyTimelineHasNoLines() {
    assertThat(timeline.lines()).isEmpty();
    assertThat(timeline).hasToString("");
  }
}
