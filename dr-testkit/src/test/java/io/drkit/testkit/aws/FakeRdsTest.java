package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSubnetGroupDoesNotCoverEnoughAZsException;
import software.amazon.awssdk.services.rds.model.InstanceQuotaExceededException;
import software.amazon.awssdk.services.rds.model.InsufficientDbInstanceCapacityException;
import software.amazon.awssdk.services.rds.model.PointInTimeRestoreNotEnabledException;
import software.amazon.awssdk.services.rds.model.RdsException;

class FakeRdsTest {
  private static final Site EAST = Site.region("us-east-1");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final VirtualTime time = cloud.time();
  private final FakeAws aws = FakeAws.of(cloud);
  private final RdsClient east = cloud.client(RdsClient.class, "us-east-1");
  private final RdsClient west = cloud.client(RdsClient.class, "us-west-2");
  private final CloudWatchClient metrics = cloud.client(CloudWatchClient.class, "us-west-2");

  @Test
  void statesTakeTheirTime() {
    create("orders", "postgres");

    assertThat(describe(east, "orders").endpoint()).isNull();
    time.advance(Duration.ofMinutes(5));
    assertThat(status(east, "orders")).isEqualTo("backing-up");
    assertThat(describe(east, "orders").endpoint().address())
        .startsWith("orders.")
        .endsWith(".us-east-1.rds.amazonaws.com");
    time.advance(Duration.ofMinutes(2));
    assertThat(status(east, "orders")).isEqualTo("available");
  }

  @Test
  void aReplicaLagsAsItIsTold() {
    replicated("postgres");

    aws.replicaLag("us-west-2", "replica", Duration.ofMinutes(3));
    time.advance(Duration.ofMinutes(1));

    assertThat(lagNow()).as("a backlog grows by a second in a second").isBetween(1.0, 62.0);
    time.advance(Duration.ofMinutes(10));
    assertThat(lagNow()).isEqualTo(180.0);
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(time.now().minusSeconds(180));

    aws.replicaLag("us-west-2", "replica", Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(10));
    assertThat(aws.dataUntil("us-west-2", "replica"))
        .as("a backlog takes its time")
        .isEqualTo(time.now().minusSeconds(90));
    time.advance(Duration.ofMinutes(2));
    assertThat(lagNow()).isEqualTo(1.0);
  }

  @Test
  void aReplicaThatIsStalledLagsMoreAndMoreAndSaysThatItReplicates() {
    replicated("postgres");
    Disaster stall = Disaster.replicationStall(
        describe(west, "replica").readReplicaSourceDBInstanceIdentifier().replaceAll(".*:", ""));
    Instant struck = time.now();
    cloud.strike(stall);
    time.advance(Duration.ofMinutes(10));

    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
    assertThat(lagNow()).isBetween(540.0, 601.0);
    assertThat(describe(west, "replica").statusInfos()).singleElement().satisfies(info -> {
      assertThat(info.status()).isEqualTo("replicating");
      assertThat(info.normal()).isTrue();
    });

    cloud.heal(stall);
    time.advance(Duration.ofMinutes(2));
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(time.now().minusSeconds(1));
    assertThatThrownBy(() -> cloud.strike(Disaster.replicationStall("nothing")))
        .hasMessageContaining("no dataset 'nothing'");
  }

