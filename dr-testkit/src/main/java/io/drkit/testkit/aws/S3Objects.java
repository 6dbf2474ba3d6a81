package io.drkit.testkit.aws;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** How objects are read, written and copied. */
final class S3Objects {
  static final String SOURCE = "CopySource SourceBucket SourceKey SourceVersionId CopySourceIfMatch"
      + " CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince"
      + " ExpectedSourceBucketOwner";

  private static final String READ =
      "Bucket Key VersionId Range IfMatch IfModifiedSince IfNoneMatch"
          + " IfUnmodifiedSince ChecksumMode ExpectedBucketOwner";
  private static final int LONGEST_KEY = 1_024;

  private final FakeS3 s3;
  private final S3Incoming incoming;

  S3Objects(FakeS3 s3, S3Incoming incoming) {
    this.s3 = s3;
    this.incoming = incoming;
  }

  /** An object and the bytes of it that were asked for. */
  private record Reading(
      S3Version.Content object, Map<String, Object> members, int from, int length) {
    boolean whole() {
      return length == object.size();
    }
  }

  HeadObjectResponse head(HeadObjectRequest request) {
    Reading reading = read(request);
    Map<String, Object> members = new LinkedHashMap<>(reading.members());
    if (request.checksumMode() != null && reading.whole()) {
      members.putAll(reading.object().checksum().members());
    }
    HeadObjectResponse.Builder response = Members.fill(HeadObjectResponse.builder(), members);
    response.sdkHttpResponse(s3.http(reading.whole() ? 200 : 206, Map.of()));
    return response.build();
  }

  <R> R get(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
    Reading reading = read(request);
    Map<String, Object> members = new LinkedHashMap<>(reading.members());
    // The SDK asks for checksums by itself, to compare them with what arrives.
    if (reading.whole()) {
      members.putAll(reading.object().checksum().members());
    }
    GetObjectResponse.Builder response = Members.fill(GetObjectResponse.builder(), members);
    response.sdkHttpResponse(s3.http(reading.whole() ? 200 : 206, Map.of()));
    InputStream bytes = new ByteArrayInputStream(
        reading.object().bytes().asByteArrayUnsafe(), reading.from(), reading.length());
    try {
      return transformer.transform(response.build(), AbortableInputStream.create(bytes));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("Thread was interrupted", e);
    } catch (Exception e) {
      throw SdkClientException.create("Unable to unmarshall response (" + e.getMessage() + ")", e);
    }
  }

  private Reading read(S3Request request) {
    s3.modelled(request, READ);
    S3Bucket bucket = s3.bucket(request);
    S3Version version =
        find(bucket, Members.text(request, "Key"), Members.text(request, "VersionId"));
    S3Version.Content object = version.object().orElseThrow();
    switch (S3Conditions.of(request, "").of(object, version.modified())) {
      case FAIL -> throw preconditionFailed();
      case NOT_MODIFIED -> throw s3.withoutBody(s3.refused(304, "NotModified", "Not Modified"));
      case HOLD -> {}
    }
    Map<String, Object> members = new LinkedHashMap<>(object.members());
    members.put("ETag", object.tag());
    members.put("LastModified", version.modified());
    version.replication().ifPresent(status -> members.put("ReplicationStatus", status));
    members.put("AcceptRanges", "bytes");
    members.put("ServerSideEncryption", "AES256");
    s3.versionId(bucket, version).ifPresent(id -> members.put("VersionId", id));
    if (!object.storageClass().equals(StorageClass.STANDARD.toString())) {
      members.put("StorageClass", object.storageClass());
    }
    if (!object.tags().isEmpty()) {
      members.put("TagCount", object.tags().size());
    }
    Optional<S3Range> range =
        Optional.ofNullable(Members.text(request, "Range")).flatMap(S3Range::ofRead);
    if (range.isEmpty()) {
      members.put("ContentLength", object.size());
      return new Reading(object, members, 0, (int) object.size());
    }
    S3Range within = range
        .get()
        .within(object.size())
        .orElseThrow(
            () -> s3.refused(416, "InvalidRange", "The requested range is not satisfiable"));
    members.put("ContentLength", within.length());
    members.put("ContentRange", within + "/" + object.size());
    return new Reading(object, members, (int) within.first(), (int) within.length());
  }

