package io.drkit.aws.s3;

import static io.drkit.aws.s3.ObjectCopy.changedUnderOurHands;

import io.drkit.aws.AwsEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/**
 * The copy of one object part by part, because all of it in one request would take longer than a request may. Each part is
 * copied only from the very source that the copy began with; if that changes, the upload is given up and begun anew.
 */
final class LargeCopy {
  private final ObjectCopy object;
  private final String key;
  private final String sourceTag;
  private final @Nullable String expected;
  private final String upload;
  private final int parts;
  private final long size;
  private final long partSize;
  private final Map<Integer, CompletedPart> copied = new ConcurrentSkipListMap<>();
  private final AtomicBoolean givenUp = new AtomicBoolean();
  private final AtomicBoolean completing = new AtomicBoolean();

  private LargeCopy(
      ObjectCopy object,
      String key,
      String sourceTag,
      @Nullable String expected,
      String upload,
      long size,
      long partSize) {
    this.object = object;
    this.key = key;
    this.sourceTag = sourceTag;
    this.expected = expected;
    this.upload = upload;
    this.size = size;
    this.partSize = partSize;
    this.parts = Math.toIntExact((size + partSize - 1) / partSize);
  }

  /** Begins an upload; returns its parts to be copied, or nothing if the source is not what it was. */
  static Optional<CopyTask.Outcome> begin(
      CopyTask.Surroundings in,
      ObjectCopy object,
      String key,
      String sourceTag,
      @Nullable String expected) {
    Optional<HeadObjectResponse> head = ObjectCopy.head(in.from(), in.source(), key);
    if (head.isEmpty() || !head.get().eTag().equals(sourceTag)) {
      return Optional.empty();
    }
    abandonEarlierUploads(in, key);
    AwsEndpoint<S3Client> to = in.to();
    String upload = to.client()
        .createMultipartUpload(to.bounded(
            like(head.get(), tags(in, key)).bucket(in.destination()).key(key).build()))
        .uploadId();
    long size = head.get().contentLength();
    LargeCopy copy = new LargeCopy(
        object, key, sourceTag, expected, upload, size, in.settings().partSize(size));
    List<CopyTask> tasks = new ArrayList<>();
    for (int part = 1; part <= copy.parts; part++) {
      int number = part;
      tasks.add(surroundings -> copy.copyPart(surroundings, number));
    }
    return Optional.of(CopyTask.Outcome.then(tasks));
  }

  /** A process that died left its upload behind, which costs money and is never finished. Nobody else writes this key. */
  private static void abandonEarlierUploads(CopyTask.Surroundings in, String key) {
    AwsEndpoint<S3Client> to = in.to();
    List<MultipartUpload> uploads = to.client()
        .listMultipartUploads(to.bounded(ListMultipartUploadsRequest.builder()
            .bucket(in.destination())
            .prefix(key)
            .build()))
        .uploads();
    for (MultipartUpload each : uploads) {
      if (each.key().equals(key)) {
        abort(in, key, each.uploadId());
      }
    }
  }

  private static void abort(CopyTask.Surroundings in, String key, String upload) {
    try {
      in.to()
          .client()
          .abortMultipartUpload(in.to()
              .bounded(AbortMultipartUploadRequest.builder()
                  .bucket(in.destination())
                  .key(key)
                  .uploadId(upload)
                  .build()));
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        throw e;
      }
    }
  }

  private static Tagging tags(CopyTask.Surroundings in, String key) {
    AwsEndpoint<S3Client> from = in.from();
    return Tagging.builder()
        .tagSet(from.client()
            .getObjectTagging(from.bounded(
                GetObjectTaggingRequest.builder().bucket(in.source()).key(key).build()))
            .tagSet())
        .build();
  }

  /** CopyObject keeps all of this by itself; an upload in parts knows nothing of its source. */
  private static CreateMultipartUploadRequest.Builder like(
      HeadObjectResponse source, Tagging tags) {
    Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
    metadata.put(SameContent.SOURCE_TAG, source.eTag());
    CreateMultipartUploadRequest.Builder upload = CreateMultipartUploadRequest.builder()
        .metadata(metadata)
        .contentType(source.contentType())
        .contentEncoding(source.contentEncoding())
        .contentDisposition(source.contentDisposition())
        .contentLanguage(source.contentLanguage())
        .cacheControl(source.cacheControl())
        .storageClass(source.storageClassAsString());
    if (tags.hasTagSet() && !tags.tagSet().isEmpty()) {
      upload.tagging(tags);
    }
    return upload;
  }

  private CopyTask.Outcome copyPart(CopyTask.Surroundings in, int number) {
    if (givenUp.get()) {
      return CopyTask.Outcome.done();
    }
    long first = (number - 1) * partSize;
    long last = Math.min(first + partSize, size) - 1;
    try {
      String tag = in.to()
          .client()
          .uploadPartCopy(in.to()
              .unhurried(UploadPartCopyRequest.builder()
                  .sourceBucket(in.source())
                  .sourceKey(key)
                  .copySourceIfMatch(sourceTag)
                  .copySourceRange("bytes=" + first + "-" + last)
                  .destinationBucket(in.destination())
                  .destinationKey(key)
                  .uploadId(upload)
                  .partNumber(number)
                  .build()))
          .copyPartResult()
          .eTag();
      copied.put(number, CompletedPart.builder().partNumber(number).eTag(tag).build());
    } catch (S3Exception e) {
      if (changedUnderOurHands(e)) {
        return giveUp();
      }
      throw e;
    }
    return copied.size() == parts && completing.compareAndSet(false, true)
        ? CopyTask.Outcome.then(List.of(this::complete))
        : CopyTask.Outcome.done();
  }

  private CopyTask.Outcome complete(CopyTask.Surroundings in) {
    CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
        .bucket(in.destination())
        .key(key)
        .uploadId(upload)
        .multipartUpload(all -> all.parts(copied.values()));
    if (expected == null) {
      request.ifNoneMatch("*");
    } else {
      request.ifMatch(expected);
    }
    try {
      in.to().client().completeMultipartUpload(in.to().unhurried(request.build()));
      return CopyTask.Outcome.copiedOne();
    } catch (S3Exception e) {
      if (changedUnderOurHands(e)) {
        return giveUp();
      }
      throw e;
    }
  }

  /** The object is looked at from the start: it may be complete already, if only an answer was lost. */
  private CopyTask.Outcome giveUp() {
    if (!givenUp.compareAndSet(false, true)) {
      return CopyTask.Outcome.done();
    }
    // A task of its own: if it fails, the object is still among what is to be copied.
    return CopyTask.Outcome.then(List.of(
        in -> {
          abort(in, key, upload);
          return CopyTask.Outcome.done();
        },
        object));
  }
}
