package io.drkit.testkit.aws;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * One version of an object, or a delete marker.
 *
 * @param id opaque; {@code null}, as a word, for what a bucket holds that keeps no versions
 * @param modified to the second, as S3 tells it
 * @param object nothing for a delete marker
 * @param replication how far it is replicated; nothing if it is not
 */
record S3Version(
    String key,
    String id,
    Instant modified,
    Optional<Content> object,
    Optional<String> replication) {

  S3Version(String key, String id, Instant modified, Optional<Content> object) {
    this(key, id, modified, object, Optional.empty());
  }

  /**
   * What an object is.
   *
   * @param members what its writer said of it, by the names of the requests' members
   */
  record Content(
      SdkBytes bytes,
      String tag,
      S3Checksum checksum,
      Map<String, Object> members,
      String storageClass,
      List<Tag> tags) {
    long size() {
      return bytes.asByteArrayUnsafe().length;
    }

    Content tagged(List<Tag> with) {
      return new Content(bytes, tag, checksum, members, storageClass, List.copyOf(with));
    }
  }

  boolean deleted() {
    return object.isEmpty();
  }

  S3Version replicated(String status) {
    return new S3Version(key, id, modified, object, Optional.of(status));
  }

  S3Version with(Content changed) {
    return new S3Version(key, id, modified, Optional.of(changed), replication);
  }
}
