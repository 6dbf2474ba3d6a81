package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Failback;
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
import io.drkit.testkit.Invariants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way home after a disaster: redundancy first, then back, and nothing that anybody wrote is overwritten. */
class FailbackTest {
  private final FakeCloud cloud = FakeCloud.builder().seed(11).build();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(leases).time(cloud.time()).build();
  }

  /** The workload runs in its recovery site, and the primary site, which nobody could fence, is back. */
  private FakeApplication failedOver(DrStrategy strategy) throws InterruptedException {
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(ofHours(2));
    cloud.strike(Disaster.loss(orders.primary()));
    cloud.time().advance(ofMinutes(1));
    RunReport report = engine
        .failover(orders.plan(), orders.declaration("ann").acceptLoss("orders-db", "receipts"))
        .await();
    assertThat(report.rto().recovered()).isTrue();
    cloud.time().advance(ofHours(3));
    return orders;
  }

  private List<RunReport> reports(FakeApplication orders) {
    return engine.reports(orders.plan().name());
  }

  private FakeApplication switchedOver(DrStrategy strategy) throws InterruptedException {
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    switchOver(orders);
    return orders;
  }

  private void switchOver(FakeApplication orders) throws InterruptedException {
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(ofHours(2));
    assertThat(engine.switchover(orders.plan(), Declaration.of("ann")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
    cloud.time().advance(ofHours(3));
  }

  @ParameterizedTest
  @EnumSource(
      value = DrStrategy.class,
      names = {"PILOT_LIGHT", "WARM_STANDBY", "MULTI_SITE"})
  void aFailbackReturnsTheWorkloadWithoutLoss(DrStrategy strategy) throws Exception {
    FakeApplication orders = switchedOver(strategy);
    RunReport report = engine.failback(orders.plan(), Declaration.of("ann")).await();

    assertThat(report.problems()).isEmpty();
    assertThat(report.mode()).isEqualTo(RunMode.FAILBACK);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.direction().to()).isEqualTo(orders.primary());
    assertThat(report.rpo()).contains(Duration.ZERO);
    assertThat(report.rtoMet()).isTrue();
    assertThat(orders.service().level()).isEqualTo(1);
    assertThat(Invariants.broken(orders, reports(orders))).isEmpty();
  }

  @Test
  void theFencesThatAreOwedComeFirstAndWhatTheOldSiteHeldIsKept() throws Exception {
    FakeApplication orders = failedOver(DrStrategy.WARM_STANDBY);
    assertThat(engine.reports("orders").get(1).exposed()).anyMatch(line -> line.contains("owed"));
    cloud.heal(orders.primary());

    RunReport report = engine.failback(orders.plan(), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    RunReport.StepReport hold = report.steps().get(0);
    assertThat(hold.name()).startsWith("hold ");
    assertThat(hold.requests()).isEqualTo(1);
    RunReport.StepReport kept = report.step("retire orders-db");
    assertThat(kept.startedAt().orElseThrow()).isAfterOrEqualTo(hold.endedAt().orElseThrow());
    assertThat(kept.evidence().facts()).containsValue("orders-db-left-1");
  }

  @Test
  void aWorkloadThatWasMovedIsExposedUntilCopiesFlowAgain() throws Exception {
    FakeApplication orders = switchedOver(DrStrategy.WARM_STANDBY);
    RunReport moved = reports(orders).get(1);
    assertThat(moved.exposed()).anyMatch(line -> line.contains("no copies of"));
    assertThat(moved.exposedSince()).contains(moved.startedAt());

    RunReport prepared = engine.prepare(orders.plan(), "bob").await();

    assertThat(prepared.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(prepared.direction()).isEqualTo(moved.direction().reversed());
    assertThat(reports(orders).get(1).exposed()).isEmpty();
    assertThat(reports(orders).get(1).exposedSince()).isEmpty();
  }

  @Test
  void nobodyMovesToASiteWhoseDataIsFromBeforeItWasLeft() throws Exception {
    FakeApplication orders = switchedOver(DrStrategy.WARM_STANDBY);
    assertThatThrownBy(() -> engine.failover(orders.plan(), Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is from before the workload left it");
    assertThatThrownBy(() -> engine.switchover(orders.plan(), Declaration.of("ann")))
        .isInstanceOf(RefusedException.class);

    engine.prepare(orders.plan(), "bob").await();
    cloud.time().advance(ofMinutes(10));
    assertThat(engine.switchover(orders.plan(), Declaration.of("ann")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(Invariants.broken(orders, reports(orders))).isEmpty();
  }

  @Test
  void aDisasterWhereTheWorkloadIsNowIsFailedOverFrom() throws Exception {
    FakeApplication orders = switchedOver(DrStrategy.WARM_STANDBY);
    engine.prepare(orders.plan(), "bob").await();
    cloud.time().advance(ofHours(1));
    Site recovery = reports(orders).get(1).direction().to();
    cloud.strike(Disaster.loss(recovery));
    Instant struck = cloud.time().now();
    cloud.time().advance(ofMinutes(1));

    RunReport report = engine
        .failover(orders.plan(), Declaration.of("ann").lost(recovery).since(struck))
        .await();

    assertThat(report.direction().to()).isEqualTo(orders.primary());
    assertThat(report.rto().recovered()).isTrue();
    assertThat(Invariants.broken(orders, reports(orders))).isEmpty();
  }

  @Test
  void copiesThatBreakBeginTheirStabilityAnew() throws Exception {
    FakeApplication orders = failedOver(DrStrategy.WARM_STANDBY);
    cloud.heal(orders.primary());
    DrRun run = engine.failback(orders.plan(), Declaration.of("ann"));
    while (run.report().step("stay in sync").status() != StepStatus.RUNNING) {
      cloud.time().advance(ofSeconds(10));
    }
    Instant began = cloud.time().now();
    cloud.time().advance(ofMinutes(14));
    cloud.strike(Disaster.loss(orders.primary()));
    cloud.time().advance(ofMinutes(2));
    cloud.heal(orders.primary());
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Duration.between(began, report.step("stay in sync").endedAt().orElseThrow()))
        .isGreaterThan(ofMinutes(14 + 2 + 15));
    assertThat(report.rto().elapsed()).isLessThan(ofMinutes(15));
  }

  @Test
  void theConsentToGoBackIsAskedForWhenTheCopiesHaveStood() throws Exception {
    FakeApplication orders = FakeApplication.orders(
        cloud,
        DrStrategy.WARM_STANDBY,
        plan -> plan.failback(Failback.standard()
            .stableFor(ofMinutes(5))
            .approval(Approval.by("database owners", 1))));
    switchOver(orders);
    DrRun run = engine.failback(orders.plan(), Declaration.of("ann"));
    assertThat(run.approvals()).isEmpty();
    cloud.time().advance(ofHours(6));

    assertThat(run.approvals()).hasSize(1);
    assertThat(run.report().step("stay in sync").status()).isEqualTo(StepStatus.REACHED);
    assertThat(orders.service().level()).isEqualTo(1);
    run.approve(run.approvals().get(0), Instruction.by("bob"));
    RunReport report = run.await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.rtoMet()).isTrue();
  }

  @Test
  void aFailbackWhoseMoveFailsIsRolledBackAndItsCopiesStay() throws Exception {
    FakeApplication orders = switchedOver(DrStrategy.WARM_STANDBY);
    DrRun run = engine.failback(orders.plan(), Declaration.of("ann"));
    while (run.report().step("stay in sync").status() != StepStatus.RUNNING) {
      cloud.time().advance(ofSeconds(10));
    }
    orders.datasets().get(0).asynchronous(ofHours(3));
    RunReport failed = run.await();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);

    List<RunReport> reports = reports(orders);
    RunReport back = reports.get(reports.size() - 1);
    assertThat(failed.rolledBackBy()).contains(back.run());
    assertThat(back.steps()).allMatch(step -> step.name().startsWith("undo "));
    cloud.time().advance(ofMinutes(5));
    assertThat(orders.service().level()).isEqualTo(1);
    orders.datasets().get(0).asynchronous(ofSeconds(2));
    assertThat(engine.failback(orders.plan(), Declaration.of("ann")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(Invariants.broken(orders, reports(orders))).isEmpty();
  }

  @Test
  void aFailbackThatDiedIsResumed() throws Exception {
    FakeApplication orders = switchedOver(DrStrategy.WARM_STANDBY);
    DrRun run = engine.failback(orders.plan(), Declaration.of("ann"));
    while (run.report().step("stay in sync").status() != StepStatus.RUNNING) {
      cloud.time().advance(ofSeconds(10));
    }
    engine.close();

    RunReport report = engine().resume(orders.plan(), "bob", List.of()).await();

    assertThat(report.mode()).isEqualTo(RunMode.FAILBACK);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void thereIsNoWayBackFromHome() {
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.WARM_STANDBY);
    assertThatThrownBy(() -> engine.failback(orders.plan(), Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("there is no way back");
  }
}
