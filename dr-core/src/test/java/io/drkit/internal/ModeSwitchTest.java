package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.EAST;
import static io.drkit.internal.FoldedRuns.NOON;
import static io.drkit.internal.FoldedRuns.WEST;
import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Approval;
import io.drkit.ApprovalRequest.Subject;
import io.drkit.Declaration;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunEvent.StepSwitched;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What may be switched, and what the steps of a run become when it is. */
class ModeSwitchTest {
  private final FoldedRuns runs = new FoldedRuns();

  private static final PlannedStep FENCE = planned("fence", Stage.FENCE, "", "");
  private static final PlannedStep PROMOTE = planned("promote db", Stage.PROMOTE, "db", "");
  private static final PlannedStep CATCH_UP = planned("catch up db", Stage.PROMOTE, "", "");
  private static final PlannedStep COPIES = planned("copies of db", Stage.PREPARE, "", "");

  private static RunSwitched switched(RunMode mode) {
    return new RunSwitched(mode, List.of(), "ann", "it is so");
  }

  private static StepSwitched stepSwitched(RunMode mode) {
    return new StepSwitched("promote db", mode, "ann", "it is so");
  }

  private static Optional<String> check(RunState run, RunMode mode, Site... lost) {
    return ModeSwitch.check(run, mode, List.of(lost));
  }

  private static Optional<String> checkStep(RunState run, String step, RunMode mode) {
    return ModeSwitch.check(run, run.step(step), mode);
  }

