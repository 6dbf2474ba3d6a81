package io.drkit.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final int VERSION = 1;
  private static final String HEADER = "drkit-journal " + VERSION + " ";
  private static final Pattern ANY_HEADER =
      Pattern.compile("drkit-journal ([1-9][0-9]{0,8})(?: .*)?");
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);

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

  /** {@return the first line of a plan's log, with its line break} */
  byte[] header(String plan) {
    return (HEADER + ascii(headerChecksum(plan)) + " " + plan + "\n").getBytes(US_ASCII);
  }

  /** {@return the checksum in the header, with which the chain begins} */
  byte[] headerChecksum(String plan) {
    sha256.update((HEADER + plan).getBytes(US_ASCII));
    return checksum();
  }

  /**
   * Reads a first line, without its line break.
   *
   * @return the plan; nothing if it is not a header, or does not verify
   * @throws NewerFormatException if it is one of a later format
   */
  Optional<String> plan(byte[] line, int from, int to) throws NewerFormatException {
    String text = new String(line, from, to - from, ISO_8859_1);
    Matcher header = ANY_HEADER.matcher(text);
    if (!header.matches()) {
      return Optional.empty();
    }
    int version = Integer.parseInt(header.group(1));
    if (version > VERSION) {
      throw new NewerFormatException(version);
    }
    int name = HEADER.length() + CHECKSUM + 1;
    return Optional.of(text)
        .filter(whole -> whole.length() > name)
        .map(whole -> whole.substring(name))
        .filter(plan -> Arrays.equals(header(plan), (text + "\n").getBytes(ISO_8859_1)));
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
    long sequence = tip.records;
    int left = texts.size();
    for (byte[] text : texts) {
      left--;
      byte[] head = (sequence + " ").getBytes(US_ASCII);
      byte[] rest = (" " + left + " " + text.length + " ").getBytes(US_ASCII);
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
    return new LogTip(plan, tip.end, tip.end + out.size() - before, sequence, checksum);
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

  private static String ascii(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  /** A log of a format that this version does not know. */
  static final class NewerFormatException extends Exception {
    private static final long serialVersionUID = 1;

    NewerFormatException(int version) {
      super("was written in format " + version + ", and this version of drkit knows formats up to "
          + VERSION + ": use the version that wrote it, or a later one");
    }
  }
}
