package io.drkit.testkit.aws;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** How objects are written in parts. */
final class S3Uploads {
  /** What every part but the last has at least; what a source has more than, if a range of it is copied. */
  private static final long SMALLEST_PART = 5L << 20;

  private static final int MOST_PARTS = 10_000;

  private final FakeS3 s3;
  private final S3Objects objects;
  private final S3Incoming incoming;

  S3Uploads(FakeS3 s3, S3Objects objects, S3Incoming incoming) {
    this.s3 = s3;
    this.objects = objects;
    this.incoming = incoming;
  }

  CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
    s3.modelled(
        request,
        "Bucket Key StorageClass Tagging ServerSideEncryption ExpectedBucketOwner"
            + " ChecksumAlgorithm ChecksumType " + S3Incoming.CARRIED);
    S3Bucket bucket = s3.bucket(request);
    Optional<ChecksumAlgorithm> algorithm = incoming.algorithm(request);
    S3Upload upload = new S3Upload(
        s3.aws.newId("", 32),
        objects.key(request.key()),
        s3.now().truncatedTo(ChronoUnit.SECONDS),
        incoming.carried(request, null),
        incoming.storageClass(request),
        incoming.tags(request),
        algorithm.orElse(null),
        type(algorithm, request.checksumType()));
    bucket.uploads.put(upload.id, upload);
    bucket.came(upload.key, upload.id);
    CreateMultipartUploadResponse.Builder response = CreateMultipartUploadResponse.builder()
        .bucket(bucket.name)
        .key(upload.key)
        .uploadId(upload.id)
        .serverSideEncryption("AES256");
    algorithm.ifPresent(each -> response.checksumAlgorithm(each).checksumType(upload.type));
    return response.build();
  }

  private ChecksumType type(Optional<ChecksumAlgorithm> algorithm, @Nullable ChecksumType wanted) {
    ChecksumAlgorithm of = algorithm.orElse(ChecksumAlgorithm.CRC64_NVME);
    if (wanted == null) {
      return of == ChecksumAlgorithm.CRC64_NVME ? ChecksumType.FULL_OBJECT : ChecksumType.COMPOSITE;
    }
    boolean sha = of == ChecksumAlgorithm.SHA1 || of == ChecksumAlgorithm.SHA256;
    if (wanted == ChecksumType.FULL_OBJECT ? sha : of == ChecksumAlgorithm.CRC64_NVME) {
      throw s3.invalidRequest("The " + wanted + " checksum type cannot be used with the " + of
          + " checksum algorithm.");
    }
    return wanted;
  }

  UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
    s3.modelled(
        request,
        "Bucket Key UploadId PartNumber ContentLength ContentMD5 ExpectedBucketOwner "
            + S3Incoming.CHECKSUMS);
    S3Upload upload = upload(s3.bucket(request), request.key(), request.uploadId());
    SdkBytes bytes = incoming.arrived(request, body);
    S3Upload.Part part = arrived(upload, request, bytes);
    Map<String, Object> members = new LinkedHashMap<>(part.checksum().members());
    members.put("ETag", part.tag());
    members.put("ServerSideEncryption", "AES256");
    return Members.fill(UploadPartResponse.builder(), members).build();
  }

  UploadPartCopyResponse copyPart(UploadPartCopyRequest request) {
    s3.modelled(
        request,
        "DestinationBucket DestinationKey UploadId PartNumber CopySourceRange ExpectedBucketOwner "
            + S3Objects.SOURCE);
    S3Upload upload = upload(s3.bucket(request), request.destinationKey(), request.uploadId());
    S3Version source = objects.source(request);
    SdkBytes bytes = source.object().orElseThrow().bytes();
    S3Upload.Part part = arrived(upload, request, ranged(bytes, request.copySourceRange()));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ETag", part.tag());
    result.put("LastModified", part.modified());
    if (upload.algorithm != null) {
      result.putAll(part.checksum().members());
    }
    UploadPartCopyResponse.Builder response = UploadPartCopyResponse.builder()
        .copyPartResult(Members.fill(CopyPartResult.builder(), result).build())
        .serverSideEncryption("AES256");
    if (!source.id().equals("null")) {
      response.copySourceVersionId(source.id());
    }
    return response.build();
  }

  private SdkBytes ranged(SdkBytes source, @Nullable String range) {
    if (range == null) {
      return source;
    }
    long size = source.asByteArrayUnsafe().length;
    S3Range wanted = S3Range.ofCopy(range)
        .orElseThrow(() -> invalidArgument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and"
                + " last are the zero-based offsets of the first and last bytes to copy"));
    if (size <= SMALLEST_PART) {
      throw s3.invalidRequest(
          "The specified copy source is not supported as a byte-range copy source");
    }
    if (wanted.last() >= size) {
      throw invalidArgument("Range specified is not valid for source object of size: " + size);
    }
    return S3Objects.slice(source, wanted);
  }

  private S3Upload.Part arrived(S3Upload upload, S3Request request, SdkBytes bytes) {
    Integer number = Members.get(request, "PartNumber", Integer.class);
    if (number == null || number < 1 || number > MOST_PARTS) {
      throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
    }
    S3Checksum checksum = incoming.verified(request, bytes, upload.algorithmOrDefault());
    if (upload.algorithm != null && checksum.algorithm() != upload.algorithm) {
      throw s3.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: "
          + upload.algorithm + ", actual checksum Type: " + checksum.algorithm());
    }
    S3Upload.Part part = new S3Upload.Part(
        number, bytes, S3Checksum.tag(bytes), checksum, s3.now().truncatedTo(ChronoUnit.SECONDS));
    upload.parts.put(number, part);
    return part;
  }

  CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
    s3.modelled(
        request, "Bucket Key UploadId MultipartUpload IfMatch IfNoneMatch ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    S3Upload upload = upload(bucket, request.key(), request.uploadId());
    List<CompletedPart> named = request.multipartUpload() == null
        ? List.of()
        : request.multipartUpload().parts();
    List<S3Upload.Part> parts = named(upload, named);
    objects.checkDestination(bucket, upload.key, request);
    SdkBytes bytes = S3Incoming.joined(parts.stream().map(S3Upload.Part::bytes).toList());
    S3Checksum checksum = upload.type == ChecksumType.COMPOSITE
        ? S3Checksum.composite(
            upload.algorithmOrDefault(),
            parts.stream().map(S3Upload.Part::checksum).toList())
        : S3Checksum.of(upload.algorithmOrDefault(), bytes);
    S3Version.Content object = new S3Version.Content(
        bytes,
        S3Checksum.tagOfParts(parts.stream().map(S3Upload.Part::tag).toList()),
        checksum,
        upload.members,
        upload.storageClass,
        upload.tags);
    // The date of such an object is that of the upload's beginning.
    S3Version version = objects.written(bucket, upload.key, object, upload.begun);
    bucket.uploads.remove(upload.id);
    Map<String, Object> members = new LinkedHashMap<>(checksum.members());
    members.put("Bucket", bucket.name);
    members.put("Key", upload.key);
    members.put("ETag", object.tag());
    members.put(
        "Location",
        "https://" + bucket.name + ".s3." + bucket.region.name() + ".amazonaws.com/" + upload.key);
    members.put("ServerSideEncryption", "AES256");
    s3.versionId(bucket, version).ifPresent(id -> members.put("VersionId", id));
    return Members.fill(CompleteMultipartUploadResponse.builder(), members).build();
  }

  /** The parts that the writer names, which are in order, as they arrived, and large enough. */
  private List<S3Upload.Part> named(S3Upload upload, List<CompletedPart> named) {
    if (named.isEmpty()) {
      throw s3.refused(
          400,
          "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    List<S3Upload.Part> parts = new ArrayList<>();
    int before = 0;
    for (CompletedPart each : named) {
      if (each.partNumber() <= before) {
        throw s3.refused(
            400,
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.");
      }
      before = each.partNumber();
      S3Upload.Part part = upload.parts.get(before);
      if (part == null || each.eTag() == null || !S3Conditions.names(each.eTag(), part.tag())) {
        throw s3.refused(
            400,
            "InvalidPart",
            "One or more of the specified parts could not be found. The part may not have been"
                + " uploaded, or the specified entity tag may not match the part's entity tag.");
      }
      checkChecksum(upload, each, part);
      parts.add(part);
    }
    for (S3Upload.Part part : parts.subList(0, parts.size() - 1)) {
      if (part.size() < SMALLEST_PART) {
        throw s3.refused(
            400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
      }
    }
    return parts;
  }

  private void checkChecksum(S3Upload upload, SdkPojo named, S3Upload.Part part) {
    String value = Members.text(named, part.checksum().member());
    if (value == null && upload.type == ChecksumType.COMPOSITE) {
      throw s3.invalidRequest("The upload was created using a " + upload.algorithm
          + " checksum. The complete request must include the checksum for each part. It was missing"
          + " for part " + part.number() + " in the request.");
    }
    if (value != null && !value.equals(part.checksum().value())) {
      throw s3.refused(
          400,
          "InvalidPart",
          "One or more of the specified parts could not be found. The part may not have been"
              + " uploaded, or the specified checksum may not match the part's checksum.");
    }
  }

  AbortMultipartUploadResponse abort(AbortMultipartUploadRequest request) {
    s3.modelled(request, "Bucket Key UploadId ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    bucket.uploads.remove(upload(bucket, request.key(), request.uploadId()).id);
    return AbortMultipartUploadResponse.builder().build();
  }

  S3Upload upload(S3Bucket bucket, @Nullable String key, @Nullable String id) {
    S3Upload upload = id == null ? null : bucket.uploads.get(id);
    if (upload == null || !upload.key.equals(key)) {
      throw s3.refused(
          404,
          "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
              + " been aborted or completed.");
    }
    return upload;
  }

  /** The uploads under way in the order in which they are listed: by key, then by when they were begun. */
  static List<S3Upload> inOrder(S3Bucket bucket) {
    List<S3Upload> uploads = new ArrayList<>(bucket.uploads.values());
    uploads.sort(Comparator.comparing((S3Upload upload) -> upload.key, S3Bucket::compareKeys));
    return uploads;
  }

  private RuntimeException invalidArgument(String message) {
    return s3.refused(400, "InvalidArgument", message);
  }
}
