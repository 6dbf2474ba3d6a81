package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

@WithAwsEmulator
class S3CorrectionsTest {
  private static final RequestBody BODY = RequestBody.fromString("receipt");

  private final AwsEmulator emulator;
  private final S3Client east;
  private final S3Client west;

  S3CorrectionsTest(AwsEmulator emulator) {
    this.emulator = emulator;
    east = Clients.once(emulator, S3Client.builder(), "us-east-1");
    west = Clients.once(emulator, S3Client.builder(), "us-west-2");
  }

  @BeforeEach
  void createBuckets() {
    if (east.listBuckets().buckets().isEmpty()) {
      east.createBucket(request -> request.bucket("east"));
      west.createBucket(request -> request.bucket("west"));
    }
  }

  @Test
  void aCopyIsMadeOnlyOfTheSourceThatTheRequestMeans() {
    String etag =
        east.putObject(request -> request.bucket("east").key("source"), BODY).eTag();
    Instant before = Instant.EPOCH;

    assertThatThrownBy(
            () -> west.copyObject(copy("source").copySourceIfMatch("\"other\"").build()))
        .isInstanceOfSatisfying(S3Exception.class, refused -> {
          assertThat(refused.statusCode()).isEqualTo(412);
          assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed");
        });
    assertThatThrownBy(
            () -> west.copyObject(copy("source").copySourceIfNoneMatch(etag).build()))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("PreconditionFailed"));
    assertThatThrownBy(() ->
            west.copyObject(copy("source").copySourceIfUnmodifiedSince(before).build()))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("PreconditionFailed"));
    assertThatThrownBy(
            () -> west.headObject(request -> request.bucket("west").key("copy-of-source")))
        .isInstanceOf(NoSuchKeyException.class);

    west.copyObject(copy("source").copySourceIfMatch(etag).build());

    assertThat(west.headObject(request -> request.bucket("west").key("copy-of-source"))
            .eTag())
        .isEqualTo(etag);
  }

  @Test
  void aPartIsCopiedOnlyOfTheSourceThatTheRequestMeans() {
    String etag =
        east.putObject(request -> request.bucket("east").key("part"), BODY).eTag();
    String upload = west.createMultipartUpload(request -> request.bucket("west").key("parts"))
        .uploadId();

    assertThatThrownBy(() -> west.uploadPartCopy(request -> request
            .sourceBucket("east")
            .sourceKey("part")
            .copySourceIfMatch("\"other\"")
            .destinationBucket("west")
            .destinationKey("parts")
            .uploadId(upload)
            .partNumber(1)))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("PreconditionFailed"));
    assertThatThrownBy(() -> west.uploadPartCopy(request -> request
            .sourceBucket("east")
            .sourceKey("nothing")
            .destinationBucket("west")
            .destinationKey("parts")
            .uploadId(upload)
            .partNumber(1)))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("NoSuchKey"));
    String part = west.uploadPartCopy(request -> request
            .sourceBucket("east")
            .sourceKey("part")
            .copySourceIfMatch(etag)
            .destinationBucket("west")
            .destinationKey("parts")
            .uploadId(upload)
            .partNumber(1))
        .copyPartResult()
        .eTag();
    CompletedPart completed = CompletedPart.builder().partNumber(1).eTag(part).build();
    west.completeMultipartUpload(request -> request
        .bucket("west")
        .key("parts")
        .uploadId(upload)
        .multipartUpload(parts -> parts.parts(completed)));

    assertThat(read(west, "west", "parts")).isEqualTo("receipt");
  }

  @Test
  void aBodyThatIsNotTheOneThatWasSummedIsRefused() {
    assertThatThrownBy(() -> east.putObject(
            request -> request.bucket("east").key("md5").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
            BODY))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("BadDigest"));
    assertThatThrownBy(() ->
            east.putObject(request -> request.bucket("east").key("md5").contentMD5("short"), BODY))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("InvalidDigest"));
    assertThatThrownBy(() -> east.putObject(
            request -> request.bucket("east").key("md5").checksumCRC32("AAAAAA=="), BODY))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("BadDigest"))
        .hasMessageContaining("CRC32");
    assertThatThrownBy(() -> east.putObject(
            request -> request
                .bucket("east")
                .key("md5")
                .checksumSHA256("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            BODY))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("BadDigest"));

    assertThatThrownBy(() -> east.headObject(request -> request.bucket("east").key("md5")))
        .isInstanceOf(NoSuchKeyException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChecksumAlgorithm.class,
      names = {"CRC32", "SHA1", "SHA256"})
  void aChecksumThatIsRightIsKept(ChecksumAlgorithm algorithm) {
    String key = "summed-" + algorithm;

    east.putObject(request -> request.bucket("east").key(key).checksumAlgorithm(algorithm), BODY);

    HeadObjectResponse head = east.headObject(
        request -> request.bucket("east").key(key).checksumMode(ChecksumMode.ENABLED));
    assertThat(List.of(
            String.valueOf(head.checksumCRC32()),
            String.valueOf(head.checksumSHA1()),
            String.valueOf(head.checksumSHA256())))
        .filteredOn(checksum -> !checksum.equals("null"))
        .hasSize(1);
    assertThat(head.contentEncoding()).isNull();
    assertThat(read(east, "east", key)).isEqualTo("receipt");
  }

  @Test
  void aClientOfAnotherRegionIsSentAway() {
    assertThatThrownBy(() -> east.headObject(request -> request.bucket("west").key("any")))
        .isInstanceOfSatisfying(S3Exception.class, sentAway -> {
          assertThat(sentAway.statusCode()).isEqualTo(301);
          assertThat(sentAway
                  .awsErrorDetails()
                  .sdkHttpResponse()
                  .firstMatchingHeader("x-amz-bucket-region"))
              .contains("us-west-2");
        });
    assertThatThrownBy(() -> east.putObject(request -> request.bucket("west").key("any"), BODY))
        .isInstanceOfSatisfying(S3Exception.class, Clients.codeIs("PermanentRedirect"));
    assertThatThrownBy(() -> east.headBucket(request -> request.bucket("nowhere")))
        .isInstanceOf(NoSuchBucketException.class);
  }

  @Test
  void aClientThatFollowsRegionsGetsThere() {
    west.putObject(request -> request.bucket("west").key("followed"), BODY);

    try (S3Client following =
        emulator.client(S3Client.builder().crossRegionAccessEnabled(true), "us-east-1")) {
      assertThat(read(following, "west", "followed")).isEqualTo("receipt");
    }
  }

  private static CopyObjectRequest.Builder copy(String key) {
    return CopyObjectRequest.builder()
        .sourceBucket("east")
        .sourceKey(key)
        .destinationBucket("west")
        .destinationKey("copy-of-" + key);
  }

  private static String read(S3Client region, String bucket, String key) {
    return region
        .getObjectAsBytes(request -> request.bucket(bucket).key(key))
        .asString(StandardCharsets.UTF_8);
  }
}
