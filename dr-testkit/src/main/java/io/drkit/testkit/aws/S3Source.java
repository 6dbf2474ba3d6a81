package io.drkit.testkit.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** What is copied, however the request names it. */
record S3Source(String bucket, String key, @Nullable String version) {
  static S3Source of(FakeS3 s3, SdkPojo request) {
    String joined = Members.text(request, "CopySource");
    String bucket = Members.text(request, "SourceBucket");
    String key = Members.text(request, "SourceKey");
    if (joined == null) {
      if (bucket == null || key == null) {
        throw new IllegalArgumentException(
            "Parameter 'sourceBucket' and 'sourceKey' must not be null");
      }
      return new S3Source(bucket, key, Members.text(request, "SourceVersionId"));
    }
    if (bucket != null || key != null) {
      throw new IllegalArgumentException(
          "Parameter 'copySource' must not be used in conjunction with 'sourceBucket'");
    }
    int query = joined.indexOf("?versionId=");
    String path = decoded(s3, query < 0 ? joined : joined.substring(0, query));
    String named = path.startsWith("/") ? path.substring(1) : path;
    int slash = named.indexOf('/');
    if (slash < 1) {
      throw malformed(s3);
    }
    return new S3Source(
        named.substring(0, slash),
        named.substring(slash + 1),
        query < 0 ? null : joined.substring(query + "?versionId=".length()));
  }

  private static String decoded(FakeS3 s3, String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed(s3);
    }
  }

  private static AwsServiceException malformed(FakeS3 s3) {
    return s3.refused(
        400,
        "InvalidArgument",
        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }

  /** Whether it is what a key means just now. */
  boolean isCurrent(String ofBucket, String ofKey) {
    return bucket.equals(ofBucket) && key.equals(ofKey) && version == null;
  }
}
