package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.Tag;

/** What RDS does with snapshots of databases, and what is restored from them. */
public abstract class RdsSnapshotContract extends RdsAccount {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected RdsSnapshotContract(AwsUnderTest aws) {
    super(aws);
  }

  /** Whoever deletes a database names its last snapshot, or says that there is to be none. */
  @Test
  public void aDeletionNamesALastSnapshotOrNone() {
    database("undecided");

    assertThatThrownBy(
            () -> east().deleteDBInstance(asked -> asked.dbInstanceIdentifier("undecided")))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterCombination"));
    assertThatThrownBy(() -> east()
            .deleteDBInstance(asked -> asked
                .dbInstanceIdentifier("undecided")
                .skipFinalSnapshot(true)
                .finalDBSnapshotIdentifier("undecided-last")))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterCombination"));
    assertThat(describe(east(), "undecided").dbInstanceStatus()).isEqualTo("available");
  }

  /** A deleted database is gone after a while, and its last snapshot stays. */
  @Test
  public void aDeletedDatabaseLeavesItsLastSnapshot() {
    database("finished");

    assertThat(east()
            .deleteDBInstance(asked ->
                asked.dbInstanceIdentifier("finished").finalDBSnapshotIdentifier("finished-last"))
            .dbInstance()
            .dbInstanceStatus())
        .isEqualTo("deleting");
    soon(() -> names(list(east())), names -> !names.contains("finished"));

    assertThat(snapshot(east(), "finished-last").dbInstanceIdentifier()).isEqualTo("finished");
  }

  /** A snapshot of a replica is restored as a database of its own, with the tags that it is given. */
  @Test
  public void aSnapshotOfAReplicaIsRestoredAsADatabaseOfItsOwn() {
    replica("rehearsed-west", database("rehearsed"));
    DBInstance replica = available(west(), "rehearsed-west");
    Tag tag = Tag.builder().key("drkit:rehearsal").value("orders").build();
    west()
        .createDBSnapshot(asked -> asked
            .dbInstanceIdentifier("rehearsed-west")
            .dbSnapshotIdentifier("rehearsal")
            .tags(tag));
    DBSnapshot taken =
        soon(() -> snapshot(west(), "rehearsal"), seen -> seen.status().equals("available"));
    assertThat(taken.tagList()).containsExactly(tag);
    available(west(), "rehearsed-west");

    west()
        .restoreDBInstanceFromDBSnapshot(asked -> asked
            .dbInstanceIdentifier("rehearsal")
            .dbSnapshotIdentifier("rehearsal")
            .dbInstanceClass("db.r6g.xlarge")
            .multiAZ(false)
            .publiclyAccessible(false)
            .tags(tag));
    assertThat(describe(west(), "rehearsal").dbInstanceStatus()).isEqualTo("creating");
    DBInstance restored = available(west(), "rehearsal");

    assertThat(restored.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(restored.dbInstanceClass()).isEqualTo("db.r6g.xlarge");
    assertThat(restored.engine()).isEqualTo("postgres");
    assertThat(restored.tagList()).containsExactly(tag);
    assertThat(restored.dbiResourceId()).isNotEqualTo(replica.dbiResourceId());
  }

  /** A snapshot has a name of its own, is made of a database that is there, and is found until it is deleted. */
  @Test
  public void aSnapshotIsFoundUntilItIsDeleted() {
    database("photographed");
    take("photographed", "photo");

    assertThatThrownBy(() -> take("nobody", "photo-2"))
        .isInstanceOf(DbInstanceNotFoundException.class);
    assertThatThrownBy(() -> snapshot(west(), "photo"))
        .isInstanceOfSatisfying(
            DbSnapshotNotFoundException.class, codeIs(404, "DBSnapshotNotFound"));
    available(east(), "photographed");
    assertThatThrownBy(() -> take("photographed", "photo"))
        .isInstanceOf(DbSnapshotAlreadyExistsException.class);
    assertThat(east()
            .describeDBSnapshots(
                asked -> asked.dbInstanceIdentifier("photographed").snapshotType("manual"))
            .dbSnapshots())
        .extracting(DBSnapshot::dbSnapshotIdentifier)
        .containsExactly("photo");

    east().deleteDBSnapshot(asked -> asked.dbSnapshotIdentifier("photo"));

    assertThatThrownBy(() -> snapshot(east(), "photo"))
        .isInstanceOf(DbSnapshotNotFoundException.class);
    assertThatThrownBy(() -> east()
            .restoreDBInstanceFromDBSnapshot(
                asked -> asked.dbInstanceIdentifier("nothing").dbSnapshotIdentifier("photo")))
        .isInstanceOf(DbSnapshotNotFoundException.class);
  }

  /** A snapshot is copied to another region by its ARN, and restored there. */
  @Test
  public void aSnapshotIsCopiedToAnotherRegion() {
    database("moved");
    take("moved", "moved");
    DBSnapshot original =
        soon(() -> snapshot(east(), "moved"), seen -> seen.status().equals("available"));

    west()
        .copyDBSnapshot(asked -> asked
            .sourceDBSnapshotIdentifier(original.dbSnapshotArn())
            .targetDBSnapshotIdentifier("moved-west")
            .sourceRegion("us-east-1"));
    soon(() -> snapshot(west(), "moved-west"), seen -> seen.status().equals("available"));
    west()
        .restoreDBInstanceFromDBSnapshot(
            asked -> asked.dbInstanceIdentifier("moved-west").dbSnapshotIdentifier("moved-west"));

    assertThat(available(west(), "moved-west").availabilityZone()).startsWith("us-west-2");
  }

  /** A database is restored to the latest instant that it can be, beside the one that there is. */
  @Test
  public void aDatabaseIsRestoredToAPointInTime() {
    database("erred");
    soon(() -> describe(east(), "erred"), seen -> seen.latestRestorableTime() != null);

    east()
        .restoreDBInstanceToPointInTime(asked -> asked
            .sourceDBInstanceIdentifier("erred")
            .targetDBInstanceIdentifier("erred-restored")
            .useLatestRestorableTime(true));

    assertThat(describe(east(), "erred-restored").dbInstanceStatus()).isEqualTo("creating");
    assertThat(available(east(), "erred-restored").engine()).isEqualTo("postgres");
    assertThat(describe(east(), "erred").dbInstanceStatus()).isEqualTo("available");
  }

  /** A database is not restored to an instant that is still to come. */
  @Test
  public void aDatabaseIsNotRestoredToTheFuture() {
    database("hasty");
    Instant later = Instant.parse("2100-01-01T00:00:00Z").truncatedTo(ChronoUnit.SECONDS);

    assertThatThrownBy(() -> east()
            .restoreDBInstanceToPointInTime(asked -> asked
                .sourceDBInstanceIdentifier("hasty")
                .targetDBInstanceIdentifier("hasty-restored")
                .restoreTime(later)))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterValue"));
  }

  private void take(String database, String snapshot) {
    east()
        .createDBSnapshot(
            asked -> asked.dbInstanceIdentifier(database).dbSnapshotIdentifier(snapshot));
  }

  private static DBSnapshot snapshot(RdsClient rds, String name) {
    return rds.describeDBSnapshots(asked -> asked.dbSnapshotIdentifier(name))
        .dbSnapshots()
        .get(0);
  }
}