  private static ApprovalRequested ask(String step, Subject subject) {
    return new ApprovalRequested(step, subject, "owners", 1, List.of(), NOON.plusSeconds(900), "");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"FAILOVER", "SWITCHOVER", "FAILBACK"},
      mode = Mode.EXCLUDE)
  void whatMovesNothingBecomesNoMove(RunMode mode) {
    RunState run = runs.run(mode, PROMOTE);

    assertThat(check(run, RunMode.FAILOVER))
        .contains("is a " + mode
            + " and cannot become a FAILOVER; only a move becomes a FAILOVER or SWITCHOVER");
    assertThat(checkStep(run, "promote db", RunMode.FAILOVER))
        .contains(
            "is a " + mode
                + ", and no step of it can go on as one of a FAILOVER; only a move becomes a FAILOVER or SWITCHOVER");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"FAILOVER", "SWITCHOVER"},
      mode = Mode.EXCLUDE)
  void aMoveBecomesAFailoverOrASwitchoverAndNothingElse(RunMode mode) {
    RunState run = runs.run(RunMode.FAILOVER, PROMOTE);

    assertThat(check(run, mode))
        .contains("is a FAILOVER and cannot become a " + mode
            + "; only a move becomes a FAILOVER or SWITCHOVER");
    assertThat(checkStep(run, "promote db", mode))
        .contains("is a FAILOVER, and no step of it can go on as one of a " + mode
            + "; only a move becomes a FAILOVER or SWITCHOVER");
  }

  @Test
  void whatItIsAlreadyItDoesNotBecome() {
    assertThat(check(runs.run(RunMode.FAILBACK, PROMOTE), RunMode.SWITCHOVER))
        .contains("is a FAILBACK already; its report tells what it waits for");
    RunState run = runs.run(RunMode.SWITCHOVER, PROMOTE);
    assertThat(checkStep(run, "promote db", RunMode.FAILOVER)).isEmpty();
    runs.happens(run, stepSwitched(RunMode.FAILOVER));
    assertThat(checkStep(run, "promote db", RunMode.FAILOVER))
        .contains(
            "has step 'promote db' go on as one of a FAILOVER already; its report tells what it waits for");
    assertThat(checkStep(run, "promote db", RunMode.SWITCHOVER)).isEmpty();
  }

  @Test
  void whereItGoesCannotBeLost() {
    RunState run = runs.run(RunMode.SWITCHOVER, PROMOTE);

    assertThat(check(run, RunMode.FAILOVER, EAST)).isEmpty();
    assertThat(check(run, RunMode.FAILOVER, EAST, WEST))
        .contains(
            "goes to us-west-2, which cannot be declared lost in it; cancel it, or take it back");
  }

  @Test
  void aFailbackBecomesAFailoverOnlyWhenItsCopiesWereThere() {
    PlannedStep consent =
        planned("go back", Stage.PREPARE, "", "", Optional.of(Approval.by("owners", 1)));
    PlannedStep inSync = planned(RunSteps.STAY_IN_SYNC, Stage.PREPARE, "", "");
    RunState run = runs.run(RunMode.FAILBACK, COPIES, inSync, consent, PROMOTE);

    assertThat(check(run, RunMode.FAILOVER))
        .contains("has not copied back to us-west-2 yet, so that there is nothing to fail over to;"
            + " cancel it");
    runs.happens(run, new StepReached("copies of db", Evidence.none()));
    assertThat(check(run, RunMode.FAILOVER)).isEmpty();
  }

  @Test
  void whereASiteIsLostNothingCanBeMovedWithoutLoss() {
    String lost = "cannot become a switchover: a site is declared lost; go on with the failover";
    assertThat(check(runs.run(RunMode.FAILOVER, PROMOTE), RunMode.SWITCHOVER, EAST))
        .contains(lost);
    RunState run = runs.run(
        RunMode.FAILOVER, Optional.empty(), List.of(), Declaration.of("ann").lost(EAST), PROMOTE);
    assertThat(check(run, RunMode.SWITCHOVER)).contains(lost);
    assertThat(checkStep(run, "promote db", RunMode.SWITCHOVER)).contains(lost);
  }

  @Test
  void whereNobodyIsFencedNothingCanBeMovedWithoutLoss() {
    RunState whole = runs.run(
        RunMode.FAILOVER, Optional.of("one writer"), List.of(), Declaration.of("ann"), PROMOTE);
    RunState child = runs.run(
        RunMode.FAILOVER,
        Optional.empty(),
        List.of(
            new PlannedChild(
                "payments",
                DrStrategy.PILOT_LIGHT,
                FoldedRuns.OBJECTIVE,
                Optional.empty(),
                Failback.standard()),
            new PlannedChild(
                "ledger",
                DrStrategy.PILOT_LIGHT,
                FoldedRuns.OBJECTIVE,
                Optional.of("one writer"),
                Failback.standard())),
        Declaration.of("ann"),
        PROMOTE);

    assertThat(check(whole, RunMode.SWITCHOVER))
        .contains("cannot become a switchover: its plan fences no writer; go on with the failover");
    assertThat(check(child, RunMode.SWITCHOVER))
        .contains(
            "cannot become a switchover: the child 'ledger' fences no writer; go on with the failover");
  }

  @Test
  void whatWasPromotedWithItsLossCannotBeMovedWithoutIt() {
    String asked =
        "cannot become a switchover: 'promote db' was asked for already; go on with the failover";
    RunState intended = runs.run(RunMode.FAILOVER, FENCE, PROMOTE);
    runs.happens(intended, new StepReached("fence", Evidence.none()));
    assertThat(check(intended, RunMode.SWITCHOVER)).isEmpty();
    runs.happens(intended, new StepIntended("promote db", 1, Evidence.none()));
    RunState reached = runs.run(RunMode.FAILOVER, PROMOTE);
    runs.happens(reached, new StepReached("promote db", Evidence.none()));

    assertThat(check(intended, RunMode.SWITCHOVER)).contains(asked);
    assertThat(check(reached, RunMode.SWITCHOVER)).contains(asked);
    for (RunState run : List.of(intended, reached)) {
      assertThat(checkStep(run, "promote db", RunMode.SWITCHOVER))
          .contains(
              "has asked for step 'promote db' already, and what was asked for goes on as it was");
    }
  }

  @Test
  void aFailoverWaitsForNoCopyAnyMore() {
    RunState run = runs.run(RunMode.SWITCHOVER, COPIES, FENCE, CATCH_UP, PROMOTE);
    runs.happens(run, switched(RunMode.FAILOVER));

    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.SKIPPED);
    assertThat(run.step("catch up db").detail)
        .isEqualTo("the run was switched to a failover by ann: it is so");
    assertThat(run.step("copies of db").status)
        .as("only a failback makes its copies itself")
        .isEqualTo(StepStatus.WAITING);
    assertThat(run.mode()).isEqualTo(RunMode.FAILOVER);
  }

  @Test
  void aFailbackThatBecameAFailoverPreparesNothingMore() {
    PlannedStep inSync = planned(RunSteps.STAY_IN_SYNC, Stage.PREPARE, "", "");
    RunState run = runs.run(RunMode.FAILBACK, COPIES, inSync, FENCE, PROMOTE);
    runs.happens(run, new StepReached("copies of db", Evidence.none()), switched(RunMode.FAILOVER));

    assertThat(run.step("copies of db").status).isEqualTo(StepStatus.REACHED);
    assertThat(run.step(RunSteps.STAY_IN_SYNC).status).isEqualTo(StepStatus.SKIPPED);
    assertThat(run.step("fence").status).isEqualTo(StepStatus.WAITING);
  }

  @Test
  void aSwitchoverWaitsForACopyFromAfterTheFencesOfItsOwnChild() {
    RunState run = runs.run(
        RunMode.FAILOVER,
        planned("fence ledger", Stage.FENCE, "", "ledger"),
        planned("fence", Stage.FENCE, "", ""),
        planned("web", Stage.PROVISION, "", "ledger"),
        planned("promote ledger-db", Stage.PROMOTE, "ledger-db", "ledger"));
    runs.happens(run, switched(RunMode.SWITCHOVER));

    PlannedStep added = run.step("catch up ledger-db").planned;
    assertThat(added.after()).containsExactly("fence ledger");
    assertThat(added.child()).contains("ledger");
    assertThat(run.steps()).hasSize(5);
  }

  @Test
  void whatWasGivenUpIsTriedInTheNewWay() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, PROMOTE);
    runs.happens(
        run,
        new StepFailed("fence", "no", true),
        switched(RunMode.SWITCHOVER),
        switched(RunMode.FAILOVER));
    assertThat(run.step("fence").status).isEqualTo(StepStatus.WAITING);
    assertThat(run.step("fence").effectPossible).isFalse();
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.SKIPPED);

    runs.happens(run, switched(RunMode.SWITCHOVER));
    assertThat(run.step("catch up db").status)
        .as("the copy that a failover did without is waited for again")
        .isEqualTo(StepStatus.WAITING);
    assertThat(run.steps()).hasSize(3);
  }

  @Test
  void whatAPersonSkippedStaysSkippedAndACopyThatIsThereStaysThere() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, CATCH_UP, PROMOTE);
    runs.happens(
        run,
        new StepSkipped("fence", "bob", "by hand"),
        new StepReached("catch up db", Evidence.none()),
        switched(RunMode.SWITCHOVER),
        switched(RunMode.FAILOVER));

    assertThat(run.step("fence").detail).isEqualTo("skipped by bob: by hand");
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.REACHED);
  }

  @Test
  void aLossThatWasAskedForIsAskedForAnewButNoOtherConsent() {
    for (boolean whole : new boolean[] {true, false}) {
      RunState loss = runs.run(RunMode.SWITCHOVER, PROMOTE);
      runs.happens(loss, new StepStarted("promote db"), ask("promote db", Subject.LOSS));
      RunState consent = runs.run(RunMode.SWITCHOVER, PROMOTE);
      runs.happens(consent, ask("promote db", Subject.STEP));
      RunEvent told = whole ? switched(RunMode.FAILOVER) : stepSwitched(RunMode.FAILOVER);
      runs.happens(loss, told);
      runs.happens(consent, told);

      assertThat(loss.step("promote db").ask).isNull();
      assertThat(consent.step("promote db").ask).isNotNull();
    }
  }

  @Test
  void aSwitchOfTheRunIsOneOfTheStepsThatWerePartedFromIt() {
    RunState run = runs.run(RunMode.SWITCHOVER, PROMOTE);
    runs.happens(run, stepSwitched(RunMode.FAILOVER));
    assertThat(run.mode(run.step("promote db"))).isEqualTo(RunMode.FAILOVER);
    assertThat(run.mode()).isEqualTo(RunMode.SWITCHOVER);
    runs.happens(run, switched(RunMode.FAILOVER), switched(RunMode.SWITCHOVER));

    assertThat(run.mode(run.step("promote db"))).isEqualTo(RunMode.SWITCHOVER);
  }

  @Test
  void onePromotionWaitsForItsCopyNoLongerOrFromNowOn() {
    RunState run = runs.run(RunMode.SWITCHOVER, FENCE, CATCH_UP, PROMOTE);
    runs.happens(
        run, new StepFailed("promote db", "it lags", false), stepSwitched(RunMode.FAILOVER));
    assertThat(run.step("promote db").status).isEqualTo(StepStatus.WAITING);
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.SKIPPED);
    assertThat(run.step("catch up db").detail)
        .isEqualTo("'promote db' was switched to a failover by ann: it is so");

    runs.happens(run, stepSwitched(RunMode.SWITCHOVER));
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.WAITING);
    runs.happens(run, stepSwitched(RunMode.SWITCHOVER));
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.WAITING);

    runs.happens(
        run, new StepReached("catch up db", Evidence.none()), stepSwitched(RunMode.FAILOVER));
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.REACHED);
  }

  @Test
  void aPromotionOfAFailoverThatIsToLoseNothingGetsACopyToWaitFor() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, PROMOTE);
    runs.happens(run, stepSwitched(RunMode.SWITCHOVER));

    assertThat(run.step("catch up db").planned.after()).containsExactly("fence");
  }

  @Test
  void aStepWithoutACopyIsSwitchedAlone() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, PROMOTE);
    runs.happens(run, new StepSwitched("fence", RunMode.SWITCHOVER, "ann", "it is so"));

    assertThat(run.mode(run.step("fence"))).isEqualTo(RunMode.SWITCHOVER);
    assertThat(run.steps()).hasSize(2);
  }

  @Test
  void aSuccessorKeepsWhatWasSwitched() {
    RunState run = runs.run(RunMode.SWITCHOVER, CATCH_UP, PROMOTE);
    runs.happens(
        run,
        switched(RunMode.FAILOVER),
        new RunnerBegan(
            "another", "bob", List.of(), Optional.empty(), Optional.empty(), Optional.empty()));

    assertThat(run.mode()).isEqualTo(RunMode.FAILOVER);
    assertThat(run.step("catch up db").status).isEqualTo(StepStatus.SKIPPED);
  }
}
