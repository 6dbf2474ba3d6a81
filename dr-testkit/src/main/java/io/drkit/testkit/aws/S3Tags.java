package io.drkit.testkit.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.Tag;

/** The tags of an object, within S3's limits. */
final class S3Tags {
  private static final int MOST = 10;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  private S3Tags() {}

  /** Reads the tags of a header: {@code a=b&c=d}. */
  static List<Tag> parse(FakeS3 s3, String header) {
    List<Tag> tags = new ArrayList<>();
    for (String pair : header.split("&", -1)) {
      if (!pair.isEmpty()) {
        int at = pair.indexOf('=');
        tags.add(Tag.builder()
            .key(decoded(s3, at < 0 ? pair : pair.substring(0, at)))
            .value(at < 0 ? "" : decoded(s3, pair.substring(at + 1)))
            .build());
      }
    }
    return tags;
  }

  private static String decoded(FakeS3 s3, String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw s3.refused(
          400,
          "InvalidArgument",
          "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters"
              + " without tag name duplicates.");
    }
  }

  static List<Tag> checked(FakeS3 s3, List<Tag> tags) {
    if (tags.size() > MOST) {
      throw s3.refused(400, "BadRequest", "Object tags cannot be greater than 10");
    }
    Set<String> keys = new HashSet<>();
    for (Tag tag : tags) {
      if (!keys.add(tag.key())) {
        throw s3.refused(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
      }
      if (tag.key().isEmpty() || tag.key().length() > LONGEST_KEY) {
        throw s3.refused(400, "InvalidTag", "The TagKey you have provided is invalid");
      }
      if (tag.value().length() > LONGEST_VALUE) {
        throw s3.refused(400, "InvalidTag", "The TagValue you have provided is invalid");
      }
    }
    return List.copyOf(tags);
  }
}
