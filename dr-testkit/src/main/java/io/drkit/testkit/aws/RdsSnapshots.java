package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.DeleteDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** The manual snapshots of a region, and what is restored from them and from backups. */
final class RdsSnapshots {
  private static final Duration MAKING = Duration.ofMinutes(4);
  private static final Duration COPYING = Duration.ofMinutes(10);
  private static final Duration RESTORING = Duration.ofMinutes(12);

  private static final Set<String> RESTORED_WITH = Set.of(
      "DBInstanceIdentifier",
      "DBSnapshotIdentifier",
      "DBSubnetGroupName",
      "Port",
      "RestoreTime",
      "SourceDBInstanceIdentifier",
      "Tags",
      "TargetDBInstanceIdentifier",
      "UseLatestRestorableTime",
      "VpcSecurityGroupIds");

  private final FakeRds rds;
  private final Map<String, DatabaseSnapshot> all = new LinkedHashMap<>();

  RdsSnapshots(FakeRds rds) {
    this.rds = rds;
  }

  DatabaseSnapshot create(CreateDbSnapshotRequest request) {
    Database database = rds.instances().find(request.dbInstanceIdentifier());
    checkName("DBSnapshotIdentifier", request.dbSnapshotIdentifier());
    rds.instances().findAvailable(request.dbInstanceIdentifier());
    DatabaseSnapshot made = take(database, request.dbSnapshotIdentifier(), request.tags());
    database.backUp(rds.now(), MAKING);
    return made;
  }

  DatabaseSnapshot take(Database database, String name, List<Tag> tags) {
    checkName("DBSnapshotIdentifier", name);
    DatabaseSnapshot made = add(
        name, database.shown(rds.now()), database.snapshotUntil(rds.now()), tags, database::doneAt);
    made.make(MAKING);
    return made;
  }

  private DatabaseSnapshot add(
      String given,
      DBInstance of,
      Instant dataUntil,
      List<Tag> tags,
      BiFunction<Instant, Duration, Optional<Instant>> doneAt) {
    String name = given.toLowerCase(Locale.ROOT);
    if (all.containsKey(name)) {
      throw rds.refused(
          400,
          "DBSnapshotAlreadyExists",
          "Cannot create the snapshot because a snapshot with the identifier " + name
              + " already exists.");
    }
    DatabaseSnapshot made =
        new DatabaseSnapshot(rds.aws, rds.region, name, of, dataUntil, tags, doneAt);
    all.put(name, made);
    return made;
  }

  private void checkName(String parameter, @Nullable String name) {
    if (name == null
        || name.length() > 255
        || !name.matches("[a-zA-Z]([a-zA-Z0-9]|-(?!-))*")
        || name.endsWith("-")) {
      throw rds.invalidValue(
          "The parameter " + parameter + " is not a valid identifier. Identifiers"
              + " must begin with a letter; must contain only ASCII letters, digits, and hyphens; and"
              + " must not end with a hyphen or contain two consecutive hyphens.");
    }
  }

  private DatabaseSnapshot find(@Nullable String identifier) {
    DatabaseSnapshot found = identifier == null || !rds.regionOf(identifier).equals(rds.region)
        ? null
        : all.get(FakeRds.nameOf(identifier));
    if (found == null || !found.isVisible(rds.now())) {
      throw rds.refused(404, "DBSnapshotNotFound", "DBSnapshot " + identifier + " not found.");
    }
    return found;
  }

  private DatabaseSnapshot findAvailable(@Nullable String identifier) {
    DatabaseSnapshot found = find(identifier);
    String status = found.course().status(rds.now());
    if (!status.equals("available")) {
      throw rds.refused(
          400,
          "InvalidDBSnapshotState",
          "The snapshot " + found.name() + " is not in available state; it is " + status + ".");
    }
    return found;
  }

  DatabaseSnapshot copy(CopyDbSnapshotRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled(
        "copyDBSnapshot",
        options,
        Set.of(
            "CopyTags",
            "PreSignedUrl",
            "SourceDBSnapshotIdentifier",
            "SourceRegion",
            "Tags",
            "TargetDBSnapshotIdentifier"));
    String identifier = request.sourceDBSnapshotIdentifier();
    checkName("TargetDBSnapshotIdentifier", request.targetDBSnapshotIdentifier());
    Site home = identifier == null ? rds.region : rds.regionOf(identifier);
    boolean elsewhere = !home.equals(rds.region);
    DatabaseSnapshot source = FakeRds.of(rds.aws, home).snapshots().findAvailable(identifier);
    if (elsewhere
        && Boolean.TRUE.equals(source.of().storageEncrypted())
        && !options.has("KmsKeyId")) {
      throw rds.invalidCombination(
          "An encrypted snapshot can be copied to another region only with a KmsKeyId of that region.");
    }
    DBInstance of = source.of().toBuilder()
        .kmsKeyId(options.text("KmsKeyId").orElse(source.of().kmsKeyId()))
        .storageEncrypted(
            options.has("KmsKeyId") || Boolean.TRUE.equals(source.of().storageEncrypted()))
        .build();
    DatabaseSnapshot copy = add(
        request.targetDBSnapshotIdentifier(),
        of,
        source.dataUntil(),
        options.yes("CopyTags") ? source.tags() : options.tags(),
        (from, takes) -> rds.aws.cloud().doneAt(rds.region, from, takes));
    copy.make(COPYING);
    if (elsewhere) {
      copy.course().then(copy.taken(), "creating", Duration.ZERO, at -> {
        if (wasLost(home, copy.taken(), at)) {
          copy.course().stayAt("failed");
        }
      });
    }
    return copy;
  }

