package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.Tag;

/** What RDS does with databases, their replicas in other regions and their snapshots. */
public abstract class RdsContract extends AwsContract {

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected RdsContract(AwsUnderTest aws) {
    super(aws);
  }

  /** A database is asked for, and is there after a while, with what was asked for. */
  @Test
  public void aDatabaseIsThereAfterAWhile() {
    database("asked");

    DBInstance made = available(east(), "asked");

    assertThat(made.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(made.engine()).isEqualTo("postgres");
    assertThat(made.allocatedStorage()).isEqualTo(20);
    assertThat(made.backupRetentionPeriod()).isEqualTo(1);
    assertThat(made.dbInstanceArn()).matches("arn:aws:rds:us-east-1:\\d{12}:db:asked");
    assertThat(made.endpoint().port()).isEqualTo(5432);
    assertThat(made.availabilityZone()).startsWith("us-east-1");
    assertThat(made.readReplicaSourceDBInstanceIdentifier()).isNull();
  }

  /** A name is given once in a region, whatever its capitals. */
  @Test
  public void aNameIsGivenOnceInARegion() {
    database("twin");

    assertThatThrownBy(() -> database("Twin"))
        .isInstanceOfSatisfying(
            DbInstanceAlreadyExistsException.class, codeIs(400, "DBInstanceAlreadyExists"));
  }

  /** A database that is not there is not found, in its own region nor from another one. */
  @Test
  public void aDatabaseThatIsNotThereIsNotFound() {
    database("only-east");

    assertThatThrownBy(() -> describe(west(), "only-east"))
        .isInstanceOfSatisfying(
            DbInstanceNotFoundException.class, codeIs(404, "DBInstanceNotFound"));
    assertThatThrownBy(() -> west().promoteReadReplica(asked -> asked.dbInstanceIdentifier("no")))
        .isInstanceOf(DbInstanceNotFoundException.class);
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

  /** A change of class is pending, then made. */
  @Test
  public void aChangeOfClassIsPendingThenMade() {
    database("resized");

    east()
        .modifyDBInstance(change -> change
            .dbInstanceIdentifier("resized")
            .dbInstanceClass("db.r6g.2xlarge")
            .applyImmediately(true));

    DBInstance changing = describe(east(), "resized");
    assertThat(changing.dbInstanceStatus()).isEqualTo("modifying");
    assertThat(changing.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(changing.pendingModifiedValues().dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
    assertThatThrownBy(() -> east()
            .modifyDBInstance(
                change -> change.dbInstanceIdentifier("resized").dbInstanceClass("db.r6g.large")))
        .isInstanceOf(InvalidDbInstanceStateException.class);
    DBInstance changed = available(east(), "resized");
    assertThat(changed.dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
    assertThat(changed.pendingModifiedValues().dbInstanceClass()).isNull();
  }

  /** A change that is not to be made at once stays pending. */
  @Test
  public void aChangeForTheMaintenanceWindowStaysPending() {
    database("patient");

    east()
        .modifyDBInstance(
            change -> change.dbInstanceIdentifier("patient").dbInstanceClass("db.r6g.2xlarge"));

    describe(east(), "patient");
    DBInstance waiting = describe(east(), "patient");
    assertThat(waiting.dbInstanceStatus()).isEqualTo("available");
    assertThat(waiting.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(waiting.pendingModifiedValues().dbInstanceClass()).isEqualTo("db.r6g.2xlarge");
  }

  /** Backups that are made already are kept for another number of days at once. */
  @Test
  public void backupsAreKeptForAnotherNumberOfDaysAtOnce() {
    database("kept");

    east()
        .modifyDBInstance(change -> change.dbInstanceIdentifier("kept").backupRetentionPeriod(14));

    assertThat(available(east(), "kept").backupRetentionPeriod()).isEqualTo(14);
  }

  /** A database gets a standby in another zone. */
  @Test
  public void aDatabaseGetsAStandby() {
    database("single");

    east()
        .modifyDBInstance(
            change -> change.dbInstanceIdentifier("single").multiAZ(true).applyImmediately(true));

    assertThat(available(east(), "single").multiAZ()).isTrue();
  }

  /** A class that is none is refused. */
  @Test
  public void aClassThatIsNoneIsRefused() {
    database("classless");

    assertThatThrownBy(() -> east()
            .modifyDBInstance(change -> change
                .dbInstanceIdentifier("classless")
                .dbInstanceClass("huge")
                .applyImmediately(true)))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterValue"));
  }

  /** A database that is renamed is there under its new name after a while, and its old name is free. */
  @Test
  public void aRenamedDatabaseLeavesItsNameFree() {
    database("before");
    String id = describe(east(), "before").dbiResourceId();

    rename("before", "after");
    DBInstance renamed = soon(() -> list(east()), all -> names(all).contains("after")).stream()
        .filter(each -> each.dbInstanceIdentifier().equals("after"))
        .findFirst()
        .orElseThrow();

    assertThat(renamed.dbiResourceId()).isEqualTo(id);
    assertThat(renamed.dbInstanceArn()).endsWith(":db:after");
    assertThatThrownBy(() -> describe(east(), "before"))
        .isInstanceOf(DbInstanceNotFoundException.class);
    database("third");
    rename("third", "before");
    soon(() -> names(list(east())), names -> names.contains("before"));
    assertThat(describe(east(), "before").dbiResourceId()).isNotEqualTo(id);
  }

  /** A database is not given a name that another one has. */
  @Test
  public void aDatabaseIsNotGivenAnothersName() {
    database("one");
    database("other");

    assertThatThrownBy(() -> rename("one", "other"))
        .isInstanceOf(DbInstanceAlreadyExistsException.class);
  }

  /** A protected database is not deleted. */
  @Test
  public void aProtectedDatabaseIsNotDeleted() {
    database("protected");
    east()
        .modifyDBInstance(
            change -> change.dbInstanceIdentifier("protected").deletionProtection(true));
    available(east(), "protected");

    assertThatThrownBy(() -> east()
            .deleteDBInstance(
                asked -> asked.dbInstanceIdentifier("protected").skipFinalSnapshot(true)))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterCombination"));
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

  /** Databases come in pages that follow each other. */
  @Test
  public void databasesComeInPages() {
    List<String> made = new ArrayList<>();
    for (int i = 10; i < 33; i++) {
      create("paged-" + i);
      made.add("paged-" + i);
    }

    List<String> seen = new ArrayList<>();
    DescribeDbInstancesResponse page = east().describeDBInstances(asked -> asked.maxRecords(20));
    while (true) {
      assertThat(page.dbInstances()).hasSizeLessThanOrEqualTo(20);
      seen.addAll(names(page.dbInstances()));
      String marker = page.marker();
      if (marker == null) {
        break;
      }
      page = east().describeDBInstances(asked -> asked.maxRecords(20).marker(marker));
    }

    assertThat(seen).containsAll(made).doesNotHaveDuplicates();
  }

  /** A page has 20 places at least. */
  @Test
  public void aPageHasTwentyPlacesAtLeast() {
    assertThatThrownBy(() -> east().describeDBInstances(asked -> asked.maxRecords(19)))
        .isInstanceOfSatisfying(RdsException.class, codeIs(400, "InvalidParameterValue"));
  }

  private static <E extends RdsException> Consumer<E> codeIs(int status, String code) {
    return refused -> {
      assertThat(refused.statusCode()).isEqualTo(status);
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    };
  }

  private RdsClient east() {
    return client(RdsClient.class, "us-east-1");
  }

  private RdsClient west() {
    return client(RdsClient.class, "us-west-2");
  }

  private DBInstance create(String name) {
    return east()
        .createDBInstance(asked -> asked
            .dbInstanceIdentifier(name)
            .dbInstanceClass("db.r6g.large")
            .engine("postgres")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough")
            .backupRetentionPeriod(1))
        .dbInstance();
  }

  /** Makes a database in the east and waits for it; returns its ARN. */
  private String database(String name) {
    create(name);
    return available(east(), name.toLowerCase(Locale.ROOT)).dbInstanceArn();
  }

  private DBInstance replica(String name, String source) {
    return west()
        .createDBInstanceReadReplica(asked -> asked
            .dbInstanceIdentifier(name)
            .sourceDBInstanceIdentifier(source)
            .sourceRegion("us-east-1"))
        .dbInstance();
  }

  private void rename(String from, String to) {
    east()
        .modifyDBInstance(change ->
            change.dbInstanceIdentifier(from).newDBInstanceIdentifier(to).applyImmediately(true));
  }

  private void take(String database, String snapshot) {
    east()
        .createDBSnapshot(
            asked -> asked.dbInstanceIdentifier(database).dbSnapshotIdentifier(snapshot));
  }

  private DBInstance available(RdsClient rds, String name) {
    return soon(() -> describe(rds, name), seen -> seen.dbInstanceStatus().equals("available"));
  }

  private static DBInstance describe(RdsClient rds, String name) {
    return rds.describeDBInstances(asked -> asked.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0);
  }

  private static DBSnapshot snapshot(RdsClient rds, String name) {
    return rds.describeDBSnapshots(asked -> asked.dbSnapshotIdentifier(name))
        .dbSnapshots()
        .get(0);
  }

  private static List<DBInstance> list(RdsClient rds) {
    return rds.describeDBInstances().dbInstances();
  }

  private static List<String> names(List<DBInstance> databases) {
    return databases.stream().map(DBInstance::dbInstanceIdentifier).toList();
  }
}
