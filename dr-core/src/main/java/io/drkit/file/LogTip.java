package io.drkit.file;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far a log has been verified: up to the end of an append, and never into one. Immutable. */
final class LogTip {
  /** Before the first line. */
  static final LogTip START = new LogTip(null, 0, 0, 0, 0, new byte[0]);

  private final @Nullable String plan;

  /** The position of the first record; 0 unless the log was compacted. */
  final long first;

  /** The byte at which the last append begins. The first one begins with the header. */
  final long lastAppend;

  /** The byte behind the last append. */
  final long end;

  /** The position that the next record takes. */
  final long next;

  /** The checksum of the last line up to there. Never changed. */
  final byte[] checksum;

  LogTip(@Nullable String plan, long first, long lastAppend, long end, long next, byte[] checksum) {
    this.plan = plan;
    this.first = first;
    this.lastAppend = lastAppend;
    this.end = end;
    this.next = next;
    this.checksum = checksum;
  }

  /** {@return whether there is no line yet, not even the header} */
  boolean isStart() {
    return plan == null;
  }

  /** {@return the plan that the header names} */
  String plan() {
    return Objects.requireNonNull(plan);
  }

  /** {@return whether the header, or the lack of one, is all that was verified} */
  boolean isEmpty() {
    return next == first;
  }
}
