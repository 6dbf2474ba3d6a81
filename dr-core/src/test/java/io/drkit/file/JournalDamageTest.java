package io.drkit.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.JournalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a log of 45 records in 23 appends when it is cut, changed or shuffled. */
class JournalDamageTest {
  private static final int RECORDS = 45;
  private static final Path LOG = Path.of("journal.log");

  @TempDir
  Path directory;

  private final List<String> records = new ArrayList<>();

  /** How many records there are up to which byte, at the end of each append. */
  private final NavigableMap<Integer, Integer> appends = new TreeMap<>();

  private byte[] whole = new byte[0];

  private LogTip end = LogTip.START;

  @BeforeEach
  void writeTheLog() throws IOException {
    appends.put(0, 0);
    whole = grown(new ByteArrayOutputStream());
    assertThat(whole.length).isBetween(5_000, 8_000);
  }

  /** Appends up to the number of records that a log has here. */
  private byte[] grown(ByteArrayOutputStream out) {
    LogFormat format = new LogFormat();
    for (int size = 1; records.size() < RECORDS; size = size % 3 + 1) {
      List<String> texts = new ArrayList<>();
      while (texts.size() < Math.min(size, RECORDS - records.size())) {
        int sequence = records.size() + texts.size();
        texts.add("{\"sequence\":" + sequence + ",\"epoch\":1,\"at\":\"2026-11-23T00:00:" + sequence
            + "Z\",\"event\":{\"step\":\"prömote orders\",\"generation\":" + sequence % 3 + "}}");
      }
      records.addAll(texts);
      end = format.append(end, "orders", LogFormat.texts(texts), out);
      appends.put(out.size(), records.size());
    }
    return out.toByteArray();
  }

