package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.RdsException;

@WithAwsEmulator
class RdsCorrectionsTest {
  private final AwsEmulator emulator;
  private final RdsClient east;
  private final RdsClient west;

  RdsCorrectionsTest(AwsEmulator emulator) {
    this.emulator = emulator;
    east = Clients.once(emulator, RdsClient.builder(), "us-east-1");
    west = Clients.once(emulator, RdsClient.builder(), "us-west-2");
  }

  @Test
  void aReplicaIsCreatedInAZoneOfItsOwnRegionWithoutBackups() {
    String source = source("zones");

    DBInstance asked = replica("zones-west", source);

    assertThat(asked.dbInstanceStatus()).isEqualTo("creating");
    assertThat(describe(west, "zones-west").dbInstanceStatus()).isEqualTo("creating");
    DBInstance replica = describe(west, "zones-west");
    assertThat(replica.dbInstanceStatus()).isEqualTo("available");
    assertThat(replica.availabilityZone()).startsWith("us-west-2");
    assertThat(replica.backupRetentionPeriod()).isZero();
    assertThat(replica.readReplicaSourceDBInstanceIdentifier()).isEqualTo(source);
    assertThat(replica.dbiResourceId()).isNotEqualTo(describe(east, "zones").dbiResourceId());
    assertThat(describe(east, "zones").readReplicaDBInstanceIdentifiers())
        .containsExactly(replica.dbInstanceArn());
  }

  @Test
  void aReplicaSaysThatItReplicates() {
    availableReplica("status-west", source("status"));

    assertThat(describe(west, "status-west").statusInfos())
        .containsExactly(DBInstanceStatusInfo.builder()
            .statusType("read replication")
            .normal(true)
            .status("replicating")
            .build());
    assertThat(describe(east, "status").statusInfos()).isEmpty();
  }

  @Test
  void aReplicaSaysThatItsSourceIsLost() {
    availableReplica("broken-west", source("broken"));

    emulator.lose("us-east-1");
    List<DBInstanceStatusInfo> infos = describe(west, "broken-west").statusInfos();
    emulator.restore("us-east-1");

    assertThat(infos).singleElement().satisfies(info -> {
      assertThat(info.status()).isEqualTo("error");
      assertThat(info.normal()).isFalse();
      assertThat(info.message()).contains("us-east-1");
    });
  }

  @Test
  void aReplicaNeedsASourceWithBackups() {
    String source = source("unprotected");
    east.modifyDBInstance(request -> request
        .dbInstanceIdentifier("unprotected")
        .backupRetentionPeriod(0)
        .applyImmediately(true));
    describeUntilAvailable(east, "unprotected");

    assertThatThrownBy(() -> replica("unprotected-west", source))
        .isInstanceOf(InvalidDbInstanceStateException.class)
        .hasMessageContaining("Automated backups are not enabled");
  }

  @Test
  void aReplicaDoesNotTakeANameThatIsTaken() {
    String source = source("twice");
    replica("twice-west", source);

    assertThatThrownBy(() -> replica("twice-west", source))
        .isInstanceOf(DbInstanceAlreadyExistsException.class);
  }