  /** Finds the version that a request means, which is an object. */
  S3Version find(S3Bucket bucket, @Nullable String key, @Nullable String id) {
    String named = key(key);
    if (id == null) {
      return bucket
          .current(named)
          .filter(current -> !current.deleted())
          .orElseThrow(this::noSuchKey);
    }
    S3Version version = bucket
        .version(named, id)
        .orElseThrow(
            () -> s3.refused(404, "NoSuchVersion", "The specified version does not exist."));
    if (version.deleted()) {
      throw s3.refused(
          405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }
    return version;
  }

  /** Who may not list a bucket is not told what it lacks. */
  private RuntimeException noSuchKey() {
    return s3.aws.denies("s3:ListBucket")
        ? s3.denied("s3:ListBucket")
        : s3.refused(404, "NoSuchKey", "The specified key does not exist.");
  }

  String key(@Nullable String key) {
    if (key == null || key.isEmpty()) {
      throw SdkClientException.create("Unable to marshall request: Key cannot be empty.");
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
      throw s3.refused(400, "KeyTooLongError", "Your key is too long");
    }
    return key;
  }

  PutObjectResponse put(PutObjectRequest request, RequestBody body) {
    s3.modelled(
        request,
        "Bucket Key ContentLength ContentMD5 IfMatch IfNoneMatch StorageClass Tagging"
            + " ServerSideEncryption ExpectedBucketOwner " + S3Incoming.CARRIED + " "
            + S3Incoming.CHECKSUMS);
    S3Bucket bucket = s3.bucket(request);
    String key = key(request.key());
    SdkBytes bytes = incoming.arrived(request, body);
    S3Checksum checksum = incoming.verified(request, bytes, ChecksumAlgorithm.CRC32);
    checkDestination(bucket, key, request);
    S3Version.Content object = new S3Version.Content(
        bytes,
        S3Checksum.tag(bytes),
        checksum,
        incoming.carried(request, body.contentType()),
        incoming.storageClass(request),
        incoming.tags(request));
    S3Version version = written(bucket, key, object);
    Map<String, Object> members = new LinkedHashMap<>(checksum.members());
    members.put("ETag", object.tag());
    members.put("ServerSideEncryption", "AES256");
    s3.versionId(bucket, version).ifPresent(id -> members.put("VersionId", id));
    return Members.fill(PutObjectResponse.builder(), members).build();
  }

  S3Version written(S3Bucket bucket, String key, S3Version.Content object) {
    return written(bucket, key, object, s3.now());
  }

  S3Version written(S3Bucket bucket, String key, S3Version.Content object, Instant modified) {
    String id = bucket.keepsVersions() ? s3.aws.newId("", 32) : "null";
    S3Version version =
        new S3Version(key, id, modified.truncatedTo(ChronoUnit.SECONDS), Optional.of(object));
    return s3.added(bucket, version);
  }

  /** Refuses to write over an object that is not the one that the writer expects. */
  void checkDestination(S3Bucket bucket, String key, SdkPojo request) {
    String match = Members.text(request, "IfMatch");
    String noneMatch = Members.text(request, "IfNoneMatch");
    if (noneMatch != null && (!noneMatch.equals("*") || match != null)) {
      throw s3.refused(
          501,
          "NotImplemented",
          "A header you provided implies functionality that is not implemented");
    }
    Optional<S3Version.Content> there = bucket.current(key).flatMap(S3Version::object);
    if (noneMatch != null && there.isPresent()) {
      throw preconditionFailed();
    }
    if (match != null && there.isEmpty()) {
      throw s3.refused(404, "NoSuchKey", "The specified key does not exist.");
    }
    if (match != null && !S3Conditions.names(match, there.orElseThrow().tag())) {
      throw preconditionFailed();
    }
  }

  /** The object that is copied, which may lie in any region. */
  S3Version source(S3Request request) {
    S3Source source = S3Source.of(s3, request);
    S3Bucket from = s3.named(source.bucket())
        .orElseThrow(() -> s3.refused(404, "NoSuchBucket", "The specified bucket does not exist"));
    s3.checkOwner(Members.text(request, "ExpectedSourceBucketOwner"));
    Optional<S3Version> marker = Optional.ofNullable(source.version())
        .flatMap(id -> from.version(source.key(), id))
        .filter(S3Version::deleted);
    if (marker.isPresent()) {
      throw s3.invalidRequest(
          "The source of a copy request may not specifically refer to a delete marker by version id.");
    }
    S3Version version = find(from, source.key(), source.version());
    S3Conditions.Verdict verdict = S3Conditions.of(request, "CopySource")
        .of(version.object().orElseThrow(), version.modified());
    if (verdict != S3Conditions.Verdict.HOLD) {
      throw preconditionFailed();
    }
    return version;
  }

  /** Whether what is copied is there and has tags, which a copy takes over. */
  boolean sourceHasTags(CopyObjectRequest request) {
    S3Source source = S3Source.of(s3, request);
    return s3.named(source.bucket())
        .flatMap(bucket -> source.version() == null
            ? bucket.current(source.key())
            : bucket.version(source.key(), source.version()))
        .flatMap(S3Version::object)
        .filter(object -> !object.tags().isEmpty())
        .isPresent();
  }

  CopyObjectResponse copy(CopyObjectRequest request) {
    s3.modelled(
        request,
        "DestinationBucket DestinationKey IfMatch IfNoneMatch MetadataDirective TaggingDirective"
            + " Tagging StorageClass ServerSideEncryption ExpectedBucketOwner ChecksumAlgorithm "
            + S3Incoming.CARRIED + " " + SOURCE);
    S3Bucket bucket = s3.bucket(request);
    String key = key(request.destinationKey());
    S3Version source = source(request);
    S3Version.Content original = source.object().orElseThrow();
    boolean replaces = request.metadataDirective() == MetadataDirective.REPLACE;
    if (S3Source.of(s3, request).isCurrent(bucket.name, key)
        && !replaces
        && incoming.storageClass(request).equals(original.storageClass())) {
      throw s3.invalidRequest(
          "This copy request is illegal because it is trying to copy an object to"
              + " itself without changing the object's metadata, storage class, website redirect"
              + " location or encryption attributes.");
    }
    checkDestination(bucket, key, request);
    S3Version.Content copy = new S3Version.Content(
        original.bytes(),
        S3Checksum.tag(original.bytes()),
        S3Checksum.of(
            incoming.algorithm(request).orElse(original.checksum().algorithm()), original.bytes()),
        replaces ? incoming.carried(request, null) : original.members(),
        incoming.storageClass(request),
        request.taggingDirective() == TaggingDirective.REPLACE
            ? incoming.tags(request)
            : original.tags());
    S3Version version = written(bucket, key, copy);
    Map<String, Object> result = new LinkedHashMap<>(copy.checksum().members());
    result.put("ETag", copy.tag());
    result.put("LastModified", version.modified());
    CopyObjectResponse.Builder response = CopyObjectResponse.builder()
        .copyObjectResult(Members.fill(CopyObjectResult.builder(), result).build())
        .serverSideEncryption("AES256");
    if (s3.named(S3Source.of(s3, request).bucket()).orElseThrow().versioning != null) {
      response.copySourceVersionId(source.id());
    }
    s3.versionId(bucket, version).ifPresent(response::versionId);
    return response.build();
  }

  RuntimeException preconditionFailed() {
    return s3.refused(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }

  static SdkBytes slice(SdkBytes whole, S3Range range) {
    int first = (int) range.first();
    return SdkBytes.fromByteArrayUnsafe(
        Arrays.copyOfRange(whole.asByteArrayUnsafe(), first, first + (int) range.length()));
  }
}
