package io.drkit.testkit.aws;

import io.drkit.Site;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketConfiguration;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;

/** How buckets are made, deleted and set. */
final class S3Settings {
  private final FakeS3 s3;

  S3Settings(FakeS3 s3) {
    this.s3 = s3;
  }

  CreateBucketResponse create(CreateBucketRequest request) {
    s3.modelled(request, "Bucket CreateBucketConfiguration");
    CreateBucketConfiguration wanted = request.createBucketConfiguration();
    if (wanted != null && !Set.of("LocationConstraint").containsAll(Members.given(wanted))) {
      throw s3.notModelled("createBucket with " + Members.given(wanted));
    }
    String name = request.bucket();
    checkName(name);
    Site where = where(request);
    S3Bucket there = s3.all().get(name);
    // What S3 does in its first region for the sake of old programs.
    if (there != null && !(there.region.equals(FakeS3.HOME) && where.equals(FakeS3.HOME))) {
      throw s3.refused(
          409,
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.");
    }
    if (there == null) {
      s3.all().put(name, new S3Bucket(name, where, s3.now()));
    }
    return CreateBucketResponse.builder().location("/" + name).build();
  }

  static Optional<String> location(CreateBucketRequest request) {
    return Optional.ofNullable(request.createBucketConfiguration())
        .map(CreateBucketConfiguration::locationConstraintAsString)
        .map(name -> name.equals("EU") ? "eu-west-1" : name);
  }

  private Site where(CreateBucketRequest request) {
    Optional<String> wanted = location(request);
    if (wanted.filter(name -> !isNameOfRegion(name)).isPresent()) {
      throw invalidLocation();
    }
    // The SDK names the region by itself if the caller names none.
    Site where = wanted.map(Site::region).orElse(s3.region);
    if (!s3.region.equals(FakeS3.HOME) && !where.equals(s3.region)) {
      throw s3.refused(
          400,
          "IllegalLocationConstraintException",
          "The " + where + " location constraint is incompatible for the region specific endpoint"
              + " this request was sent to.");
    }
    boolean known = s3.aws.cloud().sites().contains(where);
    if (wanted.isPresent()
        && s3.region.equals(FakeS3.HOME)
        && (where.equals(FakeS3.HOME) || !known)) {
      throw invalidLocation();
    }
    return where;
  }

  static boolean isNameOfRegion(String text) {
    return text.matches("[a-z0-9-]+");
  }

  private RuntimeException invalidLocation() {
    return s3.refused(
        400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
  }

  private void checkName(@Nullable String name) {
    if (name == null) {
      throw new IllegalArgumentException("Parameter 'Bucket' must not be null");
    }
    if (!name.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
        || name.contains("..")
        || name.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
      // The SDK does not send such a request.
      throw new IllegalArgumentException("Bucket name is not that of a DNS label: " + name);
    }
    if (name.startsWith("xn--")
        || name.startsWith("sthree-")
        || name.endsWith("-s3alias")
        || name.endsWith("--ol-s3")) {
      throw s3.refused(400, "InvalidBucketName", "The specified bucket is not valid.");
    }
  }

  DeleteBucketResponse delete(DeleteBucketRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    if (!bucket.isEmpty()) {
      throw s3.refused(
          409,
          "BucketNotEmpty",
          bucket.versioning == null
              ? "The bucket you tried to delete is not empty"
              : "The bucket you tried to delete is not empty. You must delete all versions in the"
                  + " bucket.");
    }
    s3.all().remove(bucket.name);
    return DeleteBucketResponse.builder().build();
  }

  HeadBucketResponse head(HeadBucketRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    return s3.bodiless(
        "NoSuchBucket",
        () -> HeadBucketResponse.builder()
            .bucketRegion(s3.bucket(request).region.name())
            .build());
  }

  ListBucketsResponse list(ListBucketsRequest request) {
    s3.modelled(request, "");
    return ListBucketsResponse.builder()
        .buckets(s3.all().values().stream()
            .sorted(Comparator.comparing((S3Bucket bucket) -> bucket.name))
            .map(bucket ->
                Bucket.builder().name(bucket.name).creationDate(bucket.created).build())
            .toList())
        .build();
  }

  GetBucketLocationResponse location(GetBucketLocationRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    Site where = s3.bucket(request).region;
    return GetBucketLocationResponse.builder()
        .locationConstraint(where.equals(FakeS3.HOME) ? "" : where.name())
        .build();
  }

  GetBucketVersioningResponse versioning(GetBucketVersioningRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    return GetBucketVersioningResponse.builder()
        .status(s3.bucket(request).versioning)
        .build();
  }

  PutBucketVersioningResponse keepVersions(PutBucketVersioningRequest request) {
    s3.modelled(request, "Bucket VersioningConfiguration ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    BucketVersioningStatus status = request.versioningConfiguration().status();
    if (request.versioningConfiguration().mfaDelete() != null) {
      throw s3.notModelled("putBucketVersioning with MFADelete");
    }
    if (status == null || status == BucketVersioningStatus.UNKNOWN_TO_SDK_VERSION) {
      throw s3.refused(
          400,
          "IllegalVersioningConfigurationException",
          "The Versioning element must be specified");
    }
    bucket.versioning = status;
    return PutBucketVersioningResponse.builder().build();
  }
}
