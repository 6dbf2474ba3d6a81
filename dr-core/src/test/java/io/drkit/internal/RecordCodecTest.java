package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00.123456789Z");
  private static final Site EAST = Site.region("us-east-1");

  private final RecordCodec codec = new RecordCodec();

  static Stream<RunEvent> everyEvent() {
    Evidence evidence = Evidence.of("a", "1")
        .and("b", "2")
        .and(RecoveryPoint.completeUntil("db", NOON, "lag"))
        .serviceLevel(0.5);
    RunEvent.PlannedStep step = new RunEvent.PlannedStep(
        "s",
        Stage.FENCE,
        "w",
        List.of("t"),
        true,
        Optional.of("db"),
        Optional.of(Approval.by("owners", 2).members("a", "b").timeLimit(Duration.ofMinutes(3))),
        Optional.of(Repeatability.observed(Duration.ofMillis(1))));
    return Stream.of(
        new RunEvent.RunStarted(
            RunMode.FAILOVER,
            "f",
            DrStrategy.WARM_STANDBY,
            RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ZERO).serviceLevel(0.6),
            new Direction(Site.onPremises("head-office"), EAST.zone("us-east-1a")),
            Declaration.automatic("me")
                .since(NOON)
                .detected(NOON)
                .lost(EAST, EAST.zone("us-east-1b"))
                .reason("fire")
                .expectingActive(EAST)
                .startToken("incident 7")
                .acceptLoss("db"),
            List.of(step),
            Optional.of("read only"),
            Optional.of("r0"),
            Optional.of(new CommitWindow(Duration.ofHours(1), CommitWindow.AtLimit.COMMIT)),
            List.of(EAST, EAST.zone("us-east-1b")),
            Optional.of(Failback.standard().approval(Approval.by("owners", 1))),
            List.of(step)),
        new RunEvent.RunnerBegan("host", "me", List.of(EAST), Optional.of(Duration.ofSeconds(9))),
        new RunEvent.StepStarted("s"),
        new RunEvent.StepIntended("s", 3, evidence),
        new RunEvent.StepApplied("s", 3),
        new RunEvent.CallFailed("s", "observe", "e\nf\u2028"),
        new RunEvent.StepReached("s", evidence),
        new RunEvent.StepFailed("s", "r", true),
        new RunEvent.StepOwed("s", "r"),
        new RunEvent.StepInDoubt("s", "r"),
        new RunEvent.IntentWithdrawn("s", 3),
        new RunEvent.ApprovalRequested(
            "s", ApprovalRequest.Subject.LOSS, "owners", 2, List.of("a", "b"), NOON, "an hour"),
        new RunEvent.RunPaused("me", "look"),
        new RunEvent.RunContinued("me", ""),
        new RunEvent.RunCancelled("me", "false alarm"),
        new RunEvent.RunRolledBack("me", "orders are wrong"),
        new RunEvent.RunSwitched(
            RunMode.SWITCHOVER, List.of(Site.region("us-east-1")), "me", "it works"),
        new RunEvent.StepSkipped("s", "me", "by hand"),
        new RunEvent.StepRetried("s", "me", ""),
        new RunEvent.StepApproved("s", "me", ""),
        new RunEvent.StepDeclined("s", "me", "too much"),
        new RunEvent.StepDecided("s", Decision.NO_EFFECT, "me", "no mail there"),
        new RunEvent.LeverPulled("me", "freeze"),
        new RunEvent.LeverReleased("me", ""),
        new RunEvent.HistoryCompacted(
            12,
            NOON,
            EAST,
            List.of(Site.onPremises("head-office"), EAST),
            List.of(new RunEvent.UsedToken("incident 7", "r3-0badcafe")),
            "me"),
        new RunEvent.RunEnded(Outcome.IN_DOUBT));
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void whatIsWrittenIsReadAgain(RunEvent event) {
    RunRecord entry = new RunRecord(7, "r1", 2, NOON, Duration.ofNanos(5), event);

    String line = codec.write(entry);

    assertThat(line).doesNotContain("\n").doesNotContain("\r");
    assertThat(codec.read("orders", 7, line)).isEqualTo(entry);
  }

  @Test
  void everyKindOfEventIsTried() {
    assertThat(everyEvent().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(Stream.of(
                RunEvent.class.getPermittedSubclasses(),
                RunEvent.Command.class.getPermittedSubclasses())
            .flatMap(Stream::of)
            .filter(type -> type != RunEvent.Command.class)
            .toList());
  }

  @Test
  void aRecordFromBeforeAPartWasAddedIsReadWithoutIt() {
    String line = codec
        .write(new RunRecord(
            0, "r1", 1, NOON, Duration.ZERO, everyEvent().findFirst().orElseThrow()))
        .replaceAll(",\"acceptedLosses\":\\[[^]]*]", "")
        .replaceAll(",\"failback\":\\{.*?}}", "")
        .replaceAll(",\"sites\":\\[[^]]*]", "")
        .replaceAll(",\"approval\":\\{[^}]*}", "")
        .replaceAll(",\"repeatability\":\\{[^}]*}", "")
        .replaceAll(",\"planSteps\":.*?}]", "");

    RunEvent.RunStarted started =
        (RunEvent.RunStarted) codec.read("orders", 0, line).event();

    assertThat(line)
        .doesNotContain("acceptedLosses")
        .doesNotContain("approval")
        .doesNotContain("repeatability")
        .doesNotContain("failback")
        .doesNotContain("planSteps")
        .doesNotContain("sites");
    assertThat(started.declaration().acceptedLosses()).isEmpty();
    assertThat(started.steps().get(0).approval()).isEmpty();
    assertThat(started.steps().get(0).repeatability()).isEmpty();
    assertThat(started.sites()).isEmpty();
    assertThat(started.failback()).isEmpty();
    assertThat(started.planSteps()).isEmpty();
  }

  @Test
  void aRecordOfAnotherVersionIsRefusedByNumber() {
    assertThatThrownBy(() -> codec.read("orders", 12, "{\"event\":\"StepDreamt\"}"))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': record 12 of the journal is of the kind 'StepDreamt', which this version of drkit does "
                + "not know; use the version that wrote it");
    assertThatThrownBy(() -> codec.read("orders", 12, "{\"event\":\"StepStarted\",\"with\":{}}"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("record 12 of the journal cannot be read");
    assertThatThrownBy(() -> codec.read("orders", 12, "not json"))
        .isInstanceOf(JournalException.class);
  }
}
