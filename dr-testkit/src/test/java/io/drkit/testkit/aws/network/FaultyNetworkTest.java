package io.drkit.testkit.aws.network;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Need;
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud.WhenLost;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.sts.StsClient;

@Timeout(60)
class FaultyNetworkTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final LocalService service = new LocalService();
  private final FaultyNetwork network = FaultyNetwork.of(() -> service).whenLost(WhenLost.REFUSE);

  private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(
      B builder, Site region) {
    return builder
        .region(Region.of(region.name()))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(network.client())
        .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  private Ec2Client ec2(Site region) {
    return client(Ec2Client.builder(), region);
  }

  private RdsClient rds(Site region) {
    return client(RdsClient.builder(), region);
  }

  private S3Client s3(Site region) {
    return client(S3Client.builder(), region);
  }

  private DynamoDbClient dynamoDb(Site region) {
    return client(DynamoDbClient.builder(), region);
  }

  private static void listObjects(S3Client client, String bucket) {
    client.listObjectsV2(request -> request.bucket(bucket));
  }

  private static CopyObjectRequest copy(String from) {
    return CopyObjectRequest.builder()
        .sourceBucket(from)
        .sourceKey("1")
        .destinationBucket("receipts-west")
        .destinationKey("1")
        .build();
  }

  private static void assertLost(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SdkClientException.class)
        .hasRootCauseInstanceOf(ConnectException.class);
  }

  private static void assertRefused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, refused -> {
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(refused.awsErrorDetails().errorMessage()).isNotBlank();
      assertThat(refused.statusCode()).isEqualTo(status);
      assertThat(refused.requestId()).startsWith("drkit-");
    });
  }

  @Test
  void eachRequestIsKnownByRegionServiceAndPlane() {
    ec2(WEST).describeVpcs();
    rds(EAST).describeDBInstances();
    client(AutoScalingClient.builder(), WEST).describeAutoScalingGroups();
    client(Route53Client.builder(), WEST).listHostedZones();
    client(CloudWatchClient.builder(), WEST).listMetrics();
    client(StsClient.builder(), WEST).getCallerIdentity();
    listObjects(s3(WEST), "receipts");
    s3(WEST)
        .putBucketVersioning(request ->
            request.bucket("receipts").versioningConfiguration(v -> v.status("Enabled")));
    dynamoDb(WEST).listTables();
    dynamoDb(WEST)
        .getItem(
            request -> request.tableName("orders").key(Map.of("id", AttributeValue.fromS("1"))));

    assertThat(network.asked())
        .containsExactly(
            new AskedRequest(Need.control("ec2", WEST), "DescribeVpcs"),
            new AskedRequest(Need.control("rds", EAST), "DescribeDBInstances"),
            new AskedRequest(Need.control("autoscaling", WEST), "DescribeAutoScalingGroups"),
            new AskedRequest(Need.globalControl("route53", EAST), "GET /2013-04-01/hostedzone"),
            new AskedRequest(Need.data("monitoring", WEST), "ListMetrics"),
            new AskedRequest(Need.data("sts", WEST), "GetCallerIdentity"),
            new AskedRequest(Need.data("s3", WEST), "GET /receipts?list-type=2"),
            new AskedRequest(Need.control("s3", WEST), "PUT /receipts?versioning"),
            new AskedRequest(Need.control("dynamodb", WEST), "ListTables"),
            new AskedRequest(Need.data("dynamodb", WEST), "GetItem"));
    assertThat(network.asked(EAST)).hasSize(2);
    assertThat(network.asked().get(0))
        .hasToString("DescribeVpcs of the ec2 control plane in us-west-2");

    network.forget();

    assertThat(network.asked()).isEmpty();
  }

  @Test
  void behindAnEndpointOfOnesOwnTheSignatureTellsTheRegion() {
    URI local = URI.create("http://127.0.0.1:5000");
    Ec2Client west = client(Ec2Client.builder().endpointOverride(local), WEST);
    west.describeVpcs();
    client(S3Client.builder().endpointOverride(local), WEST)
        .deleteBucket(request -> request.bucket("receipts"));
    client(Route53Client.builder().endpointOverride(local), Site.region("aws-global"))
        .listHostedZones();

    assertThat(network.asked())
        .extracting(AskedRequest::need)
        .containsExactly(
            Need.control("ec2", WEST),
            Need.control("s3", WEST),
            Need.globalControl("route53", EAST));
  }

  @Test
  void theLostRegionIsNotReachedAndTheOtherIs() {
    network.strike(Disaster.loss(EAST));

    assertLost(() -> ec2(EAST).describeVpcs());
    assertLost(() -> listObjects(s3(EAST), "receipts"));
    assertThat(service.reached()).isEmpty();
    ec2(WEST).describeVpcs();
    assertThat(service.reached()).hasSize(1);

    network.heal(EAST);

    ec2(EAST).describeVpcs();
    assertThat(service.reached()).hasSize(2);
  }

  @Test
  void alsoARegionWhoseLinkIsLostIsNotReached() {
    network.strike(Disaster.linkLoss(EAST));

    assertLost(() -> ec2(EAST).describeVpcs());

    network.heal(Disaster.linkLoss(EAST));

    ec2(EAST).describeVpcs();
  }

  @Test
  void withoutItsControlPlanesARegionServesItsData() {
    network.strike(Disaster.controlPlaneLoss(WEST));

    assertLost(() -> ec2(WEST).describeVpcs());
    assertLost(() -> s3(WEST).deleteBucket(request -> request.bucket("receipts")));
    listObjects(s3(WEST), "receipts");
    client(CloudWatchClient.builder(), WEST).listMetrics();
  }

  @Test
  void whatNeedsUsEast1FailsWithIt() {
    network.strike(Disaster.loss(EAST));

    assertLost(() -> client(Route53Client.builder(), WEST).listHostedZones());
    assertRefused(
        503,
        "ServiceUnavailable",
        () -> s3(WEST)
            .putBucketVersioning(request ->
                request.bucket("receipts").versioningConfiguration(v -> v.status("Enabled"))));
    assertThatCode(() -> s3(WEST).getBucketVersioning(request -> request.bucket("receipts")))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsCopiedFromTheLostRegionIsRefused() {
    listObjects(s3(EAST), "learnt-east");
    network.bucketIn(EAST, "told-east");
    s3(EAST)
        .createBucket(request -> request
            .bucket("made-in-the-west")
            .createBucketConfiguration(
                where -> where.locationConstraint(BucketLocationConstraint.US_WEST_2)));
    network.strike(Disaster.loss(EAST));

    for (String bucket : List.of("learnt-east", "told-east")) {
      assertRefused(503, "ServiceUnavailable", () -> s3(WEST).copyObject(copy(bucket)));
    }
    s3(WEST).copyObject(copy("made-in-the-west"));
    assertRefused(
        503,
        "ServiceUnavailable",
        () -> ec2(WEST)
            .copyImage(
                image -> image.sourceImageId("ami-1").sourceRegion("us-east-1").name("copy")));
    assertRefused(
        503,
        "ServiceUnavailable",
        () -> rds(WEST)
            .createDBInstanceReadReplica(replica -> replica
                .dbInstanceIdentifier("replica")
                .sourceDBInstanceIdentifier("arn:aws:rds:us-east-1:123456789012:db:orders")));
    assertRefused(
        503,
        "ServiceUnavailableException",
        () -> dynamoDb(WEST)
            .restoreTableToPointInTime(restore -> restore
                .targetTableName("copy")
                .sourceTableArn("arn:aws:dynamodb:us-east-1:123456789012:table/orders")));
    ec2(WEST)
        .copyImage(
            image -> image.sourceImageId("ami-1").sourceRegion("eu-west-1").name("copy"));
  }

  @Test
  void whileARegionIsLostACopyFromAnUnknownBucketIsNotGuessed() {
    s3(WEST).copyObject(copy("unknown"));
    network.strike(Disaster.controlPlaneLoss(EAST));
    s3(WEST).copyObject(copy("unknown"));
    network.strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> s3(WEST).copyObject(copy("unknown")))
        .hasStackTraceContaining("nothing tells the region of the bucket 'unknown'")
        .hasStackTraceContaining("bucketIn");
    network.bucketIn(WEST, "unknown");
    s3(WEST).copyObject(copy("unknown"));
    network.heal(EAST);
    s3(WEST).copyObject(copy("another"));
  }

  @Test
  @SuppressWarnings("deprecation") // The header as it was, which many still send.
  void wrongEscapesAreLeftToTheService() {
    s3(WEST)
        .copyObject(copy -> copy.copySource("receipts/100%zz")
            .destinationBucket("receipts-west")
            .destinationKey("1"));

    assertThat(service.reached()).hasSize(1);
  }

  @Test
  void whatIsNoNameOfAZoneIsNoPlaceToLaunchIn() {
    network.strike(Disaster.noCapacity(WEST.zone("us-west-2a")));

    ec2(WEST)
        .runInstances(launch -> launch
            .imageId("ami-1")
            .minCount(1)
            .maxCount(1)
            .placement(where -> where.availabilityZone("us-west-2a/b")));

    assertThat(service.reached()).hasSize(1);
  }

  @Test
  void whatAServiceIsGivenToKeepIsNoSource() {
    network.strike(Disaster.loss(EAST));

    dynamoDb(WEST)
        .getItem(get -> get.tableName("orders")
            .key(Map.of("id", AttributeValue.fromS("1")))
            .expressionAttributeNames(Map.of("source", "us-east-1")));
    dynamoDb(WEST).executeStatement(run -> run.statement("SELECT * FROM \"orders\""));

    assertThat(service.reached()).hasSize(2);
  }

  @Test
  void aBucketIsNotMadeInALostRegionFromAnother() {
    network.strike(Disaster.loss(WEST));

    assertRefused(
        503,
        "ServiceUnavailable",
        () -> s3(EAST)
            .createBucket(request -> request
                .bucket("new")
                .createBucketConfiguration(
                    where -> where.locationConstraint(BucketLocationConstraint.US_WEST_2))));
  }

  @Test
  void aHangingRequestEndsWithTheSdksOwnTimeLimit() {
    network.whenLost(WhenLost.HANG).strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> ec2(EAST)
            .describeVpcs(request ->
                request.overrideConfiguration(limits -> limits.apiCallTimeout(ofMillis(300)))))
        .isInstanceOf(ApiCallTimeoutException.class);

    assertThat(service.reached()).isEmpty();
    assertThat(network.asked(EAST)).hasSize(1);
  }

  @Test
  void withoutALimitARequestHangsForAsLongAsItsSocketWould() {
    network.whenLost(WhenLost.HANG).patience(ofMillis(50)).strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> ec2(EAST).describeVpcs())
        .isInstanceOf(SdkClientException.class)
        .hasRootCauseInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("the ec2 control plane in us-east-1 did not answer within PT0.05S");
  }

  @Test
  void aHangingRequestCanBeInterrupted() throws Exception {
    network.whenLost(WhenLost.HANG).strike(Disaster.loss(EAST));
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread caller = new Thread(() -> {
      try {
        ec2(EAST).describeVpcs();
      } catch (Throwable thrown) {
        end.complete(thrown);
      }
    });
    caller.start();
    while (network.asked().isEmpty()) {
      Thread.onSpinWait();
    }

    caller.interrupt();

    assertThat(end.get(30, TimeUnit.SECONDS))
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("the request was interrupted");
  }

  @Test
  void aLossInBetweenTakesTheAnswerAndLeavesTheEffect() {
    service.meanwhile(() -> network.strike(Disaster.loss(EAST)));

    assertLost(() -> ec2(EAST).terminateInstances(request -> request.instanceIds("i-1")));

    assertThat(service.reached()).hasSize(1);
  }

  @Test
  void whatIsAskedOverAHalfOpenConnectionIsDoneAndNeverAnswered() {
    network.patience(ofMillis(20)).strike(Disaster.halfOpen(EAST));

    assertUnanswered(() -> ec2(EAST).terminateInstances(request -> request.instanceIds("i-1")));

    assertThat(service.reached()).hasSize(1);
    ec2(WEST).describeVpcs();
    assertThat(service.reached()).hasSize(2);
  }

  @Test
  void aBadLineLosesRequestsAndAnswers() {
    network.patience(ofMillis(1)).strike(Disaster.lossyLink(EAST, 0.5));
    Ec2Client ec2 = ec2(EAST);
    int answered = 0;
    for (int i = 0; i < 100; i++) {
      try {
        ec2.describeVpcs();
        answered++;
      } catch (SdkClientException lost) {
        assertThat(lost).hasRootCauseInstanceOf(SocketTimeoutException.class);
      }
    }

    assertThat(service.reached()).hasSizeBetween(35, 65);
    assertThat(answered).isBetween(12, service.reached().size() - 5);
  }

  private static void assertUnanswered(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SdkClientException.class)
        .hasRootCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void eachServiceThrottlesInItsOwnWords() {
    network.strike(Disaster.throttling(WEST, 1));

    assertRefused(503, "RequestLimitExceeded", () -> ec2(WEST).describeVpcs());
    assertRefused(400, "Throttling", () -> rds(WEST).describeDBInstances());
    assertRefused(
        503, "SlowDown", () -> s3(WEST).deleteBucket(request -> request.bucket("receipts")));
    assertRefused(400, "ThrottlingException", () -> dynamoDb(WEST).listTables());
    network.strike(Disaster.throttling(EAST, 1));
    assertRefused(400, "Throttling", () -> client(Route53Client.builder(), WEST).listHostedZones());
    assertThatThrownBy(() -> ec2(WEST).describeVpcs())
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refused -> assertThat(refused.isThrottlingException()).isTrue());
  }

  @Test
  void aStormRefusesItsShareOfTheControlPlanesRequests() {
    network.strike(Disaster.throttling(WEST, 0.3));
    Ec2Client ec2 = ec2(WEST);

    IntStream.range(0, 1_000).forEach(each -> {
      try {
        ec2.describeVpcs();
      } catch (AwsServiceException refused) {
        assertThat(refused.isThrottlingException()).isTrue();
      }
    });

    assertThat(service.reached()).hasSizeBetween(650, 750);
    int before = service.reached().size();
    IntStream.range(0, 20).forEach(each -> listObjects(s3(WEST), "receipts"));
    assertThat(service.reached()).hasSize(before + 20);
  }

  @Test
  void eachServiceSaysInItsOwnWordsThatCredentialsHaveExpired() {
    network.strike(Disaster.expiredCredentials());

    assertRefused(400, "RequestExpired", () -> ec2(WEST).describeVpcs());
    assertRefused(403, "ExpiredToken", () -> rds(WEST).describeDBInstances());
    assertRefused(
        403, "ExpiredToken", () -> client(Route53Client.builder(), WEST).listHostedZones());
    assertRefused(
        400, "ExpiredToken", () -> s3(WEST).deleteBucket(request -> request.bucket("receipts")));
    assertRefused(400, "ExpiredTokenException", () -> dynamoDb(WEST).listTables());

    network.heal(Disaster.expiredCredentials());

    ec2(WEST).describeVpcs();
  }

  @Test
  void noMachineIsLaunchedWhereThereIsNoCapacity() {
    network.strike(Disaster.noCapacity(WEST.zone("us-west-2a")));

    assertRefused(500, "InsufficientInstanceCapacity", () -> launchIn("us-west-2a"));
    launchIn("us-west-2b");
    ec2(WEST).runInstances(request -> request.imageId("ami-1").minCount(1).maxCount(1));

    network.strike(Disaster.noCapacity(WEST));

    assertRefused(500, "InsufficientInstanceCapacity", () -> launchIn("us-west-2b"));
    assertRefused(
        500,
        "InsufficientInstanceCapacity",
        () -> ec2(WEST).startInstances(request -> request.instanceIds("i-1")));
    ec2(WEST).describeInstances();

    network.heal(WEST);

    launchIn("us-west-2a");
  }

  @Test
  void noDatabaseIsMadeWhereThereIsNoCapacity() {
    network.strike(Disaster.noCapacity(WEST.zone("us-west-2a")));

    assertRefused(400, "InsufficientDBInstanceCapacity", () -> restoreIn("us-west-2a"));
    restoreIn("us-west-2b");

    network.strike(Disaster.noCapacity(WEST));

    assertRefused(400, "InsufficientDBInstanceCapacity", () -> restoreIn("us-west-2b"));
    assertRefused(
        400,
        "InsufficientDBInstanceCapacity",
        () -> rds(WEST)
            .createDBInstanceReadReplica(request -> request
                .dbInstanceIdentifier("replica")
                .sourceDBInstanceIdentifier("arn:aws:rds:us-east-1:123456789012:db:orders")));
    rds(WEST).promoteReadReplica(request -> request.dbInstanceIdentifier("orders"));
  }

  private void restoreIn(String zone) {
    rds(WEST)
        .restoreDBInstanceFromDBSnapshot(request -> request
            .dbInstanceIdentifier("orders")
            .dbSnapshotIdentifier("last")
            .availabilityZone(zone));
  }

  private void launchIn(String zone) {
    ec2(WEST)
        .runInstances(request -> request
            .imageId("ami-1")
            .minCount(1)
            .maxCount(1)
            .placement(place -> place.availabilityZone(zone)));
  }

  @Test
  void whatIsSlowAnswersLate() {
    service.meanwhile(() -> takes(ofMillis(20)));
    network.strike(Disaster.slowness(WEST, 4));
    Duration before = TimeSource.system().uptime();

    ec2(WEST).describeVpcs();

    assertThat(TimeSource.system().uptime().minus(before)).isGreaterThanOrEqualTo(ofMillis(80));

    network.strike(Disaster.slowness(WEST, 1_000));

    assertThatThrownBy(() -> ec2(WEST)
            .describeVpcs(request ->
                request.overrideConfiguration(limits -> limits.apiCallTimeout(ofMillis(300)))))
        .isInstanceOf(ApiCallTimeoutException.class);
    assertThat(service.reached()).hasSize(2);
  }

  private static void takes(Duration time) {
    try {
      assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS))
          .isFalse();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void disastersBeginAndEndByTheClock() {
    ShownTime time = new ShownTime();
    network.time(time);
    network.strike(Disaster.loss(EAST).after(ofMinutes(5)).lasting(ofMinutes(10)));

    ec2(EAST).describeVpcs();
    time.uptime = ofMinutes(5);
    assertLost(() -> ec2(EAST).describeVpcs());
    time.uptime = ofMinutes(15);
    ec2(EAST).describeVpcs();
  }

  @Test
  void aLinkFlapsByItsSchedule() {
    ShownTime time = new ShownTime();
    network.time(time);
    network.strike(
        DisasterSchedule.flapping(Disaster.linkLoss(EAST), ofSeconds(10), ofSeconds(20), 2));

    for (int second : List.of(0, 9, 30, 39)) {
      time.uptime = ofSeconds(second);
      assertLost(() -> ec2(EAST).describeVpcs());
    }
    for (int second : List.of(10, 29, 40, 1_000)) {
      time.uptime = ofSeconds(second);
      ec2(EAST).describeVpcs();
    }
  }

  private static final class ShownTime implements TimeSource {
    private volatile Duration uptime = Duration.ZERO;

    @Override
    public Instant now() {
      return Instant.EPOCH.plus(uptime);
    }

    @Override
    public Duration uptime() {
      return uptime;
    }

    @Override
    public EventLoop loop(String name) {
      throw new UnsupportedOperationException("nothing runs by this clock");
    }
  }

  @Test
  void whatNoNetworkShowsIsRefused() {
    assertThatThrownBy(() -> network.strike(Disaster.replicationStall("orders")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FaultyNetwork: stall of the copies of orders;"
            + " the way from a client to AWS does not show it");
    assertThatThrownBy(() -> network.strike(Disaster.loss(WEST.zone("us-west-2a"))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("loss of us-west-2a");
    assertThatThrownBy(() -> network.strike(Disaster.loss(Site.region("us-esat-1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("us-esat-1 is no region that this AWS SDK knows; name one such as us-east-1");
    assertThatThrownBy(() -> network.strike(
            Disaster.loss(EAST).after(Duration.ZERO),
            Disaster.loss(Site.onPremises("hamburg")).after(Duration.ZERO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hamburg");
    assertThat(network).hasToString("a network with no disaster");
  }

  @Test
  void whatIsWrongIsToldAtOnce() {
    assertThatThrownBy(() -> network.heal(EAST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nothing has struck us-east-1");
    assertThatThrownBy(() -> network.heal(Disaster.loss(EAST)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there is no loss of us-east-1 to be ended");
    assertThatThrownBy(() -> network.to(URI.create("127.0.0.1:5000")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> network.patience(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("patience must be positive: PT0S");
    assertThatThrownBy(() -> network.bucketIn(Site.onPremises("hamburg"), "receipts"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRequestWithoutARegionIsToldSo() {
    S3Client nobody = S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:5000"))
        .region(Region.US_WEST_2)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(network.client())
        .build();

    assertThatThrownBy(() -> nobody.listBuckets())
        .hasStackTraceContaining("nothing tells the service of the request to 127.0.0.1");
    assertThat(service.reached()).isEmpty();
  }
}
