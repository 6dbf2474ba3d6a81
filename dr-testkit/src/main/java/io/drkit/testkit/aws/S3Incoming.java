package io.drkit.testkit.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.Tag;

/** What comes along when an object or a part of one is written, and is compared, completed or refused. */
final class S3Incoming {
  /** What a writer says of an object and a reader is told again. */
  static final String CARRIED =
      "CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Metadata";

  static final String CHECKSUMS =
      "ChecksumAlgorithm ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256";

  private static final int MOST_METADATA = 2_048;

  private final FakeS3 s3;

  S3Incoming(FakeS3 s3) {
    this.s3 = s3;
  }

  /** Reads what was sent, and compares it with what its sender says of it. */
  SdkBytes arrived(SdkPojo request, RequestBody body) {
    SdkBytes bytes = SdkBytes.fromByteArrayUnsafe(sent(body));
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

  /** What the SDK sends of a body: as much as its caller says that there is. */
  private static byte[] sent(RequestBody body) {
    int length = body.optionalContentLength().map(Math::toIntExact).orElse(Integer.MAX_VALUE);
    try (InputStream content = body.contentStreamProvider().newStream()) {
      byte[] bytes = content.readNBytes(length);
      if (length < Integer.MAX_VALUE && bytes.length < length) {
        // The SDK does not send such a request.
        throw new IllegalStateException(
            "The request content has fewer bytes than the specified content-length: " + length
                + " bytes.");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read", e);
    }
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
        throw s3.invalidRequest(
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
      throw s3.invalidRequest("Checksum algorithm provided is unsupported.");
    }
    return named;
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
    return given == null ? List.of() : S3Tags.checked(s3, S3Tags.parse(s3, given));
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
}
