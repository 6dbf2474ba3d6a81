package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.EAST;
import static io.drkit.internal.FoldedRuns.NOON;
import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ApprovalRequest.Subject;
import io.drkit.Declaration;
import io.drkit.Evidence;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunEvent.StepSwitched;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a promotion may lose, by what its run knows and by what people said. */
class ConsentsTest {
  private static final PlannedStep FENCE = planned("fence", Stage.FENCE, "", "");
  private static final PlannedStep DB = planned("promote db", Stage.PROMOTE, "db", "");
  private static final PlannedStep FILES = planned("promote files", Stage.PROMOTE, "files", "");
  private static final PlannedStep WEB = planned("web", Stage.PROVISION, "", "");
  private static final Evidence OLD =
      Evidence.of(RecoveryPoint.completeUntil("db", NOON.minusSeconds(3600), "lag"));
  private static final Evidence FRESH =
      Evidence.of(RecoveryPoint.completeUntil("db", NOON.plusSeconds(3600), "lag"));
  private static final Evidence UNKNOWN = Evidence.of(RecoveryPoint.unknown("db", "no metric"));

  private final FoldedRuns runs = new FoldedRuns();

  private static boolean granted(RunState run, Evidence before) {
    return new Consents(run).granted(run.step("promote db"), before, run.elapsed());
  }

  private static ApprovalRequested ask(Subject subject) {
    return new ApprovalRequested(
        "promote db", subject, "owners", 1, List.of(), NOON.plusSeconds(900), "an hour");
  }

