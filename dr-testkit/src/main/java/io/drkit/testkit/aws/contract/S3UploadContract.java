package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.Tag;

/** What S3 does with uploads in parts. */
public abstract class S3UploadContract extends S3Account {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected S3UploadContract(AwsUnderTest aws) {
    super(aws);
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
}
