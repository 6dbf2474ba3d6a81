package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.sts.StsClient;

@WithAwsEmulator
@Timeout(60)
class LostRegionTest {
  private final AwsEmulator emulator;

  LostRegionTest(AwsEmulator emulator) {
    this.emulator = emulator;
  }

  @BeforeAll
  static void createBuckets(AwsEmulator emulator) {
    try (S3Client east = emulator.client(S3Client.builder(), "us-east-1");
        S3Client west = emulator.client(S3Client.builder(), "us-west-2")) {
      east.createBucket(request -> request.bucket("in-the-east"));
      west.createBucket(request -> request.bucket("in-the-west"));
      east.putObject(
          request -> request.bucket("in-the-east").key("receipt"), RequestBody.fromString("1"));
      west.putObject(
          request -> request.bucket("in-the-west").key("receipt"), RequestBody.fromString("1"));
    }
  }

  @AfterEach
  void restore() {
    emulator.restore("us-east-1");
    emulator.restore("us-west-2");
  }

  @Test
  void whatIsSignedForTheLostRegionFailsAndTheRestDoesNot() {
    emulator.lose("us-east-1");

    assertRefused("us-east-1", () -> ec2("us-east-1").describeVpcs());
    assertRefused("us-east-1", () -> rds("us-east-1").describeDBInstances());
    assertRefused(
        "us-east-1",
        () -> Clients.once(emulator, StsClient.builder(), "us-east-1").getCallerIdentity());
    assertThat(ec2("us-west-2").describeVpcs().vpcs()).isNotEmpty();
    assertThat(Clients.once(emulator, StsClient.builder(), "us-west-2")
            .getCallerIdentity()
            .account())
        .isEqualTo("123456789012");
  }

  @Test
  void theControlPlaneOfRoute53IsLostWithUsEast1HoweverItIsSigned() {
    emulator.lose("us-east-1");

    assertRefused("us-east-1", () -> route53("us-west-2").listHostedZones());

    emulator.restore("us-east-1");
    emulator.lose("us-west-2");

    assertThat(route53("us-east-1").listHostedZones().hostedZones()).isEmpty();
  }

  @Test
  void aBucketIsLostWithTheRegionWhereItLives() {
    emulator.lose("us-east-1");

    assertRefused("us-east-1", () -> read("us-west-2", "in-the-east"));
    assertRefused("us-east-1", () -> read("us-east-1", "in-the-west"));
    assertThat(read("us-west-2", "in-the-west")).isEqualTo("1");
  }

  @Test
  void bucketsAndTheirSettingsNeedUsEast1WhereverTheyLive() {
    emulator.lose("us-east-1");

    assertRefused(
        "us-east-1",
        () -> s3("us-west-2").createBucket(request -> request.bucket("new-in-the-west")));
    assertRefused(
        "us-east-1",
        () -> s3("us-west-2")
            .putBucketVersioning(request -> request
                .bucket("in-the-west")
                .versioningConfiguration(versioning -> versioning.status("Enabled"))));
    assertThat(s3("us-west-2")
            .getBucketVersioning(request -> request.bucket("in-the-west"))
            .status())
        .isNull();
    s3("us-west-2")
        .putObject(
            request -> request.bucket("in-the-west").key("new"), RequestBody.fromString("2"));
  }

  @Test
  void aBucketIsNotCreatedInALostRegionFromAnotherOne() {
    emulator.lose("us-west-2");

    assertRefused(
        "us-west-2",
        () -> s3("us-east-1")
            .createBucket(request -> request
                .bucket("new-in-the-west")
                .createBucketConfiguration(
                    where -> where.locationConstraint(BucketLocationConstraint.US_WEST_2))));
  }

  @Test
  void whatIsCopiedFromTheLostRegionIsNot() {
    String image =
        ec2("us-east-1").registerImage(request -> request.name("lost")).imageId();

    emulator.lose("us-east-1");

    assertRefused(
        "us-east-1",
        () -> s3("us-west-2")
            .copyObject(request -> request
                .sourceBucket("in-the-east")
                .sourceKey("receipt")
                .destinationBucket("in-the-west")
                .destinationKey("copy")));
    assertRefused(
        "us-east-1",
        () -> ec2("us-west-2")
            .copyImage(request ->
                request.sourceImageId(image).sourceRegion("us-east-1").name("copy")));
    assertRefused(
        "us-east-1",
        () -> ec2("us-west-2")
            .copySnapshot(request -> request
                .sourceSnapshotId("snap-0123456789")
                .sourceRegion("us-east-1")
                .destinationRegion("us-west-2")));
    assertRefused(
        "us-east-1",
        () -> rds("us-west-2")
            .createDBInstanceReadReplica(request -> request
                .dbInstanceIdentifier("replica")
                .sourceDBInstanceIdentifier("arn:aws:rds:us-east-1:123456789012:db:orders")));
    assertRefused(
        "us-east-1",
        () -> rds("us-west-2")
            .copyDBSnapshot(request -> request
                .targetDBSnapshotIdentifier("copy")
                .sourceDBSnapshotIdentifier("arn:aws:rds:us-east-1:123456789012:snapshot:orders")));
  }

