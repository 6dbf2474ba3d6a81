package io.drkit.examples.orders;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Failback;
import io.drkit.KeyPoint;
import io.drkit.PerSite;
import io.drkit.RecoveryObjective;
import io.drkit.aws.AwsClients;
import io.drkit.aws.autoscaling.AutoScalingGroups;
import io.drkit.aws.ec2.Ec2Images;
import io.drkit.aws.ec2.Ec2Instances;
import io.drkit.aws.rds.RdsInstance;
import io.drkit.aws.rds.RdsReadReplica;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.aws.s3.S3BucketReplicator;
import software.amazon.awssdk.services.route53.model.RRType;

/**
 * The recovery plan of orders: a pilot light in us-west-2 (WP-41). The database is replicated and the receipts are copied;
 * web servers are started from an image that is kept there.
 *
 * <p>When us-east-1 is lost, Route 53's control plane is lost with it, and so is what moves the users in this plan. All that
 * needs us-west-2 alone is therefore brought up and verified without waiting for the redirect, which is then what is left
 * to do: see {@link RecordChange}.
 */
public final class OrdersPlan {
  private static final PerSite<String> DATABASE = PerSite.everywhere(Orders.DATABASE);
  private static final PerSite<String> GROUP = PerSite.everywhere(Orders.GROUP);
  private static final PerSite<String> RECORDS =
      PerSite.at(Orders.EAST, Orders.EAST.name()).and(Orders.WEST, Orders.WEST.name());

  /** What is not in the image (WP-33, WP-41 i). */
  private static final String FIRST_BOOT = """
      #!/bin/sh
      systemctl enable --now orders-web
      """;

  private OrdersPlan() {}

  /**
   * Builds the plan. Calls nothing.
   *
   * @param aws the clients of both regions
   */
  public static DrPlan of(AwsClients aws) {
    RdsInstance database = RdsInstance.of(aws, DATABASE);
    AutoScalingGroups groups = AutoScalingGroups.of(aws);
    OrdersChecks checks = new OrdersChecks(aws);
    return DrPlan.builder(Orders.PLAN)
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Orders.EAST)
        .recovery(Orders.WEST)
        .objective(RecoveryObjective.rto(ofMinutes(30)).rpo(ofHours(1)))
        .replicator(RdsReadReplica.builder("orders-db")
            .clients(aws)
            .instance(DATABASE)
            .instanceClass(Orders.STANDBY_CLASS)
            .build())
        .replicator(S3BucketReplicator.builder("receipts")
            .clients(aws)
            .bucket(Orders.BUCKETS)
            .build())
        .prepare(
            "copy the web image",
            Ec2Images.of(aws).copied(Orders.IMAGE),
            step -> step.meets(
                KeyPoint.PILOT_LIGHT_PACKAGES_THERE, KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED))
        .fence("stop production's web servers", groups.stopped(GROUP))
        .promoteReplicas()
        .failback(Failback.standard().stableFor(ofMinutes(1)))
        .provision(
            "launch web servers",
            Ec2Instances.running(aws, Orders.IMAGE, Orders.INSTANCE_TYPE, Orders.INSTANCES)
                .userData(FIRST_BOOT),
            step -> step.meets(KeyPoint.PILOT_LIGHT_PROVISIONING_AUTOMATED))
        .provision("scale the web tier", groups.capacity(GROUP, Orders.GROUP_CAPACITY))
        .provision(
            "resize the database",
            database.instanceClass(Orders.PRODUCTION_CLASS),
            // RDS takes one change at a time, and both restart the database.
            step -> step.after("promote orders-db").meets(KeyPoint.PILOT_LIGHT_DATABASE_RESIZED))
        .redirect(
            "send users to the recovery region",
            new RecordChange(WeightedRecords.of(aws)
                .allTraffic(Orders.ZONE, Orders.RECORD, RRType.CNAME, RECORDS)),
            // If Route 53 does not answer, waiting two minutes for it helps nobody; resume is
            // there.
            step -> step.attempts(3))
        .verify(
            "the database takes writes",
            checks.databaseTakesWrites(),
            step -> step.after("promote orders-db", "resize the database"))
        .verify(
            "the web servers run",
            checks.serversRun("launch web servers"),
            step -> step.after("launch web servers", "scale the web tier"))
        .afterwards(
            "keep backups for a week",
            database.backupRetention(7),
            step -> step.after("resize the database", "the database takes writes")
                .meets(KeyPoint.PILOT_LIGHT_REDUNDANCY_RESTORED))
        .waive(
            KeyPoint.PILOT_LIGHT_SERVERS_TESTED,
            "servers are started from the image and looked at by each run of examples/bin")
        .build();
  }
}
