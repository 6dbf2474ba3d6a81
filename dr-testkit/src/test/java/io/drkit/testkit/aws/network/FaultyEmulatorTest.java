package io.drkit.testkit.aws.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud.WhenLost;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;

/** The real SDK with the endpoints that it resolves, on its way to an emulator. */
@WithAwsEmulator
@Timeout(60)
class FaultyEmulatorTest {
  private static final Site EAST = Site.region("us-east-1");

  private final FaultyNetwork network;
  private final SdkHttpClient http;

  FaultyEmulatorTest(AwsEmulator emulator) {
    network = FaultyNetwork.of(ApacheHttpClient::create)
        .to(emulator.endpoint())
        .whenLost(WhenLost.REFUSE);
    http = network.client();
  }

  @AfterEach
  void closeHttp() {
    http.close();
  }

  private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(
      B builder, String region) {
    return builder
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(http)
        .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  @Test
  void regionsAreKeptApartAndOneOfThemIsLost() {
    S3Client east = client(S3Client.builder(), "us-east-1");
    S3Client west = client(S3Client.builder(), "us-west-2");
    east.createBucket(bucket -> bucket.bucket("network-east"));
    west.createBucket(bucket -> bucket.bucket("network-west"));
    east.putObject(
        object -> object.bucket("network-east").key("receipt 1"), RequestBody.fromString("paid"));
    west.copyObject(copy -> copy.sourceBucket("network-east")
        .sourceKey("receipt 1")
        .destinationBucket("network-west")
        .destinationKey("receipt 1"));

    network.strike(Disaster.loss(EAST));

    assertThat(west.getObjectAsBytes(object -> object.bucket("network-west").key("receipt 1"))
            .asUtf8String())
        .isEqualTo("paid");
    assertThatThrownBy(
            () -> east.getObjectAsBytes(object -> object.bucket("network-east").key("receipt 1")))
        .isInstanceOf(SdkClientException.class);
    assertThatThrownBy(() -> west.copyObject(copy -> copy.sourceBucket("network-east")
            .sourceKey("receipt 1")
            .destinationBucket("network-west")
            .destinationKey("again")))
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            refused ->
                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ServiceUnavailable"));

    network.heal(EAST);

    assertThat(east.getObjectAsBytes(object -> object.bucket("network-east").key("receipt 1"))
            .asUtf8String())
        .isEqualTo("paid");
  }

  @Test
  void aSnapshotIsCopiedAcrossRegionsAsOnAws() {
    Ec2Client east = client(Ec2Client.builder(), "us-east-1");
    String volume =
        east.createVolume(v -> v.availabilityZone("us-east-1a").size(8)).volumeId();
    String snapshot = east.createSnapshot(s -> s.volumeId(volume)).snapshotId();

    String copy = client(Ec2Client.builder(), "us-west-2")
        .copySnapshot(c -> c.sourceSnapshotId(snapshot).sourceRegion("us-east-1"))
        .snapshotId();

    assertThat(client(Ec2Client.builder(), "us-west-2")
            .describeSnapshots(s -> s.snapshotIds(copy))
            .snapshots())
        .hasSize(1);
    assertThat(network.asked(EAST)).hasSize(2);
  }
}
