package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.rds.RestoredCopy.TrialNames;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbSnapshotRequest;

/**
 * The state in which neither the copy nor the snapshot of a rehearsal is left. Only what carries the tag of a rehearsal of the plan is
 * deleted. Calls DescribeDBInstances, DescribeDBSnapshots, DeleteDBInstance and DeleteDBSnapshot on RDS's control plane in the
 * recovery region.
 */
record RestoredCopyGone(Databases databases, String dataset, PerSite<String> instance)
    implements FailoverAction {
  /** How long RDS may not show what was asked for: a request whose answer was lost is waited for. */
  private static final Duration UNSEEN = Duration.ofSeconds(30);

  @Override
  public String describe() {
    return "no copy of " + dataset + " is left of a rehearsal";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    var rds = databases.rds(context, context.to());
    TrialNames names = TrialNames.of(context, instance);
    Optional<DBInstance> copy = copy(rds, names);
    if (copy.isPresent()) {
      return gone(names, copy.get());
    }
    Optional<DBSnapshot> snapshot = snapshot(rds, names);
    if (snapshot.isPresent()) {
      String status = snapshot.get().status();
      return status.equals("creating")
          ? Progress.underway(
              "snapshot " + names.copy() + " is being made before it can be deleted")
          : Progress.pending("snapshot " + names.copy() + " is left");
    }
    Optional<Instant> asked = context.askedAt().filter(at -> context.applied());
    if (asked.isEmpty()) {
      return Progress.pending("nothing is seen; whether something was asked for shows in "
          + UNSEEN.toSeconds() + " seconds");
    }
    return context.time().now().isBefore(asked.get().plus(UNSEEN))
        ? Progress.underway("nothing is seen any more")
        : Progress.reached();
  }

  private static Progress gone(TrialNames names, DBInstance copy) {
    String status = copy.dbInstanceStatus();
    if (status.equals("deleting") || DbStatus.of(status) == DbStatus.CHANGING) {
      return Progress.underway(names.copy() + " is " + status);
    }
    return Progress.pending(names.copy() + " is left, and " + status);
  }

  private static Optional<DBInstance> copy(AwsEndpoint<RdsClient> rds, TrialNames names)
      throws Exception {
    return Databases.find(rds, names.copy()).filter(found -> names.owns(found.tagList()));
  }

  private static Optional<DBSnapshot> snapshot(AwsEndpoint<RdsClient> rds, TrialNames names)
      throws Exception {
    return TrialNames.snapshot(rds, names.copy()).filter(found -> names.owns(found.tagList()));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    var rds = databases.rds(context, context.to());
    TrialNames names = TrialNames.of(context, instance);
    if (copy(rds, names).isPresent()) {
      rds.call(
          "delete " + names.copy(),
          RdsClient::deleteDBInstance,
          DeleteDbInstanceRequest.builder()
              .dbInstanceIdentifier(names.copy())
              .skipFinalSnapshot(true)
              .deleteAutomatedBackups(true)
              .build());
    } else if (snapshot(rds, names).isPresent()) {
      rds.call(
          "delete snapshot " + names.copy(),
          RdsClient::deleteDBSnapshot,
          DeleteDbSnapshotRequest.builder().dbSnapshotIdentifier(names.copy()).build());
    }
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Databases.RDS.control(direction.to()));
  }
}
