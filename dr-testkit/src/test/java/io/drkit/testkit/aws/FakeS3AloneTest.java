package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplication;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplicationStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** What an emulator cannot show: losses, permissions, virtual time and what is not modelled. */
class FakeS3AloneTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final S3Client east = cloud.client(S3Client.class, "us-east-1");
  private final S3Client west = cloud.client(S3Client.class, "us-west-2");

  @BeforeEach
  void makeBuckets() {
    east.createBucket(bucket -> bucket.bucket("east"));
    west.createBucket(bucket -> bucket.bucket("west"));
  }

  private static void put(S3Client s3, String bucket, String key) {
    s3.putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString("content"));
  }

  private static String get(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(object -> object.bucket(bucket).key(key)).asUtf8String();
  }

  private void copy() {
    west.copyObject(copy ->
        copy.sourceBucket("east").sourceKey("a").destinationBucket("west").destinationKey("copy"));
  }

  private static void refused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, refusal -> {
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(refusal.statusCode()).isEqualTo(status);
    });
  }

  @Test
  void aBucketIsEmptiedPageByPage() {
    keepVersions(west, "west");
    for (int i = 0; i < 3; i++) {
      put(west, "west", "a");
      put(west, "west", "b");
    }

    int pages = 0;
    for (ListObjectVersionsResponse page :
        west.listObjectVersionsPaginator(list -> list.bucket("west").maxKeys(2))) {
      page.versions()
          .forEach(version -> west.deleteObject(
              object -> object.bucket("west").key(version.key()).versionId(version.versionId())));
      pages++;
    }

    assertThat(pages).isEqualTo(3);
    assertThat(west.listObjectVersions(list -> list.bucket("west")).versions()).isEmpty();
    refused(
        400,
        "InvalidArgument",
        () -> west.listObjectVersions(
            list -> list.bucket("west").keyMarker("a").versionIdMarker("of nobody")));
  }

  @Test
  void uploadsAreGivenUpPageByPage() {
    for (int i = 0; i < 3; i++) {
      west.createMultipartUpload(upload -> upload.bucket("west").key("a"));
    }

    for (ListMultipartUploadsResponse page :
        west.listMultipartUploadsPaginator(list -> list.bucket("west").maxUploads(1))) {
      page.uploads()
          .forEach(upload -> west.abortMultipartUpload(
              which -> which.bucket("west").key(upload.key()).uploadId(upload.uploadId())));
    }

    assertThat(west.listMultipartUploads(list -> list.bucket("west")).uploads()).isEmpty();
  }

  @Test
  void aLostRegionDoesNotAnswerAndKeepsItsObjects() {
    put(west, "west", "a");
    cloud.strike(Disaster.loss(WEST));

    assertThatThrownBy(() -> get(west, "west", "a")).isInstanceOf(SdkClientException.class);
    put(east, "east", "a");
    cloud.heal(WEST);

    assertThat(get(west, "west", "a")).isEqualTo("content");
  }

  @Test
  void aCopyTakesTheRegionOfItsSource() {
    put(east, "east", "a");
    cloud.strike(Disaster.loss(EAST));

    refused(503, "ServiceUnavailable", this::copy);
    put(west, "west", "b");
    cloud.heal(EAST);
    copy();

    assertThat(get(west, "west", "copy")).isEqualTo("content");
  }

  @Test
  void bucketsAreMadeAndSetOnlyWhileTheirHomeIsThere() {
    cloud.strike(Disaster.loss(EAST));

    refused(
        503,
        "ServiceUnavailable",
        () -> west.createBucket(bucket -> bucket.bucket("during-the-loss")));
    refused(
        503,
        "ServiceUnavailable",
        () -> west.putBucketVersioning(request -> request
            .bucket("west")
            .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED))));
    assertThat(west.getBucketVersioning(bucket -> bucket.bucket("west")).status())
        .isNull();
    assertThat(west.headBucket(bucket -> bucket.bucket("west")).bucketRegion())
        .isEqualTo("us-west-2");
  }

  @Test
  void objectsAreThereWithoutTheControlPlane() {
    cloud.strike(Disaster.controlPlaneLoss(WEST));

    put(west, "west", "a");
    assertThat(get(west, "west", "a")).isEqualTo("content");
    assertThatThrownBy(() -> west.createBucket(bucket -> bucket.bucket("without")))
        .isInstanceOf(SdkClientException.class);
  }

  @Test
  void permissionsAreThoseOfIamAndNotThoseOfOperations() {
    put(east, "east", "a");
    FakeAws aws = FakeAws.of(cloud);

    aws.deny("s3:PutObject");
    refused(403, "AccessDenied", this::copy);
    aws.allow("s3:PutObject").deny("s3:GetObject");
    refused(403, "AccessDenied", this::copy);
    assertThatThrownBy(() -> east.headObject(object -> object.bucket("east").key("a")))
        .isInstanceOfSatisfying(
            S3Exception.class, refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
    aws.allow("s3:GetObject").deny("s3:ListBucket");
    refused(403, "AccessDenied", () -> get(east, "east", "nothing"));
    assertThat(get(east, "east", "a")).isEqualTo("content");
    aws.allow("s3:ListBucket").deny("s3:GetObjectVersion");
    refused(
        403,
        "AccessDenied",
        () -> east.getObjectAsBytes(object -> object.bucket("east").key("a").versionId("null")));
    assertThat(get(east, "east", "a")).isEqualTo("content");
  }

  @Test
  void whatIsNotModelledIsSaid() {
    assertThatThrownBy(() -> west.putObject(
            object -> object.bucket("west").key("a").ssekmsKeyId("key"),
            RequestBody.fromString("content")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeS3: putObject with SSEKMSKeyId");
    assertThatThrownBy(() -> west.putObject(
            object -> object.bucket("west").key("a").storageClass("DEEP_ARCHIVE"),
            RequestBody.fromString("content")))
        .hasMessage("not modelled by FakeS3: objects of storage class DEEP_ARCHIVE");
    assertThatThrownBy(() -> west.restoreObject(object -> object.bucket("west").key("a")))
        .hasMessage("not modelled by FakeS3: restoreObject");
  }

  @Test
  void everyAnswerHasADateAndTakesTime() {
    Instant before = cloud.time().now();

    HeadObjectResponse head = headOfNew("a");

    assertThat(head.sdkHttpResponse().firstMatchingHeader("Date"))
        .contains("Tue, 1 Jan 2030 12:00:00 GMT");
    assertThat(Duration.between(before, cloud.time().now()))
        .isBetween(Duration.ofMillis(10), Duration.ofMillis(160));
  }

  private HeadObjectResponse headOfNew(String key) {
    put(west, "west", key);
    return west.headObject(object -> object.bucket("west").key(key));
  }

  @Test
  void checksumsAreThoseOfTheirDefinitions() {
    SdkBytes digits = SdkBytes.fromString("123456789", StandardCharsets.US_ASCII);

    assertThat(S3Checksum.of(ChecksumAlgorithm.CRC64_NVME, digits).value())
        .isEqualTo("rosUhgp5mIg=");
    assertThat(S3Checksum.of(ChecksumAlgorithm.CRC32, digits).value()).isEqualTo("y/Q5Jg==");
    assertThat(S3Checksum.of(ChecksumAlgorithm.CRC32_C, digits).value()).isEqualTo("4waSgw==");
    assertThat(S3Checksum.tagOfParts(List.of(S3Checksum.tag(digits), S3Checksum.tag(digits))))
        .isEqualTo("\"4f2908c19b573e50b194e208c928de17-2\"");
  }

  @Test
  void anUploadWithAChecksumIsCompletedWithThoseOfItsParts() {
    String upload = west.createMultipartUpload(object ->
            object.bucket("west").key("large").checksumAlgorithm(ChecksumAlgorithm.SHA256))
        .uploadId();
    UploadPartResponse part = west.uploadPart(
        request -> request.bucket("west").key("large").uploadId(upload).partNumber(1),
        RequestBody.fromString("content"));
    CompletedPart bare = CompletedPart.builder().partNumber(1).eTag(part.eTag()).build();

    refused(400, "InvalidRequest", () -> complete(upload, bare));
    complete(upload, bare.toBuilder().checksumSHA256(part.checksumSHA256()).build());

    HeadObjectResponse head = west.headObject(
        object -> object.bucket("west").key("large").checksumMode(ChecksumMode.ENABLED));
    assertThat(head.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
    assertThat(head.checksumSHA256()).endsWith("-1");
    west.copyObject(copy -> copy.sourceBucket("west")
        .sourceKey("large")
        .destinationBucket("west")
        .destinationKey("copy"));
    HeadObjectResponse whole = west.headObject(
        object -> object.bucket("west").key("copy").checksumMode(ChecksumMode.ENABLED));
    assertThat(whole.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
    assertThat(whole.eTag()).doesNotContain("-");
  }

  private void complete(String upload, CompletedPart part) {
    west.completeMultipartUpload(request -> request
        .bucket("west")
        .key("large")
        .uploadId(upload)
        .multipartUpload(parts -> parts.parts(part)));
  }

  @Test
  void whatWasUnderwayWhenTheSourceWasLostArrivesWhenItIsBack() {
    FakeAws.of(cloud).replicatesIn(Duration.ofMinutes(20));
    replicateEastToWest();
    put(east, "east", "a");
    cloud.strike(Disaster.loss(EAST));
    cloud.time().advance(Duration.ofHours(1));
    assertThatThrownBy(() -> get(west, "west", "a")).isInstanceOf(NoSuchKeyException.class);

    cloud.heal(EAST);
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(get(west, "west", "a")).isEqualTo("content");
  }

  @Test
  void whatIsStalledStaysPendingAndNobodyIsTold() {
    replicateEastToWest();
    Disaster stall = Disaster.replicationStall("east");
    cloud.strike(stall);
    put(east, "east", "a");
    cloud.time().advance(Duration.ofHours(1));

    assertThat(
            east.headObject(object -> object.bucket("east").key("a")).replicationStatusAsString())
        .isEqualTo("PENDING");
    assertThatThrownBy(() -> get(west, "west", "a")).isInstanceOf(NoSuchKeyException.class);

    cloud.heal(stall);
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(get(west, "west", "a")).isEqualTo("content");
    assertThatThrownBy(() -> cloud.strike(Disaster.replicationStall("nothing")))
        .hasMessageContaining("no dataset 'nothing'");
  }

  @Test
  void versionsAndMarkersArriveInTheirOrder() {
    replicateEastToWest();
    put(east, "east", "a");
    put(east, "east", "a");
    put(east, "east", "b");
    String last = east.headObject(object -> object.bucket("east").key("a")).versionId();
    east.deleteObject(object -> object.bucket("east").key("b"));
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(west.headObject(object -> object.bucket("west").key("a")).versionId())
        .isEqualTo(last);
    assertThatThrownBy(() -> get(west, "west", "b")).isInstanceOf(NoSuchKeyException.class);
    assertThat(west.listObjectVersions(list -> list.bucket("west")).versions()).hasSize(3);
  }

  @Test
  void replicationWaitsForACutFromTheSourceToTheCopyAndForNoOther() {
    replicateEastToWest();
    cloud.strike(Disaster.partition(WEST, EAST));
    put(east, "east", "a");
    cloud.time().advance(Duration.ofMinutes(5));
    assertThat(get(west, "west", "a")).isEqualTo("content");

    cloud.strike(Disaster.partition(EAST, WEST).lasting(Duration.ofMinutes(30)));
    put(east, "east", "b");
    cloud.time().advance(Duration.ofMinutes(20));
    assertThatThrownBy(() -> get(west, "west", "b")).isInstanceOf(NoSuchKeyException.class);
    cloud.time().advance(Duration.ofMinutes(20));
    assertThat(get(west, "west", "b")).isEqualTo("content");
  }

  @Test
  void aCopyNeedsTheWayFromWhereItIsMadeToItsSource() {
    put(east, "east", "a");
    cloud.strike(Disaster.partition(EAST, WEST));
    copy();
    cloud.strike(Disaster.partition(WEST, EAST));

    assertThatThrownBy(this::copy)
        .isInstanceOf(S3Exception.class)
        .hasMessageContaining("The service in us-east-1 is unavailable");
  }

  @Test
  void aClientOnAHostReachesWhatItsHostReaches() throws Exception {
    FakeHost host = cloud.addHost("application", WEST);
    cloud.strike(Disaster.partition(WEST, EAST));

    put(east, "east", "a");
    assertThatThrownBy(() -> host.ask(() -> get(east, "east", "a")))
        .isInstanceOf(SdkClientException.class);
    assertThat(get(east, "east", "a")).as("from outside").isEqualTo("content");
  }

  @Test
  void whatIsPutOverAHalfOpenConnectionIsThereAndItsCallerDoesNotKnow() {
    Disaster halfOpen = Disaster.halfOpen(EAST);
    cloud.strike(halfOpen);
    assertThatThrownBy(() -> put(east, "east", "a")).isInstanceOf(SdkClientException.class);

    cloud.heal(halfOpen);
    assertThat(get(east, "east", "a")).isEqualTo("content");
  }

  @Test
  void eachOfSeveralDestinationsGetsItsCopy() {
    west.createBucket(bucket -> bucket.bucket("second"));
    keepVersions(west, "second");
    keepVersions(west, "west");
    keepVersions(east, "east");
    east.putBucketReplication(request -> request
        .bucket("east")
        .replicationConfiguration(to -> to.role("arn:aws:iam::123456789012:role/copies")
            .rules(rule(1, "", "west"), rule(2, "", "second"), rule(3, "logs/", "second"))));

    put(east, "east", "key");
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(replication(west, "west")).isEqualTo("REPLICA");
    assertThat(replication(west, "second")).isEqualTo("REPLICA");
    assertThat(replication(east, "east")).isEqualTo("COMPLETED");
  }

  @Test
  void ofTwoRulesForOneDestinationTheOneOfHigherPriorityCounts() {
    keepVersions(west, "west");
    keepVersions(east, "east");
    east.putBucketReplication(request -> request
        .bucket("east")
        .replicationConfiguration(to -> to.role("arn:aws:iam::123456789012:role/copies")
            .rules(
                rule(2, "", "west"),
                rule(1, "", "west").toBuilder()
                    .deleteMarkerReplication(
                        markers -> markers.status(DeleteMarkerReplicationStatus.ENABLED))
                    .build())));

    put(east, "east", "key");
    east.deleteObject(object -> object.bucket("east").key("key"));
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(get(west, "west", "key")).isEqualTo("content");
  }

  @Test
  void aRuleWithAFilterSaysMore() {
    keepVersions(west, "west");
    keepVersions(east, "east");
    ReplicationRule.Builder whole = rule(1, "", "west").toBuilder();

    refused(400, "InvalidRequest", () -> replicate(whole.copy().priority(null).build()));
    refused(
        400,
        "InvalidRequest",
        () -> replicate(
            whole.copy().deleteMarkerReplication((DeleteMarkerReplication) null).build()));
    replicate(whole.build());
  }

  private void replicate(ReplicationRule rule) {
    east.putBucketReplication(request -> request
        .bucket("east")
        .replicationConfiguration(
            to -> to.role("arn:aws:iam::123456789012:role/copies").rules(rule)));
  }

  private static ReplicationRule rule(int priority, String prefix, String destination) {
    return ReplicationRule.builder()
        .priority(priority)
        .status(ReplicationRuleStatus.ENABLED)
        .filter(about -> about.prefix(prefix))
        .deleteMarkerReplication(markers -> markers.status(DeleteMarkerReplicationStatus.DISABLED))
        .destination(to -> to.bucket("arn:aws:s3:::" + destination))
        .build();
  }

  private static void keepVersions(S3Client s3, String bucket) {
    s3.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
  }

  private static String replication(S3Client s3, String bucket) {
    return s3.headObject(object -> object.bucket(bucket).key("key")).replicationStatusAsString();
  }

  @Test
  void whoseObjectsHaveTagsNeedsThePermissionToTag() {
    FakeAws aws = FakeAws.of(cloud);
    east.putObject(
        object -> object.bucket("east").key("a").tagging("of=orders"),
        RequestBody.fromString("content"));
    aws.deny("s3:PutObjectTagging");

    refused(
        403,
        "AccessDenied",
        () -> east.putObject(
            object -> object.bucket("east").key("b").tagging("of=orders"),
            RequestBody.fromString("content")));
    refused(403, "AccessDenied", this::copy);
    aws.allow("s3:PutObjectTagging").deny("s3:GetObjectTagging");
    refused(403, "AccessDenied", this::copy);
    aws.allow("s3:GetObjectTagging").deny("s3:GetObjectVersion");
    copy();
    refused(
        403,
        "AccessDenied",
        () -> west.copyObject(copy -> copy.sourceBucket("east")
            .sourceKey("a")
            .sourceVersionId("null")
            .destinationBucket("west")
            .destinationKey("copy")));
  }

  @Test
  void theLastNoneOfTheBytesAreNotRead() {
    put(east, "east", "a");

    refused(
        416,
        "InvalidRange",
        () -> east.getObjectAsBytes(object -> object.bucket("east").key("a").range("bytes=-0")));
  }

  @Test
  void aBucketIsMadeInARegion() {
    for (String text : List.of(" ", "us/west", "a:b")) {
      refused(
          400,
          "InvalidLocationConstraint",
          () -> east.createBucket(bucket -> bucket
              .bucket("new")
              .createBucketConfiguration(where -> where.locationConstraint(text))));
    }
  }

  @Test
  void aClosedClientSaysSo() {
    east.close();

    assertThatThrownBy(() -> get(east, "east", "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("FakeS3 in us-east-1 was closed; ask for a new client");
  }

  private void replicateEastToWest() {
    east.putBucketVersioning(request -> request
        .bucket("east")
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    west.putBucketVersioning(request -> request
        .bucket("west")
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    ReplicationRule all = ReplicationRule.builder()
        .status(ReplicationRuleStatus.ENABLED)
        .priority(1)
        .filter(filter -> filter.prefix(""))
        .deleteMarkerReplication(marker -> marker.status(DeleteMarkerReplicationStatus.ENABLED))
        .destination(to -> to.bucket("arn:aws:s3:::west"))
        .build();
    east.putBucketReplication(request -> request
        .bucket("east")
        .replicationConfiguration(rules -> rules.role("role").rules(all)));
  }
}
