package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RefusedException;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.ChildReport;
import io.drkit.RunReport.StepReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of a plan whose parts are plans themselves. */
class ChildPlansTest {
  private static final Instruction ANN = Instruction.by("ann").because("second thoughts");
  private static final RecoveryObjective OBJECTIVE =
      RecoveryObjective.rto(ofMinutes(30)).rpo(ofSeconds(60));

  private final VirtualTime time = VirtualTime.create();
  private final Lamps lamps = new Lamps(time);
  private final Journal journal = Journal.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine() {
    return DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
  }

  private DrPlanBuilder waived(String name, RecoveryObjective objective) {
    DrPlanBuilder builder = DrPlan.builder(name)
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .recovery(Site.region("eu-west-1"))
        .objective(objective);
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder;
  }

  /** A part of the workload with a dataset whose copy lags by so much. */
  private DrPlanBuilder part(String name, Duration lag, RecoveryObjective objective) {
    return waived(name, objective)
        .replicator(lamps.dataset(name + "-db", lag))
        .fence("stop", lamps.lamp(name + " fence", ofSeconds(20)))
        .promoteReplicas(step -> step.timeLimit(ofMinutes(10)))
        .provision("web", lamps.lamp(name + " web", ofSeconds(30)))
        .redirect("traffic", lamps.lamp(name + " traffic", ofSeconds(5)))
        .verify("look", lamps.lamp(name + " look", ofSeconds(5)));
  }

  private DrPlanBuilder part(String name) {
    return part(name, Duration.ZERO, OBJECTIVE);
  }

  private DrPlan sideBySide() {
    return waived("shop", OBJECTIVE)
        .child(part("payments").build())
        .child(part("ledger").build())
        .redirect("front page", lamps.lamp("front page", ofSeconds(5)))
        .build();
  }

  private DrPlan inSequence() {
    return waived("shop", OBJECTIVE)
        .child(part("ledger").build())
        .child(part("payments").build(), "ledger")
        .build();
  }

  private static Instant started(RunReport report, String step) {
    return report.step(step).startedAt().orElseThrow();
  }

  private static Instant ended(RunReport report, String step) {
    return report.step(step).endedAt().orElseThrow();
  }

