package io.drkit.testkit.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;

/** What becomes of the DB instances of a region: they are promoted, changed, renamed and deleted. */
final class RdsChanges {
  private static final Duration MODIFYING = Duration.ofMinutes(8);
  private static final Duration RENAMING = Duration.ofMinutes(1);
  private static final Duration PROMOTING = Duration.ofMinutes(3);
  private static final Duration REBOOTING = Duration.ofMinutes(2);
  private static final Duration DELETING = Duration.ofMinutes(3);

  private static final Set<String> NOT_MODELLED =
      Set.of("Engine", "EngineVersion", "Iops", "LicenseModel", "StorageType");

  private final FakeRds rds;
  private final RdsInstances instances;

  RdsChanges(FakeRds rds, RdsInstances instances) {
    this.rds = rds;
    this.instances = instances;
  }

  Database promote(PromoteReadReplicaRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled("promoteReadReplica", options, Set.of("DBInstanceIdentifier"));
    Database replica = instances.find(request.dbInstanceIdentifier());
    if (replica.source().isEmpty()) {
      throw instances.state("DB instance " + replica.name() + " is not a read replica.");
    }
    instances.findAvailable(request.dbInstanceIdentifier());
    instances.checkRetention(options);
    replica.change(replica.settings().toBuilder()
        .preferredBackupWindow(options
            .text("PreferredBackupWindow")
            .orElse(replica.settings().preferredBackupWindow()))
        .build());
    replica.promote(
        rds.now(), options.number("BackupRetentionPeriod").orElse(1), PROMOTING, REBOOTING);
    return replica;
  }

  Database modify(ModifyDbInstanceRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled(
        "modifyDBInstance",
        options,
        Set.of(
            "ApplyImmediately",
            "DBInstanceIdentifier",
            "MasterUserPassword",
            "NewDBInstanceIdentifier",
            "VpcSecurityGroupIds"));
    NOT_MODELLED.stream().filter(options::has).findFirst().ifPresent(name -> {
      throw rds.notModelled("modifyDBInstance with " + name);
    });
    Database database = instances.findAvailable(request.dbInstanceIdentifier());
    instances.checkClass(options);
    instances.checkRetention(options);
    DBInstance before = database.settings();
    boolean retentionAtOnce = before.backupRetentionPeriod() > 0
        && options.number("BackupRetentionPeriod").orElse(0) > 0;
    PendingModifiedValues.Builder plan = database.pending().toBuilder();
    options
        .text("DBInstanceClass")
        .ifPresent(name -> plan.dbInstanceClass(unless(before.dbInstanceClass(), name)));
    options.number("AllocatedStorage").ifPresent(size -> {
      if (size < before.allocatedStorage()) {
        throw rds.invalidCombination(
            "Invalid storage size: a DB instance cannot be made smaller than "
                + before.allocatedStorage() + " GiB.");
      }
      plan.allocatedStorage(unless(before.allocatedStorage(), size));
    });
    if (request.multiAZ() != null) {
      plan.multiAZ(unless(before.multiAZ(), request.multiAZ()));
    }
    if (!retentionAtOnce) {
      options
          .number("BackupRetentionPeriod")
          .ifPresent(
              days -> plan.backupRetentionPeriod(unless(before.backupRetentionPeriod(), days)));
    }
    options.text("NewDBInstanceIdentifier").ifPresent(wanted -> {
      String name = instances.valid("NewDBInstanceIdentifier", wanted);
      if (!name.equals(database.name())) {
        instances.refuseTaken(name);
        plan.dbInstanceIdentifier(name);
      }
    });
    String size = plan.build().dbInstanceClass();
    if (options.yes("ApplyImmediately") && size != null) {
      instances.checkRoom(before, size);
    }
    Optional<String> standby =
        options.yes("ApplyImmediately") && Boolean.TRUE.equals(plan.build().multiAZ())
            ? Optional.of(instances.standby(before))
            : Optional.empty();
    database.change(options
        .onto(before.toBuilder())
        .dbInstanceClass(before.dbInstanceClass())
        .allocatedStorage(before.allocatedStorage())
        .multiAZ(before.multiAZ())
        .backupRetentionPeriod(
            retentionAtOnce ? request.backupRetentionPeriod() : before.backupRetentionPeriod())
        .build());
    database.plan(plan.build());
    if (options.yes("ApplyImmediately")) {
      database.makeChanges(
          rds.now(), MODIFYING, RENAMING, standby, () -> rds.measureLag(database.name()));
    }
    return database;
  }

  private static <T> @Nullable T unless(@Nullable T now, T wanted) {
    return wanted.equals(now) ? null : wanted;
  }

  Database delete(DeleteDbInstanceRequest request) {
    Database database = instances.find(request.dbInstanceIdentifier());
    boolean skips = Boolean.TRUE.equals(request.skipFinalSnapshot());
    String last = request.finalDBSnapshotIdentifier();
    if (Boolean.TRUE.equals(database.settings().deletionProtection())) {
      throw rds.invalidCombination("Cannot delete protected DB Instance, please disable deletion"
          + " protection and try again.");
    }
    if (skips && last != null) {
      throw rds.invalidCombination(
          "FinalDBSnapshotIdentifier can not be specified when deleting with"
              + " SkipFinalSnapshot.");
    }
    if (!skips && database.source().isPresent()) {
      throw rds.invalidCombination(
          "SkipFinalSnapshot must be specified when a read replica is deleted.");
    }
    if (!skips && last == null) {
      throw rds.invalidCombination(
          "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
    }
    String status = database.status(rds.now());
    if (!status.equals("available") && !(status.equals("failed") && skips)) {
      throw instances.state(
          "Instance " + database.name() + " is " + status + " and cannot be deleted now.");
    }
    Instant now = rds.now();
    if (last != null) {
      rds.snapshots().take(database, last, database.tags());
    }
    for (Database replica : database.replicas(now)) {
      if (replica.region.equals(rds.region)) {
        replica.promote(now, 1, PROMOTING, REBOOTING);
      } else {
        replica.replication().ifPresent(replication -> replication.sourceIsGone(now));
      }
    }
    database.delete(now, DELETING);
    return database;
  }
}
