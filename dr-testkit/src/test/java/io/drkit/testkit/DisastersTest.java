package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drkit.Disaster;
import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.ReplicationStatus;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisastersTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud =
      FakeCloud.builder().seed(7).whenLost(FakeCloud.WhenLost.REFUSE).build();
  private final VirtualTime time = cloud.time();
  private final FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(4));
  private final FakeServers web = cloud.addServers("orders-web", EAST, 1);
  private final FakeTraffic traffic = cloud.addTraffic("orders.example.com", EAST);
  private final FakeService orders = cloud.addService("orders", traffic, web, db);
  private final FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);

  private Progress reach(FailoverAction action) throws Exception {
    return new Patience(time, context).reach(action);
  }

  @Test
  void aSiteWithoutALinkServesNobodyAndItsWritersGoOn() throws Exception {
    reach(db.replicator().established());
    cloud.strike(Disaster.linkLoss(EAST));
    time.advance(ofMinutes(1));

    assertThat(orders.level()).isZero();
    assertThatExceptionOfType(EndpointUnavailableException.class)
        .isThrownBy(() -> db.fenced().observe(context));
    reach(db.replicator().promoted());
    time.advance(ofMinutes(5));
    assertThat(cloud.truth().splitBrains("orders-db")).hasSize(1);

    cloud.heal(EAST);
    time.advance(ofMinutes(1));
    assertThat(web.serving(EAST)).as("they never stopped").isOne();
  }

  @Test
  void machinesWithoutPowerServeNobodyUntilTheyBootAgain() throws Exception {
    FakeServers others = cloud.addServers("workers", EAST, 1);
    cloud.strike(Disaster.machineLoss(EAST, "orders-web").lasting(ofMinutes(30)));
    time.advance(ofSeconds(1));

    assertThat(web.serving(EAST)).isZero();
    assertThat(orders.level()).isZero();
    assertThat(others.serving(EAST)).as("others go on").isOne();
    assertThat(db.copy(EAST).writable(time.now())).isTrue();

    FakeContext here = FakeContext.of(cloud.time(), WEST, EAST);
    assertThat(new Patience(time, here).reach(web.count(1)).kind())
        .as("others can be launched beside them")
        .isEqualTo(Progress.Kind.REACHED);
    assertThat(orders.level()).isEqualTo(1);
    time.advance(ofMinutes(30));
    assertThat(web.serving(EAST)).as("the first one is back").isEqualTo(2);
    assertThat(cloud.truth().outages("orders", 1))
        .singleElement()
        .satisfies(outage ->
            assertThat(outage.length()).isBetween(ofMinutes(2), ofMinutes(2).plusSeconds(5)));
  }

  @Test
  void machinesThatHavePowerAgainBootFirst() {
    cloud.strike(Disaster.machineLoss(EAST, "orders-web").lasting(ofMinutes(30)));
    time.advance(ofMinutes(31));
    assertThat(web.serving(EAST)).isZero();
    time.advance(ofMinutes(1));
    assertThat(web.serving(EAST)).isOne();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.machineLoss(EAST, "orders-wbe")))
        .withMessageContaining("orders-wbe");
  }

  @Test
  void aWriteLeaseFencesASiteThatCannotBeReached() throws Exception {
    db.leased(ofSeconds(30));
    reach(db.replicator().established());
    cloud.strike(Disaster.linkLoss(EAST));
    time.advance(ofSeconds(1));
    Instant asked = time.now();

    assertThat(reach(db.leaseTaken()).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(Duration.between(asked, time.now())).isGreaterThanOrEqualTo(ofSeconds(31));
    reach(db.replicator().promoted());
    time.advance(ofMinutes(5));
    cloud.heal(EAST);
    time.advance(ofMinutes(5));
    assertThat(cloud.truth().splitBrains("orders-db")).isEmpty();

    // Back: the lease is taken from the site that took over.
    FailoverAction back = db.leaseTaken().undo(Evidence.none()).orElseThrow();
    assertThat(reach(back).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(db.copy(WEST).writable(time.now())).isFalse();
    assertThat(db.copy(EAST).writable(time.now())).isTrue();
  }

  @Test
  void aLeaseThatIsTakenBackIsSharedUntilTheOneBeforeHasRunOut() throws Exception {
    db.leased(ofSeconds(30));
    reach(db.replicator().established());
    cloud.strike(Disaster.linkLoss(EAST));
    reach(db.leaseTaken());
    reach(db.replicator().promoted());
    cloud.heal(EAST);
    time.advance(ofMinutes(5));

    db.leaseTaken().undo(Evidence.none()).orElseThrow().apply(context);
    time.advance(ofMinutes(10));

    assertThat(cloud.truth().splitBrains("orders-db"))
        .singleElement()
        .satisfies(both -> assertThat(both.length()).isEqualTo(ofSeconds(30)));
  }

  @Test
  void theWritersOfASiteThatIsCutOffStopWhenTheirLeaseRunsOut() {
    db.leased(ofSeconds(30));
    cloud.strike(Disaster.linkLoss(EAST).lasting(ofMinutes(2)));

    time.advance(ofSeconds(29));
    assertThat(db.copy(EAST).writable(time.now())).isTrue();
    time.advance(ofSeconds(1));
    assertThat(db.copy(EAST).writable(time.now())).isFalse();
    time.advance(ofMinutes(2));
    assertThat(db.copy(EAST).writable(time.now())).as("nobody took it").isTrue();
  }

  @Test
  void whoeverHasNoLeaseIsToldSo() {
    assertThatIllegalStateException()
        .isThrownBy(() -> db.leaseTaken().observe(context))
        .withMessageContaining("orders-db' have no lease");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db.leased(Duration.ZERO))
        .withMessageContaining("must be positive");
  }

  @Test
  void aStormOfRequestsIsAnsweredWithRefusalsByTheControlPlanesAlone() throws Exception {
    reach(web.imageCopied());
    cloud.strike(Disaster.throttling(WEST, 1));

    assertThatExceptionOfType(RefusedByCloudException.class)
        .isThrownBy(() -> web.count(1).observe(context))
        .satisfies(refused ->
            assertThat(refused.reason()).isEqualTo(RefusedByCloudException.Reason.THROTTLED))
        .withMessageContaining("too many");
    assertThat(traffic.allTrafficSwitched().observe(context).kind())
        .as("a switch in the data plane")
        .isEqualTo(Progress.Kind.PENDING);

    cloud.heal(Disaster.throttling(WEST, 1));
    assertThat(web.count(1).observe(context).kind()).isEqualTo(Progress.Kind.PENDING);
  }

  @Test
  void aStormRefusesTheShareOfTheRequests() {
    cloud.strike(Disaster.throttling(WEST, 0.3));
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      try {
        cloud.request(Need.control("ec2", WEST), ofSeconds(1), () -> "done");
      } catch (RefusedByCloudException throttled) {
        refused++;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    assertThat(refused).isBetween(250, 350);
  }

  @Test
  void whatIsSlowTakesTheManifoldTime() throws Exception {
    cloud.strike(Disaster.slowness(WEST, 100));
    Instant before = time.now();
    cloud.request(Need.data("any", WEST), ofMinutes(1), () -> "done");

    assertThat(Duration.between(before, time.now())).isGreaterThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void withoutCapacityNothingIsLaunchedAndWhatRunsGoesOn() throws Exception {
    reach(web.imageCopied());
    reach(web.count(2));
    cloud.strike(Disaster.noCapacity(WEST));
    context.nextGeneration();

    assertThatExceptionOfType(DrException.class)
        .isThrownBy(() -> web.count(3).apply(context))
        .withMessageContaining("no room for 1 of 1 servers of orders-web");
    assertThat(web.serving(WEST)).isEqualTo(2);
  }

  @Test
  void inOneFullZoneTheOthersTakeTheServers() throws Exception {
    reach(web.imageCopied());
    cloud.strike(Disaster.noCapacity(WEST.zone("us-west-2a")));
    reach(web.count(2));

    assertThat(web.serving(WEST.zone("us-west-2a"))).isZero();
    assertThat(web.serving(WEST)).isEqualTo(2);
  }

  @Test
  void copiesThatStalledHoldWhatTheyHeldThen() throws Exception {
    reach(db.replicator().established());
    time.advance(ofMinutes(10));
    Instant stalled = time.now();
    cloud.strike(Disaster.replicationStall("orders-db"));
    time.advance(ofMinutes(20));

    assertThat(db.replicator().status(context).state()).isEqualTo(ReplicationStatus.State.STALLED);
    reach(db.replicator().promoted());
    assertThat(cloud.truth().losses("orders-db").get(0).completeUntil()).isBefore(stalled);
  }

  @Test
  void expiredCredentialsAreRefusedByEveryControlPlane() {
    cloud.strike(Disaster.expiredCredentials().after(ofMinutes(1)));
    time.advance(ofMinutes(1));

    for (Site site : cloud.sites()) {
      assertThatExceptionOfType(RefusedByCloudException.class)
          .isThrownBy(() -> cloud.request(Need.control("ec2", site), ofSeconds(1), () -> "done"))
          .satisfies(refused -> assertThat(refused.reason())
              .isEqualTo(RefusedByCloudException.Reason.CREDENTIALS_EXPIRED));
    }
  }

  @Test
  void aDisasterEndsByItself() throws Exception {
    cloud.strike(Disaster.loss(EAST).after(ofMinutes(1)).lasting(ofMinutes(10)));
    time.advance(ofMinutes(5));
    assertThat(orders.level()).isZero();
    time.advance(ofMinutes(10));
    assertThat(orders.level()).isEqualTo(1);
  }

  @Test
  void whatHappensToWholeRegionsAloneIsNotModelledOfTheirZones() {
    Site zone = WEST.zone("us-west-2a");
    for (Disaster disaster : List.of(
        Disaster.controlPlaneLoss(zone),
        Disaster.throttling(zone, 0.5),
        Disaster.corruptReplica("orders-db", zone))) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> cloud.strike(
              Disaster.loss(EAST).lasting(ofMinutes(1)), disaster.lasting(ofMinutes(1))))
          .withMessage("not modelled by FakeCloud: " + disaster + ", a zone; strike us-west-2");
    }
    assertThat(orders.level()).as("nothing happened").isEqualTo(1);
  }

  @Test
  void nothingHappensOfSeveralIfOneCannot() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(
            Disaster.loss(EAST).lasting(ofMinutes(1)),
            Disaster.loss(Site.region("eu-west-1")).lasting(ofMinutes(1))))
        .withMessageContaining("eu-west-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.replicationStall("nothing")))
        .withMessageContaining("no dataset 'nothing'");
    time.advance(ofSeconds(1));
    assertThat(orders.level()).isEqualTo(1);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Disaster.throttling(EAST, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Disaster.throttling(EAST, 1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> Disaster.slowness(EAST, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Disaster.replicationStall(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.loss(EAST).lasting(Duration.ZERO))
        .withMessageContaining("PT0S");
    assertThatIllegalStateException()
        .isThrownBy(() -> cloud.heal(Disaster.expiredCredentials()))
        .withMessageContaining("expiry of the credentials");
  }
}
