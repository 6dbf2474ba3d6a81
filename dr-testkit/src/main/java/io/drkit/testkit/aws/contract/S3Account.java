package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;

/** Two clients of S3, and what every contract of it does with them. */
abstract class S3Account extends AwsContract {
  static final int MIB = 1 << 20;

  /** Every test has buckets of its own, because what is under test may be there for longer than one of them. */
  static final AtomicInteger NAMES = new AtomicInteger();

  final S3Client east;
  final S3Client west;

  S3Account(AwsUnderTest aws) {
    super(aws);
    east = aws.client(S3Client.class, "us-east-1");
    west = aws.client(S3Client.class, "us-west-2");
  }

  List<Tag> tags(String bucket, String key) {
    return west.getObjectTagging(object -> object.bucket(bucket).key(key)).tagSet();
  }

  static String name() {
    return "contract-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  }

  String eastBucket() {
    String name = name();
    east.createBucket(bucket -> bucket.bucket(name));
    return name;
  }

  String westBucket() {
    String name = name();
    west.createBucket(bucket -> bucket.bucket(name));
    return name;
  }

  String keepingVersions(String bucket) {
    west.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    return bucket;
  }

  static PutObjectResponse put(S3Client s3, String bucket, String key, String content) {
    return s3.putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(content));
  }

  static String get(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(object -> object.bucket(bucket).key(key)).asUtf8String();
  }

  static List<String> keys(ListObjectsV2Response page) {
    return page.contents().stream().map(S3Object::key).toList();
  }

  static void refused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, refusal -> {
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(refusal.statusCode()).isEqualTo(status);
    });
  }

  /** Where an answer has no body to tell a code in. */
  static void status(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class, refusal -> assertThat(refusal.statusCode()).isEqualTo(status));
  }
}
