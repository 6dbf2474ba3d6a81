package io.drkit.testkit.aws;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;

/**
 * A checksum as S3 keeps it beside an object.
 *
 * @param value in base 64; a composite one ends with the number of its parts
 */
record S3Checksum(ChecksumAlgorithm algorithm, ChecksumType type, String value) {
  private static final long CRC64_NVME = 0x9A6C9329AC4BC9B5L;
  private static final long[] TABLE = new long[256];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      long entry = i;
      for (int bit = 0; bit < 8; bit++) {
        entry = (entry & 1) == 0 ? entry >>> 1 : (entry >>> 1) ^ CRC64_NVME;
      }
      TABLE[i] = entry;
    }
  }

  static S3Checksum of(ChecksumAlgorithm algorithm, SdkBytes content) {
    byte[] bytes = content.asByteArrayUnsafe();
    byte[] sum = switch (algorithm) {
      case CRC32 -> crc32(new CRC32(), bytes);
      case CRC32_C -> crc32(new CRC32C(), bytes);
      case CRC64_NVME -> crc64(bytes);
      case SHA1 -> digest("SHA-1", bytes);
      case SHA256 -> digest("SHA-256", bytes);
      default -> throw new IllegalArgumentException("no such checksum: " + algorithm);
    };
    return new S3Checksum(algorithm, ChecksumType.FULL_OBJECT, encoded(sum));
  }

  /** A checksum of the checksums of parts. */
  static S3Checksum composite(ChecksumAlgorithm algorithm, List<S3Checksum> parts) {
    byte[] sums = joined(
        parts.stream().map(part -> Base64.getDecoder().decode(part.value)).toList());
    S3Checksum whole = of(algorithm, SdkBytes.fromByteArrayUnsafe(sums));
    return new S3Checksum(algorithm, ChecksumType.COMPOSITE, whole.value + "-" + parts.size());
  }

  /** The tag of an object that was written at once. */
  static String tag(SdkBytes content) {
    return quoted(digest("MD5", content.asByteArrayUnsafe()), "");
  }

  /** The tag of an object that was written in parts: a digest of their digests. */
  static String tagOfParts(List<String> tags) {
    byte[] digests = joined(tags.stream().map(S3Checksum::digestIn).toList());
    return quoted(digest("MD5", digests), "-" + tags.size());
  }

  static String md5(SdkBytes content) {
    return encoded(digest("MD5", content.asByteArrayUnsafe()));
  }

  /** The name of the member that holds it in requests and answers. */
  String member() {
    return "Checksum" + algorithm;
  }

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(member(), value);
    members.put("ChecksumType", type.toString());
    return members;
  }

  private static byte[] crc32(Checksum crc, byte[] bytes) {
    crc.update(bytes);
    return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
  }

  private static byte[] crc64(byte[] bytes) {
    long crc = -1;
    for (byte each : bytes) {
      crc = TABLE[(int) (crc ^ each) & 0xFF] ^ (crc >>> 8);
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + algorithm, e);
    }
  }

  private static byte[] digestIn(String tag) {
    ByteBuffer digest = ByteBuffer.allocate(16);
    String hex = tag.replace("\"", "");
    for (int at = 0; at < hex.length(); at += 2) {
      digest.put((byte) Integer.parseInt(hex.substring(at, at + 2), 16));
    }
    return digest.array();
  }

  private static byte[] joined(List<byte[]> all) {
    ByteBuffer joined =
        ByteBuffer.allocate(all.stream().mapToInt(each -> each.length).sum());
    all.forEach(joined::put);
    return joined.array();
  }

  private static String quoted(byte[] digest, String end) {
    StringBuilder tag = new StringBuilder("\"");
    for (byte each : digest) {
      tag.append(String.format("%02x", each));
    }
    return tag.append(end).append('"').toString();
  }

  private static String encoded(byte[] sum) {
    return Base64.getEncoder().encodeToString(sum);
  }
}
