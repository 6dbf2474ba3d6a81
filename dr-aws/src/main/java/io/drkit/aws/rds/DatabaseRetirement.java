package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * The state in which the name of the direction's {@code to} is free for a new replica: the database that was left there is
 * renamed, and keeps all it holds.
 */
record DatabaseRetirement(Databases databases, String dataset, PerSite<String> instance)
    implements FailoverAction {
  /** What RDS allows an identifier to be long. */
  private static final int LONGEST = 63;

  @Override
  public String describe() {
    return "the database that " + dataset + " left is kept under another name (" + instance + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    var rds = databases.rds(context, context.to());
    Optional<DBInstance> found = Databases.find(rds, identifier);
    if (found.isEmpty()) {
      return Databases.find(rds, kept(context)).isPresent()
          ? Progress.reached(Evidence.of("kept as", kept(context)))
          : Progress.reached();
    }
    if (!Databases.sourceOf(found.get()).isEmpty()) {
      return Progress.reached();
    }
    return switch (DbStatus.of(found.get().dbInstanceStatus())) {
      case CHANGING -> Progress.underway(identifier + " is " + found.get().dbInstanceStatus());
      case STUCK ->
        Progress.blocked("DB instance " + identifier + " in " + context.to() + " is "
            + found.get().dbInstanceStatus() + " and cannot be renamed; look at its events in RDS");
      case AVAILABLE -> left(context, identifier);
    };
  }

  /** The database that is left is renamed only if there is one that took over from it. */
  private Progress left(ActionContext context, String identifier) throws Exception {
    String source = instance.get(context.from());
    Optional<DBInstance> active = Databases.find(databases.rds(context, context.from()), source);
    if (active.filter(found -> Databases.sourceOf(found).isEmpty()).isEmpty()) {
      return Progress.blocked("DB instance " + identifier + " in " + context.to()
          + " is not renamed, because " + source + " in " + context.from()
          + " is no database of its own that took over from it");
    }
    return Progress.pending("DB instance " + identifier + " in " + context.to()
        + " is a database of its own, and is to be kept as " + kept(context));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String identifier = instance.get(context.to());
    databases
        .rds(context, context.to())
        .call(
            "rename DB instance " + identifier + " to " + kept(context),
            RdsClient::modifyDBInstance,
            ModifyDbInstanceRequest.builder()
                .dbInstanceIdentifier(identifier)
                .newDBInstanceIdentifier(kept(context))
                .applyImmediately(true)
                .build());
  }

  /** The same for each look of a run, and another one for the next run. */
  private String kept(ActionContext context) {
    String end = "-left-" + context.run().replaceAll("[^a-z0-9]+", "-");
    String identifier = instance.get(context.to());
    return identifier.substring(0, Math.min(identifier.length(), LONGEST - end.length())) + end;
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
