package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What is the same of the clients of every service. */
class FakeClientTest {
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud =
      FakeCloud.builder().whenLost(FakeCloud.WhenLost.HANG).build();
  private final FakeAws aws = FakeAws.of(cloud);
  private final Ec2Client west = cloud.client(Ec2Client.class, "us-west-2");

  private Duration takes(Runnable what) {
    Instant before = cloud.time().now();
    what.run();
    return Duration.between(before, cloud.time().now());
  }

  private DescribeInstancesRequest launched() {
    String image =
        west.describeImages(asked -> asked.owners("amazon")).images().get(0).imageId();
    return DescribeInstancesRequest.builder()
        .instanceIds(west.runInstances(asked ->
                asked.imageId(image).instanceType("t3.micro").minCount(1).maxCount(1))
            .instances()
            .get(0)
            .instanceId())
        .build();
  }

  @Test
  void aWaiterWaitsInVirtualTime() {
    DescribeInstancesRequest launched = launched();
    AtomicReference<DescribeInstancesResponse> seen = new AtomicReference<>();

    assertThat(takes(() -> seen.set(west.waiter()
            .waitUntilInstanceRunning(launched)
            .matched()
            .response()
            .orElseThrow())))
        .as("three looks, 15 seconds between them")
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    assertThat(seen.get().reservations().get(0).instances().get(0).state().nameAsString())
        .isEqualTo("running");
  }

  @Test
  void aWaiterWaitsAsItsCallerSays() {
    aws.bootTime(Duration.ofSeconds(40));
    DescribeInstancesRequest launched = launched();

    assertThat(takes(() -> west.waiter()
            .waitUntilInstanceRunning(
                asked -> asked.instanceIds(launched.instanceIds()),
                limits -> limits.backoffStrategyV2(
                    BackoffStrategy.fixedDelayWithoutJitter(Duration.ofSeconds(3))))))
        .isBetween(Duration.ofSeconds(39), Duration.ofSeconds(43));
  }

  @Test
  void aWaiterGivesUpInVirtualTime() {
    aws.bootTime(Duration.ofHours(2));
    DescribeInstancesRequest launched = launched();

    assertThat(
            takes(() -> assertThatThrownBy(() -> west.waiter().waitUntilInstanceRunning(launched))
                .isInstanceOf(SdkClientException.class)
                .hasMessageContaining("max retry attempts")))
        .as("40 looks")
        .isBetween(Duration.ofSeconds(39 * 15), Duration.ofSeconds(40 * 15));
    assertThat(takes(() -> assertThatThrownBy(() -> west.waiter()
                .waitUntilInstanceRunning(
                    launched,
                    WaiterOverrideConfiguration.builder()
                        .waitTimeout(Duration.ofSeconds(50))
                        .build()))
            .isInstanceOf(SdkClientException.class)
            .hasMessageContaining("wait time")))
        .isBetween(Duration.ofSeconds(45), Duration.ofSeconds(50));
  }

  @Test
  void eachServiceHasTheWaitersThatItsClientHas() {
    S3Client s3 = cloud.client(S3Client.class, "us-west-2");
    s3.createBucket(bucket -> bucket.bucket("there"));
    RdsClient rds = cloud.client(RdsClient.class, "us-west-2");
    rds.createDBInstance(asked -> asked
        .dbInstanceIdentifier("orders")
        .dbInstanceClass("db.r6g.large")
        .engine("postgres")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("long-enough"));
    Route53Client dns = cloud.client(Route53Client.class, "us-west-2");
    String change = dns.createHostedZone(asked -> asked.name("example.com").callerReference("1"))
        .changeInfo()
        .id();

    s3.waiter().waitUntilBucketExists(asked -> asked.bucket("there"));
    rds.waiter().waitUntilDBInstanceAvailable(asked -> asked.dbInstanceIdentifier("orders"));
    dns.waiter().waitUntilResourceRecordSetsChanged(asked -> asked.id(change));
    assertThat(rds.describeDBInstances().dbInstances().get(0).dbInstanceStatus())
        .isEqualTo("available");
    assertThat(dns.getChange(asked -> asked.id(change)).changeInfo().statusAsString())
        .isEqualTo("INSYNC");
    assertThat(cloud.client(AutoScalingClient.class, "us-west-2").waiter()).isNotNull();
  }

