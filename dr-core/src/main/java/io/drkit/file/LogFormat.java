package io.drkit.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How records become lines. See the package's description. Not thread-safe. */
final class LogFormat {
  /** The longest text of a record, in bytes; it bounds what reading a broken file can cost. */
  static final int MAX_TEXT = 16 << 20;

  /** The number of hexadecimal digits of a checksum. */
  static final int CHECKSUM = 32;

  /** A log begins in format 1, so that earlier versions can read it, and is of format 2 when it was compacted. */
  private static final String WHOLE = "drkit-journal 1 ";

  private static final String COMPACTED = "drkit-journal 2 ";
  private static final int VERSION = 2;
  private static final Pattern ANY_HEADER =
      Pattern.compile("drkit-journal ([1-9][0-9]{0,8})(?: .*)?");
  private static final Pattern HEADER = Pattern.compile(
      "(drkit-journal [12] )([0-9a-f]{32}) ((?:([1-9][0-9]{0,17}) [0-9a-f]{32} )?([^ ]+))");
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(ISO_8859_1);

  private final MessageDigest sha256;

  LogFormat() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** {@return the bytes of each text, for {@link #append}} */
  static List<byte[]> texts(List<String> records) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("records must not be empty: there is nothing to append");
    }
    List<byte[]> texts = new ArrayList<>();
    for (String record : records) {
      String which = "record " + texts.size() + " of the append ";
      if (record.indexOf('\n') >= 0 || record.indexOf('\r') >= 0) {
        throw new IllegalArgumentException(
            which + "has a line break; a record is one line of text");
      }
      byte[] text = record.getBytes(UTF_8);
      if (text.length > MAX_TEXT) {
        throw new IllegalArgumentException(
            which + "has " + text.length + " bytes; it may have " + MAX_TEXT + " at most");
      }
      if (!new String(text, UTF_8).equals(record)) {
        throw new IllegalArgumentException(
            which + "has half of a surrogate pair, which is no character");
      }
      texts.add(text);
    }
    return texts;
  }

  /** {@return the first line of a plan's log that was never compacted, with its line break} */
  byte[] header(String plan) {
    return header(WHOLE, plan);
  }

  /** {@return the checksum in that line, with which the chain begins} */
  byte[] headerChecksum(String plan) {
    return checksum(WHOLE, plan);
  }

  private byte[] header(String kind, String rest) {
    return (kind + latin(checksum(kind, rest)) + " " + rest + "\n").getBytes(ISO_8859_1);
  }

  private byte[] checksum(String kind, String rest) {
    sha256.update((kind + rest).getBytes(ISO_8859_1));
    return checksum();
  }

  /**
   * Reads a first line, without its line break.
   *
   * @return the tip behind it; nothing if it is not a header, or does not verify
   * @throws NewerFormatException if it is one of a later format
   */
  Optional<LogTip> header(byte[] line, int from, int to) throws NewerFormatException {
    String text = new String(line, from, to - from, ISO_8859_1);
    Matcher any = ANY_HEADER.matcher(text);
    if (any.matches() && Integer.parseInt(any.group(1)) > VERSION) {
      throw new NewerFormatException(any.group(1));
    }
    Matcher header = HEADER.matcher(text);
    if (!header.matches()) {
      return Optional.empty();
    }
    byte[] checksum = checksum(header.group(1), header.group(3));
    if (!header.group(2).equals(latin(checksum))) {
      return Optional.empty();
    }
    String position = header.group(4);
    long first = position == null ? 0 : Long.parseLong(position);
    return Optional.of(new LogTip(header.group(5), first, 0, to - from + 1, first, checksum));
  }

  /**
   * Writes records as the lines of one append, the header before them if they are the first.
   *
   * @param out receives the lines
   * @return the tip behind them, if they are written at the tip before
   */
  LogTip append(LogTip tip, String plan, List<byte[]> texts, ByteArrayOutputStream out) {
    int before = out.size();
    byte[] checksum = tip.checksum;
    if (tip.isStart()) {
      out.writeBytes(header(plan));
      checksum = headerChecksum(plan);
    }
    byte[] last = lines(checksum, tip.next, texts, out);
    return new LogTip(
        plan, tip.first, tip.end, tip.end + out.size() - before, tip.next + texts.size(), last);
  }

  /**
   * {@return a whole log in which records take the place of all before a tip}
   *
   * @param old the end of what they replace
   */
  byte[] compacted(LogTip old, List<byte[]> texts) {
    String rest = old.next + " " + latin(old.checksum) + " " + old.plan();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(COMPACTED, rest));
    lines(checksum(COMPACTED, rest), old.next, texts, out);
    return out.toByteArray();
  }

  private byte[] lines(
      byte[] previous, long position, List<byte[]> texts, ByteArrayOutputStream out) {
    byte[] checksum = previous;
    long sequence = position;
    int left = texts.size();
    for (byte[] text : texts) {
      left--;
      byte[] head = (sequence + " ").getBytes(ISO_8859_1);
      byte[] rest = (" " + left + " " + text.length + " ").getBytes(ISO_8859_1);
      sha256.update(checksum);
      sha256.update(head);
      sha256.update(rest);
      sha256.update(text);
      checksum = checksum();
      out.writeBytes(head);
      out.writeBytes(checksum);
      out.writeBytes(rest);
      out.writeBytes(text);
      out.write('\n');
      sequence++;
    }
    return checksum;
  }

  /**
   * {@return the checksum that a line must have}
   *
   * @param previous the checksum of the line before
   * @param line holds the line
   * @param from where it begins
   * @param at where its checksum begins
   * @param to where it ends, without its line break
   */
  byte[] checksum(byte[] previous, byte[] line, int from, int at, int to) {
    sha256.update(previous);
    sha256.update(line, from, at - from);
    sha256.update(line, at + CHECKSUM, to - at - CHECKSUM);
    return checksum();
  }

  private byte[] checksum() {
    byte[] digest = sha256.digest();
    byte[] hex = new byte[CHECKSUM];
    for (int i = 0; i < CHECKSUM; i += 2) {
      hex[i] = DIGITS[(digest[i / 2] >> 4) & 0xf];
      hex[i + 1] = DIGITS[digest[i / 2] & 0xf];
    }
    return hex;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** A log of a format that this version does not know. */
  static final class NewerFormatException extends Exception {
    private static final long serialVersionUID = 1;

    NewerFormatException(String version) {
      super("was written in format " + version + ", and this version of drkit knows formats up to "
          + VERSION + ": use the version that wrote it, or a later one");
    }
  }
}
