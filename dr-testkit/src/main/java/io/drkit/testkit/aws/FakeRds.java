package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotResponse;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaResponse;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotResponse;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSubnetGroupDoesNotCoverEnoughAZsException;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.DeleteDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbSnapshotResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.InstanceQuotaExceededException;
import software.amazon.awssdk.services.rds.model.InsufficientDbInstanceCapacityException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.InvalidDbSnapshotStateException;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.PointInTimeRestoreNotEnabledException;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaResponse;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotResponse;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeResponse;

/** RDS: DB instances, their replicas and their snapshots. No clusters, no parameter groups, no maintenance windows. */
final class FakeRds extends AwsFake implements RdsClient {
  private final RdsInstances instances = new RdsInstances(this);
  private final RdsChanges changes = new RdsChanges(this, instances);
  private final RdsSnapshots snapshots = new RdsSnapshots(this);

  FakeRds(FakeAws aws, Site region) {
    super(aws, region);
  }

  /** The databases of a region. */
  static FakeRds of(FakeAws aws, Site region) {
    return (FakeRds) aws.fake(Modelled.of(RdsClient.class).orElseThrow(), region);
  }

  @Override
  Duration looksEvery() {
    return Duration.ofSeconds(30);
  }

  @Override
  String service() {
    return "rds";
  }

  @Override
  boolean replicates(String name) {
    return instances.named(name).isPresent();
  }

  @Override
  List<Need> alsoNeeds(String operation, Object request) {
    if (request instanceof CreateDbInstanceReadReplicaRequest replica) {
      return source(replica.sourceDBInstanceIdentifier());
    }
    return request instanceof CopyDbSnapshotRequest copy
        ? source(copy.sourceDBSnapshotIdentifier())
        : List.of();
  }

  private List<Need> source(@Nullable String identifier) {
    return identifier == null || regionOf(identifier).equals(region)
        ? List.of()
        : List.of(Need.control(service(), regionOf(identifier)));
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return switch (code) {
      case "DBInstanceAlreadyExists" -> DbInstanceAlreadyExistsException.builder();
      case "DBInstanceNotFound" -> DbInstanceNotFoundException.builder();
      case "DBSnapshotAlreadyExists" -> DbSnapshotAlreadyExistsException.builder();
      case "DBSnapshotNotFound" -> DbSnapshotNotFoundException.builder();
      case "DBSubnetGroupDoesNotCoverEnoughAZs" ->
        DbSubnetGroupDoesNotCoverEnoughAZsException.builder();
      case "InstanceQuotaExceeded" -> InstanceQuotaExceededException.builder();
      case "InsufficientDBInstanceCapacity" -> InsufficientDbInstanceCapacityException.builder();
      case "InvalidDBInstanceState" -> InvalidDbInstanceStateException.builder();
      case "InvalidDBSnapshotState" -> InvalidDbSnapshotStateException.builder();
      case "PointInTimeRestoreNotEnabled" -> PointInTimeRestoreNotEnabledException.builder();
      default -> RdsException.builder();
    };
  }

  AwsServiceException invalidValue(String message) {
    return refused(400, "InvalidParameterValue", message);
  }

  AwsServiceException invalidCombination(String message) {
    return refused(400, "InvalidParameterCombination", message);
  }

  /** Refuses what would change the outcome and is not known here. */
  void checkModelled(String operation, RdsOptions options, Set<String> known) {
    Set<String> unknown = options.beside(known);
    if (!unknown.isEmpty()) {
      throw notModelled(operation + " with " + String.join(", ", unknown));
    }
  }

  /** The region that an ARN names; this one for a plain identifier. */
  Site regionOf(String identifier) {
    String[] parts = identifier.split(":", -1);
    if (!identifier.startsWith("arn:")) {
      return region;
    }
    if (parts.length < 7) {
      throw invalidValue("Invalid ARN: " + identifier);
    }
    return aws.cloud().sites().stream()
        .filter(site -> site.kind() == Site.Kind.REGION && site.name().equals(parts[3]))
        .findFirst()
        .orElseThrow(() -> invalidValue("Invalid region in the ARN: " + identifier));
  }

