package io.drkit.testkit.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** How objects are read, written and copied. */
final class S3Objects {
  /** What a writer says of an object and a reader is told again. */
  static final String CARRIED =
      "CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Metadata";

  static final String CHECKSUMS =
      "ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256";

  static final String SOURCE = "CopySource SourceBucket SourceKey SourceVersionId CopySourceIfMatch"
      + " CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince"
      + " ExpectedSourceBucketOwner";

  private static final String READ =
      "Bucket Key VersionId Range IfMatch IfModifiedSince IfNoneMatch"
          + " IfUnmodifiedSince ChecksumMode ExpectedBucketOwner";
  private static final int LONGEST_KEY = 1_024;
  private static final int MOST_METADATA = 2_048;

  private final FakeS3 s3;

  S3Objects(FakeS3 s3) {
    this.s3 = s3;
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
            + " ServerSideEncryption ExpectedBucketOwner " + CARRIED + " " + CHECKSUMS);
    S3Bucket bucket = s3.bucket(request);
    String key = key(request.key());
    SdkBytes bytes = arrived(request, body);
    S3Checksum checksum = verified(request, bytes, ChecksumAlgorithm.CRC32);
    checkDestination(bucket, key, request);
    S3Version.Content object = new S3Version.Content(
        bytes,
        S3Checksum.tag(bytes),
        checksum,
        carried(request, body.contentType()),
        storageClass(request),
        tags(request));
    S3Version version = written(bucket, key, object);
    Map<String, Object> members = new LinkedHashMap<>(checksum.members());
    members.put("ETag", object.tag());
    members.put("ServerSideEncryption", "AES256");
    s3.versionId(bucket, version).ifPresent(id -> members.put("VersionId", id));
    return Members.fill(PutObjectResponse.builder(), members).build();
  }

  S3Version written(S3Bucket bucket, String key, S3Version.Content object) {
    String id = bucket.keepsVersions() ? s3.aws.newId("", 32) : "null";
    S3Version version =
        new S3Version(key, id, s3.now().truncatedTo(ChronoUnit.SECONDS), Optional.of(object));
    bucket.add(version);
    return version;
  }

  /** Reads what was sent, and compares it with what its sender says of it. */
  SdkBytes arrived(SdkPojo request, RequestBody body) {
    SdkBytes bytes;
    try (InputStream content = body.contentStreamProvider().newStream()) {
      bytes = SdkBytes.fromByteArrayUnsafe(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read", e);
    }
    Long length = Members.get(request, "ContentLength", Long.class);
    if (length != null && length != bytes.asByteArrayUnsafe().length) {
      throw s3.refused(
          400,
          "IncompleteBody",
          "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }
    String md5 = Members.text(request, "ContentMD5");
    if (md5 != null && !md5.matches("[A-Za-z0-9+/]{22}==")) {
      throw s3.refused(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    }
    if (md5 != null && !md5.equals(S3Checksum.md5(bytes))) {
      throw s3.refused(
          400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    return bytes;
  }

  /** The checksum of what was sent: the one that came along, the one that was asked for, or a default. */
  S3Checksum verified(SdkPojo request, SdkBytes bytes, ChecksumAlgorithm otherwise) {
    S3Checksum came = null;
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.knownValues()) {
      String value = Members.text(request, "Checksum" + algorithm);
      if (value == null) {
        continue;
      }
      if (came != null) {
        throw invalidRequest(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
      }
      came = S3Checksum.of(algorithm, bytes);
      if (!came.value().equals(value)) {
        throw s3.refused(
            400,
            "BadDigest",
            "The " + algorithm + " you specified did not match the calculated checksum.");
      }
    }
    return came == null ? S3Checksum.of(algorithm(request).orElse(otherwise), bytes) : came;
  }

  Optional<ChecksumAlgorithm> algorithm(SdkPojo request) {
    Optional<ChecksumAlgorithm> named = Optional.ofNullable(
            Members.text(request, "ChecksumAlgorithm"))
        .map(ChecksumAlgorithm::fromValue);
    if (named.isPresent() && named.get() == ChecksumAlgorithm.UNKNOWN_TO_SDK_VERSION) {
      throw invalidRequest("Checksum algorithm provided is unsupported.");
    }
    return named;
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

  Map<String, Object> carried(SdkPojo request, @Nullable String typeOfBody) {
    Map<String, Object> members = Members.select(request, Stream.of(CARRIED.split(" ")));
    members.putIfAbsent("ContentType", typeOfBody == null ? "binary/octet-stream" : typeOfBody);
    Map<String, String> metadata = new LinkedHashMap<>();
    int size = 0;
    if (members.get("Metadata") instanceof Map<?, ?> given) {
      for (Map.Entry<?, ?> each : given.entrySet()) {
        String name = String.valueOf(each.getKey()).toLowerCase(Locale.ROOT);
        String value = String.valueOf(each.getValue());
        metadata.put(name, value);
        size += (name + value).getBytes(StandardCharsets.UTF_8).length;
      }
    }
    if (size > MOST_METADATA) {
      throw s3.refused(
          400,
          "MetadataTooLarge",
          "Your metadata headers exceed the maximum allowed metadata size");
    }
    members.put("Metadata", metadata);
    return members;
  }

  String storageClass(SdkPojo request) {
    String encryption = Members.text(request, "ServerSideEncryption");
    if (encryption != null && !encryption.equals("AES256")) {
      throw s3.notModelled("encryption with " + encryption);
    }
    String named = Members.text(request, "StorageClass");
    StorageClass known = named == null ? StorageClass.STANDARD : StorageClass.fromValue(named);
    return switch (known) {
      case STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR ->
        known.toString();
      case UNKNOWN_TO_SDK_VERSION ->
        throw s3.refused(
            400, "InvalidStorageClass", "The storage class you specified is not valid");
      default -> throw s3.notModelled("objects of storage class " + named);
    };
  }

  List<Tag> tags(SdkPojo request) {
    String given = Members.text(request, "Tagging");
    return given == null ? List.of() : S3Tags.checked(s3, S3Tags.parse(given));
  }

  /** The object that is copied, which may lie in any region. */
  S3Version source(S3Request request) {
    S3Source source = S3Source.of(request);
    S3Bucket from = s3.named(source.bucket())
        .orElseThrow(() -> s3.refused(404, "NoSuchBucket", "The specified bucket does not exist"));
    s3.checkOwner(Members.text(request, "ExpectedSourceBucketOwner"));
    Optional<S3Version> marker = Optional.ofNullable(source.version())
        .flatMap(id -> from.version(source.key(), id))
        .filter(S3Version::deleted);
    if (marker.isPresent()) {
      throw invalidRequest(
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

  CopyObjectResponse copy(CopyObjectRequest request) {
    s3.modelled(
        request,
        "DestinationBucket DestinationKey IfMatch IfNoneMatch MetadataDirective TaggingDirective"
            + " Tagging StorageClass ServerSideEncryption ExpectedBucketOwner ChecksumAlgorithm "
            + CARRIED + " " + SOURCE);
    S3Bucket bucket = s3.bucket(request);
    String key = key(request.destinationKey());
    S3Version source = source(request);
    S3Version.Content original = source.object().orElseThrow();
    boolean replaces = request.metadataDirective() == MetadataDirective.REPLACE;
    if (S3Source.of(request).isCurrent(bucket.name, key)
        && !replaces
        && storageClass(request).equals(original.storageClass())) {
      throw invalidRequest("This copy request is illegal because it is trying to copy an object to"
          + " itself without changing the object's metadata, storage class, website redirect"
          + " location or encryption attributes.");
    }
    checkDestination(bucket, key, request);
    S3Version.Content copy = new S3Version.Content(
        original.bytes(),
        S3Checksum.tag(original.bytes()),
        S3Checksum.of(algorithm(request).orElse(original.checksum().algorithm()), original.bytes()),
        replaces ? carried(request, null) : original.members(),
        storageClass(request),
        request.taggingDirective() == TaggingDirective.REPLACE ? tags(request) : original.tags());
    S3Version version = written(bucket, key, copy);
    Map<String, Object> result = new LinkedHashMap<>(copy.checksum().members());
    result.put("ETag", copy.tag());
    result.put("LastModified", version.modified());
    CopyObjectResponse.Builder response = CopyObjectResponse.builder()
        .copyObjectResult(Members.fill(CopyObjectResult.builder(), result).build())
        .serverSideEncryption("AES256");
    if (s3.named(S3Source.of(request).bucket()).orElseThrow().versioning != null) {
      response.copySourceVersionId(source.id());
    }
    s3.versionId(bucket, version).ifPresent(response::versionId);
    return response.build();
  }

  RuntimeException preconditionFailed() {
    return s3.refused(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }

  RuntimeException invalidRequest(String message) {
    return s3.refused(400, "InvalidRequest", message);
  }

  /** Joins what was sent in parts. */
  static SdkBytes joined(List<SdkBytes> parts) {
    int size = parts.stream().mapToInt(part -> part.asByteArrayUnsafe().length).sum();
    byte[] all = new byte[size];
    int at = 0;
    for (SdkBytes part : parts) {
      byte[] bytes = part.asByteArrayUnsafe();
      System.arraycopy(bytes, 0, all, at, bytes.length);
      at += bytes.length;
    }
    return SdkBytes.fromByteArrayUnsafe(all);
  }

  static SdkBytes slice(SdkBytes whole, S3Range range) {
    int first = (int) range.first();
    return SdkBytes.fromByteArrayUnsafe(
        Arrays.copyOfRange(whole.asByteArrayUnsafe(), first, first + (int) range.length()));
  }
}
