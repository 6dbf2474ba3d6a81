package io.drkit.testkit;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Finding;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.testkit.junit.GameDay;
import io.drkit.testkit.junit.GameDayDisaster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The white paper's four strategies, each against what can go wrong (WP-40 to WP-43, WP-60). */
class StrategyGameDayTest {

  @GameDay(seeds = 10)
  void losingThePrimaryRegionStaysWithinTheObjective(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report).metItsObjective().isExposed();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.step("stop the writers of orders-db").status()).isEqualTo(StepStatus.OWED);
    assertThat(orders.service().level()).isEqualTo(1);
  }

  @GameDay(disaster = GameDayDisaster.ON_PREMISES_LOSS, seeds = 5)
  void losingTheHeadOfficeStaysWithinTheObjective(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report).metItsObjective();
    assertThat(report.direction().from()).isEqualTo(Site.onPremises("head-office"));
  }

  @GameDay(disaster = GameDayDisaster.MACHINE_LOSS, seeds = 5)
  void losingTheMachinesAloneLeavesNothingOwed(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report).metItsObjective();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.step("stop the writers of orders-db").status()).isEqualTo(StepStatus.REACHED);
  }

  @GameDay(disaster = GameDayDisaster.ZONE_LOSS, seeds = 5)
  void losingAZoneNeedsNoFailoverAndLosesNothing(FakeApplication orders, VirtualTime time) {
    Instant struck = time.now();
    time.advance(ofMinutes(30));

    assertThat(orders.service().level()).isEqualTo(1);
    assertThat(orders.cloud().truth().outages("orders", 1))
        .containsExactly(new Span(struck, struck.plusSeconds(60)));
    assertThat(orders.cloud().truth().losses("orders-db")).isEmpty();
  }

  @GameDay(disaster = GameDayDisaster.CONTROL_PLANE_LOSS)
  void losingTheControlPlanesLeavesTheServiceAlone(FakeApplication orders, VirtualTime time) {
    time.advance(ofMinutes(30));

    assertThat(orders.cloud().truth().outages("orders", 1)).isEmpty();
  }

  @GameDay(
      disaster = {
        GameDayDisaster.DISASTER_DURING_THE_RECOVERY,
        GameDayDisaster.PARTITION,
        GameDayDisaster.HALF_OPEN,
        GameDayDisaster.SLOW_DISK,
        GameDayDisaster.CLOCK_JUMP
      },
      seeds = 2)
  void whateverHappensToNetworksAndHostsARunEndsAndFlattersNobody(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofSeconds(30));

    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report.endedAt()).isPresent();
  }

  @GameDay(disaster = GameDayDisaster.CLOCK_JUMP, seeds = 4)
  void aClockThatIsAnHourWrongWhenAFailoverIsDeclaredShortensNoOutage(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofMinutes(9));
    Declaration declaration = orders.declaration("on-call");
    boolean back =
        orders.cloud().host("runner").time().now().isBefore(declaration.since().orElseThrow());

    if (back) {
      assertThatThrownBy(() -> engine.failover(orders.plan(), declaration))
          .hasMessageContaining("is in the future");
    } else {
      assertThat(engine.failover(orders.plan(), declaration).await().rto().elapsed())
          .isGreaterThan(ofMinutes(69));
    }
  }

  @GameDay(disaster = GameDayDisaster.DNS_LOSS)
  void usersAreNotSentOverWhileDnsCannotBeChanged(
      FakeApplication orders, FakeCloud cloud, DrEngine engine, VirtualTime time)
      throws InterruptedException {
    cloud.strike(Disaster.loss(orders.primary()));
    time.advance(ofSeconds(30));

    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.rto().recovered()).isFalse();
    assertThat(report.step("promote orders-db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(orders.service().level()).isLessThan(1);
  }

  @GameDay(disaster = GameDayDisaster.NONE)
  void aDisruptionThatBeganDuringAnOutageBeganWithTheOutage(
      FakeApplication orders, FakeCloud cloud, VirtualTime time) {
    Instant began = time.now();
    cloud.strike(
        Disaster.linkLoss(orders.primary()).lasting(ofMinutes(21)),
        Disaster.controlPlaneLoss(orders.primary()).after(ofMinutes(13)));
    time.advance(ofMinutes(40));

    assertThat(orders.service().level()).as("users are served again").isEqualTo(1);
    assertThat(orders.declaration("on-call").since()).contains(began);
  }

  @GameDay(disaster = GameDayDisaster.RECOVERY_REGION_LOSS)
  void losingTheRecoveryRegionLeavesTheServiceToItsPrimaryOne(
      FakeApplication orders, VirtualTime time) {
    time.advance(ofMinutes(30));

    double users = orders.strategy() == DrStrategy.MULTI_SITE ? 0.75 : 1;
    assertThat(orders.service().level()).isEqualTo(users);
  }

  @GameDay(disaster = GameDayDisaster.FLAPPING)
  void aRegionThatComesAndGoesServesNobodyBeforeItStays(FakeApplication orders, VirtualTime time) {
    time.advance(ofMinutes(30));

    assertThat(orders.service().level()).isEqualTo(1);
    assertThat(orders.cloud().truth().outages("orders", 1))
        .singleElement()
        .extracting(Span::length)
        .as("five losses, four returns that are too short to boot a server, and a last boot")
        .isEqualTo(ofMinutes(5 * 3 + 4 * 2 + 2));
  }

  @GameDay(disaster = GameDayDisaster.FLAPPING)
  void aRegionThatComesAndGoesIsLeftForGood(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofMinutes(1));

    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();
    time.advance(ofMinutes(30));

    assertThat(report).reached("take the write lease of orders-db", "an order can be placed");
    assertThat(orders.service().level()).isEqualTo(1);
  }

  @GameDay(disaster = GameDayDisaster.NONE, seeds = 5)
  void aFailoverFromAHealthySiteFencesItsWritersFirst(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report = engine.failover(orders.plan(), Declaration.of("drill")).await();

    assertThat(report).metItsObjective();
    assertThat(report.exposed())
        .singleElement()
        .asString()
        .startsWith("no copies of [orders-db, receipts] flow from");
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @GameDay(strategy = DrStrategy.WARM_STANDBY, seeds = 5)
  void timeThatIsSpentOnNoticingAndDecidingCounts(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofMinutes(9));

    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report).lostAtMost(orders.plan().objective().rpo());
    assertThat(report.rtoMet()).isFalse();
    assertThat(report.rto().elapsed()).isGreaterThan(ofMinutes(10));
    assertThat(report.problems()).first().asString().contains("the RTO of PT10M was missed");
  }

  @GameDay
  void aReportOverstatesTheOutageByNoMoreThanTwoLooks(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    Duration truth = orders.cloud().truth().outages("orders", 1).get(0).length();
    assertThat(report.rto().elapsed()).isBetween(truth, truth.plusSeconds(13));
  }

  @GameDay
  void aReportOverstatesTheLossByNoMoreThanASecond(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    for (RunReport.DataLoss loss : report.losses()) {
      Duration truth = orders.cloud().truth().losses(loss.dataset()).get(0).length();
      assertThat(loss.length().orElseThrow()).isBetween(truth, truth.plusSeconds(1));
    }
  }

  @GameDay
  void noKeyPointOfThePaperIsLeftOpenAndThePlanSurvivesTheLossOfItsRegion(
      FakeApplication orders, DrEngine engine, DrPlan plan) {
    assertThat(plan.openKeyPoints()).isEmpty();
    assertThat(engine.assess(plan, Disaster.loss(orders.primary())).sound()).isTrue();
    assertThat(engine.assess(plan, Disaster.loss(orders.primary())).findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
        .extracting(Finding::subject)
        .containsOnly("stop the writers of orders-db", "stop the writers of receipts");
  }

  @GameDay
  void aLostSiteThatNobodyDeclaresLostIsNeverPromotedOver(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    RunReport report = engine.failover(orders.plan(), Declaration.of("on-call")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("promote orders-db").status()).isEqualTo(StepStatus.WAITING);
    assertThat(orders.cloud().truth().losses("orders-db")).isEmpty();

    DrRun run = engine.resume(orders.plan(), "on-call", List.of(orders.primary()));
    // It may have written until now, for all that was said.
    time.advance(ofSeconds(20));
    run.approvals().forEach(asked -> run.approve(asked, Instruction.by("data owner")));
    RunReport resumed = run.await();

    assertThat(resumed).reached("promote orders-db", "an order can be placed");
  }

  @GameDay(disaster = GameDayDisaster.NONE)
  void whatWasPreparedIsNotPreparedAgain(FakeApplication orders, DrEngine engine)
      throws InterruptedException {
    RunReport report = engine.prepare(orders.plan(), "deploy").await();

    assertThat(report.mode()).isEqualTo(RunMode.PREPARE);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.steps()).allMatch(step -> step.requests() == 0);
  }
}
