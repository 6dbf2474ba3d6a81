package io.drkit.testkit.aws;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** How objects are deleted: for good, or behind a marker where versions are kept. */
final class S3Deletions {
  private static final int MOST = 1_000;

  private final FakeS3 s3;
  private final S3Objects objects;

  S3Deletions(FakeS3 s3, S3Objects objects) {
    this.s3 = s3;
    this.objects = objects;
  }

  /**
   * What became of a deletion.
   *
   * @param marker whether a delete marker was made, or was what was deleted
   * @param id the version that was deleted or the marker that was made; nothing where no versions are kept
   */
  private record Deleted(boolean marker, Optional<String> id) {}

  DeleteObjectResponse one(DeleteObjectRequest request) {
    s3.modelled(request, "Bucket Key VersionId IfMatch ExpectedBucketOwner");
    Deleted deleted = delete(
        s3.bucket(request), objects.key(request.key()), request.versionId(), request.ifMatch());
    DeleteObjectResponse.Builder response = DeleteObjectResponse.builder();
    if (deleted.marker()) {
      response.deleteMarker(true);
    }
    deleted.id().ifPresent(response::versionId);
    return response.build();
  }

  DeleteObjectsResponse many(DeleteObjectsRequest request) {
    s3.modelled(request, "Bucket Delete ChecksumAlgorithm ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    Delete wanted = request.delete();
    if (wanted.objects().isEmpty() || wanted.objects().size() > MOST) {
      throw s3.refused(
          400,
          "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    List<DeletedObject> gone = new ArrayList<>();
    List<S3Error> errors = new ArrayList<>();
    for (ObjectIdentifier each : wanted.objects()) {
      if (each.lastModifiedTime() != null || each.size() != null) {
        throw s3.notModelled("deleteObjects with a condition of date or size");
      }
      try {
        gone.add(
            told(each, delete(bucket, objects.key(each.key()), each.versionId(), each.eTag())));
      } catch (S3Exception refused) {
        errors.add(S3Error.builder()
            .key(each.key())
            .versionId(each.versionId())
            .code(refused.awsErrorDetails().errorCode())
            .message(refused.awsErrorDetails().errorMessage())
            .build());
      }
    }
    return DeleteObjectsResponse.builder()
        .deleted(Boolean.TRUE.equals(wanted.quiet()) ? List.of() : gone)
        .errors(errors)
        .build();
  }

  private static DeletedObject told(ObjectIdentifier asked, Deleted deleted) {
    DeletedObject.Builder told =
        DeletedObject.builder().key(asked.key()).versionId(asked.versionId());
    if (deleted.marker()) {
      told.deleteMarker(true).deleteMarkerVersionId(deleted.id().orElse(null));
    }
    return told.build();
  }

  private Deleted delete(
      S3Bucket bucket, String key, @Nullable String id, @Nullable String ifMatch) {
    checkMatch(bucket, key, id, ifMatch);
    if (id != null) {
      boolean marker = bucket.version(key, id).filter(S3Version::deleted).isPresent();
      bucket.remove(key, id);
      return new Deleted(marker, bucket.versioning == null ? Optional.empty() : Optional.of(id));
    }
    if (bucket.versioning == null) {
      bucket.remove(key, "null");
      return new Deleted(false, Optional.empty());
    }
    S3Version marker = new S3Version(
        key,
        bucket.keepsVersions() ? s3.aws.newId("", 32) : "null",
        s3.now().truncatedTo(ChronoUnit.SECONDS),
        Optional.empty());
    s3.added(bucket, marker);
    return new Deleted(true, Optional.of(marker.id()));
  }

  private void checkMatch(
      S3Bucket bucket, String key, @Nullable String id, @Nullable String ifMatch) {
    if (ifMatch == null) {
      return;
    }
    Optional<S3Version.Content> there =
        (id == null ? bucket.current(key) : bucket.version(key, id)).flatMap(S3Version::object);
    if (there.isEmpty()) {
      throw s3.refused(404, "NoSuchKey", "The specified key does not exist.");
    }
    if (!S3Conditions.names(ifMatch, there.get().tag())) {
      throw objects.preconditionFailed();
    }
  }
}
