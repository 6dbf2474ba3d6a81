package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationStatus;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a link cannot send at once waits its turn (WP-50). The figures are computed by hand. */
class BacklogTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final VirtualTime time = cloud.time();
  private final FakeDataset db = cloud
      .addDataset("db", EAST)
      .asynchronous(Duration.ZERO)
      .seedingTime(Duration.ZERO)
      .changing(DataRate.megabytesPerSecond(6))
      .bandwidth(DataRate.megabytesPerSecond(10));
  private final FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);

  @BeforeEach
  void copiesFlow() {
    db.copy(WEST).follow(db.copy(EAST), time.now());
  }

  private DataCopy.Replica replica() {
    return (DataCopy.Replica) db.copy(WEST).role(time.now());
  }

  private Duration lag() {
    Instant now = time.now();
    return Duration.between(db.copy(WEST).completeUntil(replica(), now).orElseThrow(), now);
  }

  private void lacks(long megabytes, Optional<Duration> eta) {
    Backlog backlog = db.copy(WEST).backlog(replica(), time.now());
    assertThat(backlog.bytes()).isEqualTo(megabytes * 1_000_000);
    assertThat(backlog.eta()).isEqualTo(eta);
  }

  private void lacks(long megabytes, Duration eta) {
    lacks(megabytes, Optional.of(eta));
  }

  @Test
  void aLinkThatSendsMoreThanIsChangedKeepsNothingWaiting() {
    time.advance(ofMinutes(30));

    assertThat(lag()).isZero();
    lacks(0, Duration.ZERO);
  }

  @Test
  void afterAnOutageTheCopyCatchesUpByWhatTheLinkHasToSpare() {
    time.advance(ofMinutes(10));
    Disaster stall = Disaster.replicationStall("db");
    cloud.strike(stall);
    time.advance(ofSeconds(200));
    assertThat(lag()).isEqualTo(ofSeconds(200));
    // 200 s x 6 MB/s, and it never arrives as things stand.
    lacks(1200, Optional.empty());

    cloud.heal(stall);
    // 1200 MB at 10 - 6 MB/s.
    lacks(1200, ofMinutes(5));
    time.advance(ofSeconds(100));
    lacks(800, ofSeconds(200));
    // Of 300 s x 6 MB, 1000 are sent: what was changed in the first 166 2/3 s.
    assertThat(lag()).isEqualTo(Duration.ofNanos(133_333_333_334L));
    time.advance(ofSeconds(199));
    lacks(4, ofSeconds(1));
    time.advance(ofSeconds(1));
    lacks(0, Duration.ZERO);
    assertThat(lag()).isZero();
  }

  @Test
  void changesThatOutrunTheLinkPileUpUntilTheySlowDown() {
    db.changing(DataRate.megabytesPerSecond(15));
    time.advance(ofMinutes(1));

    // 60 s x (15 - 10) MB; what was changed in the first 40 s is sent.
    lacks(300, Optional.empty());
    assertThat(lag()).isEqualTo(ofSeconds(20));

    db.changing(DataRate.megabytesPerSecond(5));
    lacks(300, ofMinutes(1));
    time.advance(ofSeconds(30));
    // 900 of 900 + 150 MB are sent: all of the first 60 s.
    lacks(150, ofSeconds(30));
    assertThat(lag()).isEqualTo(ofSeconds(30));
  }

  @Test
  void copiesThatGoTheSameWayShareALinkInEqualParts() {
    FakeDataset files = cloud
        .addDataset("files", EAST)
        .asynchronous(Duration.ZERO)
        .seedingTime(Duration.ZERO)
        .changing(DataRate.megabytesPerSecond(3));
    files.copy(WEST).follow(files.copy(EAST), time.now());
    FakeDataset back = cloud.addDataset("back", WEST).seedingTime(Duration.ZERO);
    back.copy(EAST).follow(back.copy(WEST), time.now());
    db.bandwidth(DataRate.megabytesPerSecond(100));
    cloud.link(WEST, EAST).bandwidth(DataRate.megabytesPerSecond(10));
    time.advance(ofMinutes(1));

    // 60 s x (6 - 5) MB, of which nothing of what the other one does not use is sent.
    lacks(60, Optional.empty());
    assertThat(lag()).isEqualTo(ofSeconds(10));
    assertThat(files.copy(WEST).completeUntil(filesReplica(files), time.now()))
        .contains(time.now());

    cloud.link(EAST, WEST).bandwidth(DataRate.megabytesPerSecond(16));
    lacks(60, ofSeconds(30));
    time.advance(ofSeconds(30));
    lacks(0, Duration.ZERO);
  }

  private DataCopy.Replica filesReplica(FakeDataset files) {
    return (DataCopy.Replica) files.copy(WEST).role(time.now());
  }

  @Test
  void whatCannotBeWrittenIsNotChanged() {
    db.bandwidth(DataRate.megabytesPerSecond(2));
    time.advance(ofSeconds(100));
    lacks(400, Optional.empty());

    db.copy(EAST).fenced().setForGood(time.now(), true);
    time.advance(ofSeconds(150));

    lacks(100, ofSeconds(50));
    // 500 of 600 MB are sent: the first 83 1/3 s of 250.
    assertThat(lag()).isEqualTo(Duration.ofNanos(166_666_666_667L));
    time.advance(ofSeconds(50));
    assertThat(lag()).as("nothing is written any more").isZero();
  }

  @Test
  void theStatusTellsWhatTheCopyLacksAndHowLongItTakes() throws Exception {
    cloud.strike(Disaster.replicationStall("db").lasting(ofSeconds(200)));
    time.advance(ofSeconds(200));

    ReplicationStatus status = db.replicator().status(context);

    ReplicationStatus.Backlog backlog = status.backlog().orElseThrow();
    assertThat(status.state()).isEqualTo(ReplicationStatus.State.FLOWING);
    assertThat(backlog.bytes()).isBetween(1_199_000_000L, 1_200_000_000L);
    assertThat(backlog.eta()).contains(ofMinutes(5));
    assertThat(status.lag().orElseThrow()).isBetween(ofSeconds(199), ofSeconds(201));
  }

  @Test
  void aPromotionLosesWhatWasNotSent() throws Exception {
    Instant begun = time.now();
    db.changing(DataRate.megabytesPerSecond(30));
    time.advance(ofSeconds(90));
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofMinutes(5));

    db.replicator().promoted().apply(context);

    assertThat(cloud.truth().losses("db"))
        .singleElement()
        .satisfies(loss -> assertThat(loss.completeUntil()).isEqualTo(begun.plusSeconds(30)));
  }

  @Test
  void withoutABandwidthNothingIsKnownToWait() throws Exception {
    FakeDataset other = cloud.addDataset("other", EAST).changing(DataRate.megabytesPerSecond(99));
    other.replicator().established().apply(context);
    time.advance(ofMinutes(10));

    assertThat(other.replicator().status(context).backlog()).isEmpty();
  }

  @Test
  void figuresAreRoundedToTheWorseSide() {
    Instant begun = Instant.EPOCH;
    // In 10 ns, 10 of 30 billionths of a byte are not sent.
    Backlog backlog = new Backlog(begun, begun.plusNanos(10), new TreeSet<>(), at -> 3, at -> 2);

    assertThat(backlog.bytes()).as("a part of a byte is one").isEqualTo(1);
    assertThat(backlog.sentUntil()).as("6 2/3 ns").isEqualTo(begun.plusNanos(6));
    assertThat(backlog.eta()).as("never").isEmpty();

    Backlog shrinking = new Backlog(
        begun,
        begun.plusNanos(10),
        new TreeSet<>(List.of(begun.plusNanos(8))),
        at -> 1,
        at -> at.isBefore(begun.plusNanos(8)) ? 0 : 2);
    assertThat(shrinking.bytes()).as("6 billionths").isEqualTo(1);
    assertThat(shrinking.eta()).as("6 ns").contains(ofSeconds(1));
  }

  @Test
  void aRateIsPositive() {
    assertThat(DataRate.megabitsPerSecond(8)).isEqualTo(DataRate.megabytesPerSecond(1));
    assertThatThrownBy(() -> new DataRate(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a data rate must be positive: 0");
    assertThatThrownBy(() -> ReplicationStatus.of(
                ReplicationStatus.State.FLOWING, RecoveryPoint.unknown("db", ""), Instant.EPOCH, "")
            .backlog(-1, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a backlog must not be negative: -1 bytes");
  }
}
