package io.drkit.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.EndpointUnavailableException;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FakeNetworkTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Need IN_EAST = Need.data("orders", EAST);
  private static final Need IN_WEST = Need.data("orders", WEST);

  private final FakeCloud cloud =
      FakeCloud.builder().seed(7).whenLost(FakeCloud.WhenLost.REFUSE).build();
  private final VirtualTime time = cloud.time();
  private final FakeHost east = cloud.addHost("east", EAST);
  private final FakeHost west = cloud.addHost("west", WEST);
  private final FakeHost laptop = cloud.addHost("laptop");

  private boolean answered(FakeHost from, Need endpoint) throws Exception {
    return from.ask(() -> answered(endpoint));
  }

  private boolean answered(Need endpoint) throws Exception {
    try {
      return cloud.request(endpoint, ofSeconds(1), () -> true);
    } catch (EndpointUnavailableException lost) {
      return false;
    }
  }

  @Test
  void aCutInOneDirectionIsSeenByThoseWhoAskFromThereAlone() throws Exception {
    cloud.strike(Disaster.partition(EAST, WEST).lasting(ofMinutes(1)));

    assertThat(answered(east, IN_WEST)).isFalse();
    assertThat(answered(east, IN_EAST)).isTrue();
    assertThat(answered(west, IN_EAST)).isTrue();
    assertThat(answered(laptop, IN_WEST)).isTrue();
    assertThat(answered(IN_WEST)).as("from no host").isTrue();
    assertThat(cloud.answers(EAST, IN_WEST)).isFalse();
    assertThat(cloud.answers(IN_WEST)).isTrue();

    time.advance(ofMinutes(1));
    assertThat(answered(east, IN_WEST)).isTrue();
  }

  @Test
  void aCutOfAZoneIsSeenByTheHostsOfThatZone() throws Exception {
    Site zone = cloud.zones(EAST).get(0);
    FakeHost inZone = cloud.addHost("in zone", zone);
    cloud.strike(Disaster.partition(zone, WEST));

    assertThat(answered(inZone, IN_WEST)).isFalse();
    assertThat(answered(east, IN_WEST)).isTrue();

    cloud.heal(WEST);
    assertThat(answered(inZone, IN_WEST)).isTrue();
  }

  @Test
  void behindALostLinkOnesOwnSiteIsReachedAndNothingElse() throws Exception {
    cloud.strike(Disaster.linkLoss(EAST));

    assertThat(answered(east, IN_EAST)).isTrue();
    assertThat(answered(east, IN_WEST)).isFalse();
    assertThat(answered(west, IN_EAST)).isFalse();
    assertThat(answered(west, IN_WEST)).isTrue();
    assertThat(answered(laptop, IN_EAST)).isFalse();
  }

  @Test
  void aRequestOverAHalfOpenConnectionTakesEffectAndIsNotAnswered() throws Exception {
    cloud.strike(Disaster.halfOpen(EAST));
    int[] done = new int[1];
    Instant before = time.now();

    assertThatExceptionOfType(EndpointUnavailableException.class)
        .isThrownBy(() -> cloud.request(IN_EAST, ofSeconds(3), () -> done[0]++))
        .withCauseInstanceOf(TimeoutException.class);
    assertThat(done).containsExactly(1);
    assertThat(Duration.between(before, time.now())).isEqualTo(ofSeconds(3));
    assertThat(answered(east, IN_EAST)).as("within the site").isTrue();
    assertThat(answered(east, IN_WEST)).as("out of the site").isTrue();
  }

  @Test
  void usersOfASiteThatNeverAnswersAreNotServed() {
    FakeService orders = cloud.addService(
        "orders",
        cloud.addTraffic("orders.example.com", EAST),
        cloud.addServers("orders-web", EAST, 1),
        cloud.addDataset("orders-db", EAST));
    assertThat(orders.level()).isEqualTo(1);

    cloud.strike(Disaster.halfOpen(EAST));

    assertThat(orders.level()).isZero();
  }

  @Test
  void aBadLineLosesRequestsAndAnswers() throws Exception {
    cloud.strike(Disaster.lossyLink(EAST, 0.3));
    int[] done = new int[1];
    int answers = 0;
    for (int i = 0; i < 1_000; i++) {
      if (answered(Need.data("orders", EAST), done)) {
        answers++;
      }
    }
    assertThat(done[0]).as("requests that arrive").isBetween(650, 750);
    assertThat(answers).as("and are answered").isBetween(440, 540);
    assertThat(answered(IN_WEST)).isTrue();
  }

  private boolean answered(Need endpoint, int[] done) throws Exception {
    try {
      cloud.request(endpoint, ofMillis(100), () -> done[0]++);
      return true;
    } catch (EndpointUnavailableException lost) {
      assertThat(lost).hasCauseInstanceOf(TimeoutException.class);
      return false;
    }
  }

  @Test
  void aLinkAddsItsTimeEachWayAndLosesWhatItIsToldTo() throws Exception {
    cloud.link(EAST, WEST).latency(ofMillis(200)).jitter(ofMillis(100));
    cloud.link(WEST).latency(ofSeconds(1));

    assertThat(takes(east, IN_WEST)).isBetween(ofMillis(2_405), ofMillis(2_680));
    assertThat(takes(west, IN_EAST)).isBetween(ofMillis(2_405), ofMillis(2_680));
    assertThat(takes(laptop, IN_WEST)).isBetween(ofMillis(2_005), ofMillis(2_080));
    assertThat(takes(west, IN_WEST)).isLessThanOrEqualTo(ofMillis(80));
    assertThat(takes(east, IN_WEST)).isNotEqualTo(takes(east, IN_WEST));

    cloud.link(EAST).loss(0.5);
    int[] done = new int[1];
    int answers = 0;
    for (int i = 0; i < 400; i++) {
      answers += answered(Need.data("orders", EAST), done) ? 1 : 0;
    }
    assertThat(done[0]).isBetween(160, 240);
    assertThat(answers).isBetween(70, 130);
  }

  private Duration takes(FakeHost from, Need endpoint) throws Exception {
    Instant before = time.now();
    assertThat(answered(from, endpoint, ofMinutes(1))).isTrue();
    return Duration.between(before, time.now());
  }

  private boolean answered(FakeHost from, Need endpoint, Duration patience) throws Exception {
    return from.ask(() -> cloud.request(endpoint, patience, () -> true));
  }

  @Test
  void copiesFlowUnlessTheirSourceCannotReachThem() throws Exception {
    FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(4));
    FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);
    FailoverAction copied = db.replicator().established();
    copied.apply(context);
    time.advance(ofMinutes(10));
    cloud.strike(Disaster.partition(WEST, EAST).lasting(ofMinutes(5)));
    time.advance(ofMinutes(1));
    assertThat(copied.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);

    Instant cut = time.now();
    cloud.strike(Disaster.partition(EAST, WEST).lasting(ofMinutes(5)));
    time.advance(ofMinutes(1));
    assertThat(copied.observe(context).kind()).isEqualTo(Progress.Kind.BLOCKED);
    assertThat(db.replicator().status(context).recoveryPoint().completeUntil().orElseThrow())
        .isBefore(cut);

    time.advance(ofMinutes(5));
    assertThat(copied.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void writersWhoDoNotReachTheOtherSiteOfTheirLeaseStopAndTheOthersGoOn() throws Exception {
    FakeDataset db = cloud.addDataset("orders-db", EAST).leased(ofSeconds(30));
    db.replicator().established().apply(FakeContext.of(cloud.time(), EAST, WEST));
    cloud.strike(Disaster.partition(WEST, EAST));
    time.advance(ofMinutes(1));
    assertThat(db.copy(EAST).writable(time.now())).isTrue();

    cloud.strike(Disaster.partition(EAST, WEST).lasting(ofMinutes(2)));
    time.advance(ofSeconds(29));
    assertThat(db.copy(EAST).writable(time.now())).isTrue();
    time.advance(ofSeconds(1));
    assertThat(db.copy(EAST).writable(time.now())).isFalse();
    time.advance(ofMinutes(2));
    assertThat(db.copy(EAST).writable(time.now())).isTrue();
  }

  @Test
  void serversServeNobodyWhileTheyDoNotReachTheirData() {
    FakeDataset db = cloud.addDataset("orders-db", WEST);
    FakeServers web = cloud.addServers("orders-web", EAST, 1);
    FakeTraffic users = cloud.addTraffic("orders.example.com", EAST);
    FakeService orders = cloud.addService("orders", users, web, db).worksOnDataOf(EAST, WEST);

    cloud.strike(Disaster.partition(WEST, EAST));
    assertThat(orders.level()).isOne();
    cloud.strike(Disaster.partition(EAST, WEST));
    assertThat(orders.level()).isZero();
  }

  @Test
  void anEngineReachesWhatItsHostReaches() throws InterruptedException {
    assertThat(played(laptop.time()).outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anEngineOnTheWrongSideOfACutGetsNowhere() throws InterruptedException {
    RunReport report = played(east.time());

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("promote orders-db").status()).isNotEqualTo(StepStatus.REACHED);
    assertThat(cloud.truth().losses("orders-db")).isEmpty();
  }

  private RunReport played(TimeSource from) throws InterruptedException {
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(from)
        .build()) {
      engine.prepare(orders.plan(), "test").await().orThrow();
      time.advance(ofMinutes(10));
      cloud.strike(Disaster.partition(EAST, WEST));
      time.advance(ofSeconds(10));
      RunReport report =
          engine.failover(orders.plan(), orders.declaration("test")).await();
      assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
      return report;
    }
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addHost("east"))
        .withMessageContaining("there is a host 'east' already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addHost(" "))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addHost("moon", Site.region("moon-1")))
        .withMessageContaining("no site moon-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.addHost("zone", EAST.zone("us-east-1z")))
        .withMessageContaining("no zone us-east-1z");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.host("nobody"))
        .withMessageContaining("no host 'nobody', only [east, west, laptop]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.clockJump("nobody", ofSeconds(1))))
        .withMessageContaining("no host 'nobody'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.slowDisk("nobody", 2)))
        .withMessageContaining("no host 'nobody'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.partition(Site.region("moon-1"), EAST)))
        .withMessageContaining("no site moon-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.strike(Disaster.halfOpen(Site.region("moon-1"))))
        .withMessageContaining("no site moon-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.link(EAST, EAST.zone("us-east-1a")))
        .withMessageContaining("between two places");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.link(EAST).latency(ofSeconds(-1)))
        .withMessageContaining("latency of the link to us-east-1 must not be negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.link(EAST).jitter(ofSeconds(-1)))
        .withMessageContaining("jitter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.link(EAST).loss(1))
        .withMessageContaining("linkLoss");
  }

  @Test
  void aDisasterThatCannotBeIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.partition(EAST, EAST.zone("us-east-1a")))
        .withMessage("a cut is between two places, but was from us-east-1 to us-east-1a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.lossyLink(EAST, 1))
        .withMessageContaining("linkLoss");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.clockJump("runner", Duration.ZERO))
        .withMessageContaining("how far: 'runner' by PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.slowDisk(" ", 2))
        .withMessageContaining("name the host");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Disaster.slowDisk("runner", 1))
        .withMessageContaining("more than 1");
  }

  @Test
  void anAssessmentTakesACutAsIfThePlanRanOnItsWrongSide() {
    assertThat(Disaster.partition(EAST, WEST).takes(IN_WEST)).isTrue();
    assertThat(Disaster.partition(EAST, WEST).takes(IN_EAST)).isFalse();
    assertThat(Disaster.halfOpen(EAST).takes(IN_EAST)).isTrue();
    assertThat(Disaster.lossyLink(EAST, 0.5).takes(IN_EAST)).isFalse();
    assertThat(Disaster.clockJump("runner", ofSeconds(1)).takes(IN_EAST)).isFalse();
    assertThat(Disaster.slowDisk("runner", 2).takes(IN_EAST)).isFalse();
  }

  @Test
  void thingsOfTwoCloudsAreNotMixed() {
    FakeCloud another = FakeCloud.builder().seed(8).build();
    FakeDataset db = cloud.addDataset("orders-db", EAST);

    assertThatIllegalStateException()
        .isThrownBy(
            () -> db.replicator().established().observe(FakeContext.of(another.time(), EAST, WEST)))
        .withMessageContaining("seed 7")
        .withMessageContaining("another cloud's time");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> another.addService(
            "orders",
            another.addTraffic("orders.example.com", EAST),
            another.addServers("orders-web", EAST, 1),
            db))
        .withMessageContaining("'orders-db' is of another cloud");
    assertThatIllegalStateException()
        .isThrownBy(() -> FakeCloud.builder().time(cloud.time()).build())
        .withMessageStartingWith("this virtual time is that of another cloud already");
  }
}
