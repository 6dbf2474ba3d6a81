package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3 does with buckets, and how it lists what is in them. */
public abstract class S3BucketContract extends S3Account {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected S3BucketContract(AwsUnderTest aws) {
    super(aws);
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
}
