package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;

/** The state in which the replica in the direction's target is a database of its own. */
record ReplicaPromotion(Databases databases, String dataset, PerSite<String> instance)
    implements FailoverAction {
  private static final Logger log = LoggerFactory.getLogger(ReplicaPromotion.class);

  @Override
  public String describe() {
    return "the replica of " + dataset + " in the recovery site is a database of its own ("
        + instance + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    Optional<DBInstance> found = Databases.find(databases.rds(context, context.to()), identifier);
    if (found.isEmpty()) {
      return Progress.blocked("there is no DB instance " + identifier + " in " + context.to()
          + "; restore one of this name from a snapshot, then go on");
    }
    DBInstance database = found.get();
    Optional<String> wrong = ReplicaCreation.wrongSource(database, context.direction(), instance);
    if (wrong.isPresent()) {
      return Progress.blocked(wrong.get());
    }
    boolean replica = !Databases.sourceOf(database).isEmpty();
    String status = database.dbInstanceStatus();
    return switch (DbStatus.of(status)) {
      case CHANGING -> Progress.underway(identifier + " is " + status);
      case STUCK ->
        Progress.blocked("DB instance " + identifier + " in " + context.to() + " is " + status
            + "; look at its events in RDS, or restore one from a snapshot");
      case AVAILABLE -> {
        Evidence evidence = Evidence.of("instance", identifier)
            .and("endpoint", endpoint(database))
            .and(recoveryPoint(context, database));
        yield replica
            ? Progress.pending(identifier + " is a replica", evidence)
            : Progress.reached(evidence);
      }
    };
  }

  private static String endpoint(DBInstance database) {
    return database.endpoint() == null
        ? "none"
        : database.endpoint().address() + ":" + database.endpoint().port();
  }

  /** Returns how far an instance reaches. That CloudWatch is silent must not keep a database from being promoted. */
  RecoveryPoint recoveryPoint(ActionContext context, DBInstance database)
      throws InterruptedException {
    try {
      return ReplicaLag.read(databases.cloudWatch(context, context.to()), context, database)
          .recoveryPoint(dataset);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.warn(
          "the replica lag could not be read [instance={}, reason={}]",
          database.dbInstanceIdentifier(),
          e.getMessage());
      return RecoveryPoint.unknown(dataset, "the replica lag could not be read: " + e.getMessage());
    }
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    databases
        .rds(context, context.to())
        .call(
            "promote " + identifier,
            RdsClient::promoteReadReplica,
            PromoteReadReplicaRequest.builder().dbInstanceIdentifier(identifier).build());
  }

  /** {@return a copy of the replica, restored from a snapshot; promoting the replica itself could not be taken back} */
  @Override
  public Optional<Rehearsal> rehearsal() {
    return Optional.of(new Rehearsal(
        new RestoredCopy(databases, dataset, instance),
        new RestoredCopyGone(databases, dataset, instance)));
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.observed(Duration.ofSeconds(30));
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.ONE_WAY;
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(
        Databases.RDS.control(direction.to()), Databases.CLOUDWATCH.data(direction.to()));
  }
}
