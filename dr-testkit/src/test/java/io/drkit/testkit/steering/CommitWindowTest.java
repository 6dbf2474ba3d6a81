package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.CommitWindow.AtLimit;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RefusedException;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.VirtualTime;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The time to look before a move is kept, and the ways back out of it. */
class CommitWindowTest {
  private static final Instruction BOB = Instruction.by("bob").because("it looks well");

  private final VirtualTime time = VirtualTime.create();
  private final Lamps lamps = new Lamps(time);
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(leases).time(time).build();
  }

  /** A workload without data: traffic is sent elsewhere. */
  private DrPlan stateless(AtLimit atLimit) {
    return plan(atLimit, UnaryOperator.identity());
  }

  private DrPlan plan(AtLimit atLimit, UnaryOperator<DrPlanBuilder> more) {
    return Orders.plan(
        DrStrategy.WARM_STANDBY,
        RecoveryObjective.rto(ofMinutes(10)).rpo(ofSeconds(60)),
        plan -> more.apply(plan.fence("writers stop", lamps.lamp("fence", ofSeconds(1)))
            .provision("web", lamps.lamp("web", ofSeconds(5)))
            .redirect("traffic", lamps.lamp("traffic", ofSeconds(5)))
            .afterwards("backups", lamps.lamp("backups", ofSeconds(5)))
            .commitWindow(new CommitWindow(ofHours(1), atLimit))));
  }

  private DrRun inTheWindow(DrPlan plan) {
    DrRun run = engine.switchover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(5));
    assertThat(run.approvals())
        .extracting(ApprovalRequest::subject)
        .containsExactly(ApprovalRequest.Subject.COMMIT);
    return run;
  }

  @Test
  void aMoveIsKeptWhenSomebodyHasLooked() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.NONE));
    assertThat(run.report().outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(run.report().rto().recovered()).isTrue();
    assertThat(lamps.lit()).contains("traffic").doesNotContain("backups");
    time.advance(ofMinutes(10));

    // Whoever asked for the run may keep it.
    engine.control("orders").commit(Instruction.by("ann"));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rto().elapsed()).isLessThan(ofMinutes(5));
    assertThat(report.step("commit").status()).isEqualTo(StepStatus.REACHED);
    assertThat(lamps.lit()).contains("backups");
  }

  @Test
  void nothingIsKeptThatDoesNotHoldAnyMore() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.NONE));
    lamps.dim("web");
    run.commit(BOB);
    time.advance(ofMinutes(2));
    assertThat(run.report().step("commit").status()).isEqualTo(StepStatus.RUNNING);
    assertThat(lamps.lit()).doesNotContain("backups");

    lamps.light("web");

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void withoutAPolicyTheWindowStaysOpen() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.NONE));
    time.advance(ofHours(30));

    assertThat(run.report().outcome()).isEqualTo(Outcome.RUNNING);
    run.approve(run.approvals().get(0), BOB);
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aMoveIsKeptAtTheLimitIfThePlanSaysSo() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.COMMIT));

    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rolledBackBy()).isEmpty();
    assertThat(report.step("commit").endedAt().orElseThrow())
        .isAfter(report.startedAt().plus(ofHours(1)));
  }

  @Test
  void aMoveIsTakenBackAtTheLimitIfThePlanSaysSo() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.ROLLBACK));

    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(report.startedAt().plus(ofHours(1))).isBefore(report.endedAt().orElseThrow());
    assertTakenBack(report);
    assertThat(engine.reports("orders").get(1).declaration().reason())
        .contains("by the plan: nobody decided within the commit window's PT1H");
  }

  private void assertTakenBack(RunReport report) {
    List<RunReport> reports = engine.reports("orders");
    RunReport back = reports.get(reports.size() - 1);
    assertThat(report.rolledBackBy()).contains(back.run());
    assertThat(back.mode()).isEqualTo(RunMode.ROLLBACK);
    assertThat(back.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.lit()).isEmpty();
    assertThat(lamps.pressed())
        .endsWith("off traffic", "off web", "off fence")
        .doesNotContain("backups");
  }

  @Test
  void somebodyTakesTheMoveBackFromAnotherProcess() throws Exception {
    DrRun run = inTheWindow(stateless(AtLimit.NONE));

    engine().control("orders").rollback(Instruction.by("bob").because("orders are wrong"));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
    assertTakenBack(report);
    assertThat(leases.holder("orders")).isEmpty();
    assertThat(engine.switchover(run.plan(), Declaration.of("ann")).id()).isNotEqualTo(run.id());
  }

  @Test
  void aWayBackWhoseProcessDiesIsGoneOnWith() throws Exception {
    DrPlan plan = stateless(AtLimit.NONE);
    DrRun run = inTheWindow(plan);
    run.rollback(Instruction.by("bob").because("orders are wrong"));
    for (int i = 0; i < 100 && engine.reports("orders").size() == 1; i++) {
      time.advance(ofSeconds(1));
    }
    engine.close();
    time.advance(ofMinutes(1));
    assertThat(lamps.lit()).isNotEmpty();

    RunReport back = engine().resume(plan, "bob", List.of()).await();

    assertThat(back.mode()).isEqualTo(RunMode.ROLLBACK);
    assertTakenBack(engine.reports("orders").get(0));
  }

  @Test
  void aPlannedMoveThatIsCancelledLetsTheWritersGoOn() throws Exception {
    DrRun run = engine.switchover(stateless(AtLimit.NONE), Declaration.of("ann"));
    time.advance(ofSeconds(8));
    assertThat(lamps.lit()).contains("fence");

    run.cancel(Instruction.by("ann").because("second thoughts"));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(report.rolledBackBy()).isPresent();
    assertThat(lamps.lit()).isEmpty();
  }

  @Test
  void anUnplannedMoveThatIsCancelledStaysAsItIs() throws Exception {
    DrRun run = engine.failover(stateless(AtLimit.NONE), Declaration.of("ann"));
    time.advance(ofMinutes(5));

    run.cancel(Instruction.by("ann").because("second thoughts"));
    RunReport report = run.await();

    assertThat(report.rolledBackBy()).isEmpty();
    assertThat(lamps.lit()).contains("traffic");
  }

  @Test
  void whatWasPromotedIsNotTakenBack() throws Exception {
    FakeCloud cloud = FakeCloud.builder().seed(7).build();
    FakeApplication orders = FakeApplication.orders(
        cloud,
        DrStrategy.WARM_STANDBY,
        plan -> plan.commitWindow(new CommitWindow(ofHours(1), AtLimit.NONE)));
    DrEngine own =
        DrEngine.builder().journal(journal).leases(leases).time(cloud.time()).build();
    own.prepare(orders.plan(), "deploy").await();
    DrRun run = own.switchover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofMinutes(30));

    assertThatThrownBy(() -> run.rollback(Instruction.by("bob").because("orders are wrong")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("may have promoted 'orders-db' in us-west-2")
        .hasMessageContaining("go back later with the data");
    run.commit(BOB);
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void badInputIsRefusedAndChangesNothing() throws Exception {
    assertThatThrownBy(() -> new CommitWindow(ofSeconds(0), AtLimit.NONE))
        .hasMessage("commitWindow: limit must be positive: PT0S");
    assertThatThrownBy(() -> plan(
            AtLimit.ROLLBACK,
            plan -> plan.replicator(lamps.dataset("db", ofSeconds(1))).promoteReplicas()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes the move back when its commit window has passed");
    DrPlan plan = stateless(AtLimit.NONE);
    DrRun run = engine.switchover(plan, Declaration.of("ann"));
    time.advance(ofSeconds(2));
    assertThatThrownBy(() -> run.commit(BOB))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith("is not verified yet; its move can be committed when it is");
    assertThatThrownBy(() -> run.rollback(Instruction.by("bob")))
        .hasMessageContaining("say why the run is taken back");
    time.advance(ofMinutes(5));
    run.commit(BOB);
    assertThatThrownBy(() -> run.commit(BOB))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith("is committed already; its report tells when it is through");
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThatThrownBy(() -> run.rollback(Instruction.by("bob").because("too late")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has ended (COMPLETED)");
  }
}
