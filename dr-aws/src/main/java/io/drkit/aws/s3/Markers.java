package io.drkit.aws.s3;

import io.drkit.DrException;
import io.drkit.aws.AwsEndpoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What a bucket itself says about its last copy and its last promotion. It lies in the recovery site because that is where
 * it must be readable, and is only ever changed by conditional writes: two writers cannot both succeed.
 */
final class Markers {
  /** What lies below this prefix is drkit's own and no part of a dataset. */
  static final String PREFIX = ".drkit/";

  private final AwsEndpoint<S3Client> s3;
  private final String bucket;
  private final String dataset;

  Markers(AwsEndpoint<S3Client> s3, String bucket, String dataset) {
    this.s3 = s3;
    this.bucket = bucket;
    this.dataset = dataset;
  }

  boolean bucketExists() throws Exception {
    return s3.find(
            "look for bucket " + bucket,
            S3Client::headBucket,
            HeadBucketRequest.builder().bucket(bucket).build(),
            "404")
        .isPresent();
  }

  Optional<CopyMarker> copy() throws Exception {
    Optional<Lines> lines = read("copy");
    return lines.isEmpty() ? Optional.empty() : Optional.of(CopyMarker.of(lines.get()));
  }

  Optional<PromotionMarker> promotion() throws Exception {
    Optional<Lines> lines = read("promotion");
    return lines.isEmpty() ? Optional.empty() : Optional.of(PromotionMarker.of(lines.get()));
  }

  /** {@return how often the dataset had been promoted when this bucket last was; 0 if it never was} */
  long promotionNumber() throws Exception {
    return promotion().map(PromotionMarker::number).orElse(0L);
  }

  /**
   * Writes the copy marker in place of the one that was read.
   *
   * @param before the tag of what was read; null for nothing
   * @return the new tag; nothing if somebody else was quicker
   */
  Optional<String> write(CopyMarker marker, @Nullable String before) throws Exception {
    return write("copy", marker.lines(), before);
  }

  /** See {@link #write(CopyMarker, String)}. */
  Optional<String> write(PromotionMarker marker, @Nullable String before) throws Exception {
    return write("promotion", marker.lines(), before);
  }

  private Optional<Lines> read(String name) throws Exception {
    return s3.find(
            "read " + key(name) + " in bucket " + bucket,
            (S3Client client, GetObjectRequest request) -> client.getObjectAsBytes(request),
            GetObjectRequest.builder().bucket(bucket).key(key(name)).build(),
            "NoSuchKey",
            "NoSuchBucket")
        .map(object -> Lines.parse(key(name), object.response().eTag(), object.asUtf8String()));
  }

  private Optional<String> write(String name, Map<String, String> lines, @Nullable String before)
      throws Exception {
    StringBuilder text = new StringBuilder();
    lines.forEach((line, value) -> text.append(line).append(" = ").append(value).append('\n'));
    PutObjectRequest.Builder request = PutObjectRequest.builder()
        .bucket(bucket)
        .key(key(name))
        .contentType("text/plain; charset=utf-8");
    if (before == null) {
      request.ifNoneMatch("*");
    } else {
      request.ifMatch(before);
    }
    RequestBody body = RequestBody.fromString(text.toString());
    return s3.find(
            "write " + key(name) + " in bucket " + bucket,
            (S3Client client, PutObjectRequest put) -> client.putObject(put, body),
            request.build(),
            "412",
            "409")
        .map(written -> written.eTag());
  }

  private String key(String name) {
    return PREFIX + dataset + "/" + name;
  }

  /**
   * The lines "name = value" of an object, which a person can read as well.
   *
   * @param key where they were read
   * @param tag the object's tag
   */
  record Lines(String key, String tag, Map<String, String> values) {
    static Lines parse(String key, String tag, String text) {
      Map<String, String> values = new LinkedHashMap<>();
      text.lines().forEach(line -> {
        int at = line.indexOf(" = ");
        if (at > 0) {
          values.put(line.substring(0, at), line.substring(at + 3));
        }
      });
      return new Lines(key, tag, values);
    }

    String get(String name) {
      return find(name)
          .orElseThrow(() -> new DrException("object " + key
              + " says nothing of '" + name + "'; it was not written by drkit, or is damaged:"
              + " look at what it says before you remove it"));
    }

    Optional<String> find(String name) {
      return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** A number that is not negative. */
    long number(String name) {
      String value = get(name);
      try {
        long number = Long.parseLong(value);
        if (number >= 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw unreadable(name, value, "number", e);
      }
      throw unreadable(name, value, "number", null);
    }

    Instant instant(String name) {
      String value = get(name);
      try {
        return Instant.parse(value);
      } catch (DateTimeException e) {
        throw unreadable(name, value, "instant", e);
      }
    }

    private DrException unreadable(
        String name, String value, String wanted, @Nullable Exception cause) {
      String shown = value.length() > 100 ? value.substring(0, 100) + "…" : value;
      return new DrException(
          "object " + key + " says '" + shown + "' of '" + name + "', which is no " + wanted
              + "; it was not written by drkit, or is damaged: look at what it says before you remove it",
          cause);
    }
  }
}
