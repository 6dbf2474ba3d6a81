package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Invariants;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moves whose world changes under way: the site that is left dies, or turns out to work. */
class ModeSwitchTest {
  private static final Instruction ANN = Instruction.by("ann").because("the region is gone");

  private final FakeCloud cloud = FakeCloud.builder().seed(13).build();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.WARM_STANDBY);

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(leases).time(cloud.time()).build();
  }

  private void prepared() throws InterruptedException {
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(ofHours(2));
  }

  @Test
  void aSwitchoverWhoseSiteDiesBecomesAFailover() throws Exception {
    prepared();
    orders.datasets().get(0).asynchronous(ofMinutes(1));
    cloud.time().advance(ofMinutes(10));
    DrRun run =
        engine.switchover(orders.plan(), Declaration.of("ann").acceptLoss("orders-db", "receipts"));
    cloud.time().advance(ofSeconds(2));
    cloud.strike(Disaster.loss(orders.primary()));
    cloud.time().advance(ofMinutes(1));
    assertThat(run.report().step("promote orders-db").requests()).isZero();

    run.switchTo(RunMode.FAILOVER, ANN, orders.primary());
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals())
        .as("the loss is asked for again, whatever was accepted for the switchover")
        .isNotEmpty();
    run.approvals().forEach(request -> run.approve(request, Instruction.by("bob")));
    RunReport report = run.await();

    assertThat(report.mode()).isEqualTo(RunMode.FAILOVER);
    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.declaration().lost()).containsExactly(orders.primary());
    assertThat(report.rpo().orElseThrow()).isPositive();
    assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
  }

  @Test
  void theSiteThatDiesInAPlannedMoveWroteUntilItWasDeclaredLost() throws Exception {
    prepared();
    orders.datasets().get(0).asynchronous(ofMinutes(1));
    cloud.time().advance(ofMinutes(10));
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann"));
    run.pause(ANN);
    cloud.time().advance(ofSeconds(55));
    cloud.strike(Disaster.loss(orders.primary()));

    run.switchTo(RunMode.FAILOVER, ANN, orders.primary());
    run.continueRun(ANN);
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals())
        .as("a minute of writes is more than the RPO of half a minute")
        .extracting(request -> request.step())
        .containsExactly("promote orders-db");
    run.approvals().forEach(request -> run.approve(request, Instruction.by("bob")));
    RunReport report = run.await();

    assertThat(report.rpo().orElseThrow()).isBetween(ofMinutes(1), ofSeconds(90));
    assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
  }

  @Test
  void aFailoverFromASiteThatWorksBecomesASwitchoverAndLosesNothing() throws Exception {
    prepared();
    orders.datasets().forEach(dataset -> dataset.asynchronous(ofSeconds(50)));
    cloud.time().advance(ofMinutes(10));
    DrRun run = engine.failover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(5));
    assertThat(run.report().step("promote orders-db").requests()).isZero();

    run.switchTo(RunMode.SWITCHOVER, Instruction.by("ann").because("it works after all"));
    RunReport report = run.await();

    assertThat(report.mode()).isEqualTo(RunMode.SWITCHOVER);
    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rpo()).contains(Duration.ZERO);
    assertThat(report.step("catch up orders-db").status()).isEqualTo(StepStatus.REACHED);
    for (String dataset : List.of("orders-db", "receipts")) {
      assertThat(cloud.truth().losses(dataset)).allMatch(loss -> loss.writes() == 0);
    }
  }

  @Test
  void aRunThatWasSwitchedIsResumedAsWhatItBecame() throws Exception {
    prepared();
    orders.datasets().forEach(dataset -> dataset.asynchronous(ofSeconds(50)));
    cloud.time().advance(ofMinutes(10));
    DrRun run = engine.failover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(5));
    run.switchTo(RunMode.SWITCHOVER, Instruction.by("ann").because("it works after all"));
    cloud.time().advance(ofSeconds(5));
    engine.close();

    RunReport report = engine().resume(orders.plan(), "bob", List.of()).await();

    assertThat(report.mode()).isEqualTo(RunMode.SWITCHOVER);
    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rpo()).contains(Duration.ZERO);
  }

  @Test
  void aFailbackBecomesAFailoverOnceCopiesHaveFlowed() throws Exception {
    prepared();
    engine.switchover(orders.plan(), Declaration.of("ann")).await();
    cloud.time().advance(ofHours(1));
    DrRun run = engine.failback(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(1));
    assertThatThrownBy(() -> run.switchTo(RunMode.FAILOVER, ANN, orders.recovery()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has not copied back to us-east-1 yet");
    cloud.time().advance(ofMinutes(10));
    cloud.strike(Disaster.loss(orders.recovery()));
    cloud.time().advance(ofMinutes(1));

    run.switchTo(RunMode.FAILOVER, ANN, orders.recovery());
    cloud.time().advance(ofMinutes(1));
    run.approvals().forEach(request -> run.approve(request, Instruction.by("bob")));
    RunReport report = run.await();

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.direction().to()).isEqualTo(orders.primary());
    assertThat(report.step("stay in sync").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesTheRunAsItWas() throws Exception {
    prepared();
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(1));
    assertThatThrownBy(() -> run.switchTo(RunMode.SWITCHOVER, ANN))
        .hasMessageContaining("is a SWITCHOVER already");
    assertThatThrownBy(() -> run.switchTo(RunMode.PREPARE, ANN))
        .hasMessageContaining("cannot become a PREPARE");
    assertThatThrownBy(() -> run.switchTo(RunMode.FAILOVER, Instruction.by("ann")))
        .hasMessageContaining("say why the run becomes a FAILOVER");
    assertThatThrownBy(() -> run.switchTo(RunMode.FAILOVER, ANN, orders.recovery()))
        .hasMessageContaining("which cannot be declared lost in it");
    while (run.report().step("promote orders-db").requests() == 0) {
      cloud.time().advance(ofSeconds(1));
    }
    run.switchTo(RunMode.FAILOVER, ANN);
    assertThatThrownBy(() -> run.switchTo(RunMode.SWITCHOVER, ANN))
        .hasMessageContaining("'promote orders-db' was asked for already");
    assertThat(run.await().outcome()).isIn(Outcome.COMPLETED, Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThatThrownBy(() -> run.switchTo(RunMode.SWITCHOVER, ANN))
        .hasMessageContaining("has ended");
  }

  @Test
  void aPromotionWhoseCopyLagsGoesOnByItselfAndTheOthersLoseNothing() throws Exception {
    prepared();
    orders.datasets().get(0).asynchronous(ofHours(3));
    cloud.time().advance(ofHours(4));
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann").acceptLoss("orders-db"));
    cloud.time().advance(ofMinutes(5));
    assertThat(run.report().step("promote orders-db").requests()).isZero();

    Instruction noTime = Instruction.by("ann").because("the window is over in ten minutes");
    run.switchStep("promote orders-db", RunMode.FAILOVER, noTime);
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals())
        .as("the loss is asked for, whatever was accepted for the switchover")
        .singleElement()
        .satisfies(request -> assertThat(request.step()).isEqualTo("promote orders-db"));
    run.approvals().forEach(request -> run.approve(request, Instruction.by("bob")));
    RunReport report = run.await();

    assertThat(report.mode()).isEqualTo(RunMode.SWITCHOVER);
    assertThat(report.rto().recovered()).as(report.summary()).isTrue();
    assertThat(report.losses())
        .filteredOn(loss -> loss.dataset().equals("receipts"))
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ZERO));
    assertThat(report.rpo().orElseThrow()).isGreaterThan(ofHours(2));
    assertThat(report.rpoMet()).isFalse();
    assertThat(cloud.truth().losses("receipts")).allMatch(loss -> loss.writes() == 0);
    assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
  }

  @Test
  void aPromotionOfAFailoverWaitsUntilItsCopyHoldsAll() throws Exception {
    prepared();
    orders.datasets().forEach(dataset -> dataset.asynchronous(ofSeconds(50)));
    cloud.time().advance(ofMinutes(10));
    DrRun run = engine.failover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(5));

    run.switchStep(
        "promote orders-db",
        RunMode.SWITCHOVER,
        Instruction.by("ann").because("it works after all"));
    RunReport report = run.await();

    assertThat(report.mode()).isEqualTo(RunMode.FAILOVER);
    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.step("catch up orders-db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(cloud.truth().losses("orders-db")).allMatch(loss -> loss.writes() == 0);
  }

  @Test
  void aStepThatCannotBeSwitchedIsToldWhy() throws Exception {
    prepared();
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(1));

    assertThatThrownBy(() -> run.switchStep("promote orders-db", RunMode.SWITCHOVER, ANN))
        .hasMessageContaining("has step 'promote orders-db' go on as one of a SWITCHOVER already");
    assertThatThrownBy(() -> run.switchStep("promote orders-db", RunMode.REHEARSE, ANN))
        .hasMessageContaining("no step of it can go on as one of a REHEARSE");
    assertThatThrownBy(() -> run.switchStep("promote it", RunMode.FAILOVER, ANN))
        .hasMessageContaining("has no step 'promote it'");
    assertThatThrownBy(
            () -> run.switchStep("promote orders-db", RunMode.FAILOVER, Instruction.by("ann")))
        .hasMessageContaining("say why");
    while (run.report().step("promote orders-db").requests() == 0) {
      cloud.time().advance(ofSeconds(1));
    }
    assertThatThrownBy(() -> run.switchStep("promote orders-db", RunMode.FAILOVER, ANN))
        .hasMessageContaining("has asked for step 'promote orders-db' already");
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }
}
