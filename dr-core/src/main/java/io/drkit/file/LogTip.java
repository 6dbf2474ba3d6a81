package io.drkit.file;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far a log has been verified: up to the end of an append, and never into one. Immutable. */
final class LogTip {
  /** Before the first line. */
  static final LogTip START = new LogTip(null, 0, 0, 0, new byte[0]);

  private final @Nullable String plan;

  /** The byte at which the last append begins. The first one begins with the header. */
  final long lastAppend;

  /** The byte behind the last append. */
  final long end;

  /** The number of records up to there. */
  final long records;

  /** The checksum of the last line up to there. Never changed. */
  final byte[] checksum;

  LogTip(@Nullable String plan, long lastAppend, long end, long records, byte[] checksum) {
    this.plan = plan;
    this.lastAppend = lastAppend;
    this.end = end;
    this.records = records;
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
}
