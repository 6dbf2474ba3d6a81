package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes on in a site stands still while the site is lost, and what is copied to it begins anew. */
class StandstillTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  /** A region of one zone. */
  private static final Site SMALL = Site.region("us-west-1");

  private static final Site ONLY_ZONE = SMALL.zone("us-west-1a");

  private final FakeCloud cloud = FakeCloud.builder()
      .region("us-east-1")
      .region("us-west-2")
      .region("us-west-1", "us-west-1a")
      .build();
  private final VirtualTime time = cloud.time();
  private final FakeDataset db =
      cloud.addDataset("db", EAST).asynchronous(ofSeconds(1)).promotionTime(ofHours(2));
  private final FakeServers web = cloud.addServers("web", EAST, 1);
  private final FakeTraffic traffic = cloud.addTraffic("orders.example.com", EAST);
  private final FakeContext context = FakeContext.of(time, EAST, WEST);

  @BeforeEach
  void addService() {
    cloud.addService("orders", traffic, web, db);
  }

  /** Promotes what is copied now, and returns when that began. */
  private Instant promote(Site site) {
    Instant now = time.now();
    DataCopy copy = db.copy(site);
    DataCopy.Replica replica = (DataCopy.Replica) copy.role(now);
    Instant complete = copy.completeUntil(replica, now).orElseThrow();
    db.promotions().add(copy.promote("run-1", replica, complete, Optional.empty(), now));
    return now;
  }

  private void follow(Site site) {
    db.copy(site).follow(db.copy(EAST), time.now());
  }

  private Instant promoteAfterALoss(Site site) {
    follow(site);
    time.advance(ofMinutes(10));
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofMinutes(5));
    return promote(site);
  }

  private void becomesWritable(Site site, Instant expected) {
    assertThat(db.copy(site).writable(expected.minusNanos(1))).as("just before").isFalse();
    assertThat(db.copy(site).writable(expected)).as("then").isTrue();
  }

  @Test
  void aRestoreStandsStillWhileItsSiteIsLost() {
    db.periodic(ofHours(1));
    Instant begun = promoteAfterALoss(WEST);
    time.advance(ofMinutes(30));
    cloud.strike(Disaster.loss(WEST));
    time.advance(ofHours(3));
    assertThat(db.copy(WEST).role(time.now())).isInstanceOf(DataCopy.Promoting.class);
    cloud.heal(WEST);

    becomesWritable(WEST, begun.plus(ofHours(5)));
  }

  @Test
  void aPromotionStandsStillDuringEachOfSeveralLosses() {
    Instant begun = promoteAfterALoss(WEST);
    cloud.strike(
        Disaster.loss(WEST).after(ofMinutes(10)).lasting(ofMinutes(10)),
        Disaster.loss(WEST).after(ofMinutes(15)).lasting(ofMinutes(10)),
        Disaster.loss(WEST).after(ofHours(2)).lasting(ofHours(1)),
        Disaster.loss(WEST).after(ofHours(9)));

    // The first two are one of 15 minutes; of the third, all falls into what is left.
    becomesWritable(WEST, begun.plus(ofHours(3)).plus(ofMinutes(15)));
    assertThat(db.copy(WEST).writable(begun.plus(ofHours(9)))).as("lost again").isFalse();
  }

  @Test
  void whatWasPromotedBeforeALossIsThereWhenItIsOver() {
    Instant begun = promoteAfterALoss(WEST);
    cloud.strike(Disaster.loss(WEST).after(ofHours(2)).lasting(ofHours(1)));

    assertThat(db.copy(WEST).role(begun.plus(ofHours(2)))).isInstanceOf(DataCopy.Primary.class);
    becomesWritable(WEST, begun.plus(ofHours(3)));
  }

  @Test
  void aSiteThatIsOnlyCutOffGoesOn() {
    Instant begun = promoteAfterALoss(WEST);
    cloud.strike(Disaster.linkLoss(WEST).after(ofMinutes(10)).lasting(ofHours(1)));

    becomesWritable(WEST, begun.plus(ofHours(2)));
  }

  @Test
  void whatIsInOneZoneAloneStandsStillWithIt() throws Exception {
    Instant begun = promoteAfterALoss(SMALL);
    FakeContext small = FakeContext.of(time, EAST, SMALL);
    FailoverAction promoted = db.replicator().promoted();
    assertThat(((Progress.Underway) promoted.observe(small)).detail())
        .isEqualTo("db will be writable at " + begun.plus(ofHours(2)));
    cloud.strike(Disaster.loss(ONLY_ZONE).after(ofMinutes(10)));
    Instant struck = time.now().plus(ofMinutes(10));
    assertThat(promoted.observe(small).detail())
        .as("nobody knows what will strike")
        .isEqualTo("db will be writable at " + begun.plus(ofHours(2)));
    time.advance(ofHours(4));
    assertThat(promoted.observe(small).detail())
        .isEqualTo("db is not getting on: where it is held in us-west-1 is lost");
    cloud.heal(ONLY_ZONE);

    becomesWritable(SMALL, time.now().plus(ofHours(2)).minus(Duration.between(begun, struck)));
  }

  @Test
  void usersAreWithoutServiceUntilTheRestoreIsReallyDone() throws Exception {
    FakeContext standby = FakeContext.of(time, EAST, WEST);
    assertThat(new Patience(time, standby).reach(web.imageCopied()).kind())
        .isEqualTo(Progress.Kind.REACHED);
    assertThat(new Patience(time, standby).reach(web.count(1)).kind())
        .isEqualTo(Progress.Kind.REACHED);
    Instant begun = promoteAfterALoss(WEST);
    assertThat(new Patience(time, standby).reach(traffic.allTrafficSwitched()).kind())
        .isEqualTo(Progress.Kind.REACHED);
    cloud.strike(Disaster.loss(WEST).after(ofMinutes(30)).lasting(ofMinutes(30)));
    time.advance(ofHours(5));

    assertThat(cloud.truth().outages("orders", 1))
        .singleElement()
        .extracting(Span::until)
        .isEqualTo(begun.plus(ofMinutes(150)));
  }

  @Test
  void aFirstCopyThatWasTornOffBeginsAnewWhenBothEndsAreBack() {
    follow(WEST);
    Instant since = time.now();
    time.advance(ofMinutes(4));
    cloud.strike(Disaster.loss(WEST).lasting(ofMinutes(30)));
    wholeFrom(since.plus(ofMinutes(34 + 5)));

    time.advance(ofMinutes(31));
    cloud.strike(Disaster.loss(EAST).lasting(ofMinutes(10)));
    wholeFrom(since.plus(ofMinutes(45 + 5)));

    time.advance(ofMinutes(11));
    cloud.strike(Disaster.partition(EAST, WEST).lasting(ofMinutes(10)));
    wholeFrom(since.plus(ofMinutes(56 + 5)));

    time.advance(ofMinutes(11));
    cloud.strike(Disaster.replicationStall("db").lasting(ofMinutes(10)));
    wholeFrom(since.plus(ofMinutes(67 + 5)));
  }

  private void wholeFrom(Instant expected) {
    DataCopy copy = db.copy(WEST);
    DataCopy.Replica replica = (DataCopy.Replica) copy.role(time.now());
    assertThat(copy.completeUntil(replica, expected.minusNanos(1)))
        .as("just before")
        .isEmpty();
    assertThat(copy.completeUntil(replica, expected)).as("then").isPresent();
  }

  @Test
  void aFirstCopyIsNotThereWhileItIsTornOffForGood() {
    follow(WEST);
    cloud.strike(Disaster.loss(EAST).after(ofMinutes(1)));
    time.advance(ofHours(3));

    DataCopy copy = db.copy(WEST);
    assertThat(copy.completeUntil((DataCopy.Replica) copy.role(time.now()), time.now()))
        .isEmpty();
  }

  @Test
  void aFirstCopyThatWasWholeStaysSo() {
    follow(WEST);
    time.advance(ofMinutes(6));
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofHours(3));

    DataCopy copy = db.copy(WEST);
    assertThat(copy.completeUntil((DataCopy.Replica) copy.role(time.now()), time.now()))
        .isPresent();
  }

  @Test
  void aBackupThatStalledInItsMidstIsWorthNothing() {
    db.periodic(ofHours(1));
    follow(WEST);
    Instant since = time.now();
    time.advance(ofMinutes(61));
    cloud.strike(Disaster.replicationStall("db").lasting(ofMinutes(1)));

    DataCopy copy = db.copy(WEST);
    DataCopy.Replica replica = (DataCopy.Replica) copy.role(time.now());
    assertThat(copy.completeUntil(replica, since.plus(ofMinutes(119)))).contains(since);
    assertThat(copy.completeUntil(replica, since.plus(ofMinutes(125))))
        .contains(since.plus(ofHours(2)));
  }

  @Test
  void aChangeOfSizeStandsStillWhileItsSiteIsLost() throws Exception {
    DataCopy copy = db.copy(WEST);
    FailoverAction resized = db.resizingTime(ofMinutes(10)).resized(4);
    resized.apply(context);
    Instant begun = time.now();
    time.advance(ofMinutes(5));
    cloud.strike(Disaster.loss(WEST).lasting(ofHours(1)));
    time.advance(ofMinutes(62));

    assertThat(resized.observe(context).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    time.advance(ofMinutes(4));
    assertThat(resized.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(copy.capacity(begun.plus(ofMinutes(69)))).isEqualTo(1);
    assertThat(copy.capacity(begun.plus(ofMinutes(70)))).isEqualTo(4);
  }

  @Test
  void aSecondChangeOfSizeLeavesTheFirstOneAlone() {
    DataCopy copy = db.copy(WEST);
    Instant begun = time.now();
    copy.resize(4, begun, ofMinutes(10));
    copy.resize(8, begun.plus(ofMinutes(5)), ofMinutes(10));

    assertThat(copy.capacity(begun.plus(ofMinutes(9)))).isEqualTo(1);
    assertThat(copy.capacity(begun.plus(ofMinutes(10)))).isEqualTo(4);
    assertThat(copy.capacity(begun.plus(ofMinutes(15)))).isEqualTo(8);
  }

  @Test
  void theImageOfServersBeginsAnewWhenItsCopyWasTornOff() throws Exception {
    FailoverAction copied = web.imageCopied();
    copied.apply(context);
    time.advance(ofMinutes(5));
    cloud.strike(Disaster.loss(EAST).lasting(ofMinutes(10)));
    time.advance(ofMinutes(19));
    assertThat(copied.observe(context).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    time.advance(ofMinutes(1));
    assertThat(copied.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aStandbyTakesOverNoSoonerForALossOfItsRegion() {
    time.advance(ofMinutes(1));
    Instant lost = time.now();
    cloud.strike(
        Disaster.loss(EAST.zone("us-east-1a")).after(ofSeconds(0)),
        Disaster.loss(EAST).after(ofSeconds(20)).lasting(ofHours(1)));

    becomesWritable(EAST, lost.plus(ofHours(1)).plus(ofSeconds(60)));
  }
}
