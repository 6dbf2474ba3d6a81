package io.drkit.testkit.aws;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.Tag;

/** An object that is being written in parts. */
final class S3Upload {
  final String id;
  final String key;
  final Instant begun;
  final Map<String, Object> members;
  final String storageClass;
  final List<Tag> tags;
  /** Null if the writer named none. */
  final @Nullable ChecksumAlgorithm algorithm;

  final ChecksumType type;
  final TreeMap<Integer, Part> parts = new TreeMap<>();

  /** A part that has arrived. */
  record Part(int number, SdkBytes bytes, String tag, S3Checksum checksum, Instant modified) {
    long size() {
      return bytes.asByteArrayUnsafe().length;
    }
  }

  S3Upload(
      String id,
      String key,
      Instant begun,
      Map<String, Object> members,
      String storageClass,
      List<Tag> tags,
      @Nullable ChecksumAlgorithm algorithm,
      ChecksumType type) {
    this.id = id;
    this.key = key;
    this.begun = begun;
    this.members = members;
    this.storageClass = storageClass;
    this.tags = tags;
    this.algorithm = algorithm;
    this.type = type;
  }

  /** The checksum of a part whose writer sent none: S3 computes this one. */
  ChecksumAlgorithm algorithmOrDefault() {
    return algorithm == null ? ChecksumAlgorithm.CRC64_NVME : algorithm;
  }
}