  @Test
  void promotionTakesItsTimeAndBreaksTheLinkOnBothSides() {
    availableReplica("promoted-west", source("promoted"));

    DBInstance asked = west.promoteReadReplica(
            request -> request.dbInstanceIdentifier("promoted-west"))
        .dbInstance();

    assertThat(asked.dbInstanceStatus()).isEqualTo("modifying");
    assertThat(describe(west, "promoted-west").dbInstanceStatus()).isEqualTo("modifying");
    assertThat(describe(west, "promoted-west").dbInstanceStatus()).isEqualTo("rebooting");
    DBInstance promoted = describe(west, "promoted-west");
    assertThat(promoted.dbInstanceStatus()).isEqualTo("available");
    assertThat(promoted.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(promoted.statusInfos()).isEmpty();
    assertThat(promoted.backupRetentionPeriod()).isOne();
    assertThat(describe(east, "promoted").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  @Test
  void promotionWithinARegionBreaksTheLinkToo() {
    source("near");
    east.createDBInstanceReadReplica(
        request -> request.dbInstanceIdentifier("near-replica").sourceDBInstanceIdentifier("near"));
    describeUntilAvailable(east, "near-replica");

    east.promoteReadReplica(request -> request.dbInstanceIdentifier("near-replica"));

    DBInstance promoted = describeUntilAvailable(east, "near-replica");
    assertThat(promoted.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(describe(east, "near").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  @Test
  void promotionWorksWhileTheSourceIsLost() {
    availableReplica("orphan-west", source("orphan"));

    emulator.lose("us-east-1");
    west.promoteReadReplica(
        request -> request.dbInstanceIdentifier("orphan-west").backupRetentionPeriod(7));
    DBInstance promoted = describeUntilAvailable(west, "orphan-west");
    emulator.restore("us-east-1");

    assertThat(promoted.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(promoted.backupRetentionPeriod()).isEqualTo(7);
  }

  @Test
  void whatIsNoReplicaIsNotPromoted() {
    source("single");
    availableReplica("once-west", source("once"));
    west.promoteReadReplica(request -> request.dbInstanceIdentifier("once-west"));
    describeUntilAvailable(west, "once-west");

    assertThatThrownBy(
            () -> east.promoteReadReplica(request -> request.dbInstanceIdentifier("single")))
        .isInstanceOf(InvalidDbInstanceStateException.class)
        .hasMessageContaining("not a read replica");
    assertThatThrownBy(
            () -> west.promoteReadReplica(request -> request.dbInstanceIdentifier("once-west")))
        .isInstanceOf(InvalidDbInstanceStateException.class);
  }

  @Test
  void aReplicaThatIsBeingCreatedIsNotPromoted() {
    replica("young-west", source("young"));

    assertThatThrownBy(
            () -> west.promoteReadReplica(request -> request.dbInstanceIdentifier("young-west")))
        .isInstanceOf(InvalidDbInstanceStateException.class)
        .hasMessageContaining("creating");
  }

  @Test
  void aChangeOfClassIsSeenOnlyWhenItIsMade() {
    source("resized");

    east.modifyDBInstance(request -> request
        .dbInstanceIdentifier("resized")
        .dbInstanceClass("db.r6g.2xlarge")
        .applyImmediately(true));

    DBInstance changing = describe(east, "resized");
    assertThat(changing.dbInstanceStatus()).isEqualTo("modifying");
    assertThat(changing.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(changing.pendingModifiedValues().dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
    DBInstance changed = describe(east, "resized");
    assertThat(changed.dbInstanceStatus()).isEqualTo("available");
    assertThat(changed.dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
    assertThat(changed.pendingModifiedValues().dbInstanceClass()).isNull();
  }

  @Test
  void aChangeForTheMaintenanceWindowStaysPending() {
    source("patient");

    east.modifyDBInstance(
        request -> request.dbInstanceIdentifier("patient").dbInstanceClass("db.r6g.2xlarge"));

    describe(east, "patient");
    DBInstance waiting = describe(east, "patient");
    assertThat(waiting.dbInstanceStatus()).isEqualTo("available");
    assertThat(waiting.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(waiting.pendingModifiedValues().dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
  }

  @Test
  void aClassThatIsNoneIsRefused() {
    source("classless");

    assertThatThrownBy(() -> east.modifyDBInstance(request -> request
            .dbInstanceIdentifier("classless")
            .dbInstanceClass("huge")
            .applyImmediately(true)))
        .isInstanceOfSatisfying(RdsException.class, Clients.codeIs("InvalidParameterValue"));
  }

  @Test
  void deletingAReplicaInAnotherRegionLeavesNoLink() {
    availableReplica("deleted-west", source("deleted"));

    west.deleteDBInstance(
        request -> request.dbInstanceIdentifier("deleted-west").skipFinalSnapshot(true));

    assertThat(describe(east, "deleted").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  @Test
  void deletingASourceLeavesItsReplicaOnItsOwn() {
    availableReplica("heir-west", source("testator"));

    east.deleteDBInstance(
        request -> request.dbInstanceIdentifier("testator").skipFinalSnapshot(true));

    assertThat(describe(west, "heir-west").readReplicaSourceDBInstanceIdentifier())
        .isNull();
  }

  @Test
  void aSnapshotOfAReplicaIsRestoredAsAnInstanceOfItsOwn() {
    availableReplica("kept-west", source("kept"));
    west.createDBSnapshot(
        request -> request.dbInstanceIdentifier("kept-west").dbSnapshotIdentifier("kept-snapshot"));

    west.restoreDBInstanceFromDBSnapshot(
        request -> request.dbInstanceIdentifier("restored").dbSnapshotIdentifier("kept-snapshot"));

    assertThat(describe(west, "restored").dbInstanceStatus()).isEqualTo("creating");
    DBInstance restored = describe(west, "restored");
    assertThat(restored.dbInstanceStatus()).isEqualTo("available");
    assertThat(restored.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(restored.dbiResourceId())
        .isNotEqualTo(describe(west, "kept-west").dbiResourceId());
  }

  @Test
  void aSnapshotThatWasCopiedIsRestoredInAZoneOfItsRegion() {
    source("moved");
    String snapshot = east.createDBSnapshot(
            request -> request.dbInstanceIdentifier("moved").dbSnapshotIdentifier("moved"))
        .dbSnapshot()
        .dbSnapshotArn();
    west.copyDBSnapshot(request ->
        request.sourceDBSnapshotIdentifier(snapshot).targetDBSnapshotIdentifier("moved"));

    west.restoreDBInstanceFromDBSnapshot(
        request -> request.dbInstanceIdentifier("moved").dbSnapshotIdentifier("moved"));

    assertThat(describeUntilAvailable(west, "moved").availabilityZone()).startsWith("us-west-2");
  }

  @Test
  void theLagOfAReplicaIsPublishedEachMinute() {
    availableReplica("lagging-west", source("lagging"));

    List<Datapoint> lag = lag("lagging-west");

    assertThat(lag).isNotEmpty().allSatisfy(point -> {
      assertThat(point.maximum()).isBetween(0.0, 1.0);
      assertThat(point.timestamp().getEpochSecond() % 60).isZero();
    });
    assertThat(lagData("lagging-west").values())
        .isNotEmpty()
        .allSatisfy(value -> assertThat(value).isBetween(0.0, 1.0));
    assertThat(lag("lagging")).isEmpty();
  }

  @Test
  void theLagCanBeSet() {
    availableReplica("slow-west", source("slow"));

    emulator.replicaLag("us-west-2", "slow-west", Duration.ofMinutes(3));

    assertThat(latest(lag("slow-west")).maximum()).isEqualTo(180.0);
    assertThatThrownBy(() -> emulator.replicaLag("us-west-2", "nobody", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no read replica nobody in us-west-2");
  }

  private static Datapoint latest(List<Datapoint> points) {
    return points.stream()
        .max((one, other) -> one.timestamp().compareTo(other.timestamp()))
        .orElseThrow();
  }

  private List<Datapoint> lag(String replica) {
    Instant now = Instant.now();
    return cloudWatch()
        .getMetricStatistics(request -> request
            .namespace("AWS/RDS")
            .metricName("ReplicaLag")
            .dimensions(instance(replica))
            .startTime(now.minusSeconds(300))
            .endTime(now.plusSeconds(60))
            .period(60)
            .statistics(Statistic.MAXIMUM))
        .datapoints();
  }

  private MetricDataResult lagData(String replica) {
    Instant now = Instant.now();
    Metric metric = Metric.builder()
        .namespace("AWS/RDS")
        .metricName("ReplicaLag")
        .dimensions(instance(replica))
        .build();
    MetricDataQuery query = MetricDataQuery.builder()
        .id("lag")
        .metricStat(stat -> stat.stat("Maximum").period(60).metric(metric))
        .build();
    return cloudWatch()
        .getMetricData(request -> request
            .startTime(now.minusSeconds(300))
            .endTime(now.plusSeconds(60))
            .metricDataQueries(query))
        .metricDataResults()
        .get(0);
  }

  private static Dimension instance(String identifier) {
    return Dimension.builder().name("DBInstanceIdentifier").value(identifier).build();
  }

  private CloudWatchClient cloudWatch() {
    return Clients.once(emulator, CloudWatchClient.builder(), "us-west-2");
  }

  private String source(String identifier) {
    return east.createDBInstance(request -> request
            .dbInstanceIdentifier(identifier)
            .dbInstanceClass("db.r6g.large")
            .engine("postgres")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough"))
        .dbInstance()
        .dbInstanceArn();
  }

  private DBInstance replica(String identifier, String source) {
    return west.createDBInstanceReadReplica(request -> request
            .dbInstanceIdentifier(identifier)
            .sourceDBInstanceIdentifier(source)
            .sourceRegion("us-east-1"))
        .dbInstance();
  }

  private DBInstance availableReplica(String identifier, String source) {
    replica(identifier, source);
    return describeUntilAvailable(west, identifier);
  }

  private static DBInstance describeUntilAvailable(RdsClient region, String identifier) {
    for (int i = 0; i < 5; i++) {
      DBInstance instance = describe(region, identifier);
      if (instance.dbInstanceStatus().equals("available")) {
        return instance;
      }
    }
    throw new AssertionError(identifier + " does not become available");
  }

  private static DBInstance describe(RdsClient region, String identifier) {
    return region
        .describeDBInstances(request -> request.dbInstanceIdentifier(identifier))
        .dbInstances()
        .get(0);
  }
}
