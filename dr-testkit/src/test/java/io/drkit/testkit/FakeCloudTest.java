package io.drkit.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.drkit.Direction;
import io.drkit.Disaster;
import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationStatus;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeCloudTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final VirtualTime time = VirtualTime.create();
  private final FakeCloud cloud = FakeCloud.builder()
      .seed(7)
      .time(time)
      .region("us-east-1")
      .region("us-west-2")
      .onPremises("head-office")
      .whenLost(FakeCloud.WhenLost.REFUSE)
      .build();
  private final FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(4));
  private final FakeServers web = cloud.addServers("orders-web", EAST, 1);
  private final FakeTraffic traffic = cloud.addTraffic("orders.example.com", EAST);
  private final FakeService orders = cloud.addService("orders", traffic, web, db);
  private final FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);

  private Progress reach(FailoverAction action) throws Exception {
    return new Patience(time, context).reach(action);
  }

  private static RecoveryPoint pointOf(Progress progress) {
    return ((Progress.Reached) progress).evidence().recoveryPoint().orElseThrow();
  }

  @Test
  void servesAndWritesWhileNothingIsWrong() {
    time.advance(ofMinutes(10));

    assertThat(orders.level()).isEqualTo(1);
    assertThat(cloud.truth().serviceLevel("orders")).isEqualTo(1);
    assertThat(cloud.truth().acknowledgedWrites("orders-db")).isEqualTo(6000);
    assertThat(cloud.truth().outages("orders", 1)).isEmpty();
  }

  @Test
  void aLostRegionStopsServersAndWrites() {
    cloud.strike(Disaster.loss(EAST).after(ofMinutes(1)));

    time.advance(ofMinutes(3));

    Instant struck = cloud.start().plus(ofMinutes(1));
    assertThat(cloud.truth().acknowledgedWrites("orders-db")).isEqualTo(600);
    assertThat(cloud.truth().outages("orders", 1)).containsExactly(new Span(struck, time.now()));
    assertThat(web.serving(EAST)).isZero();
  }

  @Test
  void aHealedRegionBootsItsServersAndGoesOnWriting() {
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofMinutes(1));
    cloud.heal(EAST);
    time.advance(ofMinutes(5));

    assertThat(cloud.truth().outages("orders", 1))
        .containsExactly(new Span(cloud.start(), cloud.start().plus(ofMinutes(3))));
  }

  @Test
  void anAsynchronousCopyLosesAtLeastItsLagAndAtMostHalfAsMuchAgain() throws Exception {
    reach(db.replicator().established());
    cloud.strike(Disaster.loss(EAST).after(ofMinutes(1)));
    time.advance(ofMinutes(2));

    RecoveryPoint point = pointOf(reach(db.replicator().promoted()));

    CloudTruth.Loss loss = cloud.truth().losses("orders-db").get(0);
    assertThat(loss.length()).isBetween(ofSeconds(4), ofSeconds(6));
    assertThat(loss.writes()).isEqualTo(Math.round(loss.length().toNanos() / 1e8));
    assertThat(point.completeUntil().orElseThrow()).isBeforeOrEqualTo(loss.completeUntil());
    assertThat(cloud.truth().splitBrains("orders-db")).isEmpty();
  }

  @Test
  void aSynchronousCopyLosesNothing() throws Exception {
    db.synchronous();
    reach(db.replicator().established());
    cloud.strike(Disaster.loss(EAST).after(ofMinutes(1)));
    time.advance(ofMinutes(2));

    reach(db.replicator().promoted());

    assertThat(cloud.truth().losses("orders-db").get(0).length()).isZero();
    assertThat(cloud.truth().losses("orders-db").get(0).writes()).isZero();
  }

  @Test
  void aBackupHoldsWhatWasWrittenBeforeItBeganOnceItIsComplete() throws Exception {
    db.periodic(ofMinutes(60)).seedingTime(ofMinutes(5));
    Instant established = time.now();
    reach(db.replicator().established());
    // The second backup, begun after an hour, is torn off in its third minute.
    cloud.strike(
        Disaster.loss(EAST).after(Duration.between(time.now(), established.plus(ofMinutes(63)))));
    time.advance(ofMinutes(90));

    reach(db.replicator().promoted());

    CloudTruth.Loss loss = cloud.truth().losses("orders-db").get(0);
    assertThat(loss.completeUntil()).isBetween(established, established.plusSeconds(1));
    assertThat(loss.length()).isBetween(ofMinutes(62), ofMinutes(63));
  }

  @Test
  void aBackupThatWasInterruptedIsWorthNothingEvenIfTheSiteIsBackBeforeItsEnd() throws Exception {
    db.periodic(ofMinutes(60)).seedingTime(ofMinutes(5));
    Instant established = time.now();
    reach(db.replicator().established());
    cloud.strike(
        Disaster.loss(EAST).after(Duration.between(time.now(), established.plus(ofMinutes(61)))));
    time.advance(Duration.between(time.now(), established.plus(ofMinutes(62))));
    cloud.heal(EAST);
    time.advance(ofMinutes(30));

    reach(db.replicator().promoted());

    assertThat(cloud.truth().losses("orders-db").get(0).completeUntil())
        .isBetween(established, established.plusSeconds(1));
  }

  @Test
  void aCopyIsReadOnlyUntilItsPromotionIsThrough() throws Exception {
    reach(db.replicator().established());
    db.promotionTime(ofMinutes(3));
    db.replicator().promoted().apply(context);
    time.advance(ofMinutes(2));

    assertThat(db.replicator().promoted().observe(context).kind())
        .isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(db.copy(WEST).writable(time.now())).isFalse();

    time.advance(ofMinutes(1));

    assertThat(db.copy(WEST).writable(time.now())).isTrue();
  }

  @Test
  void nothingIsCopiedFromWhereItIsNotWritten() {
    FakeContext back = FakeContext.of(cloud.time(), WEST, EAST);

    assertThatThrownBy(() -> db.replicator().established().apply(back))
        .isInstanceOf(DrException.class)
        .hasMessageContaining("orders-db cannot be copied from us-west-2");
  }

  @Test
  void aLagThatGrowsTakesNothingBackThatHasArrived() throws Exception {
    reach(db.replicator().established());
    time.advance(ofMinutes(1));
    Instant before =
        pointOf(reach(db.replicator().established())).completeUntil().orElseThrow();

    db.asynchronous(ofMinutes(30));
    time.advance(ofMinutes(1));

    assertThat(pointOf(reach(db.replicator().established())).completeUntil().orElseThrow())
        .isBetween(before, before.plusSeconds(1));
  }

  @Test
  void aCopyThatStalledCatchesUpWhenItsSiteIsBack() throws Exception {
    reach(db.replicator().established());
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofMinutes(1));
    ReplicationStatus stalled = db.replicator().status(context);
    cloud.heal(EAST);
    time.advance(ofMinutes(1));
    ReplicationStatus flowing = db.replicator().status(context);

    assertThat(stalled.state()).isEqualTo(ReplicationStatus.State.STALLED);
    assertThat(stalled.lag().orElseThrow()).isBetween(ofSeconds(64), ofSeconds(68));
    assertThat(flowing.state()).isEqualTo(ReplicationStatus.State.FLOWING);
    assertThat(flowing.lag().orElseThrow()).isBetween(ofSeconds(4), ofSeconds(8));
  }

  @Test
  void withoutAWholeCopyThereIsNothingToPromote() throws Exception {
    assertThat(db.replicator().status(context).state()).isEqualTo(ReplicationStatus.State.ABSENT);
    assertThat(db.replicator().status(context).lag()).isEmpty();

    Progress progress = reach(db.replicator().promoted());

    assertThat(progress.kind()).isEqualTo(Progress.Kind.BLOCKED);
    assertThat(progress.detail()).contains("no whole copy of orders-db in us-west-2");
  }

  @Test
  void anUnfencedPrimaryThatComesBackIsASplitBrainAndLosesWhatItGoesOnWriting() throws Exception {
    reach(db.replicator().established());
    cloud.strike(Disaster.loss(EAST));
    reach(db.replicator().promoted());
    Duration atFirst = cloud.truth().losses("orders-db").get(0).length();

    cloud.heal(EAST);
    Instant healed = time.now();
    time.advance(ofMinutes(10));

    assertThat(cloud.truth().splitBrains("orders-db"))
        .containsExactly(new Span(healed, time.now()));
    assertThat(cloud.truth().losses("orders-db").get(0).length())
        .isGreaterThan(atFirst.plus(ofMinutes(7)));
  }

  @Test
  void aFencedPrimaryTakesNoWrites() throws Exception {
    reach(db.replicator().established());
    assertThat(reach(db.fenced()).kind()).isEqualTo(Progress.Kind.REACHED);
    Instant fenced = time.now();
    time.advance(ofSeconds(30));

    reach(db.replicator().promoted());

    assertThat(cloud.truth().splitBrains("orders-db")).isEmpty();
    assertThat(cloud.truth().losses("orders-db").get(0).length()).isZero();
    assertThat(cloud.truth().outages("orders", 1).get(0).from())
        .isBetween(fenced.minus(ofMillis(200)), fenced);
  }

  @Test
  void failingBackKeepsWhatTheFencedOldSideHeldAndPromotesACopyThere() throws Exception {
    reach(db.replicator().established());
    reach(db.fenced());
    reach(db.replicator().promoted());
    FakeContext back = FakeContext.of(cloud.time(), WEST, EAST);

    db.replicator().retired().apply(back);
    db.replicator().established().apply(back);
    time.advance(ofMinutes(6));
    assertThat(db.replicator().established().observe(back).kind()).isEqualTo(Progress.Kind.REACHED);
    db.fenced().apply(back);
    db.replicator().promoted().apply(back);
    time.advance(ofMinutes(2));

    assertThat(db.replicator().promoted().observe(back).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(cloud.truth().splitBrains("orders-db")).isEmpty();
    assertThat(orders.level()).isEqualTo(1);
  }

  @Test
  void nothingIsCopiedOverASideThatIsWritten() throws Exception {
    reach(db.replicator().established());
    reach(db.replicator().promoted());
    FakeContext back = FakeContext.of(cloud.time(), WEST, EAST);

    assertThat(db.replicator().established().observe(back).detail())
        .contains("orders-db is written in us-east-1 itself")
        .contains("fence it first");
  }

  @Test
  void losingAZoneLosesNoDataAndNoMoreThanTheStandbyTakes() {
    FakeServers spread = cloud.addServers("spread-web", EAST, 6);
    FakeService service =
        cloud.addService("spread", cloud.addTraffic("spread.example.com", EAST), spread, db);
    cloud.strike(Disaster.loss(EAST.zone("us-east-1a")).after(ofMinutes(1)));
    time.advance(ofMinutes(5));

    assertThat(service.level()).isEqualTo(1);
    assertThat(spread.serving(EAST)).isEqualTo(4);
    assertThat(cloud.truth().outages("spread", 1))
        .extracting(Span::length)
        .containsExactly(ofSeconds(60));
  }

  @Test
  void losingAnotherZoneThanTheOneThatIsWrittenIsNotNoticed() {
    FakeServers spread = cloud.addServers("spread-web", EAST, 6);
    cloud.addService("spread", cloud.addTraffic("spread.example.com", EAST), spread, db);

    cloud.strike(Disaster.loss(EAST.zone("us-east-1b")));
    time.advance(ofMinutes(5));

    assertThat(cloud.truth().outages("spread", 1)).isEmpty();
  }

  @Test
  void zonesThatAreLostOneAfterTheOtherCostAStandbyEach() {
    FakeServers spread = cloud.addServers("spread-web", EAST, 6);
    cloud.addService("spread", cloud.addTraffic("spread.example.com", EAST), spread, db);
    // Told in another order than they happen; by the second one, the first zone is back as a
    // standby.
    cloud.strike(Disaster.loss(EAST.zone("us-east-1b")).after(ofMinutes(20)));
    cloud.strike(Disaster.loss(EAST.zone("us-east-1a")).after(ofMinutes(10)));
    time.advance(ofMinutes(15));
    cloud.heal(EAST.zone("us-east-1a"));
    time.advance(ofMinutes(15));

    assertThat(cloud.truth().outages("spread", 1))
        .extracting(Span::length)
        .containsExactly(ofSeconds(60), ofSeconds(60));
  }

  @Test
  void largerServersCarryMore() {
    orders.demand(4);
    db.capacity(EAST, 4);

    web.size(3);

    assertThat(orders.level()).isEqualTo(0.75);
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedWithTheirValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db.zones(WEST.zone("us-west-2a")))
        .withMessageContaining("zones of 'orders-db' must be some of [us-east-1a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db.asynchronous(ofSeconds(-1)))
        .withMessage("lag of 'orders-db' must not be negative: PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db.periodic(Duration.ZERO))
        .withMessageContaining("must be positive: PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db.writesPerSecond(0))
        .withMessage("writesPerSecond must be positive: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web.size(0))
        .withMessage("size of 'orders-web' must be 1 or more: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> web.count(0))
        .withMessage("count of 'orders-web' must be 1 or more: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> traffic.weighted(1, 0))
        .withMessageContaining("must be 1 or more: 1 and 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> orders.demand(0))
        .withMessage("demand of 'orders' must be 1 or more: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> orders.served(1.1))
        .withMessageContaining("at most 1: 1.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addService("empty", traffic, web))
        .withMessageContaining("service 'empty' must write a dataset");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FakeCloud.builder().latencyUpTo(ofMillis(4)))
        .withMessageContaining("PT0.004S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FakeCloud.builder().region("us-east-1").region("us-east-1"))
        .withMessageContaining("us-east-1 was added already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.loss(EAST).after(ofSeconds(-1))))
        .withMessageContaining("PT-1S");
  }

  @Test
  void aDatasetInOneZoneGoesDownWithIt() throws Exception {
    db.zones(EAST.zone("us-east-1b"));
    reach(db.replicator().established());
    cloud.strike(Disaster.loss(EAST.zone("us-east-1b")));
    time.advance(ofMinutes(1));

    assertThat(orders.level()).isZero();
    assertThat(db.replicator().status(context).state()).isEqualTo(ReplicationStatus.State.STALLED);
  }

  @Test
  void serversAreLaunchedFromTheImageOverTheZonesAndServeAfterBooting() throws Exception {
    assertThat(reach(web.imageCopied()).kind()).isEqualTo(Progress.Kind.REACHED);
    Instant asked = time.now();

    Progress progress = reach(web.count(4));

    assertThat(progress.detail())
        .isEqualTo("reached {servers=orders-web-2, orders-web-3, orders-web-4, orders-web-5}");
    assertThat(Duration.between(asked, time.now())).isBetween(ofMinutes(2), ofSeconds(125));
    assertThat(web.serving(WEST.zone("us-west-2a"))).isEqualTo(2);
    assertThat(web.serving(WEST.zone("us-west-2b"))).isEqualTo(1);
    assertThat(web.serving(WEST.zone("us-west-2c"))).isEqualTo(1);
  }

  @Test
  void withoutAnImageNothingIsLaunched() {
    assertThatThrownBy(() -> reach(web.count(4)))
        .isInstanceOf(DrException.class)
        .hasMessageContaining("no image of orders-web in us-west-2")
        .hasMessageContaining("imageCopied()");
  }

  @Test
  void theSameTokenLaunchesOnce() throws Exception {
    reach(web.imageCopied());
    web.count(4).apply(context);
    web.count(4).apply(context);
    time.advance(ofMinutes(3));

    assertThat(web.serving(WEST)).isEqualTo(4);
  }

  @Test
  void aTokenThatWasUsedLaunchesNothingMoreWhateverBecameOfItsServers() throws Exception {
    reach(web.imageCopied());
    web.count(3).apply(context);
    cloud.strike(Disaster.loss(WEST.zone("us-west-2a")));
    web.count(3).apply(context);
    time.advance(ofMinutes(3));

    assertThat(web.serving(WEST)).isEqualTo(2);
  }

  @Test
  void aFullSiteLaunchesNothingAndSaysHowMuchWasMissing() throws Exception {
    reach(web.imageCopied());
    for (Site zone : cloud.zones(WEST)) {
      web.room(zone, 1);
    }

    assertThatThrownBy(() -> reach(web.count(4)))
        .isInstanceOf(DrException.class)
        .hasMessageContaining("no room for 1 of 4 servers of orders-web in us-west-2");
    assertThat(web.serving(WEST)).isZero();
  }

  @Test
  void serversOfALostZoneAreReplacedInTheOthers() throws Exception {
    reach(web.imageCopied());
    reach(web.count(3));
    cloud.strike(Disaster.loss(WEST.zone("us-west-2a")));
    context.nextGeneration();

    assertThat(reach(web.count(3)).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(web.serving(WEST.zone("us-west-2a"))).isZero();
  }

  @Test
  void usersComeOverInGroupsWithinTheTimeToLive() throws Exception {
    time.advance(ofMinutes(1));
    Instant asked = time.now();
    reach(traffic.allTraffic());

    assertThat(Duration.between(asked, time.now())).isBetween(ofSeconds(20), ofSeconds(24));
    assertThat(traffic.shares(asked.plusSeconds(20))).containsOnlyKeys(EAST);
    assertThat(traffic.shares(asked.plusSeconds(52)))
        .containsEntry(EAST, 0.5)
        .containsEntry(WEST, 0.5);
    assertThat(traffic.shares(asked.plusSeconds(81))).containsOnlyKeys(WEST);
  }

  @Test
  void theRecordsCannotBeChangedWhileTheHomeOfDnsIsLostButTheSwitchCanBeTurned() throws Exception {
    cloud.strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> traffic.allTraffic().observe(context))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessageContaining("route53 control plane in us-east-1 refused");
    assertThat(reach(traffic.allTrafficSwitched()).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(traffic.allTraffic().needs(new Direction(EAST, WEST)).get(0).global())
        .isTrue();
  }

  @Test
  void losingTheControlPlanesChangesNothingThatRuns() {
    cloud.strike(Disaster.controlPlaneLoss(EAST));
    time.advance(ofMinutes(1));

    assertThat(orders.level()).isEqualTo(1);
    assertThatThrownBy(() -> db.fenced().observe(context))
        .hasMessageContaining("rds control plane in us-east-1 refused");
  }

  @Test
  void weightsPartTheUsersAndTheCloudSideMayWorkOnTheDataOfTheOther() throws Exception {
    reach(web.imageCopied());
    reach(web.count(1));
    db.capacity(WEST, 1);
    orders.worksOnDataOf(WEST, EAST);
    reach(traffic.weighted(3, 1));
    time.advance(ofMinutes(2));

    assertThat(orders.level()).isEqualTo(1);
    assertThat(orders.answered(time.now())).containsOnlyKeys(EAST);
    assertThat(traffic.shares(time.now())).containsEntry(WEST, 0.25);

    assertThat(reach(orders.usesLocalData()).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(orders.level()).isEqualTo(0.75);
  }

  @Test
  void theServiceIsAsGoodAsItsServersAndItsDatabaseAreLarge() throws Exception {
    orders.demand(4);
    assertThat(orders.level()).isEqualTo(0.25);

    web.size(4);
    assertThat(orders.level()).isEqualTo(0.25);

    db.capacity(EAST, 2);
    assertThat(orders.level()).isEqualTo(0.5);

    db.capacity(EAST, 4);
    web.size(1);
    assertThat(orders.level()).isEqualTo(0.25);

    Progress progress = orders.served(0.5).observe(context);
    assertThat(progress.kind()).isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(progress.detail()).isEqualTo("25 % of the users are served");
    assertThat(
            ((Progress.Reached) orders.served(0.25).observe(context)).evidence().serviceLevel())
        .contains(0.25);
  }

  @Test
  void aResizedDatabaseCarriesMoreWhenTheTimeForItHasPassed() throws Exception {
    Instant asked = time.now();

    Progress progress = reach(db.resized(4));

    assertThat(progress.detail()).isEqualTo("reached {capacity=4 units}");
    assertThat(Duration.between(asked, time.now())).isBetween(ofMinutes(5), ofSeconds(330));
  }

  @Test
  void backupsAreTurnedOnWhereTheDataIsWritten() throws Exception {
    assertThat(db.backedUp().observe(context).kind()).isEqualTo(Progress.Kind.PENDING);
    assertThat(reach(db.backedUp()).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void callsTakeTheirTime() throws Exception {
    Instant before = time.now();

    traffic.allTraffic().observe(context);

    assertThat(Duration.between(before, time.now())).isBetween(ofMillis(5), ofMillis(80));
  }

  @Test
  void aDisasterBetweenARequestAndItsAnswerLosesTheAnswerButNotTheEffect() throws Exception {
    FakeCloud quick = FakeCloud.builder()
        .latencyUpTo(ofMillis(5))
        .whenLost(FakeCloud.WhenLost.REFUSE)
        .build();
    FakeDataset data = quick.addDataset("data", EAST);
    FakeContext there = FakeContext.of(quick.time(), EAST, WEST);
    // The request arrives after 2.5 ms.
    quick.strike(Disaster.loss(EAST).after(ofMillis(3)));

    assertThatThrownBy(() -> data.fenced().apply(there))
        .isInstanceOf(EndpointUnavailableException.class);
    quick.heal(EAST);

    assertThat(data.fenced().observe(there).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aDisasterBeforeARequestArrivesLeavesNoEffect() throws Exception {
    FakeCloud quick = FakeCloud.builder()
        .latencyUpTo(ofMillis(5))
        .whenLost(FakeCloud.WhenLost.REFUSE)
        .build();
    FakeDataset data = quick.addDataset("data", EAST);
    FakeContext there = FakeContext.of(quick.time(), EAST, WEST);
    quick.strike(Disaster.loss(EAST).after(ofMillis(2)));

    assertThatThrownBy(() -> data.fenced().apply(there))
        .isInstanceOf(EndpointUnavailableException.class);
    quick.heal(EAST);

    assertThat(data.fenced().observe(there).kind()).isEqualTo(Progress.Kind.PENDING);
  }

  @Test
  void aLostSiteThatHangsIsNoticedAtTheLimitOfTheCall() {
    FakeCloud silent = FakeCloud.builder()
        .region("us-east-1")
        .region("us-west-2")
        .whenLost(FakeCloud.WhenLost.HANG)
        .build();
    FakeDataset data = silent.addDataset("data", EAST);
    silent.strike(Disaster.loss(EAST));
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    AtomicReference<Instant> when = new AtomicReference<>();

    silent
        .time()
        .loop("run")
        .call(
            () -> data.fenced().observe(FakeContext.of(silent.time(), EAST, WEST)),
            ofSeconds(10),
            (result, failure) -> {
              outcome.set(failure);
              when.set(silent.time().now());
            });
    silent.time().advance(ofMinutes(1));

    assertThat(outcome.get()).isInstanceOf(TimeoutException.class);
    assertThat(when.get()).isEqualTo(silent.start().plusSeconds(10));
  }

  @Test
  void actionsCallOnlyWhatTheySayTheyNeed() throws Exception {
    Direction direction = context.direction();
    List<FailoverAction> actions = List.of(
        db.replicator().established(),
        db.replicator().promoted(),
        db.fenced(),
        db.resized(2),
        db.backedUp(),
        web.imageCopied(),
        web.count(1),
        traffic.allTraffic(),
        traffic.allTrafficSwitched(),
        traffic.weighted(1, 1),
        orders.usesLocalData(),
        orders.served(0.1));
    for (FailoverAction action : actions) {
      context.forget();
      reach(action);
      assertThat(action.needs(direction)).as(action.describe()).containsAll(context.called());
      assertThat(context.called()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 42})
  void theLagWaversByLessThanTimePasses(long seed) throws Exception {
    FakeCloud other = FakeCloud.builder().seed(seed).build();
    FakeDataset data = other.addDataset("data", EAST).asynchronous(ofSeconds(3));
    FakeContext there = FakeContext.of(other.time(), EAST, WEST);
    data.replicator().established().apply(there);
    other.time().advance(ofMinutes(6));
    Instant last = Instant.MIN;
    for (int i = 0; i < 100; i++) {
      Instant arrived = data.arrivedAt(other.time().now());
      assertThat(arrived).isAfter(last);
      assertThat(Duration.between(arrived, other.time().now()).toMillis() / 1000.0)
          .isCloseTo(3.75, within(0.75));
      last = arrived;
      other.time().advance(ofMillis(130));
    }
  }

  @Test
  void whatIsNotThereIsNamedTogetherWithWhatIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.dataset("ordersdb"))
        .withMessage("this cloud has no dataset 'ordersdb', only [orders-db]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.loss(Site.region("eu-west-1"))))
        .withMessageContaining("no site eu-west-1, only [us-east-1, us-west-2, head-office]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.loss(EAST.zone("us-east-1f"))))
        .withMessageContaining("no zone us-east-1f");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addServers("orders-web", EAST, 1))
        .withMessageContaining("'orders-web' is there already");
    assertThatIllegalStateException()
        .isThrownBy(() -> cloud.heal(EAST))
        .withMessageContaining("nothing has struck us-east-1");
  }
}
