package io.drkit.testkit.steering;

import static java.time.Duration.ofMillis;
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
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Planned moves of the orders workload, and their way back, against what the fake cloud knows. */
class SwitchoverTest {
  private static final Instruction ANN = Instruction.by("ann").because("it was a mistake");

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(leases).time(cloud.time()).build();
  }

  private FakeApplication orders(DrStrategy strategy) throws InterruptedException {
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(Duration.ofHours(2));
    return orders;
  }

  @ParameterizedTest
  @EnumSource(
      value = DrStrategy.class,
      names = {"PILOT_LIGHT", "WARM_STANDBY", "MULTI_SITE"})
  void aSwitchoverLosesNothing(DrStrategy strategy) throws Exception {
    FakeApplication orders = orders(strategy);
    RunReport report = engine.switchover(orders.plan(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.mode()).isEqualTo(RunMode.SWITCHOVER);
    assertThat(report.rpo()).contains(Duration.ZERO);
    for (String dataset : List.of("orders-db", "receipts")) {
      assertThat(cloud.truth().losses(dataset)).allMatch(loss -> loss.writes() == 0);
    }
    assertThat(report.step("catch up orders-db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(orders.service().level()).isEqualTo(1);
  }

  @Test
  void aCopyThatDoesNotCatchUpIsNotPromotedAndTheWritersCanGoOn() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    orders.datasets().get(0).asynchronous(Duration.ofHours(3));
    RunReport report = engine.switchover(orders.plan(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("promote orders-db").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.step("promote orders-db").detail())
        .contains("has not caught up with what was written until the fence");
    assertThat(report.step("promote orders-db").requests()).isZero();
    assertThat(report.step("promote receipts").detail())
        .contains("the other copies have not caught up yet");
    assertThat(report.step("promote receipts").requests()).isZero();
    assertThat(report.rolledBackBy()).isPresent();
    cloud.time().advance(ofMinutes(5));
    assertThat(orders.service().level()).isEqualTo(1);
  }

  @Test
  void aRollbackPutsBackWhatWasAskedForTheLastFirst() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofSeconds(1));
    run.cancel(Instruction.by("ann").because("second thoughts"));
    RunReport cancelled = run.await();
    assertThat(cancelled.outcome()).isEqualTo(Outcome.CANCELLED);

    RunReport back = lastReport();

    assertThat(cancelled.rolledBackBy()).contains(back.run());
    assertThat(back.declaration().reason()).contains("came to nothing");
    assertThat(back.mode()).isEqualTo(RunMode.ROLLBACK);
    assertThat(back.outcome()).isIn(Outcome.COMPLETED, Outcome.COMPLETED_WITH_EXCEPTIONS);
    cloud.time().advance(ofMinutes(5));
    assertThat(orders.service().level()).isEqualTo(1);
    assertThat(engine.prepare(orders.plan(), "deploy").await().outcome())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(engine.switchover(orders.plan(), Declaration.of("ann")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  private RunReport lastReport() {
    List<RunReport> reports = engine.reports("orders");
    return reports.get(reports.size() - 1);
  }

  /** A switchover whose copy does not catch up, until it is about to be taken back. */
  private void failUntilItIsTakenBack(FakeApplication orders) {
    orders.datasets().get(0).asynchronous(Duration.ofHours(3));
    engine.switchover(orders.plan(), Declaration.of("ann"));
    cloud.time().advance(ofMinutes(29));
    for (int i = 0; i < 6_000 && lastReport().mode() != RunMode.ROLLBACK; i++) {
      cloud.time().advance(ofMillis(20));
    }
  }

  @Test
  void aRollbackThatDiedIsResumed() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    failUntilItIsTakenBack(orders);
    engine.close();

    RunReport back = engine().resume(orders.plan(), "bob", List.of()).await();

    assertThat(back.mode()).isEqualTo(RunMode.ROLLBACK);
    assertThat(back.steps()).allMatch(step -> step.name().startsWith("undo "));
    cloud.time().advance(ofMinutes(5));
    assertThat(orders.service().level()).isEqualTo(1);
  }

  @Test
  void aDisasterDuringARollbackIsFailedOverFrom() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    failUntilItIsTakenBack(orders);
    orders.datasets().get(0).asynchronous(ofSeconds(2));
    engine.close();
    cloud.strike(Disaster.loss(orders.primary()));

    RunReport report = engine()
        .failover(orders.plan(), orders.declaration("ann").acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(report.rto().recovered()).isTrue();
  }

  @Test
  void whatWasPromotedIsNotTakenBack() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    DrRun run = engine.switchover(orders.plan(), Declaration.of("ann"));
    while (run.report().step("promote orders-db").status() != StepStatus.REACHED) {
      cloud.time().advance(ofSeconds(1));
    }
    engine.close();

    assertThatThrownBy(() -> engine().rollback(orders.plan(), ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("which cannot be taken back; resume it");
  }

  @Test
  void aSwitchoverFromALostSiteIsRefused() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);

    assertThatThrownBy(
            () -> engine.switchover(orders.plan(), Declaration.of("ann").lost(orders.primary())))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("a planned move loses nothing")
        .hasMessageContaining("fail over instead");
  }

  @Test
  void aCompletedRunIsNotRolledBack() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    assertThatThrownBy(() -> engine.rollback(orders.plan(), ANN))
        .hasMessageContaining("is a PREPARE that is COMPLETED");
    engine.switchover(orders.plan(), Declaration.of("ann")).await();
    assertThatThrownBy(() -> engine.rollback(orders.plan(), ANN))
        .hasMessageContaining("is a SWITCHOVER that is COMPLETED; only a failover or switchover"
            + " that is not finished can be rolled back");
  }

  @Test
  void theSameStartTokenStartsOneRun() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    Declaration declaration = Declaration.of("ann").startToken("incident 7");
    DrRun first = engine.failover(orders.plan(), declaration);
    DrRun again = engine.failover(orders.plan(), declaration);

    assertThat(again.id()).isEqualTo(first.id());
    assertThatThrownBy(() -> engine().failover(orders.plan(), declaration))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(
            "was started with the token 'incident 7' already, by another process");
    RunReport report = first.await();
    DrRun later = engine().failover(orders.plan(), declaration);
    assertThat(later.await()).isEqualTo(report);
    assertThatThrownBy(() -> later.pause(ANN)).hasMessageContaining("has ended");
  }

  @Test
  void aStartTokenStartsNoSecondRunWhenTheFirstHasEnded() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    Declaration declaration = Declaration.of("ann").startToken("incident 7");
    RunReport report = engine.failover(orders.plan(), declaration).await();
    DrRun again = engine.failover(orders.plan(), declaration);

    assertThat(again.await()).isEqualTo(report);
    assertThat(engine.reports("orders")).extracting(RunReport::run).containsOnlyOnce(report.run());
    assertThat(engine.reports("orders")).last().isEqualTo(report);
  }

  @Test
  void aDecisionOnOldKnowledgeIsRefused() throws Exception {
    FakeApplication orders = orders(DrStrategy.WARM_STANDBY);
    Site recovery = orders.recovery();

    assertThatThrownBy(
            () -> engine.failover(orders.plan(), Declaration.of("ann").expectingActive(recovery)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the workload runs in " + orders.primary() + ", not in " + recovery);
    Instant before = cloud.time().now();
    assertThat(engine
            .failover(orders.plan(), Declaration.of("ann").expectingActive(orders.primary()))
            .await()
            .startedAt())
        .isEqualTo(before);
  }
}
