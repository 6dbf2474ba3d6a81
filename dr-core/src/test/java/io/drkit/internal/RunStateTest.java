package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.EAST;
import static io.drkit.internal.FoldedRuns.NOON;
import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.ApprovalRequest.Subject;
import io.drkit.Declaration;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.HistoryCompacted;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.LeverPulled;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepRetried;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunEvent.StepSwitched;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the records of a run amount to. */
class RunStateTest {
  private static final PlannedStep FENCE = planned("fence", Stage.FENCE, "", "");
  private static final PlannedStep PROMOTE = planned("promote db", Stage.PROMOTE, "db", "");
  private static final PlannedStep WEB = planned("web", Stage.PROVISION, "", "");
  private static final RunEvent SUCCESSOR = new RunnerBegan(
      "another", "bob", List.of(EAST), Optional.empty(), Optional.empty(), Optional.empty());

  private final FoldedRuns runs = new FoldedRuns();

  private static StepReached reached(String step) {
    return new StepReached(step, Evidence.none());
  }

  private static StepIntended intended(int generation, RecoveryPoint seen) {
    return new StepIntended("promote db", generation, Evidence.of(seen));
  }

  private static RecoveryPoint until(Instant instant) {
    return RecoveryPoint.completeUntil("db", instant, "lag");
  }