  /** A copy that is torn off is worth nothing. */
  private boolean wasLost(Site home, Instant from, Instant until) {
    return rds.aws.cloud().turns().subSet(from, true, until, true).stream()
        .anyMatch(turn -> !rds.aws.cloud().answered(Need.data("rds", home), turn));
  }

  DescribeDbSnapshotsResponse describe(DescribeDbSnapshotsRequest request) {
    if (!request.filters().isEmpty() || request.dbiResourceId() != null) {
      throw rds.notModelled("describeDBSnapshots with filters");
    }
    if (request.snapshotType() != null && !request.snapshotType().equals("manual")) {
      throw rds.notModelled("describeDBSnapshots of the type " + request.snapshotType());
    }
    if (request.dbSnapshotIdentifier() != null) {
      return DescribeDbSnapshotsResponse.builder()
          .dbSnapshots(find(request.dbSnapshotIdentifier()).shown(rds.now()))
          .build();
    }
    List<DatabaseSnapshot> visible = all.values().stream()
        .filter(snapshot -> snapshot.isVisible(rds.now()))
        .filter(snapshot -> request.dbInstanceIdentifier() == null
            || snapshot
                .of()
                .dbInstanceIdentifier()
                .equals(FakeRds.nameOf(request.dbInstanceIdentifier())))
        .toList();
    RdsInstances.Page<DatabaseSnapshot> page = rds.instances()
        .page(visible, DatabaseSnapshot::name, request.marker(), request.maxRecords());
    return DescribeDbSnapshotsResponse.builder()
        .dbSnapshots(
            page.items().stream().map(snapshot -> snapshot.shown(rds.now())).toList())
        .marker(page.marker())
        .build();
  }

  DBSnapshot delete(DeleteDbSnapshotRequest request) {
    DatabaseSnapshot snapshot = find(request.dbSnapshotIdentifier());
    if (!snapshot.course().status(rds.now()).equals("failed")) {
      findAvailable(request.dbSnapshotIdentifier());
    }
    all.remove(snapshot.name());
    return snapshot.shown(rds.now()).toBuilder().status("deleted").build();
  }

  Database restore(RestoreDbInstanceFromDbSnapshotRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled("restoreDBInstanceFromDBSnapshot", options, RESTORED_WITH);
    DatabaseSnapshot snapshot = findAvailable(request.dbSnapshotIdentifier());
    return restored(request.dbInstanceIdentifier(), options, snapshot.of(), snapshot.dataUntil());
  }

  Database restore(RestoreDbInstanceToPointInTimeRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled("restoreDBInstanceToPointInTime", options, RESTORED_WITH);
    if ((request.restoreTime() != null) == options.yes("UseLatestRestorableTime")) {
      throw rds.invalidCombination(
          "Either RestoreTime or UseLatestRestorableTime must be specified," + " and not both.");
    }
    Database source = rds.instances().find(request.sourceDBInstanceIdentifier());
    Optional<Instant> earliest = source.restorableFrom();
    if (earliest.isEmpty()) {
      throw rds.refused(
          400,
          "PointInTimeRestoreNotEnabled",
          "Automated backups are not enabled for DB instance " + source.name() + ".");
    }
    Instant latest = source.restorableUntil(rds.now());
    Instant wanted = request.restoreTime() == null ? latest : request.restoreTime();
    Instant first = rds.now().minus(Duration.ofDays(source.settings().backupRetentionPeriod()));
    Instant oldest = first.isAfter(earliest.get()) ? first : earliest.get();
    if (wanted.isAfter(latest) || wanted.isBefore(oldest)) {
      throw rds.invalidValue("The specified instance cannot be restored to " + wanted
          + "; it can be restored to a time from " + oldest + " to " + latest + ".");
    }
    return restored(request.targetDBInstanceIdentifier(), options, source.shown(rds.now()), wanted);
  }

  private Database restored(
      @Nullable String name, RdsOptions options, DBInstance of, Instant dataUntil) {
    DBInstance.Builder settings = DBInstance.builder()
        .dbInstanceClass(of.dbInstanceClass())
        .engine(of.engine())
        .engineVersion(of.engineVersion())
        .dbName(of.dbName())
        .masterUsername(of.masterUsername())
        .allocatedStorage(of.allocatedStorage())
        .storageType(of.storageType())
        .storageEncrypted(of.storageEncrypted())
        .kmsKeyId(of.kmsKeyId())
        .licenseModel(of.licenseModel())
        .backupRetentionPeriod(of.backupRetentionPeriod())
        .dbInstancePort(of.dbInstancePort())
        .dbSubnetGroup((DBSubnetGroup) null)
        .multiAZ(false)
        .deletionProtection(false)
        .publiclyAccessible(false);
    Database made = rds.instances().add(name, settings, options, Optional.empty());
    made.inherit(dataUntil);
    made.create(RESTORING, RdsInstances.BACKING_UP);
    return made;
  }
}
