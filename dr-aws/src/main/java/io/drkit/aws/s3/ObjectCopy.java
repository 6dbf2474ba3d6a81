package io.drkit.aws.s3;

import io.drkit.DrException;
import io.drkit.aws.AwsEndpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The copy of one object: of the bytes that the source has when it is copied, which may be younger than the listing and
 * are never a mixture.
 */
final class ObjectCopy implements CopyTask {
  /** How often source or destination may change under our hands in one try. */
  private static final int CHANGES = 5;

  private final S3Object listed;
  private final Optional<S3Object> copy;

  /**
   * A copy to be made.
   *
   * @param listed the source as listed
   * @param copy the destination's object as listed, if it has one; its content may turn out to be the same
   */
  ObjectCopy(S3Object listed, Optional<S3Object> copy) {
    this.listed = listed;
    this.copy = copy;
  }

  @Override
  public Outcome run(Surroundings in) throws Exception {
    String key = listed.key();
    String tag = listed.eTag();
    long size = listed.size();
    String expected = copy.map(S3Object::eTag).orElse(null);
    if (copy.isPresent() && listed.size().equals(copy.get().size()) && same(in, key)) {
      return Outcome.done();
    }
    for (int change = 0; change < CHANGES; change++) {
      Optional<Outcome> outcome = size > in.settings().multipartAbove()
          ? LargeCopy.begin(in, this, key, tag, expected)
          : copyWhole(in, key, tag, expected);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      Optional<HeadObjectResponse> source = head(in.from(), in.source(), key);
      if (source.isEmpty()) {
        return Outcome.gone(listed.size());
      }
      if (source.get().eTag().equals(tag)) {
        // The source is as it was, so the destination is not.
        Optional<HeadObjectResponse> there = head(in.to(), in.destination(), key);
        if (there.isPresent() && SameContent.headed(source.get(), there.get())) {
          return Outcome.copiedOne();
        }
        expected = stillNobodys(in, key, expected, there);
      }
      tag = source.get().eTag();
      size = source.get().contentLength();
    }
    throw new DrException("object '" + key + "' of bucket " + in.source() + " changed " + CHANGES
        + " times while it was being copied; the copy goes on when it rests");
  }

  /** Returns nothing if source or destination is not what it was. */
  private Optional<Outcome> copyWhole(
      Surroundings in, String key, String tag, @Nullable String expected) {
    CopyObjectRequest.Builder request = CopyObjectRequest.builder()
        .sourceBucket(in.source())
        .sourceKey(key)
        .copySourceIfMatch(tag)
        .storageClass(listed.storageClassAsString())
        .destinationBucket(in.destination())
        .destinationKey(key);
    if (expected == null) {
      request.ifNoneMatch("*");
    } else {
      request.ifMatch(expected);
    }
    try {
      in.to().client().copyObject(in.to().unhurried(request.build()));
      return Optional.of(Outcome.copiedOne());
    } catch (S3Exception e) {
      if (changedUnderOurHands(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static @Nullable String stillNobodys(
      Surroundings in, String key, @Nullable String expected, Optional<HeadObjectResponse> there) {
    if (there.isPresent() && !there.get().eTag().equals(expected)) {
      throw new DrException("somebody else wrote object '" + key + "' to bucket "
          + in.destination() + " during the copy; it was not overwritten. Nobody may write to a"
          + " copy: find out who does");
    }
    return there.map(HeadObjectResponse::eTag).orElse(null);
  }

  private static boolean same(Surroundings in, String key) {
    Optional<HeadObjectResponse> source = head(in.from(), in.source(), key);
    Optional<HeadObjectResponse> there = head(in.to(), in.destination(), key);
    return source.isPresent() && there.isPresent() && SameContent.headed(source.get(), there.get());
  }

  static Optional<HeadObjectResponse> head(AwsEndpoint<S3Client> s3, String bucket, String key) {
    try {
      return Optional.of(s3.client()
          .headObject(s3.bounded(HeadObjectRequest.builder()
              .bucket(bucket)
              .key(key)
              .checksumMode(ChecksumMode.ENABLED)
              .build())));
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A condition that does not hold (412, or 404 for an object that is gone), or that another request disputes (409). */
  static boolean changedUnderOurHands(S3Exception e) {
    return e.statusCode() == 412 || e.statusCode() == 409 || e.statusCode() == 404;
  }
}
