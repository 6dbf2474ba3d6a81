package io.drkit.aws.s3;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Whether two objects hold the same bytes, told without reading them. In doubt they do not: a copy too many costs money, a
 * copy too few costs data.
 */
final class SameContent {
  /** The metadata in which a copy that was made part by part names the tag of its source. */
  static final String SOURCE_TAG = "drkit-source-etag";

  private static final List<Function<HeadObjectResponse, @Nullable String>> CHECKSUMS = List.of(
      HeadObjectResponse::checksumCRC64NVME,
      HeadObjectResponse::checksumSHA256,
      HeadObjectResponse::checksumCRC32C,
      HeadObjectResponse::checksumCRC32,
      HeadObjectResponse::checksumSHA1);

  private SameContent() {}

  /**
   * Judges by what a listing tells. Equal tags come from equal bytes. Unequal ones need not come from unequal bytes: the tag
   * of an object that was uploaded in parts, or is encrypted with a key of KMS, is no digest of its content.
   */
  static boolean listed(S3Object source, S3Object copy) {
    return Objects.equals(source.size(), copy.size()) && Objects.equals(source.eTag(), copy.eTag());
  }

  /** Judges by what the heads of both tell; checksums first, because they are of the content and nothing else. */
  static boolean headed(HeadObjectResponse source, HeadObjectResponse copy) {
    if (!Objects.equals(source.contentLength(), copy.contentLength())) {
      return false;
    }
    Optional<Boolean> checksums = CHECKSUMS.stream()
        .map(checksum -> compare(checksum.apply(source), checksum.apply(copy)))
        .flatMap(Optional::stream)
        .reduce(Boolean::logicalAnd);
    if (checksums.isPresent() && ofWholeObject(source) && ofWholeObject(copy)) {
      return checksums.get();
    }
    return Objects.equals(source.eTag(), copy.eTag())
        || namesAsSource(copy, source)
        || namesAsSource(source, copy);
  }

  private static Optional<Boolean> compare(@Nullable String one, @Nullable String other) {
    return one == null || other == null ? Optional.empty() : Optional.of(one.equals(other));
  }

  /** A composite checksum depends on where the parts end, and so differs for equal bytes. */
  private static boolean ofWholeObject(HeadObjectResponse object) {
    return object.checksumType() != ChecksumType.COMPOSITE;
  }

  private static boolean namesAsSource(HeadObjectResponse copy, HeadObjectResponse source) {
    return source.eTag() != null && source.eTag().equals(copy.metadata().get(SOURCE_TAG));
  }
}
