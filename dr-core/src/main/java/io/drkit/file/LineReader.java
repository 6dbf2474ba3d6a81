package io.drkit.file;

import java.io.IOException;
import java.util.Arrays;

/** The lines of an open file, one after the other, in a buffer that grows with the longest of them. Not thread-safe. */
final class LineReader {
  private static final int MAX_FIRST_SIZE = 1 << 18;

  private final Disk.OpenFile file;
  private final int limit;
  private byte[] buffer;
  private long base;
  private int filled;
  private int from;
  private int to;
  private int next;
  private boolean terminated;

  /**
   * Prepares to read.
   *
   * @param limit the length at which a line is given up: it is returned as one that nothing terminates
   */
  LineReader(Disk.OpenFile file, long position, int limit) throws IOException {
    this.file = file;
    this.base = position;
    this.limit = limit;
    // One byte more than there is, so that a small file is read, and its end is seen, without
    // another buffer.
    this.buffer = new byte[(int) Math.min(file.size() - position + 1, MAX_FIRST_SIZE)];
  }

  /** {@return whether there is another line, or a part of one} */
  boolean next() throws IOException {
    from = next;
    int searched = from;
    while (true) {
      for (; searched < filled; searched++) {
        if (buffer[searched] == '\n') {
          to = searched;
          next = searched + 1;
          terminated = true;
          return true;
        }
      }
      int read = filled - from < limit ? fill() : -1;
      if (read < 0) {
        to = filled;
        next = filled;
        terminated = false;
        return to > from;
      }
      searched = filled - read;
    }
  }

  private int fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, filled - from);
    base += from;
    filled -= from;
    from = 0;
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = file.read(base + filled, buffer, filled, buffer.length - filled);
    filled += Math.max(read, 0);
    return read;
  }

  /** {@return the bytes that hold the current line} */
  byte[] bytes() {
    return buffer;
  }

  /** {@return where in {@link #bytes} the current line begins} */
  int from() {
    return from;
  }

  /** {@return where in {@link #bytes} the current line ends, without its line break} */
  int to() {
    return to;
  }

  /** {@return whether the current line has its line break} */
  boolean terminated() {
    return terminated;
  }

  /** {@return where in the file the current line begins} */
  long position() {
    return base + from;
  }
}
