package io.drkit.testkit;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Finding;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.junit.GameDay;
import io.drkit.testkit.junit.GameDayDisaster;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Data that goes bad and is copied as it is, and copies that rot (WP-60 c and d; reliability.md D9, D10). */
class CorruptionTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final FakeDataset db = cloud.addDataset("db", EAST).seedingTime(ofMinutes(5));
  private final FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);

  @GameDay(
      disaster = {GameDayDisaster.VIRUS, GameDayDisaster.USER_ERROR},
      seeds = 10)
  void dataIsRecoveredToTheInstantBeforeItWentBad(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    Instant struck = time.now();
    time.advance(ofMinutes(20));
    assertThat(orders.service().level()).isZero();
    Declaration truth = orders.declaration("on-call").acceptLoss("orders-db", "receipts");

    RunReport report = engine.failover(orders.plan(), truth).await();

    assertThat(truth.recoverTo()).contains(struck);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report).recoveredWithin(ofHours(4));
    assertThat(report.losses()).hasSize(2).allSatisfy(loss -> {
      assertThat(loss.promoted()).isTrue();
      assertThat(loss.recoveryPoint().completeUntil().orElseThrow()).isBeforeOrEqualTo(struck);
      if (orders.strategy() != DrStrategy.BACKUP_AND_RESTORE) {
        assertThat(loss.recoveryPoint().completeUntil().orElseThrow())
            .isAfter(struck.minusSeconds(1));
      }
      CloudTruth.Loss really = orders.cloud().truth().losses(loss.dataset()).get(0);
      assertThat(loss.length().orElseThrow())
          .isBetween(really.length(), really.length().plusSeconds(2))
          .as("what was written while it was bad is lost, too")
          .isGreaterThan(ofMinutes(20));
    });
    assertThat(orders.cloud().truth().corrupted("orders-db")).singleElement().satisfies(bad -> {
      assertThat(bad.from()).isEqualTo(struck);
      assertThat(bad.until()).isBefore(report.endedAt().orElseThrow());
    });
  }

  @GameDay(disaster = GameDayDisaster.VIRUS, seeds = 3)
  void movingAwayAloneBringsTheDamageAlong(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    Instant struck = time.now();
    // Until there is a backup of it.
    time.advance(ofHours(2));

    RunReport report = engine
        .failover(
            orders.plan(),
            Declaration.of("on-call").since(struck).acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("promote orders-db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.step("an order can be placed").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.rto().recovered()).isFalse();
    Instant now = time.now();
    assertThat(orders.cloud().truth().corrupted("orders-db"))
        .last()
        .satisfies(bad -> assertThat(bad.until()).isEqualTo(now));
    assertThat(orders.service().level()).isZero();
  }

  @GameDay(disaster = GameDayDisaster.LINK_LOSS, seeds = 3)
  void writersThatNobodyReachesStopByThemselves(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofSeconds(30));

    RunReport report = engine
        .failover(orders.plan(), orders.declaration("on-call").acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(report).reached("take the write lease of orders-db", "an order can be placed");
  }

  @GameDay(
      disaster = {
        GameDayDisaster.CORRUPT_REPLICA,
        GameDayDisaster.REPLICATION_STALL,
        GameDayDisaster.THROTTLING,
        GameDayDisaster.NO_CAPACITY,
        GameDayDisaster.SLOWNESS,
        GameDayDisaster.DNS_LOSS,
        GameDayDisaster.EXPIRED_CREDENTIALS
      })
  void whatGoesWrongUnseenLeavesTheServiceAlone(FakeApplication orders, VirtualTime time) {
    time.advance(ofMinutes(30));

    assertThat(orders.cloud().truth().outages("orders", 1)).isEmpty();
  }

  @GameDay(disaster = GameDayDisaster.CORRUPT_REPLICA)
  void aDamagedCopyIsFoundWhenItIsUsed(FakeApplication orders, DrEngine engine, VirtualTime time)
      throws InterruptedException {
    Instant struck = time.now();
    time.advance(ofMinutes(1));

    RunReport report = engine
        .failover(orders.plan(), Declaration.of("drill").acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("an order can be placed").status()).isEqualTo(StepStatus.FAILED);
    assertThat(orders.cloud().truth().corrupted("orders-db"))
        .as("since %s", struck)
        .isNotEmpty();
    assertThat(orders.cloud().truth().corrupted("receipts")).isEmpty();
  }

  @GameDay(
      strategy = {DrStrategy.PILOT_LIGHT, DrStrategy.WARM_STANDBY, DrStrategy.MULTI_SITE},
      disaster = GameDayDisaster.CORRUPT_REPLICA)
  void whatADamagedCopyKeptFromBeforeIsGood(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    Instant struck = time.now();
    time.advance(ofMinutes(1));

    RunReport report = engine
        .failover(
            orders.plan(),
            Declaration.of("drill").recoverTo(struck).acceptLoss("orders-db", "receipts"))
        .await();

    assertThat(report).reached("an order can be placed");
  }

  private Progress promotion() throws Exception {
    return db.replicator().promoted().observe(context);
  }

  private Optional<Instant> pointFor(Instant wanted) throws Exception {
    context.recoverTo(wanted);
    return promotion() instanceof Progress.Pending pending
        ? pending.before().recoveryPoint().flatMap(RecoveryPoint::completeUntil)
        : Optional.empty();
  }

  @Test
  void aReplicaIsRecoveredToTheVeryInstantAsFarBackAsItKeeps() throws Exception {
    db.asynchronous(ofSeconds(2));
    db.replicator().established().apply(context);
    cloud.time().advance(ofHours(3));
    Instant now = cloud.time().now();
    assertThat(db.replicator().recoversToPointInTime()).isFalse();
    db.keeps(ofHours(1));

    assertThat(db.replicator().recoversToPointInTime()).isTrue();
    assertThat(pointFor(now.minus(ofMinutes(30)))).contains(second(now.minus(ofMinutes(30))));
    assertThat(pointFor(now).orElseThrow())
        .as("what has not arrived yet")
        .isBetween(now.minusSeconds(4), now.minusSeconds(2));
    assertThat(pointFor(now.minus(ofMinutes(59)))).isPresent();
    assertThat(pointFor(now.minus(ofMinutes(61)))).isEmpty();
    assertThat(((Progress.Blocked) promotion()).reason())
        .isEqualTo(
            "no state of db from " + now.minus(ofMinutes(61)) + " or before is kept in us-west-2");
    db.keeps(ofDays(1));
    assertThat(pointFor(now.minus(ofHours(2)))).isPresent();
    assertThat(pointFor(now.minus(ofHours(3)).plus(ofMinutes(4))))
        .as("from before the first whole copy")
        .isEmpty();
  }

  private static Instant second(Instant instant) {
    return Instant.ofEpochSecond(instant.getEpochSecond());
  }

  @Test
  void aBackupIsTakenThatBeganNoLaterThanTheInstant() throws Exception {
    db.periodic(ofHours(1));
    db.replicator().established().apply(context);
    Instant first = cloud.time().now();
    cloud.time().advance(ofHours(3).plus(ofMinutes(10)));

    assertThat(pointFor(first.plus(ofMinutes(150))).orElseThrow())
        .isBetween(first.plus(ofHours(2)).minusSeconds(1), first.plus(ofHours(2)));
    assertThat(pointFor(first.plus(ofMinutes(59))).orElseThrow())
        .isBetween(first.minusSeconds(1), first);
    assertThat(pointFor(first.minusSeconds(10))).isEmpty();
  }

  @Test
  void aPlanWhoseCopiesAreAlwaysTheNewestSurvivesNoVirus() {
    FakeCloud another = FakeCloud.builder().build();
    FakeApplication orders = FakeApplication.orders(another, DrStrategy.PILOT_LIGHT);
    DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(another.time())
        .build();
    Disaster virus = Disaster.corruption("orders-db", "receipts");
    assertThat(engine.assess(orders.plan(), virus).sound()).isTrue();

    FakeDataset plain = another.addDataset("plain", EAST);
    DrPlanBuilder plan = DrPlan.builder("plain")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(EAST)
        .recovery(WEST)
        .objective(orders.plan().objective())
        .replicator(plain.replicator())
        .waive(KeyPoint.WARM_STANDBY_MINIMAL_FOOTPRINT, "not what the test is about")
        .fence("stop the writers", plain.fenced())
        .promoteReplicas()
        .provision("web", orders.web().count(4))
        .redirect("users", orders.traffic().allTraffic());

    assertThat(engine.assess(plan.build(), Disaster.corruption("plain")).findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.subject()).isEqualTo("plain");
          assertThat(finding.sentence())
              .isEqualTo("its replicator knows only the newest state, which the corruption of plain"
                  + " spoils; use one that keeps earlier states (recoversToPointInTime)");
        });
    assertThat(
            engine.assess(plan.build(), Disaster.corruptReplica("plain", WEST)).sound())
        .isFalse();
    assertThat(
            engine.assess(plan.build(), Disaster.corruptReplica("plain", EAST)).sound())
        .isTrue();
  }

  @Test
  void whatIsNotThereCannotGoBad() {
    assertThatThrownBy(() -> cloud.strike(Disaster.corruption("db", "files")))
        .hasMessageContaining("no dataset 'files'");
    assertThatThrownBy(() -> cloud.strike(Disaster.corruptReplica("files", WEST)))
        .hasMessageContaining("no dataset 'files'");
    assertThatThrownBy(() -> cloud.strike(Disaster.corruptReplica("db", Site.region("eu-west-1"))))
        .hasMessageContaining("no site eu-west-1");
    assertThatThrownBy(() -> Disaster.corruption("db", " "))
        .hasMessageContaining("name the datasets that go bad");
    assertThat(List.of(
            Disaster.corruption("db", "files").toString(),
            Disaster.corruptReplica("db", WEST).toString()))
        .containsExactly("corruption of db and files", "damage of the copy of db in us-west-2");
  }
}
