package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.PerSite;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.ReplicationStatus.State;
import io.drkit.Replicator;
import io.drkit.aws.AwsClients;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * A database on Amazon RDS that is read-replicated to another region, and whose replica is promoted there (WP-25, WP-52,
 * WP-54). RDS copies by itself, asynchronously; this type sees to the replica, watches its lag, and promotes it. Immutable
 * and thread-safe.
 *
 * <p><b>Recovery point.</b> It is derived from the metric {@code AWS/RDS ReplicaLag} in the replica's region: the beginning
 * of the newest minute that has a lag, less the greatest lag in it (and for MySQL and MariaDB less another minute, in which a
 * replica does not notice that its source fell silent). No data, or a lag of -1, is a recovery point that nobody knows.
 *
 * <p><b>Promotion is one-way</b>: a promoted replica never follows its source again. RDS restarts the instance and takes
 * some minutes. It keeps the replica's name, class and endpoint, and begins to make backups for one day; see {@link
 * RdsInstance} for the rest.
 *
 * <p><b>Going back.</b> RDS cannot make a replica of a database that was once written to: the one that was left is renamed to
 * its name, {@code -left-} and the run, keeps all it holds, and a new replica is created in its place. Delete the renamed one when
 * nobody needs it any more: it costs like any other.
 *
 * <p><b>Rehearsal.</b> A snapshot of the replica is restored as a database of its own, named like the replica with {@code
 * -rehearsal}, and both are deleted afterwards. Making the snapshot of an instance without a standby pauses it for some seconds. Calls
 * CreateDBSnapshot, RestoreDBInstanceFromDBSnapshot, DeleteDBInstance and DeleteDBSnapshot on RDS's control plane.
 *
 * <p><b>Calls</b> to establish: DescribeDBInstances in both regions and CreateDBInstanceReadReplica, and ModifyDBInstance to
 * rename, all on RDS's control plane. To promote: DescribeDBInstances and PromoteReadReplica on RDS's control plane, and GetMetricStatistics on
 * CloudWatch's data plane, in the recovery region alone. If CloudWatch does not answer, the promotion goes on with a
 * recovery point that nobody knows.
 */
public final class RdsReadReplica implements Replicator {
  private final String dataset;
  private final Databases databases;
  private final PerSite<String> instance;
  private final ReplicaCreation established;
  private final ReplicaPromotion promoted;

  private RdsReadReplica(Builder builder, AwsClients clients, PerSite<String> instance) {
    this.dataset = builder.dataset;
    this.databases = new Databases(clients);
    this.instance = instance;
    this.established = new ReplicaCreation(
        databases,
        dataset,
        instance,
        new ReplicaCreation.Settings(
            builder.instanceClass, builder.kmsKey, builder.subnetGroup, builder.multiAz));
    this.promoted = new ReplicaPromotion(databases, dataset, instance);
  }

  /**
   * Begins a replicator.
   *
   * @param dataset the dataset's name, unique in a plan
   * @throws IllegalArgumentException if it is blank
   */
  public static Builder builder(String dataset) {
    return new Builder(dataset);
  }

  @Override
  public String dataset() {
    return dataset;
  }

  @Override
  public ReplicationKind kind() {
    return ReplicationKind.ASYNCHRONOUS;
  }

  @Override
  public FailoverAction established() {
    return established;
  }

  @Override
  public FailoverAction retired() {
    return new DatabaseRetirement(databases, dataset, instance);
  }

  @Override
  public FailoverAction promoted() {
    return promoted;
  }

  @Override
  public ReplicationStatus status(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    var rds = databases.rds(context, context.to());
    Optional<DBInstance> found = Databases.find(rds, identifier);
    if (found.isEmpty()) {
      String detail = "there is no DB instance " + identifier + " in " + context.to();
      return ReplicationStatus.of(
          State.ABSENT, RecoveryPoint.unknown(dataset, detail), context.time().now(), detail);
    }
    RecoveryPoint point = promoted.recoveryPoint(context, found.get());
    return ReplicationStatus.of(
        state(found.get()), point, context.time().now(), detail(found.get(), point));
  }

  private static State state(DBInstance found) {
    if (Databases.sourceOf(found).isEmpty()) {
      return State.PROMOTED;
    }
    if (found.dbInstanceStatus().equals("creating")) {
      return State.ABSENT;
    }
    return ReplicaCreation.replicates(found) ? State.FLOWING : State.STALLED;
  }

  private static String detail(DBInstance found, RecoveryPoint point) {
    return found.dbInstanceIdentifier() + " is " + found.dbInstanceStatus() + "; " + point.basis();
  }

  @Override
  public String toString() {
    return "RdsReadReplica[" + dataset + ", " + instance + "]";
  }

  /** Collects what a replicator needs. Not thread-safe. */
  public static final class Builder {
    private final String dataset;
    private @Nullable AwsClients clients;
    private @Nullable PerSite<String> instance;
    private @Nullable String instanceClass;
    private @Nullable PerSite<String> kmsKey;
    private @Nullable PerSite<String> subnetGroup;
    private boolean multiAz;

    private Builder(String dataset) {
      if (dataset.isBlank()) {
        throw new IllegalArgumentException(
            "a dataset's name must not be blank; name what the database holds");
      }
      this.dataset = dataset;
    }

    /**
     * Sets the clients to ask with.
     *
     * @param with never closed by the replicator
     */
    public Builder clients(AwsClients with) {
      clients = Objects.requireNonNull(with, "with");
      return this;
    }

    /**
     * Sets the DB instance of each site.
     *
     * @param identifiers the identifiers as RDS shows them; they may be the same in two regions
     */
    public Builder instance(PerSite<String> identifiers) {
      instance = Objects.requireNonNull(identifiers, "identifiers");
      return this;
    }

    /**
     * Sets the class of a replica that has to be created; that of its source by default. A pilot light runs on a small one
     * and grows in the failover (WP-41).
     *
     * @param name for example {@code db.t4g.medium}
     */
    public Builder instanceClass(String name) {
      instanceClass = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the key that encrypts a replica that has to be created. An encrypted source needs it: a key is usable in its own
     * region only.
     *
     * @param keys the key's ARN or alias in each site
     */
    public Builder kmsKey(PerSite<String> keys) {
      kmsKey = Objects.requireNonNull(keys, "keys");
      return this;
    }

    /**
     * Sets the subnet group of a replica that has to be created; the region's default one otherwise.
     *
     * @param names the group's name in each site
     */
    public Builder subnetGroup(PerSite<String> names) {
      subnetGroup = Objects.requireNonNull(names, "names");
      return this;
    }

    /** Creates the replica with a standby in another zone, so that it has one from the moment of its promotion (WP-51). */
    public Builder multiAz() {
      multiAz = true;
      return this;
    }

    /**
     * Builds the replicator.
     *
     * @throws IllegalStateException if the clients or the instances are missing
     */
    public RdsReadReplica build() {
      if (clients == null) {
        throw new IllegalStateException("RdsReadReplica '" + dataset
            + "': call clients(...) before build(), for example with AwsClients.builder().build()");
      }
      if (instance == null) {
        throw new IllegalStateException("RdsReadReplica '" + dataset
            + "': call instance(...) before build(), for example with PerSite.at(site, name)");
      }
      return new RdsReadReplica(this, clients, instance);
    }
  }
}