  static String nameOf(String identifier) {
    return identifier.substring(identifier.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT);
  }

  RdsInstances instances() {
    return instances;
  }

  RdsSnapshots snapshots() {
    return snapshots;
  }

  /** Has CloudWatch measure how far the replica of a name lags, if CloudWatch's client is there. */
  void measureLag(String name) {
    Modelled.cloudWatch()
        .ifPresent(service -> ((FakeCloudWatch) aws.fake(service, region))
            .measure(
                "AWS/RDS",
                "ReplicaLag",
                Map.of("DBInstanceIdentifier", name),
                at -> instances.lagAt(name, at)));
  }

  void lag(String instance, Duration lag) {
    instances
        .named(instance)
        .filter(database -> database.source().isPresent())
        .flatMap(Database::replication)
        .orElseThrow(() ->
            new IllegalArgumentException("there is no read replica " + instance + " in " + region))
        .lag(now(), lag);
  }

  Instant dataUntil(String instance) {
    return instances
        .named(instance)
        .orElseThrow(() ->
            new IllegalArgumentException("there is no DB instance " + instance + " in " + region))
        .dataUntil(now());
  }

  @Override
  public DescribeDbInstancesResponse describeDBInstances(DescribeDbInstancesRequest request) {
    return instances.describe(request);
  }

  @Override
  public CreateDbInstanceResponse createDBInstance(CreateDbInstanceRequest request) {
    return CreateDbInstanceResponse.builder()
        .dbInstance(instances.create(request).shown(now()))
        .build();
  }

  @Override
  public CreateDbInstanceReadReplicaResponse createDBInstanceReadReplica(
      CreateDbInstanceReadReplicaRequest request) {
    return CreateDbInstanceReadReplicaResponse.builder()
        .dbInstance(instances.replicate(request).shown(now()))
        .build();
  }

  @Override
  public PromoteReadReplicaResponse promoteReadReplica(PromoteReadReplicaRequest request) {
    return PromoteReadReplicaResponse.builder()
        .dbInstance(changes.promote(request).shown(now()))
        .build();
  }

  @Override
  public ModifyDbInstanceResponse modifyDBInstance(ModifyDbInstanceRequest request) {
    return ModifyDbInstanceResponse.builder()
        .dbInstance(changes.modify(request).shown(now()))
        .build();
  }

  @Override
  public DeleteDbInstanceResponse deleteDBInstance(DeleteDbInstanceRequest request) {
    return DeleteDbInstanceResponse.builder()
        .dbInstance(changes.delete(request).shown(now()))
        .build();
  }

  @Override
  public CreateDbSnapshotResponse createDBSnapshot(CreateDbSnapshotRequest request) {
    return CreateDbSnapshotResponse.builder()
        .dbSnapshot(snapshots.create(request).shown(now()))
        .build();
  }

  @Override
  public CopyDbSnapshotResponse copyDBSnapshot(CopyDbSnapshotRequest request) {
    return CopyDbSnapshotResponse.builder()
        .dbSnapshot(snapshots.copy(request).shown(now()))
        .build();
  }

  @Override
  public DescribeDbSnapshotsResponse describeDBSnapshots(DescribeDbSnapshotsRequest request) {
    return snapshots.describe(request);
  }

  @Override
  public DeleteDbSnapshotResponse deleteDBSnapshot(DeleteDbSnapshotRequest request) {
    return DeleteDbSnapshotResponse.builder()
        .dbSnapshot(snapshots.delete(request))
        .build();
  }

  @Override
  public RestoreDbInstanceFromDbSnapshotResponse restoreDBInstanceFromDBSnapshot(
      RestoreDbInstanceFromDbSnapshotRequest request) {
    return RestoreDbInstanceFromDbSnapshotResponse.builder()
        .dbInstance(snapshots.restore(request).shown(now()))
        .build();
  }

  @Override
  public RestoreDbInstanceToPointInTimeResponse restoreDBInstanceToPointInTime(
      RestoreDbInstanceToPointInTimeRequest request) {
    return RestoreDbInstanceToPointInTimeResponse.builder()
        .dbInstance(snapshots.restore(request).shown(now()))
        .build();
  }
}
