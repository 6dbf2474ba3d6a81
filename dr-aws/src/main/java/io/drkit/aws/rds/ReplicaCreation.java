package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;

/** The state in which a replica of the direction's source exists in the other region and follows it. */
record ReplicaCreation(
    Databases databases, String dataset, PerSite<String> instance, Settings settings)
    implements FailoverAction {

  /** What a new replica is made with, beyond what it takes from its source. */
  record Settings(
      @Nullable String instanceClass,
      @Nullable PerSite<String> kmsKey,
      @Nullable PerSite<String> subnetGroup,
      boolean multiAz) {}

  @Override
  public String describe() {
    return "a read replica of " + dataset + " follows its source (" + instance + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    Optional<DBInstance> found = Databases.find(databases.rds(context, context.to()), identifier);
    if (found.isEmpty()) {
      return Progress.pending("there is no DB instance " + identifier + " in " + context.to());
    }
    DBInstance replica = found.get();
    Optional<String> wrong = wrongSource(replica, context.direction(), instance);
    if (wrong.isPresent()) {
      return Progress.blocked(wrong.get());
    }
    if (Databases.sourceOf(replica).isEmpty()) {
      return Progress.blocked("DB instance " + identifier + " in " + context.to()
          + " is a database of its own and no replica of " + instance.get(context.from())
          + "; RDS cannot make it one: remove or rename it when nobody needs what it holds");
    }
    return switch (DbStatus.of(replica.dbInstanceStatus())) {
      case CHANGING -> Progress.underway(identifier + " is " + replica.dbInstanceStatus());
      case STUCK ->
        Progress.blocked("DB instance " + identifier + " in " + context.to() + " is "
            + replica.dbInstanceStatus() + "; look at its events in RDS");
      case AVAILABLE -> follows(replica, context.to());
    };
  }

  private static Progress follows(DBInstance replica, Site site) {
    Optional<DBInstanceStatusInfo> ended = replica.statusInfos().stream()
        .filter(info -> List.of("error", "terminated", "stopped").contains(info.status()))
        .findFirst();
    if (ended.isPresent()) {
      String message = ended.get().message();
      return Progress.blocked("replication to " + replica.dbInstanceIdentifier() + " in " + site
          + " is " + ended.get().status() + (message == null ? "" : ": " + message)
          + "; look at its events in RDS");
    }
    if (!replicates(replica)) {
      return Progress.underway(replica.dbInstanceIdentifier() + " does not replicate yet");
    }
    return Progress.reached(Evidence.of("replica", replica.dbInstanceIdentifier())
        .and("source", Databases.sourceOf(replica))
        .and("instanceClass", String.valueOf(replica.dbInstanceClass())));
  }

  static boolean replicates(DBInstance replica) {
    return replica.statusInfos().stream()
        .allMatch(
            info -> Boolean.TRUE.equals(info.normal()) && info.status().equals("replicating"));
  }

  /** Says so if an instance follows another source than the direction's: to promote it would bring other data. */
  static Optional<String> wrongSource(
      DBInstance replica, Direction direction, PerSite<String> instance) {
    String source = Databases.sourceOf(replica);
    String region =
        direction.from().region().map(Site::name).orElse(direction.from().name());
    String expected = instance.get(direction.from());
    boolean right = source.isEmpty()
        || source.equals(expected)
        || (source.startsWith("arn:")
            && source.contains(":rds:" + region + ":")
            && source.endsWith(":db:" + expected));
    return right
        ? Optional.empty()
        : Optional.of("DB instance " + replica.dbInstanceIdentifier() + " in " + direction.to()
            + " is a replica of " + source + " and not of " + expected + " in " + direction.from()
            + "; check the names that the plan gives");
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    var rds = databases.rds(context, context.to());
    String source = instance.get(context.from());
    DBInstance original = Databases.find(databases.rds(context, context.from()), source)
        .orElseThrow(() -> new DrException("create a replica of " + source
            + " failed: there is no DB instance of that name in " + context.from()));
    CreateDbInstanceReadReplicaRequest.Builder request =
        CreateDbInstanceReadReplicaRequest.builder()
            .dbInstanceIdentifier(instance.get(context.to()))
            .sourceDBInstanceIdentifier(original.dbInstanceArn())
            .sourceRegion(context.from().region().orElse(context.from()).name())
            .dbInstanceClass(
                settings.instanceClass() != null
                    ? settings.instanceClass()
                    : original.dbInstanceClass())
            .multiAZ(settings.multiAz());
    if (settings.kmsKey() != null) {
      request.kmsKeyId(settings.kmsKey().get(context.to()));
    }
    if (settings.subnetGroup() != null) {
      request.dbSubnetGroupName(settings.subnetGroup().get(context.to()));
    }
    // A replica that is there already is what was wanted: an earlier answer was lost.
    rds.find(
        "create replica " + instance.get(context.to()) + " of " + source,
        RdsClient::createDBInstanceReadReplica,
        request.build(),
        "DBInstanceAlreadyExists");
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.observed(Duration.ofSeconds(30));
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Databases.RDS.control(direction.from()), Databases.RDS.control(direction.to()));
  }
}
