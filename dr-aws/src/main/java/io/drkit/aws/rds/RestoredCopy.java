package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsEndpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * The isolated variant of a promotion: a database that can be written to, restored from a snapshot of the replica, in the replica's
 * own class and subnet group. A promotion of the replica itself could not be taken back.
 */
record RestoredCopy(Databases databases, String dataset, PerSite<String> instance)
    implements FailoverAction {

  @Override
  public String describe() {
    return "a copy of the replica of " + dataset + ", restored from a snapshot, takes writes";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    var rds = databases.rds(context, context.to());
    TrialNames names = TrialNames.of(context, instance);
    Optional<DBInstance> copy = Databases.find(rds, names.copy());
    if (copy.isPresent()) {
      return restored(context, copy.get());
    }
    Optional<DBSnapshot> snapshot = TrialNames.snapshot(rds, names.copy());
    if (snapshot.isEmpty()) {
      return Databases.find(rds, names.replica()).isPresent()
          ? Progress.pending("there is no snapshot of " + names.replica() + " yet")
          : Progress.blocked(
              "there is no DB instance " + names.replica() + " in " + context.to() + " to copy");
    }
    if (!names.owns(snapshot.get().tagList())) {
      return Progress.blocked(names.notOurs("DB snapshot"));
    }
    String status = snapshot.get().status();
    return switch (status) {
      case "available" -> Progress.pending("snapshot " + names.copy() + " is to be restored");
      case "failed" ->
        Progress.blocked("snapshot " + names.copy() + " failed; look at its events in RDS");
      default -> Progress.underway("snapshot " + names.copy() + " is " + status);
    };
  }

  private Progress restored(ActionContext context, DBInstance copy) {
    TrialNames names = TrialNames.of(context, instance);
    if (!names.owns(copy.tagList())) {
      return Progress.blocked(names.notOurs("DB instance"));
    }
    String status = copy.dbInstanceStatus();
    return switch (DbStatus.of(status)) {
      case CHANGING -> Progress.underway(names.copy() + " is " + status);
      case STUCK ->
        Progress.blocked("DB instance " + names.copy() + " in " + context.to() + " is " + status
            + "; look at its events in RDS");
      case AVAILABLE -> Progress.reached(Evidence.of("restored as", names.copy()));
    };
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    var rds = databases.rds(context, context.to());
    TrialNames names = TrialNames.of(context, instance);
    if (TrialNames.snapshot(rds, names.copy()).isEmpty()) {
      rds.call(
          "make a snapshot of " + names.replica(),
          RdsClient::createDBSnapshot,
          CreateDbSnapshotRequest.builder()
              .dbInstanceIdentifier(names.replica())
              .dbSnapshotIdentifier(names.copy())
              .tags(names.tag())
              .build());
      return;
    }
    restore(rds, names);
  }

  private static void restore(AwsEndpoint<RdsClient> rds, TrialNames names) throws Exception {
    var request = RestoreDbInstanceFromDbSnapshotRequest.builder()
        .dbInstanceIdentifier(names.copy())
        .dbSnapshotIdentifier(names.copy())
        .publiclyAccessible(false)
        .multiAZ(false)
        .tags(names.tag());
    Databases.find(rds, names.replica()).ifPresent(replica -> {
      request.dbInstanceClass(replica.dbInstanceClass());
      if (replica.dbSubnetGroup() != null) {
        request.dbSubnetGroupName(replica.dbSubnetGroup().dbSubnetGroupName());
      }
    });
    rds.call(
        "restore " + names.copy() + " from its snapshot",
        RdsClient::restoreDBInstanceFromDBSnapshot,
        request.build());
  }

  /** Both requests are found again by the name that they give. */
  @Override
  public Repeatability repeatability() {
    return Repeatability.observed(Duration.ofSeconds(30));
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Databases.RDS.control(direction.to()));
  }

  /**
   * How a rehearsal names what it makes, in one plan the same each time: no rehearsal begins before the last one was cleaned up.
   *
   * @param plan the plan's name
   * @param replica the replica's identifier
   * @param copy the identifier of its copy, and of the snapshot
   */
  record TrialNames(String plan, String replica, String copy) {
    /** What RDS allows an identifier to be long. */
    private static final int LONGEST = 63;

    private static final String END = "-rehearsal";
    private static final String TAG = "drkit:rehearsal";

    static TrialNames of(ActionContext context, PerSite<String> instance) {
      String replica = instance.get(context.to());
      return new TrialNames(context.plan(), replica, fitting(replica) + END);
    }

    /** A name that is cut is told from others that begin alike; RDS takes no two hyphens in a row. */
    private static String fitting(String replica) {
      int room = LONGEST - END.length();
      if (replica.length() <= room) {
        return replica;
      }
      String digest = "-"
          + UUID.nameUUIDFromBytes(replica.getBytes(StandardCharsets.UTF_8))
              .toString()
              .substring(0, 8);
      String beginning = replica.substring(0, room - digest.length());
      return (beginning.endsWith("-") ? beginning.substring(0, beginning.length() - 1) : beginning)
          + digest;
    }

    Tag tag() {
      return Tag.builder().key(TAG).value(plan).build();
    }

    /** Whether something was made by a rehearsal of this plan. Nothing else is ever deleted. */
    boolean owns(List<Tag> tags) {
      return tags.contains(tag());
    }

    String notOurs(String what) {
      return what + " " + copy + " was not made by a rehearsal of plan '" + plan
          + "', because it has no tag " + TAG + "; give it another name";
    }

    static Optional<DBSnapshot> snapshot(AwsEndpoint<RdsClient> rds, String name) throws Exception {
      return rds.find(
              "look at DB snapshot " + name,
              (RdsClient client, DescribeDbSnapshotsRequest request) ->
                  client.describeDBSnapshots(request),
              DescribeDbSnapshotsRequest.builder().dbSnapshotIdentifier(name).build(),
              "DBSnapshotNotFound",
              "DBSnapshotNotFoundFault")
          .flatMap(answer -> answer.dbSnapshots().stream().findFirst());
    }
  }
}
