package io.drkit.aws.rds;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Rehearsal;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.FaultyHttp;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

@WithAwsEmulator
class RdsReadReplicaTest {
  private final AwsEmulator emulator;
  private final RdsClient east;
  private final RdsClient west;
  private final AwsClients clients;
  private final RdsReadReplica orders;

  RdsReadReplicaTest(AwsEmulator emulator) {
    this.emulator = emulator;
    east = emulator.client(RdsClient.builder(), "us-east-1");
    west = emulator.client(RdsClient.builder(), "us-west-2");
    clients = Emulated.clients(emulator, new FaultyHttp());
    orders = RdsReadReplica.builder("orders-db")
        .clients(clients)
        .instance(PerSite.at(EAST, "orders").and(WEST, "orders-replica"))
        .instanceClass("db.t3.medium")
        .build();
  }

  @BeforeEach
  void makeTheDatabase() {
    emulator.reset();
    east.createDBInstance(instance -> instance
        .dbInstanceIdentifier("orders")
        .engine("postgres")
        .dbInstanceClass("db.m5.large")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("not-a-secret")
        .backupRetentionPeriod(1));
  }

  @AfterEach
  void closeClients() {
    clients.close();
    east.close();
    west.close();
  }

  private DBInstance replica() {
    return west.describeDBInstances(r -> r.dbInstanceIdentifier("orders-replica"))
        .dbInstances()
        .get(0);
  }

  @Test
  void aReplicaIsCreatedInTheOtherRegion() throws Exception {
    Evidence evidence = Crossing.westward("run-1").bringAbout(orders.established());

    assertThat(evidence.facts())
        .containsEntry("replica", "orders-replica")
        .containsEntry("source", "arn:aws:rds:us-east-1:123456789012:db:orders");
    assertThat(replica().dbInstanceClass()).isEqualTo("db.t3.medium");
    assertThat(orders.kind()).isEqualTo(ReplicationKind.ASYNCHRONOUS);
    assertThat(orders.established().needs(Crossing.westward("run-1").direction()))
        .containsExactly(Need.control("rds", EAST), Need.control("rds", WEST));
  }

  @Test
  void establishingAgainChangesNothing() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    context.bringAbout(orders.established());
    String id = replica().dbiResourceId();

    context.apply(orders.established());
    Crossing.westward("run-2").bringAbout(orders.established());

