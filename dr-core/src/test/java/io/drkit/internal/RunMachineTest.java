package io.drkit.internal;

import static io.drkit.internal.ScriptedRun.EAST;
import static io.drkit.internal.ScriptedRun.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepRetried;
import io.drkit.spi.RunEvent.StepSkipped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunMachineTest {
  private static final Repeatability OBSERVED = Repeatability.observed(Duration.ofSeconds(15));

  private static ScriptedRun oneStep(Repeatability repeatability) {
    return oneStep(repeatability, UnaryOperator.identity());
  }

  private static ScriptedRun oneStep(Repeatability repeatability, UnaryOperator<Step> options) {
    return ScriptedRun.of(plan -> plan.provision("launch", wanted(repeatability), options));
  }

  @Test
  void theIntentIsWrittenBeforeTheStateIsAskedFor() {
    ScriptedRun run = oneStep(OBSERVED);

    assertThat(run.calls()).containsExactly("observe launch");
    run.observed("launch", Progress.pending("0 of 4", Evidence.of("instances", "none")));
    assertThat(run.machine.events(run.now, run.wall()))
        .containsExactly(new StepIntended("launch", 1, Evidence.of("instances", "none")));
    run.observed("launch", Progress.pending("0 of 4", Evidence.of("instances", "none")));
    assertThat(run.calls()).containsExactly("apply launch");
    assertThat(run.last())
        .contains(new StepIntended("launch", 1, Evidence.of("instances", "none")));
  }

  @Test
  void aStateThatIsThereIsNotAskedFor() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.reached(Evidence.of("instances", "i-1")));

    assertThat(run.calls()).isEmpty();
    assertThat(run.events(StepIntended.class)).isEmpty();
    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED));
    assertThat(run.machine.state().step("launch").evidence.facts())
        .containsEntry("instances", "i-1");
  }

  @Test
  void aStateOnItsWayIsLookedAtAgainLaterAndLaterButNotAskedForAgain() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    Duration before = run.now;
    for (int i = 0; i < 12; i++) {
      run.observed("launch", Progress.underway(i, "starting"));
      assertThat(run.calls()).isEmpty();
      assertThat(run.nextCalls()).containsExactly("observe launch");
    }

    assertThat(run.now.minus(before)).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(90));
    assertThat(run.events(StepIntended.class)).isEmpty();
  }

  @Test
  void anAcceptedRequestThatIsNotVisibleYetIsNotRepeatedBeforeItSettled() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.applied("launch");
    run.calls();
    Duration asked = run.now;

    while (run.events(StepIntended.class).size() == 1) {
      run.observed("launch", Progress.pending("0 of 4"));
      assertThat(run.nextCalls()).hasSize(1);
    }

    assertThat(run.now.minus(asked)).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    assertThat(run.events(StepIntended.class))
        .extracting(StepIntended::generation)
        .containsExactly(1, 2);
  }

  @Test
  void aLookFromBeforeTheEffectHadToBeVisibleProvesNothingHoweverLateItsAnswerIsTakenIn() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.applied("launch");
    assertThat(run.calls()).containsExactly("observe launch");
    // The process is stopped in the middle of the look.
    run.pass(Duration.ofMinutes(1));
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.nextCalls()).containsExactly("observe launch");
    assertThat(run.events(StepIntended.class)).hasSize(1);

    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.calls()).containsExactly("apply launch");
  }

  @Test
  void
      whatTheProcessBeforeAskedForMayTakeEffectUntilItsRequestsEndedAndBeInvisibleUntilThatSettled() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.drain = Duration.ofSeconds(10);
    run.crash(Duration.ZERO);
    Duration takenOver = run.now;

    while (!run.nextCalls().contains("apply launch")) {
      run.observed("launch", Progress.pending("0 of 4"));
    }

    assertThat(run.now.minus(takenOver)).isGreaterThanOrEqualTo(Duration.ofSeconds(25));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void
      anObservedRequestWithoutAnAnswerIsRepeatedWithTheSameTokenOnlyIfItIsStillPendingAfterItSettled(
          boolean crash) {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    if (crash) {
      run.crash(Duration.ofSeconds(1));
    } else {
      run.failed("launch", new TimeoutException("no answer within PT10S"));
    }
    Duration unknownSince = run.now;

    while (!run.nextCalls().contains("apply launch")) {
      run.observed("launch", Progress.pending("0 of 4"));
    }

    assertThat(run.now.minus(unknownSince)).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    assertThat(run.events(StepIntended.class))
        .extracting(StepIntended::generation)
        .containsExactly(1);
  }

  @Test
  void anObservedRequestWhoseAnswerWasLostIsFoundAgain() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.crash(Duration.ofSeconds(1));
    assertThat(run.calls()).containsExactly("observe launch");
    run.observed("launch", Progress.reached());

    assertThat(run.calls()).isEmpty();
    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED));
  }

  @Test
  void aTokenedRequestIsRepeatedWhileItsTargetRemembersTheToken() {
    ScriptedRun run = oneStep(Repeatability.tokened(Duration.ofHours(1)));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.crash(Duration.ofMinutes(59));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));

    assertThat(run.calls()).containsExactly("apply launch");
  }

  @Test
  void aTokenedRequestIsInDoubtOnceItsTargetMayHaveForgottenTheToken() {
    ScriptedRun run = oneStep(Repeatability.tokened(Duration.ofHours(1)));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.crash(Duration.ofMinutes(61));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();

    assertThat(run.events(StepInDoubt.class)).hasSize(1);
    assertThat(run.last()).contains(new RunEnded(Outcome.IN_DOUBT));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUnsafeRequestWithoutAnAnswerIsInDoubt(boolean crash) {
    ScriptedRun run = oneStep(Repeatability.unsafe());
    run.calls();
    run.observed("launch", Progress.pending("not done"));
    run.calls();
    if (crash) {
      run.crash(Duration.ofSeconds(1));
      run.calls();
      run.observed("launch", Progress.pending("not done"));
    } else {
      run.failed("launch", new IllegalStateException("reset"));
    }

    assertThat(run.calls()).isEmpty();
    assertThat(run.events(StepInDoubt.class)).hasSize(1);
    assertThat(run.events(StepIntended.class)).hasSize(1);
    assertThat(run.last()).contains(new RunEnded(Outcome.IN_DOUBT));
  }

  @Test
  void anUnsafeRequestThatWasAcceptedIsWaitedForAndInDoubtAtTheTimeLimit() {
    ScriptedRun run =
        oneStep(Repeatability.unsafe(), step -> step.timeLimit(Duration.ofMinutes(5)));
    run.calls();
    run.observed("launch", Progress.pending("not done"));
    run.calls();
    run.applied("launch");
    run.calls();
    while (run.events(RunEnded.class).isEmpty()) {
      run.observed("launch", Progress.pending("not done"));
      run.nextCalls();
    }

    assertThat(run.events(StepIntended.class)).hasSize(1);
    assertThat(run.last()).contains(new RunEnded(Outcome.IN_DOUBT));
  }

  @Test
  void callsThatFailInARowEndTheStepAfterItsAttempts() {
    ScriptedRun run = oneStep(OBSERVED, step -> step.attempts(3));
    run.calls();
    run.failed("launch", new DrException("no such region"));
    run.nextCalls();
    run.failed("launch", new DrException("no such region"));
    run.nextCalls();
    run.failed("launch", new DrException("no such region"));
    run.nextCalls();

    assertThat(run.events(CallFailed.class)).hasSize(3);
    assertThat(run.events(StepFailed.class))
        .containsExactly(
            new StepFailed("launch", "3 calls in a row failed: no such region", false));
    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
  }

  @Test
  void aCallThatWorksBetweenFailuresBeginsTheCountAnew() {
    ScriptedRun run = oneStep(OBSERVED, step -> step.attempts(2));
    run.calls();
    for (int i = 0; i < 5; i++) {
      run.failed("launch", new DrException("throttled"));
      run.nextCalls();
      run.observed("launch", Progress.underway("starting"));
      run.nextCalls();
    }

    assertThat(run.events(StepFailed.class)).isEmpty();
  }

  @Test
  void requestsThatKeepBeingRefusedEndTheStepThoughLookingWorks() {
    ScriptedRun run = oneStep(Repeatability.idempotent(), step -> step.attempts(3));
    run.calls();
    int guard = 0;
    while (run.events(StepFailed.class).isEmpty() && guard++ < 50) {
      run.observed("launch", Progress.pending("0 of 4"));
      if (run.nextCalls().contains("apply launch")) {
        run.failed("launch", new DrException("no capacity"));
      }
      run.nextCalls();
    }

    assertThat(run.events(StepFailed.class))
        .containsExactly(new StepFailed("launch", "3 calls in a row failed: no capacity", true));
  }

  @Test
  void aStateThatNobodyCanTellCountsAsAFailedCall() {
    ScriptedRun run = oneStep(OBSERVED, step -> step.attempts(1));
    run.calls();
    run.observed("launch", Progress.unknown("metrics are missing"));
    run.calls();

    assertThat(run.events(StepFailed.class))
        .singleElement()
        .extracting(StepFailed::reason)
        .isEqualTo("1 call failed: metrics are missing");
  }

  @Test
  void aStepIsGivenUpAtItsTimeLimitWithWhatWasSeenLast() {
    ScriptedRun run = oneStep(OBSERVED, step -> step.timeLimit(Duration.ofMinutes(2)));
    Duration before = run.now;
    run.calls();
    while (run.events(RunEnded.class).isEmpty()) {
      run.observed("launch", Progress.underway(40, "2 of 5 run"));
      run.nextCalls();
    }

    assertThat(run.now.minus(before)).isEqualTo(Duration.ofMinutes(2));
    assertThat(run.events(StepFailed.class))
        .singleElement()
        .extracting(StepFailed::reason)
        .isEqualTo("the time limit of PT2M passed; last seen: 2 of 5 run");
  }

  @Test
  void aTimeLimitBeginsAnewWithTheProcessThatTakesOver() {
    ScriptedRun run = oneStep(OBSERVED, step -> step.timeLimit(Duration.ofMinutes(2)));
    run.calls();
    run.observed("launch", Progress.underway("starting"));
    run.crash(Duration.ofHours(3));

    assertThat(run.calls()).containsExactly("observe launch");
    assertThat(run.events(StepFailed.class)).isEmpty();
  }

  @Test
  void workIsDoneSliceBySliceAndThenTheWorldIsLookedAt() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 200 objects"));
    run.calls();
    run.applied("launch", context -> Progress.reached());

    assertThat(run.calls()).containsExactly("work launch");
    run.worked("launch", Progress.underway(50, "100 of 200 objects"));
    assertThat(run.calls()).containsExactly("work launch");
    run.failed("launch", new DrException("slow down"));
    assertThat(run.nextCalls()).containsExactly("work launch");
    run.worked("launch", Progress.reached());
    assertThat(run.calls()).containsExactly("observe launch");
  }

  @Test
  void workThatIsBlockedEndsTheStep() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 200 objects"));
    run.calls();
    run.applied("launch", context -> Progress.reached());
    run.calls();
    run.worked("launch", Progress.blocked("the bucket is promoted"));
    run.calls();

    assertThat(run.events(StepFailed.class))
        .containsExactly(new StepFailed("launch", "the bucket is promoted", true));
  }

  @Test
  void aRequestThatWasNotSentSaysNothingAboutTheOneBeforeIt() {
    ScriptedRun run = oneStep(Repeatability.tokened(Duration.ofHours(1)));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    run.failed("launch", new TimeoutException("no answer within PT10S"));
    run.nextCalls();
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.nextCalls()).containsExactly("apply launch");

    run.failed(
        "launch", EndpointUnavailableException.notAskedAgain(Need.control("ec2", EAST)), false);
    run.nextCalls();
    run.observed("launch", Progress.pending("0 of 4"));

    assertThat(run.nextCalls()).containsExactly("apply launch");
    assertThat(run.events(IntentWithdrawn.class)).isEmpty();
    assertThat(run.events(StepIntended.class)).hasSize(1);
  }

  @Test
  void aFenceWhoseSiteIsDeclaredLostIsOwedAndWhatWaitsForItGoesOn() {
    ScriptedRun run = ScriptedRun.of(plan ->
        plan.fence("stop writers", wanted(OBSERVED)).redirect("shift traffic", wanted(OBSERVED)));
    assertThat(run.calls()).containsExactly("observe stop writers");
    run.failed(
        "stop writers",
        EndpointUnavailableException.declaredLost(Need.control("autoscaling", EAST)));

    assertThat(run.calls()).containsExactly("observe shift traffic");
    assertThat(run.events(StepOwed.class))
        .containsExactly(new StepOwed(
            "stop writers",
            "the autoscaling control plane in us-east-1 was not called: us-east-1 is declared"
                + " lost"));
  }

  @Test
  void aStepThatIsNoFenceFailsAtOnceIfItsSiteIsDeclaredLost() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.failed("launch", EndpointUnavailableException.declaredLost(Need.control("ec2", EAST)));
    run.calls();

    assertThat(run.events(StepFailed.class)).hasSize(1);
    assertThat(run.events(CallFailed.class)).isEmpty();
  }

  @Test
  void aFenceThatFailsKeepsThePromotionFromStarting() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.fence("stop writers", wanted(OBSERVED))
        .redirect("shift traffic", wanted(OBSERVED))
        .provision("launch", wanted(OBSERVED)));
    assertThat(run.calls()).containsExactly("observe stop writers", "observe launch");
    run.observed("stop writers", Progress.blocked("2 instances do not stop"));
    run.reach("launch");
    run.calls();

    assertThat(run.machine.state().step("shift traffic").status).isEqualTo(StepStatus.WAITING);
    assertThat(run.machine.state().step("launch").status).isEqualTo(StepStatus.REACHED);
    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
    assertThat(run.report().problems())
        .containsExactly(
            "step 'stop writers' failed: 2 instances do not stop; if that site is lost for good,"
                + " resume and declare it lost",
            "step 'shift traffic' was not started, because it waits for [stop writers]");
  }

  @Test
  void aBestEffortStepThatFailsLetsTheOthersGoOn() {
    ScriptedRun run =
        ScriptedRun.of(plan -> plan.provision("warm caches", wanted(OBSERVED), Step::bestEffort)
            .redirect("shift traffic", wanted(OBSERVED)));
    run.calls();
    run.observed("warm caches", Progress.blocked("no cache"));
    run.calls();
    run.reach("shift traffic");
    run.calls();

    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED_WITH_EXCEPTIONS));
    assertThat(run.report().objectiveMet()).isTrue();
  }

  @Test
  void aResumedRunLooksAgainAtWhatWasGivenUpAndLeavesWhatWasReached() {
    ScriptedRun run = ScriptedRun.of(plan ->
        plan.provision("launch", wanted(OBSERVED)).redirect("shift traffic", wanted(OBSERVED)));
    run.calls();
    run.reach("launch");
    run.calls();
    run.observed("shift traffic", Progress.blocked("Route 53 does not answer"));
    run.calls();
    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
    run.crash(Duration.ofMinutes(10));

    assertThat(run.calls()).containsExactly("observe shift traffic");
    run.observed("shift traffic", Progress.reached());
    run.calls();
    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED));
    assertThat(run.events(StepReached.class))
        .extracting(StepReached::step)
        .containsExactly("launch", "shift traffic");
  }

  @Test
  void theStateOfARunningMachineIsTheFoldOfItsRecords() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.fence("stop writers", wanted(OBSERVED))
        .provision("launch", wanted(OBSERVED))
        .redirect("shift traffic", wanted(OBSERVED)));
    run.calls();
    run.reach("stop writers");
    run.failed("launch", new DrException("throttled"));
    run.nextCalls();
    run.reach("launch");
    run.pass(Duration.ofSeconds(3));
    run.calls();
    run.reach("shift traffic");
    run.calls();

    assertThat(ReportBuilder.of(
            "orders",
            run.machine.state(),
            ReportBuilder.Earlier.NOTHING,
            run.wall(),
            Optional.empty()))
        .isEqualTo(run.report());
  }

  @Test
  void aBestEffortStepInDoubtLetsTheOthersGoOn() {
    ScriptedRun run = ScriptedRun.of(
        plan -> plan.provision("page", wanted(Repeatability.unsafe()), Step::bestEffort)
            .redirect("shift traffic", wanted(OBSERVED)));
    run.calls();
    run.observed("page", Progress.pending("not done"));
    run.calls();
    run.failed("page", new DrException("the pager is down"));

    assertThat(run.calls()).containsExactly("observe shift traffic");
    run.reach("shift traffic");
    run.calls();
    assertThat(run.last()).contains(new RunEnded(Outcome.COMPLETED_WITH_EXCEPTIONS));
  }

  @Test
  void aFenceIsLookedAtAgainByWhoeverGoesOnBeforeThePromotion() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.replicator(
            new io.drkit.Switches().replicator("orders-db", java.time.Instant.EPOCH))
        .fence("stop writers", wanted(OBSERVED))
        .promoteReplicas());
    run.calls();
    run.reach("stop writers");
    run.calls();
    run.observed("promote orders-db", Progress.blocked("storage is full"));
    run.calls();
    run.crash(Duration.ofHours(2));

    assertThat(run.calls()).containsExactly("observe stop writers");
  }

  @Test
  void aCopyFromAfterTheFenceIsMadeAnewWhenTheFenceIsProvenAnew() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.replicator(
            new io.drkit.Switches().replicator("orders-db", java.time.Instant.EPOCH))
        .fence("stop writers", wanted(Repeatability.idempotent()))
        .promoteReplicas());
    run.told(new RunSwitched(RunMode.SWITCHOVER, List.of(), "ann", "it works"));
    run.calls();
    run.reach("stop writers");
    run.calls();
    run.observed("catch up orders-db", Progress.reached());
    run.calls();
    run.crash(Duration.ofMinutes(2));
    run.calls();
    run.observed("stop writers", Progress.reached());

    assertThat(run.calls()).containsExactly("observe catch up orders-db");
  }

  /** A promotion that was begun, or is let through by a step that was reached, when a process dies behind the fence. */
  private static ScriptedRun diedBehindTheFence() {
    return diedBehindTheFence(wanted(Repeatability.idempotent()));
  }

  private static ScriptedRun diedBehindTheFence(FailoverAction fence) {
    ScriptedRun run = ScriptedRun.of(
        Declaration.of("test").acceptLoss("orders-db"),
        plan -> plan.replicator(
                new io.drkit.Switches().replicator("orders-db", java.time.Instant.EPOCH))
            .fence("stop writers", fence, step -> step.timeLimit(Duration.ofMinutes(9)))
            .provision("keep a copy", wanted(OBSERVED), step -> step.after("stop writers"))
            .promoteReplicas(step -> step.after("keep a copy")));
    run.calls();
    run.reach("stop writers");
    run.calls();
    run.reach("keep a copy");
    assertThat(run.calls()).containsExactly("observe promote orders-db");
    run.crash(Duration.ofMinutes(2));
    assertThat(run.calls())
        .containsExactlyInAnyOrder("observe stop writers", "observe promote orders-db");
    run.observed("promote orders-db", Progress.pending("a replica"));
    return run;
  }

  @Test
  void whatWasBegunBehindAFenceAsksForNothingBeforeTheSuccessorHasProvenItAgain() {
    ScriptedRun run = diedBehindTheFence();
    for (int i = 0; i < 20; i++) {
      run.observed("stop writers", Progress.underway("1 of 2 stopped"));
      assertThat(run.nextCalls()).doesNotContain("apply promote orders-db");
      run.observed("promote orders-db", Progress.pending("a replica"));
      assertThat(run.nextCalls()).doesNotContain("apply promote orders-db");
    }

    run.observed("stop writers", Progress.reached());
    run.nextCalls();
    run.observed("promote orders-db", Progress.pending("a replica"));
    assertThat(run.calls()).containsExactly("apply promote orders-db");
  }

  @Test
  void whatWasBegunBehindAFenceFailsWithIt() {
    ScriptedRun run = diedBehindTheFence();
    run.observed("stop writers", Progress.blocked("2 instances do not stop"));
    run.calls();
    run.nextCalls();
    run.observed("promote orders-db", Progress.pending("a replica"));
    run.calls();

    assertThat(run.last()).contains(new RunEnded(Outcome.FAILED));
    assertThat(run.report().step("promote orders-db").detail())
        .isEqualTo("the fence 'stop writers' does not stand any more: 2 instances do not stop");
    assertThat(run.report().step("promote orders-db").requests()).isZero();
  }

  @Test
  void whatWasBegunBehindAFenceFailsIfNobodyKnowsWhetherTheFenceStands() {
    ScriptedRun run = diedBehindTheFence(wanted(Repeatability.unsafe()));
    run.observed("stop writers", Progress.pending("they run"));
    while (run.events(RunEnded.class).isEmpty()) {
      for (String call : run.nextCalls()) {
        assertThat(call).startsWith("observe ");
        run.observed(call.substring("observe ".length()), Progress.pending("not yet"));
      }
    }

    assertThat(run.last()).contains(new RunEnded(Outcome.IN_DOUBT));
    assertThat(run.report().step("stop writers").status()).isEqualTo(StepStatus.IN_DOUBT);
    assertThat(run.report().step("promote orders-db").detail())
        .startsWith("the fence 'stop writers' does not stand any more: ");
    assertThat(run.report().step("promote orders-db").requests()).isZero();
  }

  @Test
  void aSuccessorLooksAtOnceButAsksOnlyWhenNothingOfItsPredecessorIsOnItsWay() {
    ScriptedRun run =
        ScriptedRun.of(p -> p.provision("web", ScriptedRun.wanted(Repeatability.idempotent())));
    run.calls();
    run.observed("web", Progress.pending("off"));
    run.calls();
    run.drain = Duration.ofSeconds(30);
    run.crash(Duration.ofSeconds(1));
    Duration took = run.now;

    assertThat(run.machine.state().mayHaveRequests()).isTrue();
    assertThat(run.calls()).containsExactly("observe web");
    run.observed("web", Progress.pending("off"));
    assertThat(run.calls()).isEmpty();
    assertThat(run.nextCalls()).containsExactly("apply web");
    assertThat(run.now).isEqualTo(took.plusSeconds(30));
  }

  @Test
  void aRunEndsNoSoonerThanTheRequestOfAStepThatWasSkippedMeanwhile() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.calls()).containsExactly("apply launch");
    run.told(new StepSkipped("launch", "ann", "by hand"));

    assertThat(run.calls()).isEmpty();
    assertThat(run.events(RunEnded.class)).isEmpty();
    assertThat(run.machine.state().mayHaveRequests()).isTrue();
    run.applied("launch");
    run.calls();
    assertThat(run.events(RunEnded.class)).hasSize(1);
  }

  /** Until the request of the process before is over, what follows this run would be overtaken by it. */
  @Test
  void aRunThatWasTakenOverEndsNoSoonerThanWhatTheProcessBeforeSent() {
    ScriptedRun run = oneStep(OBSERVED);
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.calls()).containsExactly("apply launch");
    run.drain = Duration.ofSeconds(30);
    run.crash(Duration.ZERO);
    Duration takenOver = run.now;
    run.told(new RunCancelled("ann", "enough"));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));

    assertThat(run.calls()).isEmpty();
    assertThat(run.events(StepFailed.class)).hasSize(1);
    assertThat(run.events(RunEnded.class)).isEmpty();
    run.nextCalls();
    assertThat(run.events(RunEnded.class)).containsExactly(new RunEnded(Outcome.CANCELLED));
    assertThat(run.now).isEqualTo(takenOver.plusSeconds(30));
  }

  @Test
  void aTokenThatMayHaveBeenForgottenDuringAPauseIsNotSentAfterIt() {
    ScriptedRun run = oneStep(Repeatability.tokened(Duration.ofHours(1)));
    run.calls();
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.calls()).containsExactly("apply launch");
    run.failed("launch", new TimeoutException("no answer within PT30S"));
    assertThat(run.nextCalls()).containsExactly("observe launch");
    run.told(new RunPaused("ann", "wait"));
    run.observed("launch", Progress.pending("0 of 4"));
    assertThat(run.calls()).isEmpty();

    run.pass(Duration.ofHours(2));
    run.told(new RunContinued("ann", "go on"));
    assertThat(run.calls()).containsExactly("observe launch");
    run.observed("launch", Progress.pending("0 of 4"));
    run.calls();
    assertThat(run.events(StepInDoubt.class)).hasSize(1);
  }

  @Test
  void aRequestThatIsUnderWayWhileItsStepBeginsAnewIsTakenForWhatItIs() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.replicator(
            new io.drkit.Switches().replicator("orders-db", java.time.Instant.EPOCH))
        .fence("stop writers", wanted(Repeatability.idempotent()))
        .promoteReplicas());
    run.told(new RunSwitched(RunMode.SWITCHOVER, List.of(), "ann", "it lives"));
    run.calls();
    run.reach("stop writers");
    assertThat(run.calls()).contains("observe catch up orders-db");
    run.observed("catch up orders-db", Progress.pending("old"));
    assertThat(run.calls()).contains("apply catch up orders-db");
    run.told(new RunSwitched(RunMode.FAILOVER, List.of(), "ann", "it died"));
    run.told(new RunSwitched(RunMode.SWITCHOVER, List.of(), "ann", "it lives"));
    assertThat(run.machine.state().mayHaveRequests()).isTrue();
    run.calls();
    run.told(new RunCancelled("ann", "enough"));
    run.observed("promote orders-db", Progress.pending("a copy"));
    run.calls();

    assertThat(run.events(RunEnded.class)).isEmpty();
    run.failed("catch up orders-db", new TimeoutException("no answer within PT30S"));
    run.calls();
    assertThat(run.events(RunEnded.class)).hasSize(1);
    assertThat(run.events(CallFailed.class)).extracting(CallFailed::call).containsExactly("apply");
  }

  @Test
  void twoPromotionsOfWhichOneFailedCanBeRetriedOneAfterTheOther() {
    ScriptedRun run = ScriptedRun.of(
        plan -> plan.replicator(new io.drkit.Switches().replicator("a", java.time.Instant.EPOCH))
            .replicator(new io.drkit.Switches().replicator("b", java.time.Instant.EPOCH))
            .fence("stop writers", wanted(Repeatability.idempotent()))
            .provision("slow", wanted(Repeatability.idempotent()))
            .promoteReplicas());
    run.told(new RunSwitched(RunMode.SWITCHOVER, List.of(), "ann", "it lives"));
    run.calls();
    run.reach("stop writers");
    run.calls();
    run.observed("catch up a", Progress.reached());
    run.observed("catch up b", Progress.reached());
    run.calls();
    run.observed("promote a", Progress.blocked("no room"));
    run.calls();
    run.observed("promote b", Progress.pending("a copy"));
    run.calls();
    assertThat(run.machine.state().step("promote b").status).isEqualTo(StepStatus.FAILED);

    run.pass(Duration.ofSeconds(1));
    run.told(new StepRetried("promote a", "ann", "there is room"));
    run.calls();
    run.observed("promote a", Progress.pending("a copy"));
    assertThat(run.calls()).isEmpty();
    assertThat(run.machine.state().step("promote a").status).isEqualTo(StepStatus.RUNNING);
    run.told(new StepRetried("promote b", "ann", "there is room"));
    assertThat(run.calls()).containsExactly("observe promote b");
    run.observed("promote b", Progress.blocked("no room"));
    run.pass(Duration.ofSeconds(1));
    assertThat(run.calls()).containsExactly("observe promote a");
    run.observed("promote a", Progress.pending("a copy"));
    run.calls();
    assertThat(run.machine.state().step("promote a").detail)
        .isEqualTo("'promote b' failed, and a planned move promotes all or nothing");
  }

  private static RunMachine withoutSteps(RunState run) {
    return new RunMachine(
        Map.of(), run, new Intervals(7), Duration.ZERO, Duration.ZERO, FoldedRuns.NOON);
  }

  @Test
  void whatAnEarlierVersionHasReachedByAStepOfItsOwnStaysReached() {
    FoldedRuns runs = new FoldedRuns();
    RunState run =
        runs.run(RunMode.FAILOVER, FoldedRuns.planned("launch", Stage.PROVISION, "", ""));
    runs.happens(
        run,
        new StepIntended("launch", 1, Evidence.none()),
        new StepReached("launch", Evidence.none()));

    assertThat(withoutSteps(run).events(Duration.ZERO, FoldedRuns.NOON))
        .containsExactly(new RunEnded(Outcome.COMPLETED));
  }

  @Test
  void aStepOfTheRunThatThePlanHasNotIsNamed() {
    RunState run = new FoldedRuns()
        .run(RunMode.FAILOVER, FoldedRuns.planned("launch", Stage.PROVISION, "", ""));
    RunMachine machine = withoutSteps(run);

    assertThatThrownBy(() -> machine.events(Duration.ZERO, FoldedRuns.NOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the plan has no step 'launch' that its run has; it has []");
  }
}