  private static ChildReport child(RunReport report, String path) {
    return report.children().stream()
        .filter(child -> child.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private RunReport last() {
    List<RunReport> reports = engine.reports("shop");
    return reports.get(reports.size() - 1);
  }

  @Test
  void childrenMoveSideBySideInOneRun() throws Exception {
    RunReport report = engine.failover(sideBySide(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.objectiveMet()).as(report.summary()).isTrue();
    assertThat(started(report, "payments/stop")).isEqualTo(started(report, "ledger/stop"));
    assertThat(started(report, "front page"))
        .isAfterOrEqualTo(ended(report, "payments"))
        .isAfterOrEqualTo(ended(report, "ledger"));
    assertThat(report.losses()).hasSize(2);
    assertThat(report.ownLosses()).isEmpty();
    assertThat(report.children())
        .extracting(ChildReport::path)
        .containsExactly("payments", "ledger");
    assertThat(child(report, "payments").losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.dataset()).isEqualTo("payments-db"));
    assertThat(child(report, "payments").objectiveMet()).isTrue();
    assertThat(child(report, "payments").rto().elapsed())
        .isLessThan(report.rto().elapsed());
    assertThat(report.rto().phases().values().stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(report.rto().elapsed());
  }

  @Test
  void paymentsMovesOnlyAfterLedgerIsThrough() throws Exception {
    RunReport report = engine.failover(inSequence(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(started(report, "payments/stop")).isAfterOrEqualTo(ended(report, "ledger/look"));
    assertThat(child(report, "payments").rto().elapsed())
        .as("a disaster takes both, whichever is brought back first")
        .isGreaterThan(child(report, "ledger").rto().elapsed().multipliedBy(2).minusSeconds(30));
  }

  @Test
  void aSwitchoverOfChildrenInSequenceDoesNotWaitForItself() throws Exception {
    lamps.lag("ledger-db", ofSeconds(10));
    RunReport report = engine.switchover(inSequence(), Declaration.of("ann")).await();

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.losses())
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ZERO));
    assertThat(started(report, "payments/stop")).isAfterOrEqualTo(ended(report, "ledger"));
    assertThat(child(report, "payments").rto().elapsed())
        .as("it works until its own move")
        .isLessThan(ofMinutes(3))
        .isLessThan(report.rto().elapsed().minusSeconds(60));
  }

  @Test
  void aSwitchoverOfTwoSequencesCrosswiseDoesNotWaitForItself() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("a").build())
        .child(part("b").build(), "a")
        .child(part("c").build())
        .child(part("d").build(), "c/promote c-db")
        .build();
    RunReport report = engine.switchover(plan, Declaration.of("ann")).await();

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.losses())
        .hasSize(4)
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ZERO));
  }

  @Test
  void aFailoverOfChildrenInSequenceMayBecomeASwitchover() throws Exception {
    DrRun run = engine.failover(inSequence(), Declaration.of("ann"));
    while (!lamps.pressed().contains("ledger fence")) {
      time.advance(ofSeconds(1));
    }
    run.switchTo(RunMode.SWITCHOVER, ANN);
    RunReport report = run.await();

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(started(report, "catch up ledger-db"))
        .isBefore(started(report, "payments/stop"))
        .isAfterOrEqualTo(ended(report, "ledger/stop"));
    assertThat(report.losses())
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ZERO));
  }

  @Test
  void aChildThatFencesNobodyKeepsAFailoverFromBecomingASwitchover() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(waived("pages", OBJECTIVE)
            .unfenced("nobody writes pages")
            .provision("cdn", lamps.lamp("cdn", ofMinutes(5)))
            .build())
        .build();
    DrRun run = engine.failover(plan, Declaration.of("ann"));

    assertThatThrownBy(() -> run.switchTo(RunMode.SWITCHOVER, ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith(
            "cannot become a switchover: the child 'pages' fences no writer; go on"
                + " with the failover");
    assertThat(run.await().exposed())
        .contains("the child 'pages' fences no writer: nobody writes pages");
  }

  @Test
  void noChildIsPromotedWhileTheCopyOfAnotherLags() throws Exception {
    lamps.lag("payments-db", ofHours(9));
    RunReport report = engine.switchover(sideBySide(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("ledger/promote ledger-db").requests()).isZero();
    assertThat(report.rolledBackBy()).contains(last().run());
    assertThat(lamps.lit()).allMatch(lamp -> lamp.startsWith("copies of"));
  }

  @Test
  void theWritersGoOnAsSoonAsOneCopyCannotCatchUp() throws Exception {
    lamps.lag("payments-db", ofHours(9));
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("payments").build())
        .child(waived("ledger", OBJECTIVE)
            .replicator(lamps.dataset("ledger-db", Duration.ZERO))
            .fence("stop", lamps.lamp("ledger fence", ofSeconds(20)))
            .promoteReplicas(step -> step.timeLimit(ofHours(2)))
            .build())
        .build();
    RunReport report = engine.switchover(plan, Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("ledger/promote ledger-db").detail())
        .isEqualTo(
            "'payments/promote payments-db' failed, and a planned move promotes all or nothing");
    assertThat(time.uptime()).isLessThan(ofMinutes(15));
    assertThat(lamps.lit()).doesNotContain("ledger fence", "payments fence");
  }

  @Test
  void aPromotionThatIsSwitchedThereAndBackHasToCatchUpAnew() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("payments", ofMinutes(10), OBJECTIVE).build())
        .child(part("ledger", ofSeconds(30), OBJECTIVE).build())
        .build();
    DrRun run = engine.switchover(plan, Declaration.of("ann"));
    time.advance(ofSeconds(40));
    run.switchStep("ledger/promote ledger-db", RunMode.FAILOVER, ANN);
    time.advance(ofSeconds(20));

    run.switchStep("ledger/promote ledger-db", RunMode.SWITCHOVER, ANN);
    lamps.lag("ledger-db", ofHours(1));
    lamps.lag("payments-db", ofMinutes(-1));
    time.advance(ofMinutes(2));

    assertThat(lamps.pressed()).doesNotContain("promoted payments-db", "promoted ledger-db");
  }

  @Test
  void anOutageBeginsWhenAChildsMoveDidWhoeverLooksAtItsBeginningAgain() throws Exception {
    DrPlan payments = waived("payments", OBJECTIVE)
        .replicator(lamps.dataset("payments-db", Duration.ZERO))
        .fence("stop", lamps.lamp("payments fence", ofSeconds(5)))
        .promoteReplicas()
        .verify("look", lamps.lamp("payments look", ofSeconds(5)))
        .build();
    DrPlan plan = waived("shop", OBJECTIVE)
        .replicator(lamps.dataset("shop-db", ofMinutes(10)))
        .fence("close the shop", lamps.lamp("fence", ofSeconds(10)))
        .promoteReplicas()
        .child(payments, "close the shop")
        .build();
    DrRun dying = engine.switchover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(1));
    Instant stopped = ended(dying.report(), "payments/stop");
    engine.close();
    lamps.putOut("fence");
    lamps.lag("shop-db", Duration.ZERO);
    time.advance(ofMinutes(20));

    RunReport report = engine().resume(plan, "bob", List.of()).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(ended(report, "close the shop")).isAfter(stopped.plus(ofMinutes(20)));
    assertThat(child(report, "payments").rto().elapsed())
        .isGreaterThan(Duration.between(stopped, ended(report, "payments/look")));
  }

  @Test
  void aFenceOfTheWholeIsProvenAgainForAChildThatReliesOnIt() throws Exception {
    DrPlan pages = waived("pages", OBJECTIVE)
        .unfenced("the shop writes them, and it is closed")
        .replicator(lamps.dataset("pages-db", Duration.ZERO))
        .promoteReplicas()
        .build();
    DrPlan plan = waived("shop", OBJECTIVE)
        .fence("close the shop", lamps.lamp("fence", ofSeconds(10)))
        .provision("warm up", lamps.lamp("warm up", ofMinutes(5)))
        .child(pages, "close the shop", "warm up")
        .build();
    DrRun dying = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(1));
    assertThat(dying.report().step("close the shop").status()).isEqualTo(StepStatus.REACHED);
    engine.close();
    lamps.putOut("fence");
    time.advance(ofMinutes(5));

    RunReport report = engine().resume(plan, "bob", List.of()).await();

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.pressed()).containsExactly("warm up", "fence", "promoted pages-db");
  }

  @Test
  void aChildThatFailsFailsTheRunWhileTheOthersGoOn() throws Exception {
    lamps.breakButton("payments web");
    RunReport report = engine.failover(sideBySide(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("ledger").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.step("payments").status()).isEqualTo(StepStatus.WAITING);
    assertThat(report.step("front page").status()).isEqualTo(StepStatus.WAITING);
    assertThat(child(report, "ledger").objectiveMet()).isTrue();
    assertThat(child(report, "payments").objectiveMet()).isFalse();
    assertThat(child(report, "payments").rto().recovered()).isFalse();
    assertThat(report.objectiveMet()).isFalse();

    lamps.repair("payments web");
    assertThat(engine.resume(sideBySide(), "ann", List.of()).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aChildThatMissesItsObjectiveMissesThatOfTheWhole() throws Exception {
    RecoveryObjective strict = RecoveryObjective.rto(ofSeconds(40)).rpo(ofSeconds(60));
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("payments", Duration.ZERO, strict).build())
        .child(part("ledger").build())
        .build();
    RunReport report = engine.failover(plan, Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rtoMet()).isTrue();
    assertThat(child(report, "payments").rtoMet()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.problems())
        .anyMatch(problem ->
            problem.startsWith("child 'payments': the RTO of PT40S was missed: the outage took"));
  }

  @Test
  void theLossOfAChildIsHeldToItsOwnObjective() throws Exception {
    RecoveryObjective loose = RecoveryObjective.rto(ofMinutes(30)).rpo(ofHours(1));
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("logs", ofMinutes(30), loose).build())
        .child(part("payments", ofMinutes(2), OBJECTIVE).build())
        .build();
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(1));

    assertThat(run.approvals()).singleElement().satisfies(request -> {
      assertThat(request.step()).isEqualTo("payments/promote payments-db");
      assertThat(request.subject()).isEqualTo(ApprovalRequest.Subject.LOSS);
      assertThat(request.loss()).endsWith("which is more than the RPO of PT1M");
    });
    run.approvals().forEach(request -> run.approve(request, Instruction.by("bob")));
    RunReport report = run.await();

    assertThat(child(report, "logs").rpoMet()).isTrue();
    assertThat(child(report, "payments").rpoMet()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.rpo().orElseThrow()).isGreaterThan(ofMinutes(29));
  }

  @Test
  void aSkippedStepIsNotVouchedForByAnotherChildsVerification() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(waived("batch", OBJECTIVE)
            .provision("jobs", lamps.lamp("jobs", ofMinutes(5)))
            .build())
        .child(part("payments").build())
        .build();
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofSeconds(10));
    run.abandon("batch/jobs", ANN);
    RunReport report = run.await();

    assertThat(child(report, "payments").rto().recovered()).isTrue();
    assertThat(child(report, "batch").rto().recovered()).isFalse();
    assertThat(report.rto().recovered()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
  }

  @Test
  void aRollbackTakesBackWhatTheChildrenDid() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(waived("pages", OBJECTIVE)
            .provision("cdn", lamps.lamp("cdn", ofSeconds(1)))
            .redirect("names", lamps.lamp("names", ofSeconds(1)))
            .build())
        .redirect("front page", lamps.lamp("front page", ofMinutes(5)))
        .build();
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    while (!lamps.pressed().contains("front page")) {
      time.advance(ofSeconds(1));
    }
    run.rollback(ANN);
    run.await();

    assertThat(last().mode()).isEqualTo(RunMode.ROLLBACK);
    assertThat(last().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(last().step("undo pages/cdn").startedAt().orElseThrow())
        .isAfterOrEqualTo(ended(last(), "undo pages/names"));
    assertThat(last().step("undo pages/names").startedAt().orElseThrow())
        .as("the way back goes by the children's last steps")
        .isAfterOrEqualTo(ended(last(), "undo front page"));
    assertThat(lamps.lit()).doesNotContain("cdn", "names");
  }

  @Test
  void aFailbackAsksEverybodyWhoHasToConsent() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .failback(Failback.standard().stableFor(ofMinutes(1)))
        .child(part("payments")
            .failback(
                Failback.standard().stableFor(ofHours(3)).approval(Approval.by("payments", 1)))
            .build())
        .child(part("ledger")
            .failback(
                Failback.standard().stableFor(ofMinutes(1)).approval(Approval.by("ledger", 1)))
            .build())
        .build();
    engine.failover(plan, Declaration.of("ann")).await();
    for (String lamp : lamps.lit()) {
      lamps.putOut(lamp);
    }
    DrRun home = engine.failback(plan, Declaration.of("ann"));
    time.advance(ofHours(2));
    assertThat(home.approvals()).isEmpty();
    time.advance(ofHours(2));
    assertThat(home.approvals())
        .extracting(ApprovalRequest::step)
        .containsExactlyInAnyOrder("go back: payments", "go back: ledger");
    home.approve(home.approvals().get(0), Instruction.by("bob"));
    time.advance(ofMinutes(10));
    assertThat(home.report().step("ledger/stop").status()).isEqualTo(StepStatus.WAITING);
    home.approvals().forEach(request -> home.approve(request, Instruction.by("eve")));
    RunReport report = home.await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.step("hold payments/stop").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.rto().recovered()).as(report.summary()).isTrue();
    assertThat(child(report, "ledger").rto().elapsed()).isLessThan(ofMinutes(5));
    assertThat(report.losses())
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ZERO));
  }

  @Test
  void aRehearsalTriesTheChildrensVariants() throws Exception {
    RunReport report = engine.rehearse(sideBySide(), "ann").await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.step("rehearse payments/web").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.step("rehearse payments").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.children()).isEmpty();
    assertThat(last().mode()).isEqualTo(RunMode.CLEAN_UP);
    assertThat(lamps.lit()).isEmpty();
  }

  @Test
  void aPreparationHoldsThatOfTheChildren() throws Exception {
    RunReport report = engine.prepare(sideBySide(), "ann").await();

    assertThat(report.steps())
        .extracting(StepReport::name)
        .containsExactly("payments/replicate payments-db", "ledger/replicate ledger-db");
    assertThat(report.objectiveMet()).isTrue();
  }

  @Test
  void anotherProcessGoesOnInTheMiddleOfAChild() throws Exception {
    engine.failover(inSequence(), Declaration.of("ann"));
    while (!lamps.pressed().contains("payments fence")) {
      time.advance(ofSeconds(1));
    }
    engine.close();
    time.advance(ofMinutes(1));

    RunReport report = engine().resume(inSequence(), "bob", List.of()).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.pressed()).doesNotHaveDuplicates();
    assertThat(child(report, "ledger").losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.length().orElseThrow()).isLessThan(ofMinutes(1)));
    assertThat(report.step("ledger/stop").endedAt().orElseThrow())
        .as("what is promoted has no need to look at its fence again")
        .isBefore(started(report, "payments/stop"));
  }

  @Test
  void whatAnActionCallsAnEarlierStepIsOneOfItsOwnPlan() throws Exception {
    FailoverAction reader = FailoverAction.check(
        "it reads what was found",
        context -> context
            .evidence("find")
            .map(found -> Progress.reached(found.and("by", context.step())))
            .orElseGet(() -> Progress.reached()));
    DrPlan inner = waived("inner", OBJECTIVE)
        .provision(
            "find",
            FailoverAction.check(
                "it is found", context -> Progress.reached(Evidence.of("found", "in the inner"))))
        .redirect("read", reader)
        .build();
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(waived("outer", OBJECTIVE).child(inner).build())
        .provision(
            "find",
            FailoverAction.check(
                "it is found", context -> Progress.reached(Evidence.of("found", "in the shop"))))
        .build();
    RunReport report = engine.failover(plan, Declaration.of("ann")).await();

    assertThat(report.step("outer/inner/read").evidence().facts())
        .containsEntry("found", "in the inner")
        .containsEntry("by", "outer/inner/read");
  }

  @Test
  void aCommitWindowOfTheWholeHoldsTheChildrensRedundancyBack() throws Exception {
    DrPlan plan = waived("shop", OBJECTIVE)
        .child(part("payments")
            .afterwards("backups", lamps.lamp("backups", ofSeconds(1)))
            .build())
        .commitWindow(new CommitWindow(ofHours(1), CommitWindow.AtLimit.NONE))
        .build();
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(30));
    assertThat(run.report().rto().recovered()).isTrue();
    assertThat(lamps.pressed()).doesNotContain("backups");
    run.commit(ANN);

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.lit()).contains("backups");
  }

  /** A plan of so many steps in all, nested so deep: each level has two parts like it and some steps of its own. */
  private DrPlan deep(String name, int depth, int steps) {
    DrPlanBuilder builder = waived(name, OBJECTIVE)
        .replicator(lamps.dataset(name + "-db", Duration.ZERO))
        .fence("stop", lamps.lamp(name + " stop", ofSeconds(1)))
        .promoteReplicas();
    for (int i = 0; i < steps; i++) {
      builder.provision("web-" + i, lamps.lamp(name + " web-" + i, ofSeconds(1)));
    }
    builder.redirect("traffic", lamps.lamp(name + " traffic", ofSeconds(1)));
    if (depth > 1) {
      builder.child(deep(name + "a", depth - 1, steps), "stop");
      builder.child(deep(name + "b", depth - 1, steps), name + "a");
    }
    return builder.build();
  }

  @Test
  void aThousandStepsAtDepthFiveOverThreeSitesRunToTheirEnd() throws Exception {
    DrPlan plan = deep("shop", 6, 12);
    assertThat(plan.steps(RunMode.FAILOVER)).hasSizeGreaterThanOrEqualTo(1000);
    assertThat(plan.children().keySet())
        .anyMatch(path -> path.chars().filter(c -> c == '/').count() == 4);
    RunReport report = engine
        .failover(plan, Declaration.of("ann").lost(Site.region("us-west-2")))
        .await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.direction().to()).isEqualTo(Site.region("eu-west-1"));
    assertThat(report.objectiveMet()).as(report.summary()).isTrue();
    assertThat(report.children()).hasSize(62);
    assertThat(lamps.pressed()).doesNotHaveDuplicates();
    assertThat(time.uptime()).isLessThan(ofHours(1)).isGreaterThan(ofMillis(1));
  }
}