    assertThat(replica().dbiResourceId()).isEqualTo(id);
  }

  @Test
  void aDatabaseOfItsOwnIsNotTakenForAReplica() throws Exception {
    west.createDBInstance(instance -> instance
        .dbInstanceIdentifier("orders-replica")
        .engine("postgres")
        .dbInstanceClass("db.m5.large")
        .allocatedStorage(20));

    Progress seen = orders.established().observe(Crossing.westward("run-1"));

    assertThat(seen.kind()).isEqualTo(Progress.Kind.BLOCKED);
    assertThat(seen.detail())
        .startsWith("DB instance orders-replica in us-west-2 is a database of its own and no"
            + " replica of orders");
  }

  @Test
  void aDatabaseThatWasLeftIsRenamedAndKeptOnceAnotherHasTakenOver() throws Exception {
    west.createDBInstance(instance -> instance
        .dbInstanceIdentifier("orders-replica")
        .engine("postgres")
        .dbInstanceClass("db.m5.large")
        .allocatedStorage(20));
    String id = replica().dbiResourceId();
    FakeContext failback = Crossing.westward("r7-0a1b2c3d");

    assertThat(failback.bringAbout(orders.retired()).facts())
        .containsEntry("kept as", "orders-replica-left-r7-0a1b2c3d");
    failback.bringAbout(orders.established());

    assertThat(west.describeDBInstances(
                kept -> kept.dbInstanceIdentifier("orders-replica-left-r7-0a1b2c3d"))
            .dbInstances()
            .get(0)
            .dbiResourceId())
        .isEqualTo(id);
    assertThat(replica().dbiResourceId()).isNotEqualTo(id);
    assertThat(Crossing.westward("r8").bringAbout(orders.retired()).facts())
        .as("a replica is no database that was left")
        .isEmpty();
  }

  @Test
  void aDatabaseIsNotRenamedForOneThatDoesNotTakeOver() throws Exception {
    RdsReadReplica misnamed = RdsReadReplica.builder("orders-db")
        .clients(clients)
        .instance(PerSite.at(EAST, "orders").and(WEST, "nowhere"))
        .build();
    FakeContext eastward = Crossing.eastward("r7");

    assertThat(misnamed.retired().observe(eastward).detail())
        .startsWith("DB instance orders in us-east-1 is not renamed, because nowhere in us-west-2");
  }

  @Test
  void aReplicaOfAnotherDatabaseIsNeitherAcceptedNorPromoted() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    RdsReadReplica misnamed = RdsReadReplica.builder("orders-db")
        .clients(clients)
        .instance(PerSite.at(EAST, "invoices").and(WEST, "orders-replica"))
        .build();
    Progress blocked = Progress.blocked("DB instance orders-replica in us-west-2 is a replica of"
        + " arn:aws:rds:us-east-1:123456789012:db:orders and not of invoices in us-east-1; check"
        + " the names that the plan gives");

    assertThat(misnamed.established().observe(Crossing.westward("run-2"))).isEqualTo(blocked);
    assertThat(misnamed.promoted().observe(Crossing.westward("run-2"))).isEqualTo(blocked);
  }

  @Test
  void promotingNeedsTheRecoveryRegionOnly() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    emulator.replicaLag("us-west-2", "orders-replica", Duration.ofSeconds(3));
    emulator.lose("us-east-1");
    FakeContext failover = Crossing.westward("run-2").lost(EAST);

    Progress before = orders.promoted().observe(failover);
    Evidence promoted = failover.bringAbout(orders.promoted());

    assertThat(replica().readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(before.kind()).isEqualTo(Progress.Kind.PENDING);
    assertThat(promoted.facts()).containsEntry("instance", "orders-replica");
    assertThat(promoted.recoveryPoint()).isPresent();
    assertThat(failover.called())
        .containsOnly(Need.control("rds", WEST), Need.data("monitoring", WEST));
  }

  @Test
  void theRecoveryPointIsTheBeginningOfTheNewestMinuteLessItsLag() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    emulator.replicaLag("us-west-2", "orders-replica", Duration.ofSeconds(90));
    Instant now = Instant.now();

    ReplicationStatus status = orders.status(Crossing.westward("run-2"));

    assertThat(status.state()).isEqualTo(ReplicationStatus.State.FLOWING);
    Instant until = status.recoveryPoint().completeUntil().orElseThrow();
    assertThat(until).isBetween(now.minusSeconds(151), now.minusSeconds(89));
    assertThat(until.plusSeconds(90).getEpochSecond() % 60).isZero();
    assertThat(status.recoveryPoint().basis()).startsWith("replica lag of 90 s in the minute from");
  }

  @Test
  void aPromotedDatabaseIsReachedAtOnceAndPromotedOnlyOnce() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    Crossing.westward("run-2").bringAbout(orders.promoted());
    FakeContext again = Crossing.westward("run-3");

    assertThat(orders.promoted().observe(again).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(orders.status(again).state()).isEqualTo(ReplicationStatus.State.PROMOTED);
    assertThatThrownBy(() -> again.apply(orders.promoted()))
        .hasMessageStartingWith("promote orders-replica failed: ")
        .hasMessageContaining("[InvalidDBInstanceState, requestId=");
  }

  @Test
  void aMissingReplicaIsAbsentAndCannotBePromoted() throws Exception {
    FakeContext context = Crossing.westward("run-1");

    assertThat(orders.status(context).state()).isEqualTo(ReplicationStatus.State.ABSENT);
    assertThat(orders.status(context).lag()).isEmpty();
    assertThat(orders.promoted().observe(context))
        .isEqualTo(Progress.blocked("there is no DB instance orders-replica in us-west-2;"
            + " restore one of this name from a snapshot, then go on"));
  }

  @Test
  void aLostRecoveryRegionIsAnEndpointThatDoesNotAnswer() {
    emulator.lose("us-west-2");

    assertThatThrownBy(() -> orders.promoted().observe(Crossing.westward("run-1")))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessageStartingWith("look at DB instance orders-replica failed: the rds control plane"
            + " in us-west-2 does not answer: ");
  }

  @Test
  void theDatabaseGrowsAndItsBackupsGoOn() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    Crossing.westward("run-2").bringAbout(orders.promoted());
    RdsInstance database = RdsInstance.of(clients, PerSite.at(WEST, "orders-replica"));
    FakeContext failover = Crossing.westward("run-2").lost(EAST);

    Evidence grown = failover.bringAbout(database.instanceClass("db.r6g.2xlarge"));
    Evidence kept = failover.bringAbout(database.backupRetention(14));

    assertThat(grown.facts()).containsEntry("instanceClass", "db.r6g.2xlarge");
    assertThat(kept.facts()).containsEntry("backupRetention", "14");
    assertThat(replica().backupRetentionPeriod()).isEqualTo(14);
    assertThat(failover.called()).containsOnly(Need.control("rds", WEST));
  }

  @Test
  void settingsThatRdsCannotHaveAreRefusedWhenThePlanIsWritten() {
    RdsInstance database = RdsInstance.of(clients, PerSite.at(WEST, "orders-replica"));

    assertThatThrownBy(() -> database.instanceClass("r6g.2xlarge"))
        .hasMessage("an instance class of RDS begins with 'db.', for example db.r6g.2xlarge:"
            + " 'r6g.2xlarge'");
    assertThatThrownBy(() -> database.backupRetention(36))
        .hasMessage("backup retention must be from 1 to 35 days: 36");
  }

  private Rehearsal rehearsal() {
    return orders.promoted().rehearsal().orElseThrow();
  }

  private List<String> databases() {
    return west.describeDBInstances().dbInstances().stream()
        .map(DBInstance::dbInstanceIdentifier)
        .toList();
  }

  /** Asks for the state as often as it is pending, as the engine does. */
  private static void bringAbout(FakeContext context, FailoverAction action) throws Exception {
    for (int i = 0; i < 100; i++) {
      Progress seen = action.observe(context);
      if (seen.kind() == Progress.Kind.REACHED) {
        return;
      }
      assertThat(seen.kind()).as(seen.toString()).isNotEqualTo(Progress.Kind.BLOCKED);
      if (seen.kind() == Progress.Kind.PENDING) {
        context.nextGeneration();
        context.apply(action);
        context.clockAhead(Duration.ofMinutes(i));
      } else {
        context.clockAhead(Duration.ofMinutes(i));
      }
    }
    throw new AssertionError("not reached: " + action.describe());
  }

  @Test
  void aRehearsalRestoresACopyAndLeavesTheReplicaAlone() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());

    bringAbout(Crossing.westward("run-2"), rehearsal().action());

    assertThat(databases()).containsExactlyInAnyOrder("orders-replica", "orders-replica-rehearsal");
    assertThat(replica().readReplicaSourceDBInstanceIdentifier()).isNotEmpty();
    bringAbout(Crossing.westward("run-3"), rehearsal().cleanUp());
    assertThat(databases()).containsExactly("orders-replica");
    assertThat(west.describeDBSnapshots(r -> r.snapshotType("manual")).dbSnapshots())
        .isEmpty();
  }

  @Test
  void whatNoRehearsalMadeIsNeitherUsedNorDeleted() throws Exception {
    Crossing.westward("run-1").bringAbout(orders.established());
    west.createDBInstance(instance -> instance
        .dbInstanceIdentifier("orders-replica-rehearsal")
        .engine("postgres")
        .dbInstanceClass("db.m5.large")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("not-a-secret"));

    Progress seen = rehearsal().action().observe(Crossing.westward("run-2"));
    bringAbout(Crossing.westward("run-3"), rehearsal().cleanUp());

    assertThat(seen.detail())
        .isEqualTo("DB instance orders-replica-rehearsal was not made by a rehearsal of plan"
            + " 'orders', because it has no tag drkit:rehearsal; give it another name");
    assertThat(databases()).contains("orders-replica-rehearsal");
  }
}
