package io.drkit.testkit.aws.network;

import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * What a request to S3 is about.
 *
 * @param method what is done to it
 * @param bucket empty if the request is about no single bucket
 * @param ofObject whether it is about an object in it
 * @param part what is asked for of it, for example {@code versioning}; nothing for the thing itself
 */
record S3Target(SdkHttpMethod method, Optional<String> bucket, boolean ofObject, Set<String> part) {
  /** Settings of a bucket that depend on us-east-1 wherever the bucket is; see {@link Planes}. */
  private static final Set<String> OF_US_EAST_1 = Set.of(
      "accelerate",
      "acl",
      "cors",
      "encryption",
      "lifecycle",
      "logging",
      "notification",
      "object-lock",
      "ownershipControls",
      "policy",
      "publicAccessBlock",
      "replication",
      "requestPayment",
      "tagging",
      "versioning");

  static S3Target of(SdkHttpRequest request) {
    Optional<AwsHost> host = AwsHost.of(request.host());
    String path = request.encodedPath().startsWith("/")
        ? request.encodedPath().substring(1)
        : request.encodedPath();
    Optional<String> inHost = host.flatMap(AwsHost::bucket);
    Set<String> part = request.rawQueryParameters().keySet();
    if (inHost.isPresent()) {
      return new S3Target(request.method(), inHost, !path.isEmpty(), part);
    }
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    boolean ofObject = slash >= 0 && slash < path.length() - 1;
    return new S3Target(
        request.method(), first.isEmpty() ? Optional.empty() : Optional.of(first), ofObject, part);
  }

  /** Whether it makes, deletes or sets up a bucket. */
  boolean isOfControlPlane() {
    return bucket.isPresent()
        && !ofObject
        && (method == SdkHttpMethod.PUT || method == SdkHttpMethod.DELETE);
  }

  boolean needsUsEast1() {
    return isOfControlPlane()
        && (isOfBucketItself() || part.stream().anyMatch(OF_US_EAST_1::contains));
  }

  boolean createsBucket() {
    return isOfControlPlane() && method == SdkHttpMethod.PUT && isOfBucketItself();
  }

  private boolean isOfBucketItself() {
    return part.stream().allMatch("x-id"::equals);
  }

  /** Whether only the region in which the bucket lies answers well. */
  boolean isAnsweredAtHome() {
    return bucket.isPresent()
        && !createsBucket()
        && !part.contains("location")
        && !(method == SdkHttpMethod.HEAD && !ofObject);
  }

  /** The same words, whether the bucket is in the host or in the path. */
  String methodAndPath(SdkHttpRequest request) {
    String host = AwsHost.of(request.host())
        .flatMap(AwsHost::bucket)
        .map(name -> "/" + name)
        .orElse("");
    return method + " " + host + request.encodedPath();
  }

  /** What a copy's header names: a bucket and a key, or the ARN of an access point. */
  static Optional<String> copySource(SdkHttpRequest request) {
    return request
        .firstMatchingHeader("x-amz-copy-source")
        .map(Body::decoded)
        .map(source -> source.startsWith("/") ? source.substring(1) : source);
  }
}