  @Test
  void onlyAReplicaLags() {
    assertThatThrownBy(() -> aws.replicaLag("us-west-2", "nobody", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no read replica nobody in us-west-2");
    assertThatThrownBy(() -> aws.replicaLag("us-west-2", "nobody", Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a replica cannot lag by PT-1S");
    assertThatThrownBy(() -> aws.dataUntil("us-west-2", "nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no DB instance nobody in us-west-2");
  }

  @Test
  void withoutItsSourceAReplicaLagsMoreAndMore() {
    replicated("postgres");
    Instant struck = time.now();
    cloud.strike(Disaster.loss(EAST));
    time.advance(Duration.ofMinutes(10));

    Datapoint newest = newest();
    assertThat(newest.timestamp().minusNanos(Math.round(newest.maximum() * 1e9)))
        .as("what the metric says is the truth")
        .isCloseTo(struck.minusSeconds(1), within(1, ChronoUnit.MILLIS));
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
    assertThat(describe(west, "replica").statusInfos()).singleElement().satisfies(info -> {
      assertThat(info.status()).isEqualTo("error");
      assertThat(info.normal()).isFalse();
    });

    cloud.heal(EAST);
    time.advance(Duration.ofMinutes(5));
    assertThat(lagNow()).isEqualTo(1.0);
    assertThat(describe(west, "replica").statusInfos().get(0).status()).isEqualTo("replicating");
  }

  @Test
  void aReplicaHearsNothingWhileItsSourceDoesNotReachIt() {
    Site there = Site.region("us-west-2");
    replicated("postgres");
    cloud.strike(Disaster.partition(there, EAST).lasting(Duration.ofMinutes(10)));
    time.advance(Duration.ofMinutes(5));
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(time.now().minusSeconds(1));

    Instant struck = time.now();
    cloud.strike(Disaster.partition(EAST, there));
    time.advance(Duration.ofMinutes(5));
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
  }

  @Test
  void aReplicaThatCountsSilenceNoticesItAfterAMinute() {
    replicated("mysql");
    time.advance(Duration.ofSeconds(60 - time.now().getEpochSecond() % 60 - 30));
    cloud.strike(Disaster.loss(EAST));
    time.advance(Duration.ofSeconds(45));

    assertThat(lagNow()).isEqualTo(1.0);
    time.advance(Duration.ofMinutes(2));
    assertThat(lagNow()).isEqualTo(-1.0);
  }

  @Test
  void theLossOfTheZoneOfASourceStopsItsReplica() {
    replicated("postgres");
    Site zone = EAST.zone(describe(east, "source").availabilityZone());
    Instant struck = time.now();
    cloud.strike(Disaster.loss(zone));
    time.advance(Duration.ofMinutes(10));

    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
  }

  @Test
  void aSourceWithAStandbyOutlivesItsZone() {
    replicated("postgres");
    east.modifyDBInstance(
        change -> change.dbInstanceIdentifier("source").multiAZ(true).applyImmediately(true));
    time.advance(Duration.ofMinutes(10));
    Site zone = EAST.zone(describe(east, "source").availabilityZone());
    cloud.strike(Disaster.loss(zone));
    time.advance(Duration.ofMinutes(10));

    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(time.now().minusSeconds(1));
  }

  @Test
  void aPromotionNeedsNoSourceAndKeepsWhatItLacks() {
    replicated("postgres");
    Instant struck = time.now();
    cloud.strike(Disaster.loss(EAST));
    time.advance(Duration.ofMinutes(10));

    west.promoteReadReplica(asked -> asked.dbInstanceIdentifier("replica"));
    time.advance(Duration.ofMinutes(10));

    assertThat(describe(west, "replica").readReplicaSourceDBInstanceIdentifier())
        .isNull();
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
    assertThat(aws.dataUntil("us-east-1", "source")).isEqualTo(time.now());
    cloud.heal(EAST);
    time.advance(Duration.ofMinutes(10));
    assertThat(aws.dataUntil("us-west-2", "replica")).isEqualTo(struck.minusSeconds(1));
    assertThat(describe(east, "source").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  @Test
  void aPromotionEndsTheReplication() {
    replicated("postgres");
    west.promoteReadReplica(asked -> asked.dbInstanceIdentifier("replica"));
    Instant held = aws.dataUntil("us-west-2", "replica");
    time.advance(Duration.ofMinutes(1));

    assertThat(describe(west, "replica").dbInstanceStatus()).isEqualTo("modifying");
    assertThat(aws.dataUntil("us-west-2", "replica"))
        .isBetween(held.minusSeconds(1), held.plusSeconds(1));
    time.advance(Duration.ofMinutes(20));
    assertThat(newest().timestamp()).isBefore(time.now().minus(Duration.ofMinutes(20)));
  }

  @Test
  void noReplicaIsMadeOfALostSource() {
    String source = create("source", "postgres").dbInstanceArn();
    time.advance(Duration.ofMinutes(10));
    cloud.strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> replicate(source))
        .isInstanceOfSatisfying(
            RdsException.class, refused -> assertThat(refused.statusCode()).isEqualTo(503))
        .hasMessageContaining("us-east-1");
  }

  @Test
  void aReplicaWhoseSourceIsLostMeanwhileFails() {
    String source = create("source", "postgres").dbInstanceArn();
    time.advance(Duration.ofMinutes(10));
    replicate(source);
    cloud.strike(Disaster.loss(EAST).after(Duration.ofMinutes(3)));
    time.advance(Duration.ofMinutes(30));

    assertThat(status(west, "replica")).isEqualTo("failed");
    west.deleteDBInstance(asked -> asked.dbInstanceIdentifier("replica").skipFinalSnapshot(true));
    time.advance(Duration.ofMinutes(5));
    assertThatThrownBy(() -> describe(west, "replica"))
        .isInstanceOf(DbInstanceNotFoundException.class);
  }

  /** Has the copy of a snapshot of the east made in the west, as {@code copied}, for a minute; returns the snapshot's ARN. */
  private String beginToCopyASnapshot() {
    create("orders", "postgres");
    time.advance(Duration.ofMinutes(10));
    String snapshot = east.createDBSnapshot(
            asked -> asked.dbInstanceIdentifier("orders").dbSnapshotIdentifier("taken"))
        .dbSnapshot()
        .dbSnapshotArn();
    time.advance(Duration.ofMinutes(10));
    west.copyDBSnapshot(
        asked -> asked.sourceDBSnapshotIdentifier(snapshot).targetDBSnapshotIdentifier("copied"));
    time.advance(Duration.ofMinutes(1));
    return snapshot;
  }

  @Test
  void aCopyOfASnapshotWhoseRegionIsLostMeanwhileFails() {
    String snapshot = beginToCopyASnapshot();
    cloud.strike(Disaster.loss(EAST));
    time.advance(Duration.ofMinutes(30));

    assertThat(west.describeDBSnapshots(asked -> asked.dbSnapshotIdentifier("copied"))
            .dbSnapshots()
            .get(0)
            .status())
        .isEqualTo("failed");
    assertThatThrownBy(() -> west.copyDBSnapshot(asked ->
            asked.sourceDBSnapshotIdentifier(snapshot).targetDBSnapshotIdentifier("again")))
        .isInstanceOfSatisfying(
            RdsException.class, refused -> assertThat(refused.statusCode()).isEqualTo(503));
  }

  @Test
  void aReplicaInAnotherRegionIsLeftWithoutADeletedSource() {
    replicated("postgres");
    east.deleteDBInstance(asked -> asked.dbInstanceIdentifier("source").skipFinalSnapshot(true));
    time.advance(Duration.ofMinutes(10));

    DBInstance left = describe(west, "replica");
    assertThat(left.readReplicaSourceDBInstanceIdentifier()).endsWith(":db:source");
    assertThat(left.statusInfos().get(0).status()).isEqualTo("terminated");
  }

  @Test
  void aSnapshotHoldsWhatItsReplicaHeld() {
    replicated("postgres");
    aws.replicaLag("us-west-2", "replica", Duration.ofMinutes(1));
    time.advance(Duration.ofMinutes(10));
    west.createDBSnapshot(
        asked -> asked.dbInstanceIdentifier("replica").dbSnapshotIdentifier("taken"));
    Instant taken = time.now();
    time.advance(Duration.ofMinutes(10));
    west.restoreDBInstanceFromDBSnapshot(
        asked -> asked.dbInstanceIdentifier("restored").dbSnapshotIdentifier("taken"));
    time.advance(Duration.ofHours(1));

    assertThat(aws.dataUntil("us-west-2", "restored"))
        .isBetween(taken.minusSeconds(61), taken.minusSeconds(60));
  }

  @Test
  void aRestoredDatabaseHoldsWhatWasWrittenUntilThen() {
    create("orders", "postgres");
    time.advance(Duration.ofHours(2));
    Instant then = time.now().minus(Duration.ofHours(1));

    assertThatThrownBy(() -> restore(time.now().minusSeconds(60)))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("cannot be restored to");
    assertThatThrownBy(() -> restore(time.now().minus(Duration.ofDays(1))))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("cannot be restored to");
    restore(then);

    assertThat(aws.dataUntil("us-east-1", "restored")).isEqualTo(then);
  }

  @Test
  void withoutBackupsNothingIsRestored() {
    replicated("postgres");

    assertThatThrownBy(() -> west.restoreDBInstanceToPointInTime(asked -> asked
            .sourceDBInstanceIdentifier("replica")
            .targetDBInstanceIdentifier("restored")
            .useLatestRestorableTime(true)))
        .isInstanceOf(PointInTimeRestoreNotEnabledException.class);
  }

  @Test
  void theLagGoesOnUnderANewName() {
    replicated("postgres");
    west.modifyDBInstance(change -> change
        .dbInstanceIdentifier("replica")
        .newDBInstanceIdentifier("renamed")
        .applyImmediately(true));
    time.advance(Duration.ofMinutes(5));

    assertThat(describe(west, "renamed").dbInstanceStatus()).isEqualTo("available");
    time.advance(Duration.ofMinutes(5));
    assertThat(points("renamed")).hasSizeBetween(8, 10);
    assertThat(points("replica"))
        .isNotEmpty()
        .allSatisfy(point ->
            assertThat(point.timestamp()).isBefore(time.now().minus(Duration.ofMinutes(8))));
  }

  @Test
  void aDatabaseIsNotSeenAtOnceWhereThingsSettle() {
    aws.settlesIn(Duration.ofSeconds(30));
    create("orders", "postgres");

    assertThatThrownBy(() -> describe(east, "orders"))
        .isInstanceOf(DbInstanceNotFoundException.class);
    assertThat(east.describeDBInstances().dbInstances()).isEmpty();
    time.advance(Duration.ofSeconds(30));
    assertThat(status(east, "orders")).isEqualTo("creating");
  }

  @Test
  void aRegionHasRoomForSoManyDatabases() {
    aws.databaseQuota("us-east-1", 1);
    create("one", "postgres");

    assertThatThrownBy(() -> create("two", "postgres"))
        .isInstanceOfSatisfying(
            InstanceQuotaExceededException.class,
            refused -> assertThat(refused.statusCode()).isEqualTo(400));
  }

  @Test
  void aDatabaseIsMadeInAZoneThatIsThere() {
    cloud.strike(Disaster.loss(EAST.zone("us-east-1a")));

    assertThat(create("orders", "postgres").availabilityZone()).isEqualTo("us-east-1b");
    assertNoRoom(() -> east.createDBInstance(asked -> asked
        .dbInstanceIdentifier("there")
        .dbInstanceClass("db.r6g.large")
        .engine("postgres")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("long-enough")
        .availabilityZone("us-east-1a")));
  }

  @Test
  void noDatabaseIsMadeWhereThereIsNoCapacity() {
    replicated("postgres");
    String source = describe(east, "source").dbInstanceArn();
    west.createDBSnapshot(
        asked -> asked.dbInstanceIdentifier("replica").dbSnapshotIdentifier("last"));
    time.advance(Duration.ofMinutes(10));
    cloud.strike(Disaster.noCapacity(Site.region("us-west-2")));

    assertNoRoom(() -> west.createDBInstanceReadReplica(
        asked -> asked.dbInstanceIdentifier("another").sourceDBInstanceIdentifier(source)));
    assertNoRoom(() -> west.restoreDBInstanceFromDBSnapshot(
        asked -> asked.dbInstanceIdentifier("restored").dbSnapshotIdentifier("last")));
    assertNoRoom(() -> west.modifyDBInstance(change -> change
        .dbInstanceIdentifier("replica")
        .dbInstanceClass("db.r6g.2xlarge")
        .applyImmediately(true)));
    west.promoteReadReplica(asked -> asked.dbInstanceIdentifier("replica"));
    time.advance(Duration.ofMinutes(10));
    assertThat(status(west, "replica"))
        .as("what runs already needs no room")
        .isEqualTo("available");
  }

  private static void assertNoRoom(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InsufficientDbInstanceCapacityException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode())
                .isEqualTo("InsufficientDBInstanceCapacity"));
  }

  @Test
  void aPromotionWaitsForTheZoneOfItsReplica() {
    replicated("postgres");
    Disaster loss =
        Disaster.loss(Site.region("us-west-2").zone(describe(west, "replica").availabilityZone()));
    cloud.strike(loss);

    west.promoteReadReplica(asked -> asked.dbInstanceIdentifier("replica"));
    time.advance(Duration.ofHours(2));

    assertThat(status(west, "replica")).isEqualTo("modifying");
    assertThat(describe(west, "replica").readReplicaSourceDBInstanceIdentifier())
        .isNotNull();
    cloud.heal(loss);
    time.advance(Duration.ofMinutes(10));
    assertThat(status(west, "replica")).isEqualTo("available");
    assertThat(describe(west, "replica").readReplicaSourceDBInstanceIdentifier())
        .isNull();
  }

  @Test
  void aSnapshotThatWasBegunWaitsForTheZoneOfItsDatabase() {
    create("orders", "postgres");
    time.advance(Duration.ofMinutes(10));
    Disaster loss = Disaster.loss(EAST.zone(describe(east, "orders").availabilityZone()));
    east.createDBSnapshot(
        asked -> asked.dbInstanceIdentifier("orders").dbSnapshotIdentifier("taken"));
    time.advance(Duration.ofMinutes(1));
    cloud.strike(loss);
    time.advance(Duration.ofHours(2));

    assertThat(statusOfSnapshot(east, "taken")).isEqualTo("creating");
    cloud.heal(loss);
    time.advance(Duration.ofMinutes(2));
    assertThat(statusOfSnapshot(east, "taken")).isEqualTo("creating");
    time.advance(Duration.ofMinutes(2));
    assertThat(statusOfSnapshot(east, "taken")).isEqualTo("available");
  }

  @Test
  void aCopyOfASnapshotWaitsForTheRegionThatItIsMadeIn() {
    beginToCopyASnapshot();
    Disaster loss = Disaster.loss(Site.region("us-west-2"));
    cloud.strike(loss);
    time.advance(Duration.ofHours(2));
    cloud.heal(loss);

    assertThat(statusOfSnapshot(west, "copied")).isEqualTo("creating");
    time.advance(Duration.ofMinutes(10));
    assertThat(statusOfSnapshot(west, "copied")).isEqualTo("available");
  }

  private static String statusOfSnapshot(RdsClient rds, String name) {
    return rds.describeDBSnapshots(asked -> asked.dbSnapshotIdentifier(name))
        .dbSnapshots()
        .get(0)
        .status();
  }

  @Test
  void aStandbyIsMadeInAZoneThatHasRoom() {
    create("orders", "postgres");
    time.advance(Duration.ofMinutes(10));
    assertThat(describe(east, "orders").availabilityZone()).isEqualTo("us-east-1a");
    cloud.strike(Disaster.loss(EAST.zone("us-east-1b")));
    cloud.strike(Disaster.noCapacity(EAST.zone("us-east-1c")));

    assertNoRoom(this::addStandby);
    time.advance(Duration.ofMinutes(10));
    assertThat(describe(east, "orders").multiAZ()).as("what was refused").isFalse();
    cloud.heal(Disaster.noCapacity(EAST.zone("us-east-1c")));
    addStandby();
    time.advance(Duration.ofMinutes(10));

    assertThat(describe(east, "orders").secondaryAvailabilityZone()).isEqualTo("us-east-1c");
  }

  private void addStandby() {
    east.modifyDBInstance(
        change -> change.dbInstanceIdentifier("orders").multiAZ(true).applyImmediately(true));
  }

  @Test
  void aStandbyNeedsASecondZone() {
    RdsClient single = FakeCloud.builder()
        .region("eu-west-1", "eu-west-1a")
        .build()
        .client(RdsClient.class, "eu-west-1");
    create(single, "orders", "postgres");
    single.waiter().waitUntilDBInstanceAvailable(asked -> asked.dbInstanceIdentifier("orders"));

    assertThatThrownBy(() -> single.modifyDBInstance(
            change -> change.dbInstanceIdentifier("orders").multiAZ(true).applyImmediately(true)))
        .isInstanceOf(DbSubnetGroupDoesNotCoverEnoughAZsException.class);
  }

  @Test
  void aChangeIsNotSeenToBeginAtOnce() {
    create("orders", "postgres");
    time.advance(Duration.ofMinutes(10));
    east.modifyDBInstance(change -> change
        .dbInstanceIdentifier("orders")
        .dbInstanceClass("db.r6g.2xlarge")
        .applyImmediately(true));

    assertThat(status(east, "orders")).isEqualTo("available");
    assertThat(describe(east, "orders").pendingModifiedValues().dbInstanceClass())
        .isEqualTo("db.r6g.2xlarge");
    time.advance(Duration.ofSeconds(10));
    assertThat(status(east, "orders")).isEqualTo("modifying");
  }

  @Test
  void anArnNamesARegionOfTheCloud() {
    for (String region : List.of("", " ", "us/east", "mars-north-1")) {
      assertThatThrownBy(() -> replicate("arn:aws:rds:" + region + ":123456789012:db:source"))
          .as("in '%s'", region)
          .isInstanceOfSatisfying(
              RdsException.class,
              refused -> assertThat(refused.awsErrorDetails().errorCode())
                  .isEqualTo("InvalidParameterValue"));
    }
  }

  @Test
  void aLostRegionKeepsItsDatabases() {
    create("orders", "postgres");
    cloud.strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> describe(east, "orders")).isInstanceOf(SdkClientException.class);
    cloud.heal(EAST);
    assertThat(describe(east, "orders").dbInstanceIdentifier()).isEqualTo("orders");
  }

  @Test
  void withoutThePermissionNothingIsPromoted() {
    replicated("postgres");
    aws.deny("rds:PromoteReadReplica");

    assertThatThrownBy(
            () -> west.promoteReadReplica(asked -> asked.dbInstanceIdentifier("replica")))
        .isInstanceOfSatisfying(
            RdsException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
  }

  @Test
  void anEncryptedReplicaNeedsAKeyOfItsRegion() {
    String source = east.createDBInstance(asked -> asked
            .dbInstanceIdentifier("secret")
            .dbInstanceClass("db.r6g.large")
            .engine("postgres")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough")
            .storageEncrypted(true))
        .dbInstance()
        .dbInstanceArn();
    time.advance(Duration.ofMinutes(10));

    assertThatThrownBy(() -> replicate(source))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("unencrypted read replica from encrypted source");
    west.createDBInstanceReadReplica(asked -> asked
        .dbInstanceIdentifier("replica")
        .sourceDBInstanceIdentifier(source)
        .kmsKeyId("alias/west"));
    assertThat(describe(west, "replica").kmsKeyId()).isEqualTo("alias/west");
  }

  @Test
  void whatWouldChangeTheOutcomeAndIsNotModelledIsRefused() {
    create("orders", "postgres");
    time.advance(Duration.ofMinutes(10));

    assertThatThrownBy(() -> east.modifyDBInstance(
            change -> change.dbInstanceIdentifier("orders").engineVersion("18.1")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeRds: modifyDBInstance with EngineVersion");
    assertThatThrownBy(() -> east.modifyDBInstance(
            change -> change.dbInstanceIdentifier("orders").domain("d-1")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeRds: modifyDBInstance with Domain");
    assertThatThrownBy(() -> create("cluster", "aurora-postgresql"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeRds: createDBInstance in a cluster");
    assertThatThrownBy(() -> east.rebootDBInstance(asked -> asked.dbInstanceIdentifier("orders")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeRds: rebootDBInstance");
  }

  private DBInstance create(String name, String engine) {
    return create(east, name, engine);
  }

  private static DBInstance create(RdsClient rds, String name, String engine) {
    return rds.createDBInstance(asked -> asked
            .dbInstanceIdentifier(name)
            .dbInstanceClass("db.r6g.large")
            .engine(engine)
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough"))
        .dbInstance();
  }

  private void replicate(String source) {
    west.createDBInstanceReadReplica(
        asked -> asked.dbInstanceIdentifier("replica").sourceDBInstanceIdentifier(source));
  }

  /** Makes a source in the east and a replica in the west, and lets them run for a while. */
  private void replicated(String engine) {
    String source = create("source", engine).dbInstanceArn();
    time.advance(Duration.ofMinutes(10));
    replicate(source);
    time.advance(Duration.ofMinutes(30));
  }

  private void restore(Instant to) {
    east.restoreDBInstanceToPointInTime(asked -> asked
        .sourceDBInstanceIdentifier("orders")
        .targetDBInstanceIdentifier("restored")
        .restoreTime(to));
  }

  private static DBInstance describe(RdsClient rds, String name) {
    return rds.describeDBInstances(asked -> asked.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0);
  }

  private static String status(RdsClient rds, String name) {
    return describe(rds, name).dbInstanceStatus();
  }

  private double lagNow() {
    return newest().maximum();
  }

  private Datapoint newest() {
    return points("replica").stream()
        .max((one, other) -> one.timestamp().compareTo(other.timestamp()))
        .orElseThrow();
  }

  private List<Datapoint> points(String replica) {
    return metrics
        .getMetricStatistics(asked -> asked
            .namespace("AWS/RDS")
            .metricName("ReplicaLag")
            .dimensions(
                Dimension.builder().name("DBInstanceIdentifier").value(replica).build())
            .startTime(time.now().minus(Duration.ofHours(1)))
            .endTime(time.now())
            .period(60)
            .statistics(Statistic.MAXIMUM))
        .datapoints();
  }
}