  @Test
  void aRestoredRegionHasWhatItHad() {
    emulator.lose("us-east-1");
    emulator.restore("us-east-1");

    assertThat(read("us-east-1", "in-the-east")).isEqualTo("1");
  }

  @Test
  void aHangingRegionDoesNotAnswerUntilItIsRestored() throws Exception {
    emulator.lose("us-west-2", LossMode.HANG);
    CompletableFuture<Void> call =
        CompletableFuture.runAsync(() -> ec2("us-west-2").describeVpcs());
    while (!state().contains("\"waiting\": 1")) {
      assertThat(call).isNotDone();
    }

    emulator.restore("us-west-2");

    assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SdkClientException.class);
  }

  @Test
  void aHangingRegionRunsIntoTheCallersTimeLimit() {
    emulator.lose("us-west-2", LossMode.HANG);

    Ec2Client impatient = emulator.client(
        Ec2Client.builder()
            .overrideConfiguration(settings -> settings.apiCallTimeout(Duration.ofMillis(500))),
        "us-west-2");

    assertThatThrownBy(impatient::describeVpcs).isInstanceOf(ApiCallTimeoutException.class);
    assertThat(ec2("us-east-1").describeVpcs().vpcs()).isNotEmpty();
  }

  @Test
  void aResettingRegionClosesTheConnection() {
    emulator.lose("us-west-2", LossMode.RESET);

    assertThatThrownBy(() -> ec2("us-west-2").describeVpcs())
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("Unable to execute HTTP request");
  }

  @Test
  void whatIsNoRegionIsNotLost() {
    assertThatThrownBy(() -> emulator.lose("the east"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("region must be the name of one, such as us-east-1: the east");
  }

  @Test
  void theLagOfAReplicaIsUnknownWhileItsSourceIsLost() {
    String source = rds("us-east-1")
        .createDBInstance(request -> request
            .dbInstanceIdentifier("orders")
            .dbInstanceClass("db.r6g.large")
            .engine("postgres")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough"))
        .dbInstance()
        .dbInstanceArn();
    rds("us-west-2")
        .createDBInstanceReadReplica(request ->
            request.dbInstanceIdentifier("orders-west").sourceDBInstanceIdentifier(source));
    assertThat(lag("orders-west")).isNotEmpty().allMatch(seconds -> seconds >= 0);

    EmulatorControl.drkit(emulator.endpoint()).post("lose", "region", "us-east-1", "ago", "120");

    assertThat(lag("orders-west")).isNotEmpty().allMatch(seconds -> seconds == -1);
  }

  private List<Double> lag(String replica) {
    Instant now = Instant.now();
    return Clients.once(emulator, CloudWatchClient.builder(), "us-west-2")
        .getMetricStatistics(request -> request
            .namespace("AWS/RDS")
            .metricName("ReplicaLag")
            .dimensions(
                Dimension.builder().name("DBInstanceIdentifier").value(replica).build())
            .startTime(now.minusSeconds(300))
            .endTime(now.plusSeconds(60))
            .period(60)
            .statistics(Statistic.AVERAGE))
        .datapoints()
        .stream()
        .map(Datapoint::average)
        .toList();
  }

  private String state() throws Exception {
    try (var in = emulator.endpoint().resolve("/drkit/state").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String read(String region, String bucket) {
    return s3(region)
        .getObjectAsBytes(request -> request.bucket(bucket).key("receipt"))
        .asUtf8String();
  }

  private S3Client s3(String region) {
    return Clients.once(emulator, S3Client.builder(), region);
  }

  private Ec2Client ec2(String region) {
    return Clients.once(emulator, Ec2Client.builder(), region);
  }

  private RdsClient rds(String region) {
    return Clients.once(emulator, RdsClient.builder(), region);
  }

  private Route53Client route53(String region) {
    return Clients.once(emulator, Route53Client.builder(), region);
  }

  private static void assertRefused(String region, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, refused -> {
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ServiceUnavailable");
      assertThat(refused.getMessage()).contains(region + " is lost");
    });
  }
}