  @Test
  void recordsThatDoNotBeginWithTheStartOfARunAreNoRun() {
    assertThatThrownBy(() -> RunState.of(List.of(runs.entry(new StepStarted("web")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run r1 does not begin with its start: StepStarted[step=web]");
  }

  @Test
  void aRecordOfAStepThatTheRunHasNotIsNamed() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, WEB);

    assertThatThrownBy(() -> runs.happens(run, new StepStarted("db")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run r1 has no step 'db'; it has [fence, web]");
  }

  @Test
  void whatIsSaidOfNoStepChangesNone() {
    RunState run = runs.run(RunMode.FAILOVER, WEB);
    RunState same = new FoldedRuns().run(RunMode.FAILOVER, WEB);
    runs.happens(
        run,
        new LeverPulled("ann", "stop"),
        new HistoryCompacted(1, NOON, EAST, List.of(), List.of(), "ann"));

    assertThat(run.steps()).usingRecursiveComparison().isEqualTo(same.steps());
    assertThat(run.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(run.cancelled()).isEmpty();
  }

  @Test
  void aSuccessorLooksAgainAtWhatWasGivenUpAndAtNothingElse() {
    RunState run = runs.run(
        RunMode.FAILOVER,
        planned("failed", Stage.PROVISION, "", ""),
        planned("in doubt", Stage.PROVISION, "", ""),
        planned("owed", Stage.FENCE, "", ""),
        planned("reached", Stage.PROVISION, "", ""),
        planned("running", Stage.PROVISION, "", ""));
    runs.happens(
        run,
        new StepFailed("failed", "no", true),
        new StepInDoubt("in doubt", "who knows"),
        new StepOwed("owed", "lost"),
        reached("reached"),
        new StepStarted("running"),
        new RunEnded(Outcome.FAILED),
        SUCCESSOR,
        SUCCESSOR);

    assertThat(run.steps())
        .extracting(step -> step.status)
        .containsExactly(
            StepStatus.WAITING,
            StepStatus.WAITING,
            StepStatus.WAITING,
            StepStatus.REACHED,
            StepStatus.RUNNING);
    assertThat(run.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(run.endedAt()).isEmpty();
    assertThat(run.lost()).as("once").containsExactly(EAST);
  }

  @Test
  void aFenceIsLookedAtAgainUntilWhatItGuardsIsPromoted() {
    RunState run = runs.run(RunMode.FAILOVER, FENCE, PROMOTE);
    runs.happens(run, reached("fence"), SUCCESSOR);
    assertThat(run.step("fence").status).isEqualTo(StepStatus.WAITING);

    runs.happens(run, reached("fence"), reached("promote db"), SUCCESSOR);
    assertThat(run.step("fence").status).isEqualTo(StepStatus.REACHED);
  }

  @Test
  void aConsentThatWasGivenIsKeptWhenItsStepIsTriedAgainAndAnOpenRequestIsNot() {
    PlannedStep asked =
        planned("web", Stage.PROVISION, "", "", Optional.of(Approval.by("owners", 1)));
    ApprovalRequested request = new ApprovalRequested(
        "web", Subject.STEP, "owners", 1, List.of(), NOON.plusSeconds(900), "");
    RunState open = runs.run(RunMode.FAILOVER, asked);
    runs.happens(
        open, request, new StepFailed("web", "late", false), new StepRetried("web", "ann", ""));
    RunState given = runs.run(RunMode.FAILOVER, asked);
    runs.happens(
        given,
        request,
        new StepApproved("web", "bob", ""),
        new StepFailed("web", "no quota", false),
        new StepRetried("web", "ann", ""));

    assertThat(RunState.approved(open.step("web"))).isFalse();
    assertThat(open.step("web").ask).isNull();
    assertThat(RunState.approved(given.step("web"))).isTrue();
  }

  @Test
  void anEndedRunHasNothingOnItsWay() {
    RunState run = runs.run(RunMode.FAILOVER, WEB);
    runs.happens(run, new StepStarted("web"));
    assertThat(run.mayHaveRequests()).isFalse();
    runs.happens(run, new StepIntended("web", 1, Evidence.none()));
    assertThat(run.mayHaveRequests()).isTrue();
    runs.happens(run, new RunEnded(Outcome.CANCELLED));
    assertThat(run.mayHaveRequests()).isFalse();
  }

  @Test
  void aLossIsAcceptedForWhatTheRunWasDeclaredAsAlone() {
    Declaration declared = Declaration.of("ann").acceptLoss("db");
    RunState switched =
        runs.run(RunMode.FAILOVER, Optional.empty(), List.of(), declared, PROMOTE, WEB);
    assertThat(switched.lossAccepted(switched.step("promote db"))).isTrue();
    assertThat(switched.lossAccepted(switched.step("web"))).isFalse();
    runs.happens(
        switched,
        new RunSwitched(RunMode.SWITCHOVER, List.of(), "ann", "works"),
        new RunSwitched(RunMode.FAILOVER, List.of(), "ann", "died"));
    RunState parted = runs.run(RunMode.FAILOVER, Optional.empty(), List.of(), declared, PROMOTE);
    runs.happens(
        parted,
        new StepSwitched("promote db", RunMode.SWITCHOVER, "ann", "works"),
        new StepSwitched("promote db", RunMode.FAILOVER, "ann", "died"));

    assertThat(switched.lossAccepted(switched.step("promote db"))).isFalse();
    assertThat(parted.lossAccepted(parted.step("promote db"))).isFalse();
  }

  @Test
  void onlyTheFirstRequestCanComeToNothing() {
    RunState run = runs.run(RunMode.FAILOVER, PROMOTE);
    StepState step = run.step("promote db");
    assertThat(step.effectPossible()).isFalse();
    runs.happens(run, intended(1, until(NOON)));
    assertThat(step.effectPossible()).isTrue();
    assertThat(step.open()).isTrue();
    runs.happens(run, new IntentWithdrawn("promote db", 1));
    assertThat(step.effectPossible()).isFalse();
    assertThat(step.open()).isFalse();

    runs.happens(run, intended(2, until(NOON)), new IntentWithdrawn("promote db", 2));
    assertThat(step.effectPossible()).isTrue();
  }

  @Test
  void theWorstRecoveryPointThatWasSeenBeforeARequestCounts() {
    RecoveryPoint unknown = RecoveryPoint.unknown("db", "no metric");
    RunState run = runs.run(RunMode.FAILOVER, PROMOTE);
    StepState step = run.step("promote db");
    runs.happens(run, new StepIntended("promote db", 1, Evidence.none()));
    assertThat(step.bound).isNull();
    runs.happens(run, intended(2, until(NOON.minusSeconds(60))));
    runs.happens(run, intended(3, until(NOON)));
    assertThat(step.bound).isEqualTo(until(NOON.minusSeconds(60)));
    runs.happens(run, intended(4, until(NOON.minusSeconds(90))));
    assertThat(step.bound).isEqualTo(until(NOON.minusSeconds(90)));

    runs.happens(run, intended(5, unknown));
    runs.happens(run, intended(6, until(NOON.minusSeconds(600))));
    assertThat(step.bound).as("nobody can tell, whatever is seen later").isEqualTo(unknown);
    assertThat(step.before).as("of the first").isEqualTo(Evidence.none());
  }

  @Test
  void aRunIsPreparedWhenAllIsThereThatHasToBe() {
    PlannedStep copies = planned("copies of db", Stage.PREPARE, "", "");
    PlannedStep warm = step("warm caches", Stage.PREPARE, false);
    RunState run = runs.run(RunMode.FAILBACK, copies, warm, PROMOTE);
    assertThat(run.prepared()).isFalse();

    runs.happens(run, reached("copies of db"));
    assertThat(run.prepared()).as("whatever is best effort, or comes later").isTrue();
  }

  private static PlannedStep step(String name, Stage stage, boolean required, String... after) {
    return new PlannedStep(
        name,
        stage,
        "wanted",
        List.of(after),
        required,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aStepWaitsForWhatTheOnesBeforeItWaitFor() {
    RunState run = runs.run(
        RunMode.FAILOVER,
        FENCE,
        WEB,
        step("db", Stage.PROVISION, true, "fence"),
        step("files", Stage.PROVISION, true, "fence"),
        step("traffic", Stage.REDIRECT, true, "db", "files"));

    assertThat(run.waitsFor("traffic", "files")).isTrue();
    assertThat(run.waitsFor("traffic", "fence")).isTrue();
    assertThat(run.waitsFor("traffic", "web")).isFalse();
    assertThat(run.waitsFor("fence", "traffic")).isFalse();
  }

  private static PlannedStep after(PlannedStep step, boolean required, String... before) {
    return new PlannedStep(
        step.name(),
        step.stage(),
        step.wanted(),
        List.of(before),
        required,
        step.dataset(),
        step.approval(),
        step.repeatability(),
        step.reversibility(),
        step.because(),
        step.child());
  }

  @Test
  void aChildWithoutAFenceHasThoseProvenAgainThatItReliesOnAndNoOthers() {
    RunState run = runs.run(
        RunMode.FAILOVER,
        planned("stop all", Stage.FENCE, "", ""),
        planned("stop a", Stage.FENCE, "", "a"),
        planned("stop b", Stage.FENCE, "", "b"),
        planned("stop c", Stage.FENCE, "", "c"),
        after(planned("in between", Stage.PROVISION, "", "a/x"), true, "stop a"),
        after(planned("promote db", Stage.PROMOTE, "db", "a/x"), true, "in between", "stop b"));
    runs.happens(
        run,
        reached("stop all"),
        reached("stop a"),
        reached("stop b"),
        reached("stop c"),
        SUCCESSOR);

    assertThat(run.step("stop a").status).as("around it").isEqualTo(StepStatus.WAITING);
    assertThat(run.step("stop b").status).as("named").isEqualTo(StepStatus.WAITING);
    assertThat(run.step("stop all").status).as("not waited for").isEqualTo(StepStatus.REACHED);
    assertThat(run.step("stop c").status).as("beside it").isEqualTo(StepStatus.REACHED);
  }

  @Test
  void whoResumesARunThatEndedWhilePausedLetsItGoOn() {
    RunState state = runs.run(RunMode.FAILOVER, WEB);
    state.fold(runs.entry(new RunPaused("ann", "look")));
    state.fold(runs.entry(new RunCancelled("ann", "false alarm")));
    assertThat(state.paused()).isTrue();
    state.fold(runs.entry(new RunEnded(Outcome.CANCELLED)));
    state.fold(runs.entry(SUCCESSOR));

    assertThat(state.paused()).isFalse();
    assertThat(state.pausedSince()).isEmpty();
  }

  @Test
  void whoTakesOverARunThatIsPausedLeavesItSo() {
    RunState state = runs.run(RunMode.FAILOVER, WEB);
    state.fold(runs.entry(new RunPaused("ann", "look")));
    state.fold(runs.entry(SUCCESSOR));

    assertThat(state.pausedSince()).contains("paused since 2030-01-01T12:00:02Z by ann: look");
  }
}