  @Test
  void onlyTheConsentToTheLossItselfAllowsIt() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, DB);
    runs.happens(run, new StepReached("fence", Evidence.none()));
    assertThat(granted(run, OLD)).isFalse();
    assertThat(granted(run, FRESH)).isTrue();
    assertThat(granted(run, UNKNOWN)).isFalse();
    assertThat(granted(run, Evidence.none())).isFalse();

    runs.happens(run, ask(Subject.STEP), new StepApproved("promote db", "bob", ""));
    assertThat(granted(run, OLD))
        .as("the step was consented to, its loss was not")
        .isFalse();
    runs.happens(run, ask(Subject.LOSS));
    assertThat(granted(run, OLD)).isFalse();
    runs.happens(run, new StepApproved("promote db", "bob", ""));
    assertThat(granted(run, OLD)).isTrue();
    assertThat(granted(run, UNKNOWN)).isTrue();
  }

  @Test
  void aPlannedMoveLosesNothingWhateverWasAccepted() {
    RunState run = runs.run(
        RunMode.SWITCHOVER,
        Optional.empty(),
        List.of(),
        Declaration.of("ann").acceptLoss("db"),
        FENCE,
        DB);
    assertThat(granted(run, FRESH)).as("nobody proved that the writers stopped").isFalse();
    runs.happens(run, new StepReached("fence", Evidence.none()));

    assertThat(granted(run, FRESH)).isTrue();
    assertThat(granted(run, OLD)).isFalse();
    assertThat(granted(run, UNKNOWN)).isFalse();
  }

  @Test
  void aCopyOfTheInstantOfTheFenceIsTrustedOnlyBeyondWhatClocksMayDiffer() {
    RunState run = runs.run(RunMode.SWITCHOVER, FENCE, DB);
    runs.happens(run, new StepReached("fence", Evidence.none()));
    Instant fenced = run.fencedAt().get("");
    LossBound bound = new LossBound(run);

    assertThat(bound.holdsAll(run.step("promote db"), point(fenced.plus(RunClock.SKEW))))
        .isTrue();
    assertThat(bound.holdsAll(
            run.step("promote db"), point(fenced.plus(RunClock.SKEW).minusNanos(1))))
        .isFalse();
  }

  private static RecoveryPoint point(Instant until) {
    return RecoveryPoint.completeUntil("db", until, "lag");
  }

  @Test
  void aLostSiteWroteUntilTheDisruptionUnlessItsCopyShowsThatItLivedOn() {
    Instant disruption = NOON.minusSeconds(600);
    RunState lost = runs.run(
        RunMode.FAILOVER,
        Optional.empty(),
        List.of(),
        Declaration.of("ann").since(disruption).lost(EAST),
        DB);
    runs.happens(lost, new StepStarted("promote db"), new StepStarted("promote db"));
    Duration after = lost.elapsed();
    Instant now = lost.at(after);
    LossBound bound = new LossBound(lost);
    StepState db = lost.step("promote db");

    assertThat(bound.with(db, point(disruption.minusSeconds(30)), after))
        .contains(Duration.ofSeconds(30));
    assertThat(bound.with(db, point(disruption.plusSeconds(30)), after))
        .contains(Duration.between(disruption.plusSeconds(30), lost.startedAt()));
    assertThat(bound.with(db, point(lost.startedAt()), after))
        .contains(Duration.between(lost.startedAt(), now));
    assertThat(bound.with(db, point(now.plusSeconds(1)), after))
        .as("nobody can tell")
        .isEmpty();

    RunState alive = runs.run(RunMode.FAILOVER, DB);
    assertThat(new LossBound(alive)
            .with(
                alive.step("promote db"),
                point(disruption.minusSeconds(30)),
                Duration.ofSeconds(7)))
        .contains(
            Duration.between(disruption.minusSeconds(30), alive.startedAt().plusSeconds(7)));
  }

  @Test
  void whatIsWithinTheRpoWhenALookBeginsNeedNotBeWhenItComesBack() {
    RunState run = runs.run(RunMode.FAILOVER, DB);
    Duration rpo = run.started().objective().rpo();
    Evidence complete = Evidence.of(point(run.startedAt()));
    Consents consents = new Consents(run);
    StepState db = run.step("promote db");

    assertThat(consents.granted(db, complete, rpo)).isTrue();
    assertThat(consents.granted(db, complete, rpo.plusNanos(1))).isFalse();
  }

  private static List<String> waitedFor(RunState run, String promotion) {
    List<String> asked = new ArrayList<>();
    boolean all = new Consents(run).everyCopyCaughtUp(run.step(promotion), name -> {
      asked.add(name);
      return true;
    });
    assertThat(all).isTrue();
    return asked;
  }

  @Test
  void theFirstPromotionOfAPlannedMoveWaitsForTheCopiesThatMayStillFail() {
    RunState run = runs.run(RunMode.SWITCHOVER, DB, FILES, WEB);
    assertThat(waitedFor(run, "promote db")).containsExactly("promote db", "promote files");
    assertThat(waitedFor(run, "web")).isEmpty();

    RunState reached = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(reached, new StepReached("promote files", Evidence.none()));
    RunState skipped = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(skipped, new StepSkipped("promote files", "ann", "by hand"));
    RunState asked = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(asked, new StepIntended("promote files", 1, Evidence.none()));
    RunState parted = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(parted, new StepSwitched("promote files", RunMode.FAILOVER, "ann", "it lags"));
    for (RunState one : List.of(reached, skipped, asked, parted)) {
      assertThat(waitedFor(one, "promote db")).containsExactly("promote db");
    }
    runs.happens(run, new RunSwitched(RunMode.FAILOVER, List.of(), "ann", "it died"));
    assertThat(waitedFor(run, "promote db")).isEmpty();
  }

  @Test
  void whereACopyFailedBeforeAnyWasPromotedNoneIs() {
    RunState run = runs.run(RunMode.SWITCHOVER, DB, FILES, WEB);
    assertThat(failed(run, "promote db")).isEmpty();
    runs.happens(run, new StepFailed("promote files", "it lags", false));
    assertThat(failed(run, "promote db")).contains("promote files");
    assertThat(failed(run, "web")).isEmpty();
    runs.happens(run, new RunSwitched(RunMode.FAILOVER, List.of(), "ann", "it died"));
    assertThat(failed(run, "promote db")).isEmpty();

    RunState asked = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(
        asked,
        new StepFailed("promote files", "it lags", false),
        new StepIntended("promote db", 1, Evidence.none()));
    RunState reached = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(
        reached,
        new StepFailed("promote files", "it lags", false),
        new StepReached("promote db", Evidence.none()));
    for (RunState one : List.of(asked, reached)) {
      assertThat(failed(one, "promote db"))
          .as("there is no way back, so the others go on")
          .isEmpty();
      assertThat(waitedFor(one, "promote db")).isEmpty();
    }
  }

  @Test
  void aRequestThatWasNeverSentIsNoneForWhichTheOthersGoOn() {
    RunState run = runs.run(RunMode.SWITCHOVER, DB, FILES);
    runs.happens(
        run,
        new StepIntended("promote files", 1, Evidence.none()),
        new IntentWithdrawn("promote files", 1));
    assertThat(waitedFor(run, "promote db")).contains("promote files");
    runs.happens(run, new StepFailed("promote files", "nobody answers", false));
    assertThat(failed(run, "promote db")).contains("promote files");
  }

  @Test
  void aPromotionOfBestEffortThatFailedHoldsNobodyUp() {
    PlannedStep optional = new PlannedStep(
        FILES.name(),
        FILES.stage(),
        FILES.wanted(),
        FILES.after(),
        false,
        FILES.dataset(),
        FILES.approval(),
        FILES.repeatability(),
        FILES.reversibility(),
        FILES.because(),
        FILES.child());
    RunState run = runs.run(RunMode.SWITCHOVER, DB, optional);
    runs.happens(run, new StepFailed("promote files", "it lags", false));

    assertThat(failed(run, "promote db")).isEmpty();
  }

  private static Optional<String> failed(RunState run, String promotion) {
    return new Consents(run).failedBeforeAny(run.step(promotion)).map(StepState::name);
  }

  @Test
  void aRequestIsNoLongerOpenThanItWasHoweverTheClockIsSet() {
    Ask ask = new Ask(ask(Subject.LOSS), NOON);

    assertThat(Consents.left(ask, NOON.plusSeconds(100))).isEqualTo(Duration.ofSeconds(800));
    assertThat(Consents.left(ask, NOON.minusSeconds(100))).isEqualTo(Duration.ofMinutes(15));
    assertThat(Consents.left(ask, NOON.plusSeconds(1000))).isZero();
  }
}
