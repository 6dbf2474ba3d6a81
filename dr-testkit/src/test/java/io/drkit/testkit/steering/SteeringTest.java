package io.drkit.testkit.steering;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RefusedException;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What people tell a run, through an engine of another process that shares nothing with the runner but the journal. */
class SteeringTest {
  private static final Instruction ANN = Instruction.by("ann").because("it was seen");

  private final VirtualTime time = VirtualTime.create();
  private final Lamps lamps = new Lamps(time);
  private final Journal journal = Journal.inMemory();
  private final Journal lever = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();
  private final RunControl control = engine().control("orders");

  private DrEngine engine() {
    return DrEngine.builder()
        .journal(journal)
        .stopLever(lever)
        .leases(leases)
        .time(time)
        .owner("test")
        .build();
  }

  private DrPlan plan(UnaryOperator<DrPlanBuilder> steps) {
    return Orders.plan(
        DrStrategy.PILOT_LIGHT, RecoveryObjective.rto(ofMinutes(20)).rpo(ofMinutes(1)), steps);
  }

  private FailoverAction lamp(String name) {
    return lamps.lamp(name, ofSeconds(30));
  }

  private DrRun start(UnaryOperator<DrPlanBuilder> steps) {
    return engine.failover(plan(steps), Declaration.of("on-call"));
  }

  private DrRun startTwoSteps() {
    return start(p -> p.fence("fence", lamp("fence")).redirect("shift", lamp("shift")));
  }

  private ApprovalRequest onlyRequest() {
    assertThat(control.approvals()).hasSize(1);
    return control.approvals().get(0);
  }

