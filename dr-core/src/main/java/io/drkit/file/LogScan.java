package io.drkit.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.spi.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One reading of a log, from a tip to the end of the file; it verifies every line. Used once; not thread-safe. */
final class LogScan {
  /** More than the longest line: a text and what stands before it. */
  private static final int LINE_LIMIT = LogFormat.MAX_TEXT + 128;

  private static final int MAX_DIGITS = 18;

  private final LogFormat format = new LogFormat();
  private final Path log;
  private final String plan;
  private final LineReader lines;
  private final boolean keep;
  private final List<String> records = new ArrayList<>();

  private LogTip tip;
  private boolean torn;

  // The line that is expected next.
  private byte[] checksum;
  private long sequence;
  private long left;
  private long appendBegan;

  /** Where in the current line to read on. */
  private int cursor;

  private LogScan(Path log, Disk.OpenFile file, LogTip from, String plan, boolean keep)
      throws IOException {
    this.log = log;
    this.plan = plan;
    this.lines = new LineReader(file, from.end, LINE_LIMIT);
    this.keep = keep;
    this.tip = from;
    this.checksum = from.checksum;
    this.sequence = from.next;
    this.appendBegan = from.end;
  }

  /**
   * Reads a whole log and keeps its records.
   *
   * @throws JournalException if it is damaged, of a later format, or another plan's
   */
  static LogScan read(Path log, Disk.OpenFile file, String plan) throws IOException {
    LogScan scan = new LogScan(log, file, LogTip.START, plan, true);
    scan.run();
    return scan;
  }

  /**
   * Verifies what is behind a tip.
   *
   * @throws JournalException if it is damaged, of a later format, or another plan's
   */
  static LogScan verify(Path log, Disk.OpenFile file, LogTip from, String plan) throws IOException {
    LogScan scan = new LogScan(log, file, from, plan, false);
    scan.run();
    return scan;
  }

  /**
   * {@return the plan that the header names; nothing if there is no whole header yet}
   *
   * @throws JournalException if it is damaged, or of a later format
   */
  static Optional<String> plan(Path log, Disk.OpenFile file) throws IOException {
    LogScan scan = new LogScan(log, file, LogTip.START, "", false);
    if (!scan.lines.next() || !scan.lines.terminated()) {
      return Optional.empty();
    }
    return Optional.of(scan.header().plan());
  }

  /** {@return the end of the last whole append} */
  LogTip tip() {
    return tip;
  }

  /** {@return whether something follows the last whole append, which is the beginning of another} */
  boolean torn() {
    return torn;
  }

  /** {@return the records of all whole appends} */
  List<String> records() {
    return List.copyOf(records.subList(0, Math.toIntExact(tip.next - tip.first)));
  }

  private void run() throws IOException {
    while (lines.next()) {
      if (!lines.terminated()) {
        if (!beginsAnAppend()) {
          throw damaged();
        }
        torn = true;
      } else if (tip.isStart()) {
        takeHeader();
      } else {
        takeRecord();
      }
    }
    torn |= left > 0;
    if (tip.first > 0 && tip.isEmpty()) {
      // What a log was compacted to was whole and durable before it took the log's place.
      throw damaged();
    }
  }

  private void takeHeader() {
    LogTip header = header();
    if (!header.plan().equals(plan)) {
      throw ofAnotherPlan(log, header.plan(), plan);
    }
    checksum = header.checksum;
    sequence = header.next;
    // The header is written with the first append, and belongs to it.
    tip = header;
  }

  private LogTip header() {
    try {
      return format.header(lines.bytes(), lines.from(), lines.to()).orElseThrow(this::damaged);
    } catch (LogFormat.NewerFormatException e) {
      throw new JournalException(log + " " + e.getMessage(), e);
    }
  }

