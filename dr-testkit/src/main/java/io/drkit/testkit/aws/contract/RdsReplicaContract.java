package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;

/** What RDS does with read replicas, in the region of their source and in others. */
public abstract class RdsReplicaContract extends RdsAccount {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected RdsReplicaContract(AwsUnderTest aws) {
    super(aws);
  }

  /** A replica in another region is made of an ARN, in a zone of its own region, without backups, and both sides know of it. */
  @Test
  public void aReplicaInAnotherRegionIsMadeOfAnArn() {
    String source = database("far");

    assertThat(replica("far-west", source).dbInstanceStatus()).isEqualTo("creating");
    DBInstance replica = available(west(), "far-west");

    assertThat(replica.readReplicaSourceDBInstanceIdentifier()).isEqualTo(source);
    assertThat(replica.availabilityZone()).startsWith("us-west-2");
    assertThat(replica.engine()).isEqualTo("postgres");
    assertThat(replica.backupRetentionPeriod()).isZero();
    assertThat(replica.statusInfos())
        .containsExactly(DBInstanceStatusInfo.builder()
            .statusType("read replication")
            .normal(true)
            .status("replicating")
            .build());
    assertThat(describe(east(), "far").readReplicaDBInstanceIdentifiers())
        .containsExactly(replica.dbInstanceArn());
  }

  /** A replica in the same region is made of a name. */
  @Test
  public void aReplicaInTheSameRegionIsMadeOfAName() {
    database("near");
    east()
        .createDBInstanceReadReplica(
            asked -> asked.dbInstanceIdentifier("near-2").sourceDBInstanceIdentifier("near"));

    assertThat(available(east(), "near-2").readReplicaSourceDBInstanceIdentifier())
        .isEqualTo("near");
    assertThat(describe(east(), "near").readReplicaDBInstanceIdentifiers())
        .containsExactly("near-2");
  }

  /** A name alone names nothing in another region. */
  @Test
  public void aNameAloneNamesNothingInAnotherRegion() {
    database("nameless");

    assertThatThrownBy(() -> replica("nameless-west", "nameless"))
        .isInstanceOf(DbInstanceNotFoundException.class);
  }

  /** A replica does not take a name that is taken. */
  @Test
  public void aReplicaDoesNotTakeANameThatIsTaken() {
    String source = database("copied");
    replica("copied-west", source);

    assertThatThrownBy(() -> replica("copied-west", source))
        .isInstanceOf(DbInstanceAlreadyExistsException.class);
  }

  /** A replica needs a source that makes backups. */
  @Test
  public void aReplicaNeedsASourceThatMakesBackups() {
    String source = database("unprotected");
    east()
        .modifyDBInstance(change -> change
            .dbInstanceIdentifier("unprotected")
            .backupRetentionPeriod(0)
            .applyImmediately(true));
    soon(() -> describe(east(), "unprotected"), seen -> seen.backupRetentionPeriod() == 0);
    available(east(), "unprotected");

    assertThatThrownBy(() -> replica("unprotected-west", source))
        .isInstanceOf(InvalidDbInstanceStateException.class)
        .hasMessageContaining("Automated backups are not enabled");
  }

  /** A replica that is being created is not promoted, and a database of its own is not either. */
  @Test
  public void onlyAReplicaThatIsThereIsPromoted() {
    replica("young-west", database("young"));

    assertThatThrownBy(
            () -> west().promoteReadReplica(asked -> asked.dbInstanceIdentifier("young-west")))
        .isInstanceOfSatisfying(
            InvalidDbInstanceStateException.class, codeIs(400, "InvalidDBInstanceState"));
    assertThatThrownBy(
            () -> east().promoteReadReplica(asked -> asked.dbInstanceIdentifier("young")))
        .isInstanceOf(InvalidDbInstanceStateException.class)
        .hasMessageContaining("not a read replica");
  }

  /** A promotion takes its time, in which the replica is modified; then no side knows of the other, and backups are made. */
  @Test
  public void aPromotionTakesItsTimeAndBreaksTheLink() {
    replica("heir-west", database("heir"));
    available(west(), "heir-west");

    DBInstance asked = west()
        .promoteReadReplica(promotion -> promotion.dbInstanceIdentifier("heir-west"))
        .dbInstance();
    assertThat(asked.dbInstanceStatus()).isEqualTo("modifying");
    DBInstance rebooting = soon(
        () -> describe(west(), "heir-west"), seen -> !seen.dbInstanceStatus().equals("modifying"));
    assertThat(rebooting.dbInstanceStatus()).isEqualTo("rebooting");
    DBInstance promoted = available(west(), "heir-west");

    assertThat(promoted.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(promoted.statusInfos()).isEmpty();
    assertThat(promoted.backupRetentionPeriod()).isOne();
    assertThat(describe(east(), "heir").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  /** A deleted replica is known to its source no more. */
  @Test
  public void aDeletedReplicaLeavesNoLink() {
    replica("leaving-west", database("leaving"));
    available(west(), "leaving-west");

    west()
        .deleteDBInstance(
            asked -> asked.dbInstanceIdentifier("leaving-west").skipFinalSnapshot(true));
    soon(() -> names(list(west())), names -> !names.contains("leaving-west"));

    assertThat(describe(east(), "leaving").readReplicaDBInstanceIdentifiers()).isEmpty();
  }

  /** A replica in the region of a source that is deleted becomes a database of its own. */
  @Test
  public void aReplicaOutlivesADeletedSourceInItsRegion() {
    database("testator");
    east()
        .createDBInstanceReadReplica(asked ->
            asked.dbInstanceIdentifier("testator-2").sourceDBInstanceIdentifier("testator"));
    available(east(), "testator-2");

    east()
        .deleteDBInstance(asked -> asked.dbInstanceIdentifier("testator").skipFinalSnapshot(true));

    assertThat(soon(
                () -> describe(east(), "testator-2"),
                seen -> seen.readReplicaSourceDBInstanceIdentifier() == null)
            .readReplicaSourceDBInstanceIdentifier())
        .isNull();
  }
}