  @Test
  void aPausedRunObservesButAsksForNothing() throws Exception {
    DrRun run = startTwoSteps();
    time.advance(ofSeconds(5));

    control.pause(ANN);
    time.advance(ofMinutes(10));

    assertThat(lamps.pressed()).containsExactly("fence");
    assertThat(run.report().step("fence").status()).isEqualTo(StepStatus.REACHED);
    assertThat(run.report().step("shift").status()).isEqualTo(StepStatus.WAITING);
    assertThat(run.report().outcome()).isEqualTo(Outcome.RUNNING);

    control.continueRun(ANN);
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aPauseDoesNotUseUpAStepsTimeLimit() throws Exception {
    DrRun run = start(p -> p.provision(
        "slow", lamps.lamp("slow", ofMinutes(8)), step -> step.timeLimit(ofMinutes(5))));
    time.advance(ofMinutes(1));
    control.pause(ANN);
    time.advance(ofMinutes(6));
    control.continueRun(ANN);

    assertThat(run.await().step("slow").status()).isEqualTo(StepStatus.REACHED);
  }

  @Test
  void aPausedRunStaysPausedInTheHandOfItsSuccessor() throws Exception {
    DrRun run = startTwoSteps();
    time.advance(ofSeconds(5));
    control.pause(ANN);
    engine.close();
    DrRun resumed = engine().resume(run.plan(), "bob", List.of());
    time.advance(ofMinutes(10));

    assertThat(lamps.pressed()).containsExactly("fence");

    control.continueRun(ANN);
    assertThat(resumed.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aCancelledRunStartsNothingMoreAndCanBeResumed() throws Exception {
    DrRun run = startTwoSteps();
    time.advance(ofSeconds(40));
    control.cancel(Instruction.by("ann").because("false alarm"));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.problems())
        .anyMatch(problem -> problem.contains("the run was cancelled by ann: false alarm"));
    assertThat(lamps.pressed()).doesNotContain("nothing");

    RunReport resumed = engine.resume(run.plan(), "bob", List.of()).await();
    assertThat(resumed.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.pressed()).containsExactly("fence", "shift");
  }

  @Test
  void whatACancelledStepAskedForIsToldAsPossible() throws Exception {
    DrRun run = startTwoSteps();
    time.advance(ofSeconds(5));
    control.cancel(ANN);
    RunReport report = run.await();

    assertThat(report.step("fence").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.exposed())
        .containsExactly("step 'fence' was given up, but what it asked for may yet take effect");
  }

  @Test
  void aSkippedStepLetsOthersGoOnAndIsTold() throws Exception {
    lamps.breakButton("web");
    DrRun run = start(p -> p.provision("web", lamp("web"), step -> step.attempts(1000))
        .redirect("shift", lamp("shift")));
    time.advance(ofMinutes(1));
    assertThatThrownBy(() -> control.skip("web", ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("asked for step 'web' already, which may yet take effect");
    control.abandon("web", Instruction.by("ann").because("done by hand"));
    RunReport report = run.await();

    assertThat(report.step("web").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(report.step("shift").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.problems()).contains("step 'web' was skipped by ann: done by hand");
  }

  @Test
  void nobodySawTheStateOfASkippedStepSoTheServiceIsNotBack() throws Exception {
    DrRun run = startTwoSteps();
    control.skip("shift", ANN);
    RunReport report = run.await();

    assertThat(report.rto().recovered()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
  }

  @Test
  void aVerificationThatWasReachedShowsThatASkippedStepWasNotNeeded() throws Exception {
    DrRun run = start(p -> p.provision("web", lamp("web")).verify("order", lamp("order")));
    control.skip("web", ANN);
    RunReport report = run.await();

    assertThat(report.rto().recovered()).isTrue();
  }

  @Test
  void aSkippedFenceLeavesTheRunExposed() throws Exception {
    DrRun run = startTwoSteps();
    control.skip("fence", Instruction.by("ann").because("the plug is pulled"));

    assertThat(run.await().exposed())
        .containsExactly("the fence 'fence' was skipped by ann: the plug is pulled; nobody proved"
            + " that the writers at that site have stopped");
  }

  @Test
  void aFailedStepIsTriedAgainWhileTheRunGoesOn() throws Exception {
    lamps.breakButton("web");
    DrRun run = start(p -> p.provision("web", lamp("web"), step -> step.attempts(1))
        .provision("slow", lamps.lamp("slow", ofMinutes(9))));
    time.advance(ofMinutes(1));
    assertThat(run.report().step("web").status()).isEqualTo(StepStatus.FAILED);

    lamps.repair("web");
    control.retry("web", ANN);

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aStepWaitsForTheConsentOfOthersThanTheOneWhoAskedForTheRun() throws Exception {
    DrRun run = start(p -> p.fence("fence", lamp("fence"))
        .redirect("shift", lamp("shift"), step -> step.approval(Approval.by("owners", 2))));
    time.advance(ofMinutes(2));
    ApprovalRequest request = onlyRequest();

    assertThat(lamps.pressed()).containsExactly("fence");
    assertThatThrownBy(() -> control.approve(request, Instruction.by("on-call")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("was asked for by on-call, who cannot approve it, too");
    control.approve(request, Instruction.by("ann"));
    assertThatThrownBy(() -> control.approve(request, Instruction.by("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has the approval of ann already");
    time.advance(ofMinutes(1));
    assertThat(lamps.pressed()).containsExactly("fence");
    control.approve(request, Instruction.by("bob"));

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThatThrownBy(() -> control.approve(request, Instruction.by("eve")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has ended (COMPLETED)");
  }

  @Test
  void consentIsAskedForWhileTheFencesAreStillBeingApplied() {
    start(p -> p.fence("fence", lamp("fence"))
        .redirect("shift", lamp("shift"), step -> step.approval(Approval.by("owners", 1))));
    time.advance(ofSeconds(2));

    assertThat(onlyRequest().step()).isEqualTo("shift");
  }

  @Test
  void onlyMembersMayConsentOrDecline() {
    start(p -> p.redirect(
        "shift",
        lamp("shift"),
        step -> step.approval(Approval.by("owners", 1).members("ann", "bob"))));
    time.advance(ofSeconds(2));
    ApprovalRequest request = onlyRequest();

    assertThatThrownBy(() -> control.approve(request, Instruction.by("eve")))
        .hasMessageContaining("asks 'owners', [ann, bob], and eve is not one of them");
    assertThatThrownBy(() -> control.decline(request, Instruction.by("eve")))
        .hasMessageContaining("eve is not one of them");
  }

  @Test
  void aStepThatNobodyConsentsToFailsAfterAQuarterOfTheRto() throws Exception {
    DrRun run = start(
        p -> p.redirect("shift", lamp("shift"), step -> step.approval(Approval.by("owners", 1))));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("shift").detail()).contains("the approval by 'owners' was not given");
    assertThat(Duration.between(report.startedAt(), report.endedAt().orElseThrow()))
        .isBetween(ofMinutes(5), ofMinutes(5).plusSeconds(2));
    assertThat(lamps.pressed()).isEmpty();
  }

  @Test
  void aDeclinedStepFailsAndIsAskedForAnewWhenTheRunIsResumed() throws Exception {
    DrRun run = start(
        p -> p.redirect("shift", lamp("shift"), step -> step.approval(Approval.by("owners", 1))));
    time.advance(ofSeconds(2));
    control.decline(onlyRequest(), Instruction.by("ann").because("not now"));
    assertThat(run.await().step("shift").detail()).isEqualTo("declined by ann: not now");

    DrRun resumed = engine.resume(run.plan(), "on-call", List.of());
    time.advance(ofSeconds(2));
    control.approve(onlyRequest(), Instruction.by("ann"));

    assertThat(resumed.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anApprovalOfAnotherPlanIsRefused() {
    start(p -> p.redirect("shift", lamp("shift"), step -> step.approval(Approval.by("owners", 1))));
    time.advance(ofSeconds(2));
    ApprovalRequest seen = onlyRequest();
    ApprovalRequest other = new ApprovalRequest(
        seen.run(),
        "0".repeat(64),
        seen.step(),
        seen.subject(),
        seen.group(),
        seen.needed(),
        seen.members(),
        seen.given(),
        seen.expiresAt(),
        seen.loss());

    assertThatThrownBy(() -> control.approve(other, ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("was started with another plan than the one that was approved");
  }

  @Test
  void aPromotionAboveTheRpoWaitsUntilItsLossIsAccepted() throws Exception {
    DrRun run = start(p -> p.replicator(lamps.dataset("db", ofMinutes(7)))
        .fence("fence", lamp("fence"))
        .promoteReplicas());
    time.advance(ofMinutes(2));

    ApprovalRequest request = onlyRequest();
    assertThat(request.subject()).isEqualTo(ApprovalRequest.Subject.LOSS);
    assertThat(request.loss()).contains("would be lost, which is more than the RPO of PT1M");
    assertThat(lamps.pressed()).containsExactly("fence");

    control.approve(request, Instruction.by("on-call").because("the orders are on paper"));
    assertThat(run.await().step("promote db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(journal.read("orders").records().stream()
            .filter(line -> line.contains("ApprovalRequested")))
        .as("asked once")
        .hasSize(1);
  }

  @Test
  void aLossThatNobodyAcceptsIsNotTaken() throws Exception {
    RunReport report = start(p -> p.replicator(lamps.dataset("db", ofMinutes(7)))
            .fence("fence", lamp("fence"))
            .promoteReplicas())
        .await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("promote db").detail()).contains("nobody accepted the loss");
    assertThat(lamps.pressed()).containsExactly("fence");
  }

  @Test
  void aLossThatWasAcceptedByNameIsNotAskedFor() throws Exception {
    DrPlan plan = plan(p -> p.replicator(lamps.dataset("db", ofMinutes(7)))
        .fence("fence", lamp("fence"))
        .promoteReplicas());
    RunReport report =
        engine.failover(plan, Declaration.of("on-call").acceptLoss("db")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rpoMet()).isFalse();
  }

  @Test
  void aDoubtIsSettledByWhatSomebodySaw() throws Exception {
    int[] pages = {0};
    DrPlan plan =
        plan(p -> p.provision("page the bank", FailoverAction.once("page the bank", 1, context -> {
          pages[0]++;
          if (pages[0] == 1) {
            throw new IllegalStateException("connection reset");
          }
        })));
    assertThat(engine.failover(plan, Declaration.of("on-call")).await().outcome())
        .isEqualTo(Outcome.IN_DOUBT);
    assertThatThrownBy(
            () -> control.decide("page the bank", Decision.NO_EFFECT, Instruction.by("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("say why");

    control.decide(
        "page the bank", Decision.NO_EFFECT, Instruction.by("ann").because("no page came"));
    RunReport report = engine.resume(plan, "on-call", List.of()).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(pages[0]).isEqualTo(2);
    assertThatThrownBy(() -> control.decide("page the bank", Decision.NO_EFFECT, ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has no doubt about step 'page the bank', which is REACHED");
  }

  @Test
  void whatTookEffectIsNotAskedForAgain() throws Exception {
    int[] pages = {0};
    DrPlan plan =
        plan(p -> p.provision("page the bank", FailoverAction.once("page the bank", 1, context -> {
          pages[0]++;
          throw new IllegalStateException("connection reset");
        })));
    engine.failover(plan, Declaration.of("on-call")).await();
    control.decide("page the bank", Decision.TOOK_EFFECT, ANN);
    RunReport report = engine.resume(plan, "on-call", List.of()).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(pages[0]).isEqualTo(1);
    assertThat(report.step("page the bank").detail())
        .isEqualTo("took effect as decided by ann: it was seen");
  }

  @Test
  void theStopLeverHoldsRunsAndKeepsNewOnesFromStarting() throws Exception {
    DrRun run = startTwoSteps();
    time.advance(ofSeconds(5));
    engine().stopAll(Instruction.by("ann").because("freeze"));
    time.advance(ofMinutes(3));

    assertThat(lamps.pressed()).containsExactly("fence");
    assertThat(List.of(run.report(), engine().reports("orders").get(0)))
        .flatExtracting(RunReport::standing)
        .extracting(RunReport.Standing::sentence)
        .containsOnly("the stop lever of all runs was pulled by ann: freeze; nothing is asked for"
            + " until somebody releases it")
        .hasSize(2);
    assertThatThrownBy(() -> engine.prepare(run.plan(), "bob"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the stop lever was pulled by ann (freeze); release it first");

    engine().releaseAll(ANN);
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void whatDoesNotFitTheRunIsRefusedAndChangesNothing() throws Exception {
    assertThatThrownBy(() -> control.pause(ANN))
        .hasMessage(
            "plan 'orders' has no run in this journal; check the plan's name, or start one");
    DrRun run = startTwoSteps();
    int records = journal.read("orders").records().size();

    assertThatThrownBy(() -> control.continueRun(ANN)).hasMessageContaining("is not paused");
    assertThatThrownBy(() -> control.skip("dance", ANN))
        .hasMessageContaining("has no step 'dance'; it has [fence, shift]");
    assertThatThrownBy(() -> control.skip("shift", Instruction.by("ann")))
        .hasMessageContaining("say why step 'shift' is skipped");
    assertThatThrownBy(() -> control.retry("shift", ANN))
        .hasMessageContaining("cannot retry step 'shift', which is WAITING");
    assertThatThrownBy(() -> control.decide("shift", Decision.TOOK_EFFECT, ANN))
        .hasMessageContaining("has no doubt about step 'shift'");
    assertThat(journal.read("orders").records()).hasSize(records);

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThatThrownBy(() -> control.cancel(ANN)).hasMessageContaining("has ended (COMPLETED)");
    assertThatThrownBy(() -> run.pause(ANN)).hasMessageContaining("has ended (COMPLETED)");
  }
}
