package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsClients;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * A database on Amazon RDS in the site that takes over, as wanted states of its settings. Immutable and thread-safe.
 *
 * <p>Each state is asked for with ModifyDBInstance and looked up with DescribeDBInstances, both on RDS's control plane in
 * the recovery region; asking again does no harm. Changes are applied immediately and not in the maintenance window.
 */
public final class RdsInstance {
  private final Databases databases;
  private final PerSite<String> identifier;

  private RdsInstance(AwsClients clients, PerSite<String> identifier) {
    this.databases = new Databases(clients);
    this.identifier = Objects.requireNonNull(identifier, "identifier");
  }

  /**
   * Names a database.
   *
   * @param clients never closed here
   * @param identifier the DB instance's identifier in each site
   */
  public static RdsInstance of(AwsClients clients, PerSite<String> identifier) {
    return new RdsInstance(clients, identifier);
  }

  /**
   * Returns the state in which the database runs on an instance class (WP-41 g, WP-42 e). Getting there restarts it, which
   * takes minutes without service unless it has a standby in another zone: resize before users are sent over.
   *
   * @param name for example {@code db.r6g.2xlarge}
   * @throws IllegalArgumentException if it does not begin with {@code db.}
   */
  public FailoverAction instanceClass(String name) {
    if (!name.startsWith("db.")) {
      throw new IllegalArgumentException(
          "an instance class of RDS begins with 'db.', for example db.r6g.2xlarge: '" + name + "'");
    }
    return new Setting(
        "DB instance " + identifier + " is of class " + name,
        "instanceClass",
        name,
        DBInstance::dbInstanceClass,
        pending -> pending.pendingModifiedValues() == null
            ? null
            : pending.pendingModifiedValues().dbInstanceClass(),
        request -> request.dbInstanceClass(name));
  }

  /**
   * Returns the state in which RDS makes automated backups of the database and keeps them for some days (WP-62, WP-41 j). A
   * promoted replica keeps one day by default. Meant for the stage after the verification: the first backup may slow the
   * database down.
   *
   * @param days from 1 to 35
   * @throws IllegalArgumentException if it is not
   */
  public FailoverAction backupRetention(int days) {
    if (days < 1 || days > 35) {
      throw new IllegalArgumentException("backup retention must be from 1 to 35 days: " + days);
    }
    return new Setting(
        "backups of DB instance " + identifier + " are kept for " + days + " days",
        "backupRetention",
        Integer.toString(days),
        database -> String.valueOf(database.backupRetentionPeriod()),
        pending -> pending.pendingModifiedValues() == null
                || pending.pendingModifiedValues().backupRetentionPeriod() == null
            ? null
            : pending.pendingModifiedValues().backupRetentionPeriod().toString(),
        request -> request.backupRetentionPeriod(days));
  }

  /** One setting of the database, with the value that is wanted. */
  private final class Setting implements FailoverAction {
    private final String description;
    private final String name;
    private final String wanted;
    private final Function<DBInstance, String> now;
    private final Function<DBInstance, @Nullable String> soon;
    private final UnaryOperator<ModifyDbInstanceRequest.Builder> change;

    Setting(
        String description,
        String name,
        String wanted,
        Function<DBInstance, String> now,
        Function<DBInstance, @Nullable String> soon,
        UnaryOperator<ModifyDbInstanceRequest.Builder> change) {
      this.description = description;
      this.name = name;
      this.wanted = wanted;
      this.now = now;
      this.soon = soon;
      this.change = change;
    }

    @Override
    public String describe() {
      return description;
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      String id = identifier.get(context.to());
      Optional<DBInstance> found = Databases.find(databases.rds(context, context.to()), id);
      if (found.isEmpty()) {
        return Progress.blocked("there is no DB instance " + id + " in " + context.to()
            + "; its replica must be established before the disaster");
      }
      DBInstance database = found.get();
      String status = database.dbInstanceStatus();
      return switch (DbStatus.of(status)) {
        case CHANGING -> Progress.underway(id + " is " + status);
        case STUCK ->
          Progress.blocked("DB instance " + id + " in " + context.to() + " is " + status
              + "; look at its events in RDS");
        case AVAILABLE -> compare(context, database);
      };
    }

    private Progress compare(ActionContext context, DBInstance database) {
      String value = now.apply(database);
      Evidence evidence =
          Evidence.of("instance", database.dbInstanceIdentifier()).and(name, value);
      if (wanted.equals(value)) {
        return Progress.reached(evidence);
      }
      // A change that waits for the maintenance window was not asked for by us, and is asked for
      // again, at once.
      return context.applied() && wanted.equals(soon.apply(database))
          ? Progress.underway(name + " is about to be " + wanted)
          : Progress.pending(name + " is " + value, evidence);
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      String id = identifier.get(context.to());
      databases
          .rds(context, context.to())
          .call(
              "set " + name + " of " + id + " to " + wanted,
              RdsClient::modifyDBInstance,
              change
                  .apply(ModifyDbInstanceRequest.builder()
                      .dbInstanceIdentifier(id)
                      .applyImmediately(true))
                  .build());
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
}
