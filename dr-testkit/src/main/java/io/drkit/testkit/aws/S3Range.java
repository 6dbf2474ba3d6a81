package io.drkit.testkit.aws;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes, as {@code Range} and {@code x-amz-copy-source-range} spell it.
 *
 * @param first the first byte; negative for that many bytes at the end
 * @param last the last byte
 */
record S3Range(long first, long last) {
  private static final Pattern READ = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final Pattern COPY = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

  /** Reads what HTTP allows; what is no range is overlooked, as HTTP has it. */
  static Optional<S3Range> ofRead(String text) {
    Matcher range = READ.matcher(text);
    if (!range.matches() || text.endsWith("=-")) {
      return Optional.empty();
    }
    if (range.group(1).isEmpty()) {
      long many = Long.parseLong(range.group(2));
      // The last none of its bytes are not to be had of any object.
      return Optional.of(new S3Range(many == 0 ? Long.MAX_VALUE : -many, Long.MAX_VALUE));
    }
    long first = Long.parseLong(range.group(1));
    long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
    return last < first ? Optional.empty() : Optional.of(new S3Range(first, last));
  }

  /** Reads what copies of parts allow: both ends and nothing else. */
  static Optional<S3Range> ofCopy(String text) {
    Matcher range = COPY.matcher(text);
    return range.matches()
        ? Optional.of(new S3Range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))))
            .filter(each -> each.first <= each.last)
        : Optional.empty();
  }

  /** Returns the part of it that an object has; nothing if it has no byte of it. */
  Optional<S3Range> within(long size) {
    long from = first < 0 ? Math.max(0, size + first) : first;
    return from >= size
        ? Optional.empty()
        : Optional.of(new S3Range(from, Math.min(last, size - 1)));
  }

  long length() {
    return last - first + 1;
  }

  /** {@return for example {@code bytes 0-99}, as Content-Range spells it} */
  @Override
  public String toString() {
    return "bytes " + first + "-" + last;
  }
}
