package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** What S3 does with objects: conditions, checksums, ranges, tags, and copies of them. */
public abstract class S3ObjectContract extends S3Account {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected S3ObjectContract(AwsUnderTest aws) {
    super(aws);
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

  /** Of a stream as much is written as its writer says, and nothing if it has less. */
  @Test
  public void ofAStreamAsMuchIsWrittenAsItsWriterSays() {
    String bucket = westBucket();
    byte[] digits = "0123456789".getBytes(StandardCharsets.UTF_8);

    west.putObject(
        object -> object.bucket(bucket).key("first"),
        RequestBody.fromInputStream(new ByteArrayInputStream(digits), 5));
    assertThatThrownBy(() -> west.putObject(
            object -> object.bucket(bucket).key("none"),
            RequestBody.fromInputStream(new ByteArrayInputStream(digits), 15)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fewer bytes than the specified content-length: 15 bytes");

    assertThat(get(west, bucket, "first")).isEqualTo("01234");
    assertThatThrownBy(() -> get(west, bucket, "none")).isInstanceOf(NoSuchKeyException.class);
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
}
