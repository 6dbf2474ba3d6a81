package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.RdsException;

/** What RDS does with a database: how it is made, changed, renamed and listed. */
public abstract class RdsInstanceContract extends RdsAccount {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected RdsInstanceContract(AwsUnderTest aws) {
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

  /** A change of class is pending, then made. */
  @Test
  public void aChangeOfClassIsPendingThenMade() {
    database("resized");

    east()
        .modifyDBInstance(change -> change
            .dbInstanceIdentifier("resized")
            .dbInstanceClass("db.r6g.2xlarge")
            .applyImmediately(true));

    // RDS takes a while until it begins, in which the database is still said to be available.
    DBInstance changing = soon(
        () -> describe(east(), "resized"), seen -> seen.dbInstanceStatus().equals("modifying"));
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

    DBInstance changed = soon(() -> describe(east(), "single"), DBInstance::multiAZ);
    assertThat(changed.pendingModifiedValues().multiAZ()).isNull();
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

  private void rename(String from, String to) {
    east()
        .modifyDBInstance(change ->
            change.dbInstanceIdentifier(from).newDBInstanceIdentifier(to).applyImmediately(true));
  }
}
