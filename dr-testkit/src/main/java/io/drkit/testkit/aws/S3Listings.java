package io.drkit.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/** How what a bucket holds is listed, page by page. */
final class S3Listings {
  private static final int MOST = 1_000;
  private static final String TOKEN = "after ";

  private final FakeS3 s3;
  private final S3Uploads uploads;

  S3Listings(FakeS3 s3, S3Uploads uploads) {
    this.s3 = s3;
    this.uploads = uploads;
  }

  ListObjectsV2Response objects(ListObjectsV2Request request) {
    s3.modelled(
        request,
        "Bucket Prefix Delimiter MaxKeys ContinuationToken StartAfter ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    String prefix = Objects.requireNonNullElse(request.prefix(), "");
    int most = most("max-keys", request.maxKeys());
    String token = request.continuationToken() == null ? "" : after(request.continuationToken());
    String after = request.continuationToken() == null
        ? Objects.requireNonNullElse(request.startAfter(), "")
        : token;
    Stream<S3Version> objects = bucket
        .objects(later(prefix, after))
        .filter(version -> S3Bucket.compareKeys(version.key(), after) > 0);
    S3Page<S3Version> page = S3Page.of(
        objects.iterator(), S3Version::key, prefix, delimiter(request.delimiter()), token, most);
    ListObjectsV2Response.Builder response = ListObjectsV2Response.builder()
        .name(bucket.name)
        .prefix(prefix)
        .delimiter(request.delimiter())
        .startAfter(request.startAfter())
        .continuationToken(request.continuationToken())
        .maxKeys(most)
        .keyCount(page.items().size() + page.prefixes().size())
        .isTruncated(page.truncated())
        .contents(page.items().stream().map(S3Listings::listed).toList())
        .commonPrefixes(page.prefixes());
    if (page.truncated()) {
      response.nextContinuationToken(Base64.getEncoder()
          .encodeToString((TOKEN + page.last()).getBytes(StandardCharsets.UTF_8)));
    }
    return response.build();
  }

  private String after(String token) {
    String text = "";
    try {
      text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notOurs) {
      // Refused below, as what decodes to nonsense is.
    }
    if (!text.startsWith(TOKEN)) {
      throw s3.refused(400, "InvalidArgument", "The continuation token provided is incorrect");
    }
    return text.substring(TOKEN.length());
  }

  private static S3Object listed(S3Version version) {
    S3Version.Content object = version.object().orElseThrow();
    return S3Object.builder()
        .key(version.key())
        .lastModified(version.modified())
        .eTag(object.tag())
        .size(object.size())
        .storageClass(object.storageClass())
        .checksumAlgorithmWithStrings(object.checksum().algorithm().toString())
        .checksumType(object.checksum().type())
        .build();
  }

  ListObjectVersionsResponse versions(ListObjectVersionsRequest request) {
    s3.modelled(
        request, "Bucket Prefix Delimiter MaxKeys KeyMarker VersionIdMarker ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    String prefix = Objects.requireNonNullElse(request.prefix(), "");
    String marker = Objects.requireNonNullElse(request.keyMarker(), "");
    String idMarker = request.versionIdMarker();
    if (idMarker != null && marker.isEmpty()) {
      throw s3.refused(
          400, "InvalidArgument", "A version-id marker cannot be specified without a key marker.");
    }
    Optional<Integer> behind = turn(bucket, marker, idMarker, "Invalid version id specified");
    Iterator<S3Version> rest = bucket
        .versions(later(prefix, marker))
        .filter(version -> version.key().equals(marker)
            ? behind.filter(turn -> turnOf(bucket, version) < turn).isPresent()
            : S3Bucket.compareKeys(version.key(), marker) > 0)
        .iterator();
    int most = most("max-keys", request.maxKeys());
    S3Page<S3Version> page =
        S3Page.of(rest, S3Version::key, prefix, delimiter(request.delimiter()), marker, most);
    List<ObjectVersion> objects = new ArrayList<>();
    List<DeleteMarkerEntry> markers = new ArrayList<>();
    page.items().forEach(version -> tell(bucket, version, objects, markers));
    ListObjectVersionsResponse.Builder response = ListObjectVersionsResponse.builder()
        .name(bucket.name)
        .prefix(prefix)
        .delimiter(request.delimiter())
        .keyMarker(request.keyMarker())
        .versionIdMarker(idMarker)
        .maxKeys(most)
        .isTruncated(page.truncated())
        .versions(objects)
        .deleteMarkers(markers)
        .commonPrefixes(page.prefixes());
    if (page.truncated()) {
      response.nextKeyMarker(page.last());
      S3Version last =
          page.items().isEmpty() ? null : page.items().get(page.items().size() - 1);
      if (last != null && last.key().equals(page.last())) {
        response.nextVersionIdMarker(last.id());
      }
    }
    return response.build();
  }

  /** Behind which of a key's versions or uploads a page begins, be that one gone by now; nothing if the marker names none. */
  private Optional<Integer> turn(S3Bucket bucket, String key, @Nullable String id, String invalid) {
    return id == null
        ? Optional.empty()
        : Optional.of(
            bucket.turn(key, id).orElseThrow(() -> s3.refused(400, "InvalidArgument", invalid)));
  }

  private static int turnOf(S3Bucket bucket, S3Version version) {
    return bucket.turn(version.key(), version.id()).orElseThrow();
  }

  private static void tell(
      S3Bucket bucket,
      S3Version version,
      List<ObjectVersion> objects,
      List<DeleteMarkerEntry> markers) {
    boolean latest = bucket.current(version.key()).filter(version::equals).isPresent();
    if (version.object().isEmpty()) {
      markers.add(DeleteMarkerEntry.builder()
          .key(version.key())
          .versionId(version.id())
          .isLatest(latest)
          .lastModified(version.modified())
          .build());
      return;
    }
    S3Version.Content object = version.object().get();
    objects.add(ObjectVersion.builder()
        .key(version.key())
        .versionId(version.id())
        .isLatest(latest)
        .lastModified(version.modified())
        .eTag(object.tag())
        .size(object.size())
        .storageClass(object.storageClass())
        .checksumAlgorithmWithStrings(object.checksum().algorithm().toString())
        .checksumType(object.checksum().type())
        .build());
  }

  ListMultipartUploadsResponse uploads(ListMultipartUploadsRequest request) {
    s3.modelled(
        request, "Bucket Prefix Delimiter MaxUploads KeyMarker UploadIdMarker ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    String prefix = Objects.requireNonNullElse(request.prefix(), "");
    String marker = Objects.requireNonNullElse(request.keyMarker(), "");
    // Without a key's marker, S3 overlooks that of an upload.
    String idMarker = marker.isEmpty() ? null : request.uploadIdMarker();
    Optional<Integer> behind = turn(bucket, marker, idMarker, "Invalid uploadId marker");
    Iterator<S3Upload> rest = S3Uploads.inOrder(bucket).stream()
        .filter(upload -> upload.key.equals(marker)
            ? behind
                .filter(turn -> bucket.turn(upload.key, upload.id).orElseThrow() > turn)
                .isPresent()
            : S3Bucket.compareKeys(upload.key, marker) > 0)
        .iterator();
    int most = most("max-uploads", request.maxUploads());
    S3Page<S3Upload> page =
        S3Page.of(rest, upload -> upload.key, prefix, delimiter(request.delimiter()), marker, most);
    ListMultipartUploadsResponse.Builder response = ListMultipartUploadsResponse.builder()
        .bucket(bucket.name)
        .prefix(prefix)
        .delimiter(request.delimiter())
        .keyMarker(request.keyMarker())
        .uploadIdMarker(request.uploadIdMarker())
        .maxUploads(most)
        .isTruncated(page.truncated())
        .uploads(page.items().stream().map(S3Listings::listed).toList())
        .commonPrefixes(page.prefixes());
    if (page.truncated()) {
      response.nextKeyMarker(page.last());
      S3Upload last =
          page.items().isEmpty() ? null : page.items().get(page.items().size() - 1);
      if (last != null && last.key.equals(page.last())) {
        response.nextUploadIdMarker(last.id);
      }
    }
    return response.build();
  }

  private static MultipartUpload listed(S3Upload upload) {
    return MultipartUpload.builder()
        .key(upload.key)
        .uploadId(upload.id)
        .initiated(upload.begun)
        .storageClass(upload.storageClass)
        .build();
  }

  ListPartsResponse parts(ListPartsRequest request) {
    s3.modelled(request, "Bucket Key UploadId MaxParts PartNumberMarker ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    S3Upload upload = uploads.upload(bucket, request.key(), request.uploadId());
    int marker = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
    int most = most("max-parts", request.maxParts());
    List<S3Upload.Part> rest = List.copyOf(upload.parts.tailMap(marker, false).values());
    List<S3Upload.Part> page = rest.subList(0, Math.min(most, rest.size()));
    boolean truncated = page.size() < rest.size() && most > 0;
    ListPartsResponse.Builder response = ListPartsResponse.builder()
        .bucket(bucket.name)
        .key(upload.key)
        .uploadId(upload.id)
        .partNumberMarker(marker)
        .maxParts(most)
        .storageClass(upload.storageClass)
        .isTruncated(truncated)
        .parts(page.stream().map(S3Listings::listed).toList());
    if (truncated) {
      response.nextPartNumberMarker(page.get(page.size() - 1).number());
    }
    return response.build();
  }

  private static Part listed(S3Upload.Part part) {
    return Part.builder()
        .partNumber(part.number())
        .eTag(part.tag())
        .size(part.size())
        .lastModified(part.modified())
        .build();
  }

  private int most(String name, @Nullable Integer wanted) {
    if (wanted != null && wanted < 0) {
      throw s3.refused(
          400,
          "InvalidArgument",
          "Argument " + name + " must be an integer between 0 and 2147483647");
    }
    return wanted == null ? MOST : Math.min(MOST, wanted);
  }

  private static @Nullable String delimiter(@Nullable String given) {
    return given == null || given.isEmpty() ? null : given;
  }

  /** Nothing before the prefix belongs to the listing, and nothing before the marker either. */
  private static String later(String prefix, String marker) {
    return S3Bucket.compareKeys(prefix, marker) > 0 ? prefix : marker;
  }
}
