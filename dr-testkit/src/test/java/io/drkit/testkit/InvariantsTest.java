package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each invariant is seen to be broken: a check that cannot fail proves nothing. */
class InvariantsTest {
  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.WARM_STANDBY);
  private final DrEngine engine = DrEngine.builder()
      .journal(Journal.inMemory())
      .leases(LeaseStore.inMemory())
      .time(cloud.time())
      .build();

  @BeforeEach
  void prepare() throws InterruptedException {
    engine.prepare(orders.plan(), "test").await();
    cloud.time().advance(ofMinutes(10));
    cloud.strike(Disaster.loss(orders.primary()));
    cloud.time().advance(ofMinutes(1));
  }

  private List<String> broken() {
    return Invariants.broken(orders, engine.reports("orders"));
  }

  private RunReport failover() throws InterruptedException {
    return engine.failover(orders.plan(), orders.declaration("test")).await();
  }

  @Test
  void anHonestRunBreaksNothing() throws InterruptedException {
    failover();

    assertThat(broken()).isEmpty();
  }

  @Test
  void aRunThatHasNotEndedIsFound() {
    engine.failover(orders.plan(), orders.declaration("test"));

    assertThat(broken()).singleElement().asString().contains("has not ended; await it");
  }

  @Test
  void aPrimaryThatComesBackUnfencedIsFound() throws InterruptedException {
    failover();
    cloud.heal(orders.primary());
    cloud.time().advance(ofMinutes(1));

    assertThat(broken())
        .anySatisfy(sentence -> assertThat(sentence)
            .startsWith("split brain: orders-db could be written in two places from")
            .endsWith("for PT1M"));
  }

  @Test
  void aDisruptionThatIsDeclaredTooLateIsFound() throws InterruptedException {
    engine
        .failover(
            orders.plan(),
            Declaration.of("test")
                .lost(orders.primary())
                .since(cloud.time().now().minus(ofSeconds(10)))
                .acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(broken())
        .singleElement()
        .asString()
        .contains("reports an outage of")
        .contains("but users were without service for");
  }

  @Test
  void aReportThatSaysThatItCountsFromTheDeclarationIsHonest() throws InterruptedException {
    RunReport report = engine
        .failover(orders.plan(), Declaration.of("test").lost(orders.primary()))
        .await();

    assertThat(report.rto().countedFromDeclaration()).isTrue();
    assertThat(broken()).noneMatch(sentence -> sentence.contains("outage"));
  }

  @Test
  void aReportOfLessLossThanThereWasIsFound() throws InterruptedException {
    RunReport report = failover();

    assertThat(Invariants.broken(orders, List.of(with(report, flattering(report)))))
        .hasSize(2)
        .allSatisfy(sentence ->
            assertThat(sentence).contains("reports a loss of PT0.001S of").contains("were lost"));
  }

  @Test
  void aReportThatSaysUntilWhenItCountsIsHeldToNoMoreThanThat() throws InterruptedException {
    RunReport report = failover();
    Duration some = Duration.ofMillis(1);

    assertThat(Invariants.broken(orders, List.of(with(report, countedFor(report, some, some)))))
        .isEmpty();
    assertThat(Invariants.broken(
            orders, List.of(with(report, countedFor(report, some.minusNanos(1), some)))))
        .hasSize(2)
        .allSatisfy(sentence -> assertThat(sentence)
            .contains("reports a loss of PT0.000999999S of", "PT0.001S were lost"));
  }

  @Test
  void aLossThatAReportLeavesOutIsFound() throws InterruptedException {
    RunReport report = failover();

    assertThat(Invariants.broken(orders, List.of(with(report, List.of()))))
        .hasSize(2)
        .allSatisfy(
            sentence -> assertThat(sentence).contains("says nothing of a loss of", "were lost"));
  }

  @Test
  void aPlannedMoveIsHeldAgainstWhatItLost() throws InterruptedException {
    RunReport report = failover();
    RunReport planned = with(report, RunMode.SWITCHOVER, report.declaration(), flattering(report));

    assertThat(Invariants.broken(orders, List.of(planned)))
        .hasSize(2)
        .allSatisfy(sentence -> assertThat(sentence).contains("reports a loss of PT0.001S of"));
  }

  @Test
  void whatARunLostIsFoundWhateverItsClockShows() throws InterruptedException {
    FakeHost runner = cloud.addHost("runner").skew(Duration.ofHours(3));
    DrEngine ahead = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(runner.time())
        .build();
    RunReport report = ahead.failover(orders.plan(), orders.declaration("test")).await();

    assertThat(Invariants.broken(orders, List.of(with(report, flattering(report)))))
        .filteredOn(sentence -> sentence.contains("reports a loss of PT0.001S of"))
        .hasSize(2);
  }

  @Test
  void aReturnToWhatWasLeftIsHeldAgainstWhatOnlyTheOtherSideHolds() throws InterruptedException {
    failover();
    cloud.heal(orders.primary());
    cloud.time().advance(Duration.ofHours(1));
    cloud.strike(Disaster.loss(orders.recovery()));
    Instant struck = cloud.time().now();
    cloud.time().advance(ofMinutes(1));
    RunReport back = engine
        .failover(
            orders.plan(),
            Declaration.of("test")
                .lost(orders.recovery())
                .since(struck)
                .acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(back.rto().recovered()).isTrue();
    assertThat(back.losses()).hasSize(2).allMatch(loss -> loss.length().isEmpty());
    assertThat(Invariants.broken(orders, List.of(back)))
        .as("it says that nobody knows")
        .noneMatch(sentence -> sentence.contains("loss"));
    assertThat(Invariants.broken(orders, List.of(with(back, flattering(back)))))
        .filteredOn(sentence -> sentence.contains("reports a loss of PT0.001S of"))
        .hasSize(2)
        .allMatch(sentence -> sentence.matches(".*, but PT(59|1H).* were lost"));
  }

  private static List<RunReport.DataLoss> flattering(RunReport report) {
    return report.losses().stream()
        .map(loss -> new RunReport.DataLoss(
            loss.dataset(),
            loss.recoveryPoint(),
            true,
            Optional.of(Duration.ofMillis(1)),
            Optional.empty()))
        .toList();
  }

  @Test
  void aDatasetThatWasAddedToTheCloudIsWatchedAsWell() throws Exception {
    FakeDataset more = cloud.addDataset("invoices", orders.primary());
    cloud.heal(orders.primary());
    cloud.time().advance(ofMinutes(1));
    FakeContext context = FakeContext.of(cloud.time(), orders.primary(), orders.recovery());
    context.bringAbout(more.replicator().established());
    context.bringAbout(more.replicator().promoted());
    cloud.time().advance(ofMinutes(1));

    assertThat(broken()).singleElement().asString().startsWith("split brain: invoices");
  }

  private List<RunReport.DataLoss> countedFor(
      RunReport report, Duration told, Duration silentAfter) {
    return report.losses().stream()
        .map(loss -> new RunReport.DataLoss(
            loss.dataset(),
            loss.recoveryPoint(),
            true,
            Optional.of(told),
            Optional.of(
                cloud.truth().losses(loss.dataset()).get(0).completeUntil().plus(silentAfter))))
        .toList();
  }

  @Test
  void aPromotionOfMoreThanWasToBeRecoveredIsFound() throws InterruptedException {
    RunReport report = failover();
    Instant held = cloud.truth().losses("receipts").get(0).completeUntil();

    assertThat(Invariants.broken(orders, List.of(recoveringTo(report, held.minusNanos(1)))))
        .hasSize(2)
        .anySatisfy(sentence -> assertThat(sentence)
            .contains("was to recover to " + held.minusNanos(1))
            .endsWith("but promoted what receipts held at " + held));
    Instant newest = cloud.truth().losses("orders-db").get(0).completeUntil();
    assertThat(Invariants.broken(orders, List.of(recoveringTo(report, newest)))).isEmpty();
  }

  @Test
  void aServiceLevelThatNobodyHadIsFound() throws InterruptedException {
    FakeCloud other = FakeCloud.builder().seed(7).build();
    FakeApplication shop = FakeApplication.orders(
        other,
        DrStrategy.WARM_STANDBY,
        plan -> plan.verify(
            "somebody says so",
            FailoverAction.check(
                "all users are served",
                context -> Progress.reached(Evidence.none().serviceLevel(1)))));
    try (DrEngine own = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(other.time())
        .build()) {
      own.prepare(shop.plan(), "test").await();
      other.strike(Disaster.loss(shop.primary()));
      other.time().advance(ofMinutes(1));
      own.failover(shop.plan(), shop.declaration("test")).await();

      assertThat(Invariants.broken(shop, own.reports("orders")))
          .singleElement()
          .asString()
          .contains("measured a service level of 1.0 by 'somebody says so'", "served less from");
    }
  }

  private static RunReport recoveringTo(RunReport report, Instant instant) {
    return with(report, report.mode(), report.declaration().recoverTo(instant), report.losses());
  }

  private static RunReport with(RunReport report, List<RunReport.DataLoss> losses) {
    return with(report, report.mode(), report.declaration(), losses);
  }

  private static RunReport with(
      RunReport report, RunMode mode, Declaration declaration, List<RunReport.DataLoss> losses) {
    return new RunReport(
        report.plan(),
        report.run(),
        mode,
        report.strategy(),
        report.direction(),
        report.outcome(),
        report.objective(),
        declaration,
        report.startedAt(),
        report.endedAt(),
        report.asOf(),
        report.standing(),
        report.rto(),
        losses,
        report.serviceLevel(),
        report.steps(),
        report.exposed(),
        report.exposedSince(),
        report.problems(),
        report.fingerprint(),
        Optional.empty(),
        report.children());
  }
}
