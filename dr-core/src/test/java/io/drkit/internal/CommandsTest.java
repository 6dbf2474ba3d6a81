package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Approval;
import io.drkit.Decision;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepDecided;
import io.drkit.spi.RunEvent.StepDeclined;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepRetried;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the fold and the machine make of commands, record by record. */
class CommandsTest {
  private static final Need EC2 = Need.control("ec2", Site.region("us-west-2"));

  private static ScriptedRun oneStep(Repeatability repeatability) {
    return ScriptedRun.of(p -> p.provision("web", ScriptedRun.wanted(repeatability)));
  }

  private static ScriptedRun approved(Approval approval) {
    return ScriptedRun.of(p -> p.provision(
        "web", ScriptedRun.wanted(Repeatability.idempotent()), step -> step.approval(approval)));
  }

  @Test
  void aPauseBetweenIntentAndRequestHoldsTheRequest() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.told(new RunPaused("ann", ""));

    assertThat(run.calls()).isEmpty();
    assertThat(run.machine.wake(run.now)).isEmpty();

    run.told(new RunContinued("ann", ""));
    assertThat(run.calls()).containsExactly("apply web");
  }

  @Test
  void theClocksOfThoseWhoCommandMeasureNothing() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    Duration before = run.machine.state().elapsed();
    run.told(new RunPaused("ann", ""));
    run.told(new RunContinued("ann", ""));

    assertThat(run.machine.state().elapsed()).isEqualTo(before);
  }

  @Test
  void aSuccessorOfAPausedRunIsHeldFromItsStart() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.told(new RunPaused("ann", ""));
    run.crash(Duration.ofMinutes(1));

    assertThat(run.calls()).isEmpty();
    assertThat(run.events(RunEnded.class)).isEmpty();
  }

  @Test
  void theStopLeverHoldsARunLikeAPause() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.machine.stopped(true, run.now);
    assertThat(run.calls()).isEmpty();
    run.machine.stopped(false, run.now);
    assertThat(run.calls()).containsExactly("observe web");
  }

  @Test
  void aCancelledRunAwaitsItsCallsAndThenEnds() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.told(new RunCancelled("ann", "false alarm"));
    assertThat(run.calls()).isEmpty();
    assertThat(run.events(RunEnded.class)).isEmpty();

    run.applied("web");
    run.calls();

    assertThat(run.events(StepFailed.class))
        .containsExactly(new StepFailed("web", "the run was cancelled by ann: false alarm", true));
    assertThat(run.last()).contains(new RunEnded(Outcome.CANCELLED));
  }

  @Test
  void aCancelledRunKeepsItsDoubts() {
    ScriptedRun run = oneStep(Repeatability.unsafe());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.told(new RunCancelled("ann", ""));
    run.applied("web");
    run.calls();

    assertThat(run.last()).contains(new RunEnded(Outcome.IN_DOUBT));
  }

  @Test
  void aRunThatWasThroughWhenItWasCancelledIsCompleted() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.told(new RunCancelled("ann", ""));
    run.observed("web", Progress.reached());
    run.calls();

    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED));
  }

  @Test
  void whatComesBackForASkippedStepChangesNothing() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.told(new StepSkipped("web", "ann", "by hand"));
    run.observed("web", Progress.blocked("no quota"));
    run.calls();

    StepState web = run.machine.state().step("web");
    assertThat(web.status).isEqualTo(StepStatus.SKIPPED);
    assertThat(web.detail).isEqualTo("skipped by ann: by hand");
    assertThat(web.effectPossible).isFalse();
    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED_WITH_EXCEPTIONS));
  }

  @Test
  void aSkippedStepThatWasAskedForStaysPossible() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.told(new StepSkipped("web", "ann", "by hand"));
    run.failed("web", new IllegalStateException("late"));
    run.calls();

    StepState web = run.machine.state().step("web");
    assertThat(web.effectPossible).isTrue();
    assertThat(web.detail).isEqualTo("skipped by ann: by hand");
    assertThat(web.failedCalls).isEqualTo(1);
  }

  @Test
  void workOfASkippedStepIsNotGoneOnWith() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.applied("web", context -> Progress.reached());
    run.calls();
    run.told(new StepSkipped("web", "ann", "by hand"));
    run.worked("web", Progress.underway("half"));

    assertThat(run.calls()).isEmpty();
  }

  @Test
  void aRetriedStepHasAllItsAttemptsAgain() {
    ScriptedRun run = ScriptedRun.of(p -> p.provision(
            "web", ScriptedRun.wanted(Repeatability.idempotent()), step -> step.attempts(2))
        .provision("slow", ScriptedRun.wanted(Repeatability.idempotent())));
    run.calls();
    run.failed("web", new IllegalStateException("1"));
    run.nextCalls();
    run.failed("web", new IllegalStateException("2"));
    run.calls();
    assertThat(run.events(StepFailed.class)).hasSize(1);

    run.told(new StepRetried("web", "ann", ""));
    assertThat(run.calls()).containsExactly("observe web");
    run.failed("web", new IllegalStateException("3"));
    run.calls();

    assertThat(run.events(StepFailed.class)).hasSize(1);
  }

  @Test
  void aStepStartsWhenEnoughOfTheRightPeopleConsented() {
    ScriptedRun run = approved(Approval.by("owners", 2).members("ann", "bob", "test"));
    assertThat(run.calls()).isEmpty();

    for (String by : List.of("test", "eve", "ann", "ann")) {
      run.told(new StepApproved("web", by, ""));
      assertThat(run.calls()).as("by " + by).isEmpty();
    }
    run.told(new StepApproved("web", "bob", ""));
    assertThat(run.calls()).containsExactly("observe web");
  }

  @Test
  void consentIsAskedForOnce() {
    ScriptedRun run = approved(Approval.by("owners", 1).timeLimit(Duration.ofMinutes(2)));
    run.calls();
    run.calls();
    run.crash(Duration.ofSeconds(30));
    run.calls();

    assertThat(run.events(ApprovalRequested.class)).hasSize(1);
    assertThat(run.machine.wake(run.now)).contains(run.now.plusSeconds(90));
  }

  @Test
  void consentRunsOutAfterItsTimeLimitEvenIfTheClockWasSetBack() {
    ScriptedRun run = approved(Approval.by("owners", 1).timeLimit(Duration.ofMinutes(2)));
    run.calls();
    run.wallOffset = run.wallOffset.minusHours(3);
    run.crash(Duration.ofMinutes(1));
    run.calls();
    run.pass(Duration.ofMinutes(2));
    run.calls();

    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
    assertThat(run.events(StepStarted.class)).isEmpty();
  }

  @Test
  void aDeclinedStepFailsWithoutHavingBegun() {
    ScriptedRun run = approved(Approval.by("owners", 1));
    run.calls();
    run.told(new StepDeclined("web", "ann", "not now"));
    run.calls();

    assertThat(run.machine.state().step("web").detail).isEqualTo("declined by ann: not now");
    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
  }

  @Test
  void anApprovalThatNobodyAskedForIsWorthNothing() {
    ScriptedRun run = approved(Approval.by("owners", 1));
    run.told(new StepApproved("web", "ann", ""));

    assertThat(run.calls()).isEmpty();
  }

  @Test
  void anUnsafeRequestThatWasNotSentIsNotInDoubt() {
    ScriptedRun run = oneStep(Repeatability.unsafe());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.failed("web", EndpointUnavailableException.notAskedAgain(EC2), false);
    run.calls();

    assertThat(run.events(IntentWithdrawn.class)).containsExactly(new IntentWithdrawn("web", 1));
    assertThat(run.events(StepInDoubt.class)).isEmpty();

    run.nextCalls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    assertThat(run.events(StepIntended.class))
        .extracting(StepIntended::generation)
        .containsExactly(1, 2);
  }

  @Test
  void anUnsafeRequestIsInDoubtIfSomethingOfItWasSent() {
    ScriptedRun run = oneStep(Repeatability.unsafe());
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.failed("web", EndpointUnavailableException.notAskedAgain(EC2), true);
    run.calls();

    assertThat(run.events(IntentWithdrawn.class)).isEmpty();
    assertThat(run.events(StepInDoubt.class)).hasSize(1);
  }

  @Test
  void anUnsafeStepWhoseLastRequestWasNeverSentFailsWithoutADoubt() {
    ScriptedRun run = ScriptedRun.of(p ->
        p.provision("web", ScriptedRun.wanted(Repeatability.unsafe()), step -> step.attempts(1)));
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.failed("web", EndpointUnavailableException.notAskedAgain(EC2), false);
    run.calls();

    assertThat(run.events(StepFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.effectPossible()).isFalse());
    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
  }

  @Test
  void aDoubtThatSomebodySettledIsAskedForAgainOrDone() {
    for (Decision decision : Decision.values()) {
      ScriptedRun run =
          ScriptedRun.of(p -> p.provision("web", ScriptedRun.wanted(Repeatability.unsafe()))
              .provision("slow", ScriptedRun.wanted(Repeatability.idempotent())));
      run.calls();
      run.observed("web", Progress.pending("off"));
      run.calls();
      run.failed("web", new IllegalStateException("reset"));
      run.calls();
      run.told(new StepDecided("web", decision, "ann", "looked"));

      assertThat(run.calls())
          .isEqualTo(decision == Decision.NO_EFFECT ? List.of("observe web") : List.of());
      assertThat(run.machine.state().step("web").status)
          .isEqualTo(decision == Decision.NO_EFFECT ? StepStatus.RUNNING : StepStatus.REACHED);
    }
  }

  @Test
  void whatOthersWroteMeanwhileOutdatesWhatWasDecidedButNotWhatHappened() {
    ScriptedRun run = oneStep(Repeatability.idempotent());
    run.calls();
    List<RunEvent> events = List.of(
        new StepApplied("web", 1),
        new StepReached("web", io.drkit.Evidence.none()),
        new StepFailed("web", "r", false),
        new RunEvent.StepOwed("web", "r"),
        new StepInDoubt("web", "r"),
        new RunEvent.CallFailed("web", "apply", "e"),
        new IntentWithdrawn("web", 1),
        new StepIntended("web", 1, io.drkit.Evidence.none()),
        new RunEnded(Outcome.COMPLETED));

    assertThat(run.machine.stillTrue(events)).hasSize(7);
    run.told(new StepSkipped("web", "ann", "by hand"));
    assertThat(run.machine.stillTrue(events))
        .containsExactly(events.get(0), events.get(5), events.get(6));
  }

  @Test
  void aCancelledRunWithAnOldRequestForConsentSleepsUntilItsCallsAreBack() {
    ScriptedRun run = ScriptedRun.of(p -> p.provision(
            "web",
            ScriptedRun.wanted(Repeatability.idempotent()),
            step -> step.approval(Approval.by("owners", 1)))
        .provision("slow", ScriptedRun.wanted(Repeatability.idempotent())));
    run.calls();
    run.told(new RunCancelled("ann", ""));
    run.pass(Duration.ofHours(1));
    run.calls();

    assertThat(run.machine.wake(run.now)).isEmpty();
  }

  @Test
  void aStepWithConsentStillWaitsForTheOnesBeforeIt() {
    ScriptedRun run =
        ScriptedRun.of(p -> p.provision("web", ScriptedRun.wanted(Repeatability.idempotent()))
            .provision(
                "tune",
                ScriptedRun.wanted(Repeatability.idempotent()),
                step -> step.after("web").approval(Approval.by("owners", 1))));
    assertThat(run.calls()).containsExactly("observe web");
    run.told(new StepApproved("tune", "ann", ""));
    assertThat(run.calls()).isEmpty();
    run.observed("web", Progress.reached());

    assertThat(run.calls()).containsExactly("observe tune");
  }

  @Test
  void aStepIsGivenUpAsPossibleIfARequestBeforeTheLastMayHaveBeenAccepted() {
    ScriptedRun run = ScriptedRun.of(p -> p.provision(
        "web",
        ScriptedRun.wanted(Repeatability.observed(Duration.ofSeconds(1))),
        step -> step.attempts(1)));
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.applied("web");
    run.calls();
    while (run.events(StepIntended.class).size() < 2) {
      run.observed("web", Progress.pending("off"));
      run.nextCalls();
    }
    run.failed("web", EndpointUnavailableException.notAskedAgain(EC2), false);
    run.calls();

    assertThat(run.events(StepFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.effectPossible()).isTrue());
  }
}