  @Test
  void aRefusalNamesTheServiceAsTheSdkDoes() {
    Map<String, ThrowingCallable> refused = Map.of(
        "Ec2", () -> west.describeInstances(asked -> asked.instanceIds("i-1")),
        "Rds",
            () -> cloud
                .client(RdsClient.class, "us-west-2")
                .promoteReadReplica(asked -> asked.dbInstanceIdentifier("no")),
        "Route53",
            () -> cloud.client(Route53Client.class, "us-west-2").getChange(asked -> asked.id("no")),
        "S3",
            () -> cloud
                .client(S3Client.class, "us-west-2")
                .getObject(asked -> asked.bucket("none").key("no")));

    refused.forEach((service, call) -> assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refusal -> assertThat(refusal.awsErrorDetails().serviceName()).isEqualTo(service)));
  }

  @Test
  void aClientKnowsItsRegion() {
    assertThat(west.serviceClientConfiguration().region()).isEqualTo(Region.US_WEST_2);
    assertThat(cloud
            .client(S3Client.class, "us-east-1")
            .serviceClientConfiguration()
            .region())
        .isEqualTo(Region.US_EAST_1);
  }

  @Test
  void anUnansweredAttemptEndsWithItsOwnLimit() {
    cloud.strike(Disaster.loss(WEST));

    assertThat(takes(() -> assertThatThrownBy(() ->
                west.describeInstances(asked -> asked.overrideConfiguration(limits -> limits
                    .apiCallAttemptTimeout(Duration.ofSeconds(2))
                    .apiCallTimeout(Duration.ofSeconds(9)))))
            .isInstanceOf(ApiCallAttemptTimeoutException.class)))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(takes(() -> assertThatThrownBy(() ->
                west.describeInstances(asked -> asked.overrideConfiguration(limits -> limits
                    .apiCallAttemptTimeout(Duration.ofSeconds(9))
                    .apiCallTimeout(Duration.ofSeconds(2)))))
            .isInstanceOf(ApiCallTimeoutException.class)))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aPermissionThatNothingAsksForIsNotDenied() {
    for (String action : new String[] {
      "rds:PromoteReadReplcia",
      "iam:PassRole",
      "s3:HeadObject",
      "s3:ListObjectsV2",
      "dynamodb:GetItem"
    }) {
      assertThatThrownBy(() -> aws.deny(action))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(action);
    }
    assertThatThrownBy(() -> aws.deny("s3:HeadObject")).hasMessageContaining("s3:GetObject");
    aws.deny("ec2:CreateTags").deny("s3:DeleteObjectVersion").deny("s3:ListAllMyBuckets");
    aws.deny("cloudwatch:GetMetricStatistics").deny("autoscaling:SetDesiredCapacity");
    aws.deny("route53:GetChange");
  }

  @Test
  void whoAsksForAnotherKindOfClientIsToldWhichThereAre() {
    assertThatThrownBy(() -> cloud.client(S3AsyncClient.class, "us-west-2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("S3AsyncClient")
        .hasMessageContaining("S3Client")
        .hasMessageContaining("synchronous");
  }

  @Test
  void aClientOfAnotherCloudIsRefusedWithinACall() {
    FakeCloud other = FakeCloud.builder().seed(7).build();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Callable<Object> call = () -> west.describeAvailabilityZones();

    other
        .time()
        .loop("test")
        .call(call, Duration.ofMinutes(1), (zones, thrown) -> failure.set(thrown));
    other.time().advance(Duration.ofMinutes(1));

    assertThat(failure.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another cloud");
    west.describeAvailabilityZones();
  }
}
