package io.drkit.aws;

import static java.time.Duration.ofMinutes;

import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;

/** Makes what runs of the orders before any disaster, in an account of AWS in a fake cloud. */
public final class Production {
  private Production() {}

  /** Makes the database {@code orders}, which is there ten minutes later. */
  public static void makeDatabase(RdsClient rds, String engine) {
    rds.createDBInstance(instance -> instance
        .dbInstanceIdentifier("orders")
        .engine(engine)
        .dbInstanceClass("db.r6g.large")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("not-a-secret")
        .backupRetentionPeriod(1));
  }

  /** Makes the image {@code orders-web} of a machine that is gone when this returns, ten minutes later. */
  static void makeImage(FakeCloud cloud, Ec2Client ec2) {
    String builder = ec2.runInstances(request -> request
            .imageId(publicImage(ec2))
            .instanceType("t3.micro")
            .minCount(1)
            .maxCount(1))
        .instances()
        .get(0)
        .instanceId();
    cloud.time().advance(ofMinutes(1));
    ec2.createImage(request -> request.instanceId(builder).name("orders-web"));
    ec2.terminateInstances(request -> request.instanceIds(builder));
    cloud.time().advance(ofMinutes(10));
  }

  /** Makes the group {@code orders-workers}, of two machines at most. */
  static void makeWorkers(FakeCloud cloud, Site region, int desired) {
    String image = publicImage(cloud.client(Ec2Client.class, region.name()));
    AutoScalingClient groups = cloud.client(AutoScalingClient.class, region.name());
    groups.createLaunchConfiguration(request ->
        request.launchConfigurationName("workers").imageId(image).instanceType("t3.micro"));
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName("orders-workers")
        .launchConfigurationName("workers")
        .availabilityZones(region.name() + "a", region.name() + "b", region.name() + "c")
        .minSize(0)
        .maxSize(2)
        .desiredCapacity(desired));
  }

  /** The image that each region has of Amazon's. */
  static String publicImage(Ec2Client ec2) {
    return ec2.describeImages(request -> request.owners("amazon"))
        .images()
        .get(0)
        .imageId();
  }
}