  private void takeRecord() {
    byte[] line = lines.bytes();
    cursor = lines.from();
    boolean inOrder = number() == sequence;
    int at = cursor;
    cursor += LogFormat.CHECKSUM + 1;
    long nowLeft = number();
    long length = number();
    if (!inOrder
        || nowLeft < 0
        || (left > 0 && nowLeft != left - 1)
        || length < 0
        || length != lines.to() - cursor) {
      throw damaged();
    }
    byte[] expected = format.checksum(checksum, line, lines.from(), at, lines.to());
    if (!Arrays.equals(expected, 0, LogFormat.CHECKSUM, line, at, at + LogFormat.CHECKSUM)) {
      throw damaged();
    }
    if (keep) {
      records.add(new String(line, cursor, lines.to() - cursor, UTF_8));
    }
    checksum = expected;
    sequence++;
    left = nowLeft;
    if (left == 0) {
      tip = new LogTip(plan, tip.first, appendBegan, end(), sequence, checksum);
      appendBegan = tip.end;
    }
  }

  /** {@return the number at the cursor, which moves behind the space after it; -1 if there is none} */
  private long number() {
    byte[] line = lines.bytes();
    int start = cursor;
    long number = 0;
    while (cursor < lines.to() && line[cursor] >= '0' && line[cursor] <= '9') {
      number = 10 * number + line[cursor] - '0';
      cursor++;
    }
    int digits = cursor - start;
    boolean ends = cursor < lines.to() && line[cursor] == ' ';
    cursor++;
    return digits >= 1 && digits <= MAX_DIGITS && ends ? number : -1;
  }

  private long end() {
    return lines.position() + lines.to() - lines.from() + 1;
  }

  /**
   * {@return whether the current line, which nothing terminates, can be what a crash left of an append}
   *
   * <p>That is a beginning of the line that is expected here, with zeros behind it or without. A whole line whose line
   * break became something else is not.
   */
  // A torn head is a beginning that more input could complete: just what hitEnd tells.
  @SuppressWarnings("JdkObsolete")
  private boolean beginsAnAppend() {
    byte[] line = lines.bytes();
    int from = lines.from();
    int to = lines.to();
    if (to - from >= LINE_LIMIT) {
      return false;
    }
    int written = to;
    while (written > from && line[written - 1] == 0) {
      written--;
    }
    String beginning = new String(line, from, written - from, ISO_8859_1);
    if (tip.isStart()) {
      return new String(format.header(plan), ISO_8859_1).startsWith(beginning);
    }
    Matcher head = expectedHead().matcher(beginning);
    if (!head.lookingAt()) {
      return head.hitEnd();
    }
    int text = from + head.end();
    int length = Integer.parseInt(head.group(3));
    boolean whole = false;
    if (to - text >= length) {
      byte[] expected = format.checksum(checksum, line, from, from + head.start(1), text + length);
      whole = head.group(1).equals(new String(expected, ISO_8859_1));
    }
    if (!whole) {
      return written - text < length;
    }
    boolean goesOn = !head.group(2).equals("0");
    return to - text == length || (goesOn && written - text <= length);
  }

  private Pattern expectedHead() {
    String number = "(0|[1-9][0-9]{0,8})";
    return Pattern.compile(sequence + " ([0-9a-f]{32}) "
        + (left > 0 ? "(" + (left - 1) + ")" : number) + " " + number + " ");
  }

  static JournalException ofAnotherPlan(Path log, String owner, String plan) {
    return new JournalException(log + " is the journal of plan '" + owner + "', not of plan '"
        + plan + "': give each plan a directory of its own");
  }

  private JournalException damaged() {
    String where = tip.isStart() ? "its first line" : "record " + sequence;
    String rest;
    if (tip.isStart()) {
      rest = "its records may all be given up, remove it";
    } else if (tip.first > 0 && tip.isEmpty()) {
      rest = "all records since its compaction may be given up, put the archive in its place";
    } else {
      rest = "record " + tip.next + " and all after it may be given up, cut it to " + tip.end
          + " bytes";
    }
    return new JournalException(log + " is damaged: " + where + ", at byte " + lines.position()
        + ", does not verify. Nothing was changed. Put a copy in its place that is whole; or, if "
        + rest);
  }
}