  /** Begins again with what the log was compacted to, which must not be torn. */
  private void compactTheLog() throws IOException {
    records.subList(5, RECORDS).clear();
    byte[] compacted = new LogFormat().compacted(end, LogFormat.texts(records));
    end = LogScan.verify(LOG, new BytesInMemory(compacted), LogTip.START, "orders")
        .tip();
    assertThat(end.first).isEqualTo(RECORDS);
    appends.clear();
    appends.put(compacted.length, records.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(compacted);
    whole = grown(out);
  }

  private static List<String> read(byte[] log) throws IOException {
    return LogScan.read(LOG, new BytesInMemory(log), "orders").records();
  }

  /** Plain code, not assertions: it runs some hundred thousand times. */
  private static void assertDamaged(byte[] log, int notBehind) throws IOException {
    String message;
    try {
      List<String> read = LogScan.read(LOG, new BytesInMemory(log), "orders").records();
      message = "no damage seen in " + read.size() + " records";
    } catch (JournalException damage) {
      message = String.valueOf(damage.getMessage());
    }
    int at = message.indexOf(", at byte ") + ", at byte ".length();
    int end = message.indexOf(", does not verify. Nothing was changed. Put a copy in its place");
    if (!message.startsWith("journal.log is damaged: ")
        || end < at
        || Integer.parseInt(message.substring(at, end)) > notBehind) {
      throw new AssertionError("damage at byte " + notBehind + " or before it: " + message);
    }
  }

  @Test
  void aLogThatIsWholeIsReadWhole() throws IOException {
    assertThat(read(whole)).isEqualTo(records);
  }

  @Test
  void aLogCutAnywhereKeepsEveryAppendBeforeTheCutAndCanGoOn() throws IOException {
    Path log = directory.resolve("journal.log");
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] rest = Arrays.copyOf(whole, cut);
      // Reading is tried on bytes in memory; going on is tried on files, which are slower, at fewer
      // places.
      List<String> kept = records.subList(0, appends.floorEntry(cut).getValue());
      assertThat(read(rest)).as("cut to %s bytes", cut).isEqualTo(kept);
      if (cut % 16 == 0 || appends.containsKey(cut)) {
        Files.deleteIfExists(log);
        Files.write(log, rest);
        FileJournal journal = FileJournal.at(directory, new PowerLossDisk());
        assertThat(journal.read("orders").records()).isEqualTo(kept);
        assertThat(Files.readAllBytes(log)).as("reading changes nothing").isEqualTo(rest);

        journal.append("orders", kept.size(), List.of("more"));

        List<String> grown = new ArrayList<>(kept);
        grown.add("more");
        assertThat(FileJournal.at(directory).read("orders").records()).isEqualTo(grown);
        journal.close();
      }
    }
  }

  @Test
  void aCompactedLogCutAnywhereIsWholeUpToAnAppendOrDamaged() throws IOException {
    compactTheLog();
    int torn = 0;
    for (int cut = "drkit-journal 2".length(); cut < whole.length; cut++) {
      byte[] rest = Arrays.copyOf(whole, cut);
      if (cut < appends.firstKey()) {
        assertDamaged(rest, cut);
      } else {
        torn++;
        assertThat(read(rest))
            .isEqualTo(records.subList(0, appends.floorEntry(cut).getValue()));
      }
    }
    assertThat(torn).isGreaterThan(5_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangedByteIsFound(boolean compacted) throws IOException {
    if (compacted) {
      compactTheLog();
    }
    int cases = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int change = 0; change < 10; change++) {
        byte[] log = whole.clone();
        log[at] = (byte)
            switch (change) {
              case 0 -> 0x00;
              case 1 -> 0xff;
              default -> log[at] ^ (1 << (change - 2));
            };
        if (isOfALaterFormat(log)) {
          assertThatThrownBy(() -> read(log))
              .isInstanceOf(JournalException.class)
              .hasMessageContaining("was written in format");
        } else {
          assertDamaged(log, at);
        }
        cases++;
      }
    }
    assertThat(cases).isEqualTo(10 * whole.length).isGreaterThan(50_000);
  }

  private static boolean isOfALaterFormat(byte[] log) {
    return log[13] == ' ' && log[14] > '2' && log[14] <= '9' && log[15] == ' ';
  }

  @Test
  void damageIsNamedWithItsPlaceAndWhatToDo() throws IOException {
    Path log = directory.resolve("journal.log");
    int append = appends.floorKey(3_000);
    int record = appends.floorEntry(3_000).getValue();
    byte[] damaged = whole.clone();
    damaged[append + 80] ^= 1;
    Files.write(log, damaged);
    FileJournal journal = FileJournal.at(directory);
    String message = log + " is damaged: record " + record + ", at byte " + append
        + ", does not verify. Nothing was changed. Put a copy in its place that is whole; or, if"
        + " record " + record + " and all after it may be given up, cut it to " + append + " bytes";

    assertThatThrownBy(() -> journal.read("orders").records())
        .isInstanceOf(JournalException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> journal.append("orders", RECORDS, List.of("more")))
        .isInstanceOf(JournalException.class)
        .hasMessage(message);
    assertThat(Files.readAllBytes(log)).isEqualTo(damaged);

    Files.write(log, Arrays.copyOf(damaged, append));
    journal.append("orders", record, List.of("more"));
    assertThat(journal.read("orders").records()).hasSize(record + 1).endsWith("more");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesThatAreDoubledSwappedOrMissingAreFound(boolean compacted) throws IOException {
    if (compacted) {
      compactTheLog();
    }
    List<String> lines = new String(whole, UTF_8).lines().toList();
    int offset = 0;
    for (int at = 0; at < lines.size(); at++) {
      List<String> doubled = new ArrayList<>(lines);
      doubled.add(at, lines.get(at));
      assertDamaged(bytes(doubled), whole.length);

      if (at < lines.size() - 1) {
        List<String> missing = new ArrayList<>(lines);
        missing.remove(at);
        int place = offset;
        assertDamaged(bytes(missing), place);
      }
      for (int other = at + 1; other < lines.size(); other++) {
        List<String> swapped = new ArrayList<>(lines);
        swapped.set(at, lines.get(other));
        swapped.set(other, lines.get(at));
        int place = offset;
        assertDamaged(bytes(swapped), place);
      }
      offset += lines.get(at).getBytes(UTF_8).length + 1;
    }
  }

  private static byte[] bytes(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sectorsThatLandInTheWrongPlaceAreFound(boolean compacted) throws IOException {
    if (compacted) {
      compactTheLog();
    }
    int cases = 0;
    for (int from = 0; from + 512 <= whole.length; from += 512) {
      for (int to = 0; to + 512 <= whole.length; to += 512) {
        if (from != to) {
          byte[] log = whole.clone();
          System.arraycopy(whole, from, log, to, 512);
          assertDamaged(log, to + 512);
          cases++;
        }
      }
    }
    assertThat(cases).isGreaterThan(100);
  }

  /** What an earlier state of the same log left behind its end, from each append on. */
  @Test
  void staleRecordsOfAnEarlierStateAreFound() throws IOException {
    byte[] before = whole;
    List<Integer> ends = List.copyOf(appends.keySet());
    compactTheLog();
    for (int from : ends.subList(1, ends.size() - 1)) {
      ByteArrayOutputStream mixed = new ByteArrayOutputStream();
      mixed.writeBytes(whole);
      mixed.write(before, from, before.length - from);
      assertDamaged(mixed.toByteArray(), whole.length);
    }
  }

  @Test
  void aStaleTailOfAnotherLogIsFound() throws IOException {
    LogFormat format = new LogFormat();
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    LogTip end = format.append(LogTip.START, "orders", LogFormat.texts(List.of("other")), other);
    assertThat(end.next).isEqualTo(1);
    int first = appends.higherKey(0);
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.writeBytes(other.toByteArray());
    mixed.write(whole, first, whole.length - first);

    assertDamaged(mixed.toByteArray(), other.size());
  }

  /** The states in which a file system may leave an append of two records that was not forced before the power went. */
  @Test
  void zerosInThePlaceOfWhatWasNotWrittenAreATornTail() throws IOException {
    int end = whole.length;
    int begin = appends.lowerKey(end);
    List<String> kept = records.subList(0, appends.get(begin));
    assertThat(RECORDS - kept.size()).isEqualTo(2);
    for (int written = begin; written < end - 1; written++) {
      byte[] log = Arrays.copyOf(whole, written);
      assertThat(read(Arrays.copyOf(log, end))).as("zeros from %s", written).isEqualTo(kept);
      assertThat(read(Arrays.copyOf(log, written + 1))).isEqualTo(kept);
      assertThat(read(Arrays.copyOf(log, end + 100_000))).isEqualTo(kept);
    }
    // A record that is whole but for its line break may be one that was acknowledged: nobody may
    // cut it silently.
    assertDamaged(Arrays.copyOf(Arrays.copyOf(whole, end - 1), end), end);
    assertThat(read(Arrays.copyOf(whole, end + 1_000))).isEqualTo(records);
  }

  @Test
  void zerosFollowedByAnythingElseAreDamage() throws IOException {
    int begin = appends.lowerKey(whole.length);
    for (int written = begin; written < whole.length - 1; written += 3) {
      byte[] log = whole.clone();
      Arrays.fill(log, written, Math.min(written + 40, log.length - 1), (byte) 0);

      assertDamaged(log, written);
    }
  }

  @Test
  void aTornTailThatIsNoBeginningOfARecordIsDamage() throws IOException {
    for (String tail : List.of(
        "x",
        "44",
        "45 x",
        "45 0123456789abcdef0123456789abcdeg",
        "45 0123456789abcdef0123456789abcdef 00",
        "45 0123456789abcdef0123456789abcdef 0 1 xyz",
        "45 0123456789abcdef0123456789abcdef 0 -")) {
      byte[] log = Arrays.copyOf(whole, whole.length + tail.length());
      System.arraycopy(tail.getBytes(UTF_8), 0, log, whole.length, tail.length());

      assertDamaged(log, whole.length);
    }
  }

  @Test
  void aLineBreakThatBecameAnotherByteIsDamageInTheMiddleOfAnAppendToo() throws IOException {
    int begin = appends.lowerKey(whole.length);
    int lineBreak = begin;
    while (whole[lineBreak] != '\n') {
      lineBreak++;
    }
    assertThat(lineBreak).isLessThan(whole.length - 1);
    byte[] log = Arrays.copyOf(whole, lineBreak + 3);
    log[lineBreak] = 'x';

    assertDamaged(log, begin);
  }

  @Test
  void anAppendWhoseTextEndsInZeroBytesIsNotTakenForATornOne() throws IOException {
    LogFormat format = new LogFormat();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> texts = List.of("ends in\0\0", "ends in\0");
    LogTip tip = format.append(LogTip.START, "orders", LogFormat.texts(texts), out);
    byte[] log = out.toByteArray();
    assertThat(tip.end).isEqualTo(log.length);
    assertThat(read(log)).isEqualTo(texts);

    log[log.length - 1] = 0;
    assertDamaged(log, log.length);
    assertThat(read(Arrays.copyOf(log, log.length - 1))).isEmpty();
    int first = new String(log, UTF_8).indexOf("\n1 ");
    assertThat(read(Arrays.copyOf(Arrays.copyOf(log, first), first + 5))).isEmpty();
  }

  /** Lines whose checksum is right: nobody but a forger writes them, and even those must not confuse the reader. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 # 0 3",
        "0 # 0 3 abcd",
        "0 # 0 9999999999999999999 abc",
        "0 # x 3 abc",
        "1 # 0 3 abc",
        " # 0 3 abc",
        "0 #"
      })
  void aLineThatIsNotOfTheFormIsDamage(String line) throws IOException {
    LogFormat format = new LogFormat();
    byte[] header = format.header("orders");
    int at = line.indexOf('#');
    byte[] bytes = line.replace("#", "0".repeat(32)).getBytes(UTF_8);
    byte[] checksum = format.checksum(format.headerChecksum("orders"), bytes, 0, at, bytes.length);
    System.arraycopy(checksum, 0, bytes, at, checksum.length);
    byte[] log = Arrays.copyOf(header, header.length + bytes.length + 1);
    System.arraycopy(bytes, 0, log, header.length, bytes.length);
    log[log.length - 1] = '\n';

    assertDamaged(log, header.length);
  }

  @Test
  void aLineWithoutEndIsDamage() throws IOException {
    byte[] log = Arrays.copyOf(whole, whole.length + LogFormat.MAX_TEXT + 1_000);
    Arrays.fill(log, whole.length, log.length, (byte) 'x');
    byte[] zeros = Arrays.copyOf(whole, log.length);

    assertDamaged(log, whole.length);
    assertDamaged(zeros, whole.length);
  }
}
