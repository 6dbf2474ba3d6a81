package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplicationStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;
import software.amazon.awssdk.services.s3.model.ReplicationStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** What S3 does with buckets, objects, versions, copies between regions and uploads in parts. */
public abstract class S3Contract extends AwsContract {
  private static final int MIB = 1 << 20;
  /** Every test has buckets of its own, because what is under test may be there for longer than one of them. */
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final S3Client east;
  private final S3Client west;

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected S3Contract(AwsUnderTest aws) {
    super(aws);
    east = aws.client(S3Client.class, "us-east-1");
    west = aws.client(S3Client.class, "us-west-2");
  }

  /** A client makes buckets in its own region, those of us-east-1 in every other one as well. */
  @Test
  public void aBucketIsMadeWhereItsClientIsOrSays() {
    String here = name();
    String there = name();
    west.createBucket(bucket -> bucket.bucket(here));
    east.createBucket(bucket -> bucket
        .bucket(there)
        .createBucketConfiguration(where -> where.locationConstraint("us-west-2")));

    HeadBucketResponse head = west.headBucket(bucket -> bucket.bucket(there));

    assertThat(head.sdkHttpResponse().firstMatchingHeader("Date")).isPresent();
    assertThat(west.getBucketLocation(bucket -> bucket.bucket(here)).locationConstraintAsString())
        .isEqualTo("us-west-2");
    assertThat(west.listBuckets().buckets()).anyMatch(bucket -> bucket.name().equals(here));
    refused(
        400,
        "IllegalLocationConstraintException",
        () -> west.createBucket(bucket -> bucket
            .bucket(name())
            .createBucketConfiguration(where -> where.locationConstraint("eu-west-1"))));
    refused(
        400,
        "InvalidLocationConstraint",
        () -> east.createBucket(bucket -> bucket
            .bucket(name())
            .createBucketConfiguration(where -> where.locationConstraint("us-east-1"))));
    assertThatThrownBy(() -> west.createBucket(bucket -> bucket.bucket("Upper_Case")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A name is taken in all regions; making one's own bucket again is an error but for the first region, which forgives it. */
  @Test
  public void aNameIsTakenInEveryRegion() {
    String name = westBucket();
    String eastern = eastBucket();

    assertThatThrownBy(() -> west.createBucket(bucket -> bucket.bucket(name)))
        .isInstanceOf(BucketAlreadyOwnedByYouException.class);
    assertThatThrownBy(() -> east.createBucket(bucket -> bucket.bucket(name)))
        .isInstanceOf(BucketAlreadyOwnedByYouException.class);
    assertThatThrownBy(() -> west.createBucket(bucket -> bucket.bucket(eastern)))
        .isInstanceOf(BucketAlreadyOwnedByYouException.class);
    east.createBucket(bucket -> bucket.bucket(eastern));
  }

  /** A bucket is deleted when nothing is in it, old versions and delete markers included. */
  @Test
  public void onlyAnEmptyBucketIsDeleted() {
    String bucket = keepingVersions(westBucket());
    put(west, bucket, "a", "1");
    String marker = west.deleteObject(object -> object.bucket(bucket).key("a")).versionId();

    refused(409, "BucketNotEmpty", () -> west.deleteBucket(which -> which.bucket(bucket)));

    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(marker));
    String left = west.headObject(object -> object.bucket(bucket).key("a")).versionId();
    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(left));
    west.deleteBucket(which -> which.bucket(bucket));

    assertThatThrownBy(() -> west.headBucket(which -> which.bucket(bucket)))
        .isInstanceOf(NoSuchBucketException.class);
    refused(404, "NoSuchBucket", () -> put(west, bucket, "a", "1"));
    refused(404, "NoSuchBucket", () -> west.listObjectsV2(list -> list.bucket(bucket)));
  }

  /** Who asks a region for a bucket of another one is sent there. */
  @Test
  public void aClientOfAnotherRegionIsSentAway() {
    String bucket = westBucket();

    assertThatThrownBy(() -> east.headBucket(which -> which.bucket(bucket)))
        .isInstanceOfSatisfying(S3Exception.class, sentAway -> {
          assertThat(sentAway.statusCode()).isEqualTo(301);
          assertThat(sentAway
                  .awsErrorDetails()
                  .sdkHttpResponse()
                  .firstMatchingHeader("x-amz-bucket-region"))
              .contains("us-west-2");
        });
    refused(301, "PermanentRedirect", () -> put(east, bucket, "a", "1"));
    refused(301, "PermanentRedirect", () -> east.listObjectsV2(list -> list.bucket(bucket)));
  }

  /** What was put is read back with all that was said of it, and has the digest of its bytes as its tag. */
  @Test
  public void whatWasPutIsReadBack() {
    String bucket = westBucket();
    PutObjectResponse put = west.putObject(
        object -> object
            .bucket(bucket)
            .key("träger/ß & é+\uD83D\uDE80")
            .contentType("application/pdf")
            .cacheControl("no-store")
            .metadata(Map.of("owner", "orders"))
            .tagging("class=tax"),
        RequestBody.fromString("receipt"));

    var read =
        west.getObjectAsBytes(object -> object.bucket(bucket).key("träger/ß & é+\uD83D\uDE80"));
    HeadObjectResponse head =
        west.headObject(object -> object.bucket(bucket).key("träger/ß & é+\uD83D\uDE80"));

    assertThat(put.eTag()).isEqualTo("\"1e11b989ba2f5e161cdad604bf3de90b\"");
    assertThat(put.versionId()).isNull();
    assertThat(read.asUtf8String()).isEqualTo("receipt");
    assertThat(read.response().eTag()).isEqualTo(put.eTag());
    assertThat(read.response().contentType()).isEqualTo("application/pdf");
    assertThat(head.contentLength()).isEqualTo(7);
    assertThat(head.metadata()).containsExactly(Map.entry("owner", "orders"));
    assertThat(head.cacheControl()).isEqualTo("no-store");
    assertThat(head.lastModified()).isNotNull();
    assertThat(head.checksumCRC32()).isNull();
  }

  /** What is not there is refused by every operation in its own way. */
  @Test
  public void whatIsNotThereIsRefused() {
    String bucket = westBucket();

    assertThatThrownBy(() -> get(west, bucket, "nothing")).isInstanceOf(NoSuchKeyException.class);
    assertThatThrownBy(() -> west.headObject(object -> object.bucket(bucket).key("nothing")))
        .isInstanceOf(NoSuchKeyException.class);
    assertThatThrownBy(() -> get(west, name(), "nothing"))
        .isInstanceOf(NoSuchBucketException.class);
    refused(
        404,
        "NoSuchKey",
        () -> west.getObjectTagging(object -> object.bucket(bucket).key("nothing")));
    west.deleteObject(object -> object.bucket(bucket).key("nothing"));
  }

  /** A range of an object is read, and none that it does not have. */
  @Test
  public void aRangeIsRead() {
    String bucket = westBucket();
    put(west, bucket, "a", "0123456789");

    GetObjectResponse middle = range(bucket, "bytes=2-4", "234");
    range(bucket, "bytes=7-", "789");
    range(bucket, "bytes=-3", "789");
    range(bucket, "bytes=8-100", "89");

    assertThat(middle.contentRange()).isEqualTo("bytes 2-4/10");
    assertThat(middle.contentLength()).isEqualTo(3);
    assertThat(middle.sdkHttpResponse().statusCode()).isEqualTo(206);
    refused(416, "InvalidRange", () -> range(bucket, "bytes=10-", ""));
  }

  private GetObjectResponse range(String bucket, String range, String wanted) {
    var read = west.getObjectAsBytes(object -> object.bucket(bucket).key("a").range(range));
    assertThat(read.asUtf8String()).isEqualTo(wanted);
    return read.response();
  }

  /** An object is read if it is the one that is meant. */
  @Test
  public void anObjectIsReadUnderConditions() {
    String bucket = westBucket();
    String tag = put(west, bucket, "a", "1").eTag();
    Instant longAgo = Instant.parse("2001-01-01T00:00:00Z");

    west.getObjectAsBytes(object -> object.bucket(bucket).key("a").ifMatch(tag));
    west.getObjectAsBytes(object -> object.bucket(bucket).key("a").ifNoneMatch("\"other\""));
    west.getObjectAsBytes(object -> object.bucket(bucket).key("a").ifModifiedSince(longAgo));
    refused(
        412,
        "PreconditionFailed",
        () -> west.getObjectAsBytes(object -> object.bucket(bucket).key("a").ifMatch("\"other\"")));
    refused(
        412,
        "PreconditionFailed",
        () -> west.getObjectAsBytes(
            object -> object.bucket(bucket).key("a").ifUnmodifiedSince(longAgo)));
    status(
        304,
        () -> west.getObjectAsBytes(object -> object.bucket(bucket).key("a").ifNoneMatch(tag)));
    status(
        412, () -> west.headObject(object -> object.bucket(bucket).key("a").ifMatch("\"other\"")));
  }

  /** Of two writers that expect the same object, one wins. */
  @Test
  public void anObjectIsWrittenUnderConditions() {
    String bucket = westBucket();
    RequestBody body = RequestBody.fromString("2");
    String tag = west.putObject(
            object -> object.bucket(bucket).key("a").ifNoneMatch("*"), RequestBody.fromString("1"))
        .eTag();

    refused(
        412,
        "PreconditionFailed",
        () -> west.putObject(object -> object.bucket(bucket).key("a").ifNoneMatch("*"), body));
    refused(
        412,
        "PreconditionFailed",
        () -> west.putObject(object -> object.bucket(bucket).key("a").ifMatch("\"other\""), body));
    refused(
        404,
        "NoSuchKey",
        () -> west.putObject(object -> object.bucket(bucket).key("nothing").ifMatch(tag), body));
    west.putObject(object -> object.bucket(bucket).key("a").ifMatch(tag), body);

    assertThat(get(west, bucket, "a")).isEqualTo("2");
    west.deleteObject(object -> object.bucket(bucket).key("a"));
    west.putObject(object -> object.bucket(bucket).key("a").ifNoneMatch("*"), body);
  }

  /** A body that is not the one that was summed is refused; a checksum is kept, and told to those who ask. */
  @Test
  public void aBodyIsComparedWithItsChecksums() {
    String bucket = westBucket();
    RequestBody body = RequestBody.fromString("receipt");

    refused(
        400,
        "BadDigest",
        () -> west.putObject(
            object -> object.bucket(bucket).key("a").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="), body));
    refused(
        400,
        "InvalidDigest",
        () -> west.putObject(object -> object.bucket(bucket).key("a").contentMD5("short"), body));
    refused(
        400,
        "BadDigest",
        () -> west.putObject(
            object -> object.bucket(bucket).key("a").checksumCRC32("AAAAAA=="), body));
    assertThatThrownBy(() -> get(west, bucket, "a")).isInstanceOf(NoSuchKeyException.class);
    west.putObject(object -> object.bucket(bucket).key("a").checksumAlgorithm("SHA256"), body);

    HeadObjectResponse head = west.headObject(
        object -> object.bucket(bucket).key("a").checksumMode(ChecksumMode.ENABLED));

    assertThat(head.checksumSHA256()).isEqualTo("bzKGCRDKD7KiDH/aFDZmsJ2/jbUjgZXJClhvtUL/DK0=");
    assertThat(head.checksumCRC32()).isNull();
  }

  /** Each write is a version where versions are kept; deleting hides them, and deleting a version destroys it. */
  @Test
  public void versionsAreKeptAndHidden() {
    String bucket = westBucket();
    put(west, bucket, "a", "before");
    keepingVersions(bucket);
    String first = put(west, bucket, "a", "1").versionId();
    String second = put(west, bucket, "a", "2").versionId();

    DeleteObjectResponse deleted =
        west.deleteObject(object -> object.bucket(bucket).key("a"));

    assertThat(deleted.deleteMarker()).isTrue();
    assertThatThrownBy(() -> get(west, bucket, "a")).isInstanceOf(NoSuchKeyException.class);
    assertThat(version(bucket, first)).isEqualTo("1");
    assertThat(version(bucket, "null")).isEqualTo("before");
    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(second));
    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(deleted.versionId()));
    assertThat(get(west, bucket, "a")).isEqualTo("1");
    refused(404, "NoSuchVersion", () -> version(bucket, second));
  }

  /** A delete marker has nothing to read, not even for those who know its version. */
  @Test
  public void aDeleteMarkerCannotBeRead() {
    String bucket = keepingVersions(westBucket());
    put(west, bucket, "a", "1");
    String marker = west.deleteObject(object -> object.bucket(bucket).key("a")).versionId();

    refused(405, "MethodNotAllowed", () -> version(bucket, marker));
    status(405, () -> west.headObject(object -> object.bucket(bucket).key("a").versionId(marker)));
  }

  private String version(String bucket, String id) {
    return west.getObjectAsBytes(object -> object.bucket(bucket).key("a").versionId(id))
        .asUtf8String();
  }

  /** A bucket that stopped keeping versions overwrites its last one and keeps the others. */
  @Test
  public void aSuspendedBucketOverwritesItsNullVersion() {
    String bucket = keepingVersions(westBucket());
    String first = put(west, bucket, "a", "1").versionId();
    west.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.SUSPENDED)));
    put(west, bucket, "a", "2");
    put(west, bucket, "a", "3");

    assertThat(west.getBucketVersioning(which -> which.bucket(bucket)).status())
        .isEqualTo(BucketVersioningStatus.SUSPENDED);
    assertThat(west.listObjectVersions(list -> list.bucket(bucket)).versions())
        .extracting(ObjectVersion::versionId)
        .containsExactlyInAnyOrder("null", first);
    west.deleteObject(object -> object.bucket(bucket).key("a"));
    assertThat(version(bucket, first)).isEqualTo("1");
  }

  /** Versions are listed by key, the youngest first, with the delete markers beside them. */
  @Test
  public void versionsAreListedPageByPage() {
    String bucket = keepingVersions(westBucket());
    List<String> ids = new ArrayList<>();
    for (String key : List.of("b", "a", "a", "b", "c")) {
      ids.add(put(west, bucket, key, "1").versionId());
    }
    west.deleteObject(object -> object.bucket(bucket).key("c"));

    ListObjectVersionsResponse all = west.listObjectVersions(list -> list.bucket(bucket));
    List<String> paged = new ArrayList<>();
    west.listObjectVersionsPaginator(list -> list.bucket(bucket).maxKeys(2))
        .versions()
        .forEach(version -> paged.add(version.versionId()));

    assertThat(all.versions())
        .extracting(ObjectVersion::versionId)
        .containsExactly(ids.get(2), ids.get(1), ids.get(3), ids.get(0), ids.get(4));
    assertThat(all.versions())
        .extracting(ObjectVersion::isLatest)
        .containsExactly(true, false, true, false, false);
    assertThat(all.deleteMarkers()).extracting(DeleteMarkerEntry::key).containsExactly("c");
    assertThat(all.deleteMarkers()).extracting(DeleteMarkerEntry::isLatest).containsExactly(true);
    assertThat(paged).containsExactly(ids.get(2), ids.get(1), ids.get(3), ids.get(0), ids.get(4));
  }

  /** Many objects are deleted in one request, which tells of each. */
  @Test
  public void manyObjectsAreDeletedAtOnce() {
    String bucket = westBucket();
    put(west, bucket, "a", "1");
    put(west, bucket, "b", "1");
    put(west, bucket, "c", "1");
    List<ObjectIdentifier> some = List.of(
        ObjectIdentifier.builder().key("a").build(),
        ObjectIdentifier.builder().key("b").build(),
        ObjectIdentifier.builder().key("nothing").build());

    List<DeletedObject> deleted = west.deleteObjects(
            which -> which.bucket(bucket).delete(these -> these.objects(some)))
        .deleted();

    assertThat(deleted)
        .extracting(DeletedObject::key)
        .containsExactlyInAnyOrder("a", "b", "nothing");
    assertThat(keys(west.listObjectsV2(list -> list.bucket(bucket)))).containsExactly("c");
  }

  /** Keys are listed in the order of their UTF-8 bytes, page by page, until a page does not say that there are more. */
  @Test
  public void keysAreListedInOrderPageByPage() {
    String bucket = westBucket();
    List<String> keys = List.of("a", "a/", "a0", "b", "z", "é", "\uFFFD", "\uD83D\uDE80");
    for (int i = keys.size() - 1; i >= 0; i--) {
      put(west, bucket, keys.get(i), "1");
    }

    List<String> paged = new ArrayList<>();
    ListObjectsV2Request next =
        ListObjectsV2Request.builder().bucket(bucket).maxKeys(3).build();
    ListObjectsV2Response page = west.listObjectsV2(next);
    assertThat(page.keyCount()).isEqualTo(3);
    assertThat(page.contents().get(0).size()).isEqualTo(1);
    paged.addAll(keys(page));
    while (page.isTruncated()) {
      page = west.listObjectsV2(
          next.toBuilder().continuationToken(page.nextContinuationToken()).build());
      paged.addAll(keys(page));
    }

    assertThat(paged).isEqualTo(keys);
    assertThat(page.nextContinuationToken()).isNull();
    assertThat(keys(west.listObjectsV2(list -> list.bucket(bucket).startAfter("b"))))
        .startsWith("z");
    assertThat(keys(west.listObjectsV2(list -> list.bucket(bucket).prefix("a"))))
        .containsExactly("a", "a/", "a0");
  }

  /** A page is asked for with a token that a listing gave. */
  @Test
  public void anInventedTokenIsRefused() {
    String bucket = westBucket();

    refused(
        400,
        "InvalidArgument",
        () -> west.listObjectsV2(list -> list.bucket(bucket).continuationToken("invented")));
  }

  /** At a delimiter keys are rolled up to a prefix, which counts as one of a page's keys and comes once. */
  @Test
  public void keysAreRolledUpAtADelimiter() {
    String bucket = westBucket();
    List.of("2025/a", "2026/1/a", "2026/1/b", "2026/2/a", "2026/c", "z")
        .forEach(key -> put(west, bucket, key, "1"));

    ListObjectsV2Response top = west.listObjectsV2(list -> list.bucket(bucket).delimiter("/"));
    ListObjectsV2Response year =
        west.listObjectsV2(list -> list.bucket(bucket).delimiter("/").prefix("2026/"));
    List<String> paged = new ArrayList<>();
    west.listObjectsV2Paginator(list -> list.bucket(bucket).delimiter("/").maxKeys(1))
        .commonPrefixes()
        .forEach(prefix -> paged.add(prefix.prefix()));

    assertThat(keys(top)).containsExactly("z");
    assertThat(top.commonPrefixes())
        .extracting(CommonPrefix::prefix)
        .containsExactly("2025/", "2026/");
    assertThat(top.keyCount()).isEqualTo(3);
    assertThat(keys(year)).containsExactly("2026/c");
    assertThat(year.commonPrefixes())
        .extracting(CommonPrefix::prefix)
        .containsExactly("2026/1/", "2026/2/");
    assertThat(paged).containsExactly("2025/", "2026/");
  }

  /** A copy is made of the source that the request means, over regions, with all that belongs to it. */
  @Test
  public void aCopyIsMadeOfTheSourceThatIsMeant() {
    String source = eastBucket();
    String destination = westBucket();
    String tag = east.putObject(
            object -> object
                .bucket(source)
                .key("a b")
                .contentType("application/pdf")
                .metadata(Map.of("owner", "orders"))
                .tagging("class=tax"),
            RequestBody.fromString("receipt"))
        .eTag();
    CopyObjectRequest copy = CopyObjectRequest.builder()
        .sourceBucket(source)
        .sourceKey("a b")
        .destinationBucket(destination)
        .destinationKey("copy")
        .build();

    refused(
        412,
        "PreconditionFailed",
        () -> west.copyObject(copy.toBuilder().copySourceIfMatch("\"other\"").build()));
    refused(
        412,
        "PreconditionFailed",
        () -> west.copyObject(copy.toBuilder().copySourceIfNoneMatch(tag).build()));
    refused(
        404,
        "NoSuchKey",
        () -> west.copyObject(copy.toBuilder().sourceKey("nothing").build()));
    refused(
        404,
        "NoSuchBucket",
        () -> west.copyObject(copy.toBuilder().sourceBucket(name()).build()));
    assertThat(west.copyObject(
                copy.toBuilder().copySourceIfMatch(tag).ifNoneMatch("*").build())
            .copyObjectResult()
            .eTag())
        .isEqualTo(tag);
    refused(
        412,
        "PreconditionFailed",
        () -> west.copyObject(copy.toBuilder().ifNoneMatch("*").build()));
    refused(
        412,
        "PreconditionFailed",
        () -> west.copyObject(copy.toBuilder().ifMatch("\"other\"").build()));

    HeadObjectResponse head =
        west.headObject(object -> object.bucket(destination).key("copy"));
    assertThat(head.contentType()).isEqualTo("application/pdf");
    assertThat(head.metadata()).containsEntry("owner", "orders");
    assertThat(tags(destination, "copy"))
        .containsExactly(Tag.builder().key("class").value("tax").build());
  }

  /** A copy takes along what belongs to its source or is told otherwise; onto itself it has to change something. */
  @Test
  public void aCopyMayBeToldOtherwise() {
    String bucket = keepingVersions(westBucket());
    String first = west.putObject(
            object -> object.bucket(bucket).key("a").metadata(Map.of("owner", "orders")),
            RequestBody.fromString("1"))
        .versionId();
    put(west, bucket, "a", "2");
    CopyObjectRequest copy = CopyObjectRequest.builder()
        .sourceBucket(bucket)
        .sourceKey("a")
        .destinationBucket(bucket)
        .destinationKey("b")
        .build();

    west.copyObject(copy.toBuilder().sourceVersionId(first).build());
    assertThat(get(west, bucket, "b")).isEqualTo("1");
    west.copyObject(copy.toBuilder()
        .metadataDirective(MetadataDirective.REPLACE)
        .metadata(Map.of("kind", "copy"))
        .taggingDirective(TaggingDirective.REPLACE)
        .tagging("class=none")
        .build());
    assertThat(west.headObject(object -> object.bucket(bucket).key("b")).metadata())
        .containsExactly(Map.entry("kind", "copy"));
    assertThat(tags(bucket, "b"))
        .containsExactly(Tag.builder().key("class").value("none").build());
    refused(
        400,
        "InvalidRequest",
        () -> west.copyObject(copy.toBuilder().destinationKey("a").build()));
  }

  /** Tags are put in place of those before, within S3's limits. */
  @Test
  public void tagsArePutInPlaceOfOthers() {
    String bucket = westBucket();
    west.putObject(
        object -> object.bucket(bucket).key("a").tagging("class=tax&year=2026"),
        RequestBody.fromString("1"));
    Tag only = Tag.builder().key("class").value("paid").build();
    west.putObjectTagging(
        object -> object.bucket(bucket).key("a").tagging(tags -> tags.tagSet(only)));

    assertThat(tags(bucket, "a")).containsExactly(only);
    List<Tag> tooMany = IntStream.range(0, 11)
        .mapToObj(i -> Tag.builder().key("tag-" + i).value("").build())
        .toList();
    refused(
        400,
        "BadRequest",
        () -> west.putObjectTagging(
            object -> object.bucket(bucket).key("a").tagging(tags -> tags.tagSet(tooMany))));
  }

  private List<Tag> tags(String bucket, String key) {
    return west.getObjectTagging(object -> object.bucket(bucket).key(key)).tagSet();
  }

  /** An object is written in parts: unseen until it is complete, whole and with a tag of its own kind then. */
  @Test
  public void anObjectIsWrittenInParts() {
    String bucket = westBucket();
    String upload = west.createMultipartUpload(object -> object
            .bucket(bucket)
            .key("large")
            .metadata(Map.of("owner", "orders"))
            .tagging("class=tax"))
        .uploadId();
    CompletedPart second = part(bucket, upload, 2, new byte[10]);
    CompletedPart first = part(bucket, upload, 1, new byte[5 * MIB]);

    assertThatThrownBy(() -> west.headObject(object -> object.bucket(bucket).key("large")))
        .isInstanceOf(NoSuchKeyException.class);
    ListPartsResponse parts =
        west.listParts(which -> which.bucket(bucket).key("large").uploadId(upload));
    assertThat(parts.parts()).extracting(Part::partNumber).containsExactly(1, 2);
    assertThat(parts.parts()).extracting(Part::size).containsExactly(5L * MIB, 10L);
    String tag = complete(bucket, upload, first, second);

    HeadObjectResponse head = west.headObject(
        object -> object.bucket(bucket).key("large").checksumMode(ChecksumMode.ENABLED));
    assertThat(tag).isEqualTo(head.eTag()).endsWith("-2\"").hasSize(36);
    assertThat(head.contentLength()).isEqualTo(5 * MIB + 10);
    assertThat(head.checksumType()).isNotEqualTo(ChecksumType.COMPOSITE);
    assertThat(head.metadata()).containsEntry("owner", "orders");
    assertThat(tags(bucket, "large"))
        .containsExactly(Tag.builder().key("class").value("tax").build());
  }

  /** An upload that was completed is no upload any more. */
  @Test
  public void aCompletedUploadIsGone() {
    String bucket = westBucket();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();
    CompletedPart only = part(bucket, upload, 1, new byte[10]);
    complete(bucket, upload, only);

    assertThat(west.listMultipartUploads(list -> list.bucket(bucket)).uploads()).isEmpty();
    assertThatThrownBy(() -> complete(bucket, upload, only))
        .isInstanceOf(NoSuchUploadException.class);
  }

  /** Parts are named in the order of their numbers. */
  @Test
  public void partsOutOfOrderAreRefused() {
    String bucket = westBucket();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();
    CompletedPart first = part(bucket, upload, 1, new byte[5 * MIB]);
    CompletedPart second = part(bucket, upload, 2, new byte[5 * MIB]);

    refused(400, "InvalidPartOrder", () -> complete(bucket, upload, second, first));
  }

  /** Parts are named as they arrived, and are large enough but for the last one. */
  @Test
  public void wrongPartsAreRefused() {
    String bucket = westBucket();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();
    CompletedPart first = part(bucket, upload, 1, new byte[5 * MIB]);
    CompletedPart small = part(bucket, upload, 3, new byte[10]);
    CompletedPart last = part(bucket, upload, 4, new byte[10]);

    refused(
        400,
        "InvalidPart",
        () -> complete(bucket, upload, first.toBuilder().eTag(small.eTag()).build()));
    refused(
        400,
        "InvalidPart",
        () -> complete(bucket, upload, first.toBuilder().partNumber(7).build()));
    refused(400, "EntityTooSmall", () -> complete(bucket, upload, first, small, last));
    complete(bucket, upload, first, last);
    assertThat(west.headObject(object -> object.bucket(bucket).key("large")).contentLength())
        .isEqualTo(5 * MIB + 10);
  }

  /** An upload is completed only if the object there is the one that is expected, and can be completed later if not. */
  @Test
  public void anUploadIsCompletedUnderConditions() {
    String bucket = westBucket();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();
    CompletedPart only = part(bucket, upload, 1, new byte[10]);
    put(west, bucket, "large", "of somebody else");

    refused(
        412,
        "PreconditionFailed",
        () -> west.completeMultipartUpload(request -> request
            .bucket(bucket)
            .key("large")
            .uploadId(upload)
            .ifNoneMatch("*")
            .multipartUpload(parts -> parts.parts(only))));

    assertThat(get(west, bucket, "large")).isEqualTo("of somebody else");
    complete(bucket, upload, only);
  }

  /** What is given up is gone; what is under way is listed. */
  @Test
  public void uploadsAreListedUntilTheyAreGivenUp() {
    String bucket = westBucket();
    List<String> ids = new ArrayList<>();
    for (String key : List.of("b", "a", "c/1")) {
      ids.add(
          west.createMultipartUpload(object -> object.bucket(bucket).key(key)).uploadId());
    }

    ListMultipartUploadsResponse all = west.listMultipartUploads(list -> list.bucket(bucket));
    ListMultipartUploadsResponse below =
        west.listMultipartUploads(list -> list.bucket(bucket).prefix("c/"));

    assertThat(all.uploads())
        .extracting(MultipartUpload::key)
        .containsExactlyInAnyOrder("a", "b", "c/1");
    assertThat(below.uploads()).extracting(MultipartUpload::uploadId).containsExactly(ids.get(2));
    west.abortMultipartUpload(request -> request.bucket(bucket).key("a").uploadId(ids.get(1)));
    assertThat(west.listMultipartUploads(list -> list.bucket(bucket)).uploads())
        .extracting(MultipartUpload::key)
        .containsExactly("b", "c/1");
    assertThatThrownBy(() -> west.abortMultipartUpload(
            request -> request.bucket(bucket).key("a").uploadId(ids.get(1))))
        .isInstanceOf(NoSuchUploadException.class);
  }

  /** Uploads are listed by key and by when they were begun, page by page. */
  @Test
  public void uploadsAreListedInOrderPageByPage() {
    String bucket = westBucket();
    List<String> ids = new ArrayList<>();
    for (String key : List.of("b", "a", "a", "c")) {
      ids.add(
          west.createMultipartUpload(object -> object.bucket(bucket).key(key)).uploadId());
    }
    List<String> paged = new ArrayList<>();

    west.listMultipartUploadsPaginator(list -> list.bucket(bucket).maxUploads(1))
        .uploads()
        .forEach(upload -> paged.add(upload.uploadId()));

    assertThat(paged).containsExactly(ids.get(1), ids.get(2), ids.get(0), ids.get(3));
  }

  /** A part is copied from a range of an object in another region, if that is the one that is meant. */
  @Test
  public void aPartIsCopiedFromARange() {
    String source = eastBucket();
    String bucket = westBucket();
    byte[] content = new byte[6 * MIB];
    content[5 * MIB] = 1;
    String tag = east.putObject(
            object -> object.bucket(source).key("large"), RequestBody.fromBytes(content))
        .eTag();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();

    refused(
        412,
        "PreconditionFailed",
        () -> copyPart(source, "large", bucket, upload, 1, "bytes=0-9", "\"other\""));
    refused(
        404, "NoSuchKey", () -> copyPart(source, "nothing", bucket, upload, 1, "bytes=0-9", tag));
    CompletedPart second =
        copyPart(source, "large", bucket, upload, 2, "bytes=" + 5 * MIB + "-" + (6 * MIB - 1), tag);
    CompletedPart first =
        copyPart(source, "large", bucket, upload, 1, "bytes=0-" + (5 * MIB - 1), tag);
    complete(bucket, upload, first, second);

    assertThat(
            west.getObjectAsBytes(object -> object.bucket(bucket).key("large")).asByteArray())
        .isEqualTo(content);
  }

  /** A part is not copied from a range that its source does not have, nor from one of a small source. */
  @Test
  public void aRangeThatIsNotThereIsNotCopied() {
    String bucket = westBucket();
    west.putObject(
        object -> object.bucket(bucket).key("source"), RequestBody.fromBytes(new byte[6 * MIB]));
    String small = put(west, bucket, "small", "0123456789").eTag();
    String tag = west.headObject(object -> object.bucket(bucket).key("source")).eTag();
    String upload =
        west.createMultipartUpload(object -> object.bucket(bucket).key("large")).uploadId();

    refused(
        400,
        "InvalidArgument",
        () -> copyPart(bucket, "source", bucket, upload, 1, "bytes=0-" + 6 * MIB, tag));
    refused(
        400,
        "InvalidRequest",
        () -> copyPart(bucket, "small", bucket, upload, 1, "bytes=0-5", small));
  }

  private CompletedPart copyPart(
      String source,
      String key,
      String bucket,
      String upload,
      int number,
      String range,
      String ifMatch) {
    String tag = west.uploadPartCopy(part -> part.sourceBucket(source)
            .sourceKey(key)
            .copySourceIfMatch(ifMatch)
            .copySourceRange(range)
            .destinationBucket(bucket)
            .destinationKey("large")
            .uploadId(upload)
            .partNumber(number))
        .copyPartResult()
        .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private CompletedPart part(String bucket, String upload, int number, byte[] content) {
    String tag = west.uploadPart(
            part -> part.bucket(bucket).key("large").uploadId(upload).partNumber(number),
            RequestBody.fromBytes(content))
        .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private String complete(String bucket, String upload, CompletedPart... parts) {
    return west.completeMultipartUpload(request -> request
            .bucket(bucket)
            .key("large")
            .uploadId(upload)
            .multipartUpload(all -> all.parts(parts)))
        .eTag();
  }

  /** Only buckets that keep versions are replicated, and only to such ones. */
  @Test
  public void replicationTakesVersions() {
    String source = westBucket();
    String destination = eastBucket();

    refused(400, "InvalidRequest", () -> replicate(source, destination));
    refused(
        404,
        "ReplicationConfigurationNotFoundError",
        () -> west.getBucketReplication(bucket -> bucket.bucket(source)));
    keepingVersions(source);
    refused(400, "InvalidRequest", () -> replicate(source, destination));
  }

  /** What is written from when it was set on reaches the other bucket later, as the same version, and says so. */
  @Test
  public void whatIsWrittenIsReplicatedLater() {
    String source = keepingVersions(westBucket());
    String destination = eastBucket();
    east.putBucketVersioning(request -> request
        .bucket(destination)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    put(west, source, "before", "1");
    replicate(source, destination);
    String id = put(west, source, "a", "1").versionId();

    assertThat(west.headObject(object -> object.bucket(source).key("a")).replicationStatus())
        .isIn(ReplicationStatus.PENDING, ReplicationStatus.COMPLETED);
    soon(
        () -> west.headObject(object -> object.bucket(source).key("a")).replicationStatus(),
        ReplicationStatus.COMPLETED::equals);

    HeadObjectResponse replica =
        east.headObject(object -> object.bucket(destination).key("a"));
    assertThat(replica.versionId()).isEqualTo(id);
    assertThat(replica.replicationStatus()).isEqualTo(ReplicationStatus.REPLICA);
    assertThatThrownBy(() -> get(east, destination, "before"))
        .isInstanceOf(NoSuchKeyException.class);
  }

  private void replicate(String source, String destination) {
    ReplicationRule all = ReplicationRule.builder()
        .id("all")
        .priority(1)
        .status(ReplicationRuleStatus.ENABLED)
        .filter(filter -> filter.prefix(""))
        .deleteMarkerReplication(marker -> marker.status(DeleteMarkerReplicationStatus.DISABLED))
        .destination(to -> to.bucket("arn:aws:s3:::" + destination))
        .build();
    west.putBucketReplication(request -> request
        .bucket(source)
        .replicationConfiguration(
            rules -> rules.role("arn:aws:iam::123456789012:role/replication").rules(all)));
  }

  private static String name() {
    return "contract-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  }

  private String eastBucket() {
    String name = name();
    east.createBucket(bucket -> bucket.bucket(name));
    return name;
  }

  private String westBucket() {
    String name = name();
    west.createBucket(bucket -> bucket.bucket(name));
    return name;
  }

  private String keepingVersions(String bucket) {
    west.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    return bucket;
  }

  private static PutObjectResponse put(S3Client s3, String bucket, String key, String content) {
    return s3.putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(content));
  }

  private static String get(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(object -> object.bucket(bucket).key(key)).asUtf8String();
  }

  private static List<String> keys(ListObjectsV2Response page) {
    return page.contents().stream().map(S3Object::key).toList();
  }

  private static void refused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, refusal -> {
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(refusal.statusCode()).isEqualTo(status);
    });
  }

  /** Where an answer has no body to tell a code in. */
  private static void status(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class, refusal -> assertThat(refusal.statusCode()).isEqualTo(status));
  }
}
