package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.EAST;
import static io.drkit.internal.FoldedRuns.NOON;
import static io.drkit.internal.FoldedRuns.WEST;
import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Failback;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Since when a site counts as silent that was declared lost, as the run goes on, ends and is resumed. */
class SilenceTest {
  private static final PlannedStep DB = planned("promote db", Stage.PROMOTE, "db", "");
  private static final Instant DISRUPTION = NOON.minusSeconds(600);
  private static final Instant STOPPED = NOON.minusSeconds(300);

  private final FoldedRuns runs = new FoldedRuns();

  private RunState run(Declaration declaration) {
    return runs.run(RunMode.FAILOVER, Optional.empty(), List.of(), declaration, DB);
  }

  private static RunnerBegan resumption(Site... lost) {
    return new RunnerBegan(
        "another", "bob", List.of(lost), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static RunnerBegan resumption(Instant stopped) {
    return new RunnerBegan(
        "another", "bob", List.of(EAST), Optional.of(stopped), Optional.empty(), Optional.empty());
  }

  private static Instant now(RunState run) {
    return run.at(run.elapsed());
  }

  @Test
  void itIsSilentSinceItStoppedOrElseSinceTheDisruptionOrElseSinceItWasDeclaredLost() {
    Declaration lost = Declaration.of("ann").lost(EAST);
    RunState declared = run(lost);
    assertThat(declared.silence().since()).contains(declared.startedAt());
    assertThat(run(lost.since(DISRUPTION)).silence().since()).contains(DISRUPTION);
    assertThat(run(lost.since(DISRUPTION).stopped(STOPPED)).silence().since()).contains(STOPPED);
    assertThat(run(Declaration.of("ann").since(DISRUPTION)).silence().since())
        .as("it is not lost")
        .isEmpty();
  }

  @Test
  void aSiteThatIsDeclaredLostInTheMiddleOfARunWroteUntilThen() {
    RunState run = runs.run(RunMode.SWITCHOVER, DB);
    runs.happens(run, resumption(Site.region("eu-west-1")));
    assertThat(run.silence().since()).as("another site").isEmpty();
    runs.happens(run, resumption(EAST));
    Instant lost = now(run);
    runs.happens(run, resumption(EAST));
    assertThat(run.silence().since())
        .as("said once, and a second unseen")
        .contains(lost.plusSeconds(1));

    RunState switched = runs.run(RunMode.SWITCHOVER, DB);
    runs.happens(switched, new RunSwitched(RunMode.FAILOVER, List.of(EAST), "bob", "it is gone"));
    assertThat(switched.silence().since())
        .as("the clock of a laptop measures nothing")
        .isEmpty();
    runs.happens(switched, new StepStarted("promote db"));
    assertThat(switched.silence().since()).contains(now(switched));
  }

  @Test
  void whatWasDeclaredLostJustBeforeItsProcessDiedWroteUntilTheNextOne() {
    RunState run = runs.run(RunMode.SWITCHOVER, DB);
    RunSwitched lost = new RunSwitched(RunMode.FAILOVER, List.of(EAST), "bob", "it is gone");
    runs.happens(run, lost);
    takenOverAfter(run, Duration.ofSeconds(30));
    assertThat(run.silence().since()).contains(now(run));

    RunState alone = runs.run(RunMode.SWITCHOVER, DB);
    runs.happens(alone, lost);
    takenOverAfter(alone, Duration.ofHours(1));
    assertThat(alone.silence().since()).as("who knows until when that held").isEmpty();
  }

  @Test
  void whoeverTakesOverGoesOnByTheSameWordAndCountsTheTimeThatNobodySawToIt() {
    RunState run = run(Declaration.of("ann").lost(EAST).stopped(STOPPED));
    runs.happens(run, resumption(), resumption(EAST));
    assertThat(run.silence().since()).contains(STOPPED.plusSeconds(2));
    assertThat(run.silence().told()).contains(STOPPED);
    runs.happens(run, resumption(STOPPED.plusSeconds(60)));
    assertThat(run.silence().since()).as("somebody knows more").contains(STOPPED.plusSeconds(60));
  }

  @Test
  void aRunThatEndedIsResumedWithAnotherWordOrWithNone() {
    Declaration lost = Declaration.of("ann").lost(EAST).stopped(STOPPED);
    RunState unsaid = run(lost);
    runs.happens(unsaid, new RunEnded(Outcome.FAILED), resumption());
    assertThat(unsaid.silence().since()).as("it may have come back").isEmpty();
    assertThat(unsaid.lost(EAST)).as("it is called, and fenced").isFalse();
    runs.happens(unsaid, resumption());
    assertThat(unsaid.silence().since()).isEmpty();

    RunState again = run(lost);
    runs.happens(again, new RunEnded(Outcome.CANCELLED), resumption(EAST));
    assertThat(again.silence().since()).as("in between it may have written").contains(now(again));
    assertThat(again.lost(EAST)).isTrue();

    RunState known = run(lost);
    runs.happens(known, new RunEnded(Outcome.FAILED), resumption(STOPPED));
    assertThat(known.silence().since()).contains(STOPPED);
  }

  @Test
  void noWordHoldsOnceNobodySawToTheRunForLongerThanTheRpo() {
    RunState run = run(Declaration.of("ann").lost(EAST).stopped(STOPPED));
    Duration half = run.started().objective().rpo().dividedBy(2);
    runs.pass(half.multipliedBy(9));
    runs.happens(run, new StepStarted("promote db"));
    takenOverAfter(run, half);
    assertThat(run.silence().since())
        .as("somebody saw to it before")
        .contains(STOPPED.plus(half).plusSeconds(1));
    runs.pass(half.multipliedBy(9));
    runs.happens(run, new StepStarted("promote db"));
    takenOverAfter(run, half);
    assertThat(run.silence().since()).as("both times together").isEmpty();
    assertThat(run.lost(EAST)).as("nobody calls it all the same").isTrue();

    runs.happens(run, resumption(STOPPED));
    takenOverAfter(run, half);
    assertThat(run.silence().since())
        .as("it counts from when it was said")
        .contains(STOPPED.plus(half).plusSeconds(1));
  }

  @Test
  void noWordHoldsWhenNobodyCanTellHowLongNobodySawToTheRun() {
    RunState run = run(Declaration.of("ann").lost(EAST).stopped(STOPPED));
    run.fold(
        new RunRecord(1, "r1", 2, run.startedAt().minusSeconds(6), Duration.ZERO, resumption()));
    assertThat(run.silence().since()).isEmpty();
    run.fold(new RunRecord(
        2, "r1", 2, run.startedAt().minusSeconds(6), Duration.ZERO, resumption(EAST)));
    assertThat(run.silence().since()).as("nobody can tell when that was said").isEmpty();
    run.fold(new RunRecord(
        3, "r1", 2, run.startedAt().minusSeconds(6), Duration.ZERO, resumption(STOPPED)));
    assertThat(run.silence().since()).as("but somebody says when it stopped").contains(STOPPED);
    assertThat(run.silence().saidAt()).isEmpty();
  }

  @Test
  void theShortestRpoOfThePlanAndItsChildrenCounts() {
    PlannedChild strict = new PlannedChild(
        "payments",
        DrStrategy.MULTI_SITE,
        RecoveryObjective.rto(Duration.ofMinutes(5)).rpo(Duration.ofSeconds(1)),
        Optional.empty(),
        Failback.standard());
    RunState run = runs.run(
        RunMode.FAILOVER,
        Optional.empty(),
        List.of(strict),
        Declaration.of("ann").lost(EAST),
        DB);
    takenOverAfter(run, Duration.ofSeconds(1));
    assertThat(run.silence().since()).isEmpty();
  }

  /** A second more is what each record of these runs takes. */
  private void takenOverAfter(RunState run, Duration time) {
    runs.pass(time);
    runs.happens(run, resumption());
  }

  @Test
  void afterAFailoverThatWasNotFinishedItWroteUntilItIsDeclaredLostOnceMore() {
    PlanLog unfinished = new PlanLog(
        2, List.of(runs.start(RunMode.FAILOVER, DB), runs.entry(new RunEnded(Outcome.FAILED))));
    Declaration again = Declaration.of("bob").since(DISRUPTION).lost(EAST);

    assertThat(declared(unfinished, again).stopped()).contains(NOON);
    assertThat(declared(unfinished, again.stopped(STOPPED)).stopped()).contains(STOPPED);
    assertThat(declared(PlanLog.EMPTY, again).stopped()).isEmpty();
    assertThat(declared(unfinished, Declaration.of("bob")).stopped()).isEmpty();
  }

  private static Declaration declared(PlanLog log, Declaration declaration) {
    return StartChecks.lostOnceMore(log, declaration, new Direction(EAST, WEST), NOON);
  }
}
