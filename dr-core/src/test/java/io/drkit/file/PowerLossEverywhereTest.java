package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.file.RecordingDisk.Kind;
import io.drkit.file.RecordingDisk.Operation;
import io.drkit.spi.Journal.Log;
import io.drkit.spi.JournalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every state in which a file system may leave a journal whose power went at any moment: of what was not forced, up to three
 * operations are lost, or torn between two sectors, whatever was done after them.
 */
class PowerLossEverywhereTest {
  private static final int SECTOR = 512;
  private static final int FAULTS = 3;

  @TempDir
  Path temporary;

  /**
   * What an operation of the journal promised.
   *
   * @param after when it returned; for one that failed, which promised nothing, when the next one did
   */
  private record Promise(int after, boolean kept, Log log, Map<String, List<String>> archives) {}

  private final RecordingDisk disk = new RecordingDisk();
  private final List<Promise> promises = new ArrayList<>();
  private final Map<String, List<String>> archives = new LinkedHashMap<>();
  private final Set<Integer> seen = new HashSet<>();
  private Log log = Log.EMPTY;
  private int states;

  private void append(FileJournal journal, String... records) {
    List<String> all = new ArrayList<>(log.records());
    all.addAll(List.of(records));
    Log next = new Log(log.first(), all);
    boolean kept = true;
    try {
      journal.append("orders", log.next(), List.of(records));
    } catch (JournalException powerIsAboutToGo) {
      kept = false;
    }
    log = next;
    promised(kept);
  }

  private void compact(FileJournal journal, String... records) {
    archives.put("journal-" + log.first() + "-" + log.next() + ".log", log.records());
    journal.compact("orders", log.next(), List.of(records));
    log = new Log(log.next(), List.of(records));
    promised(true);
  }

  private void promised(boolean kept) {
    promises.add(new Promise(disk.operations().size(), kept, log, Map.copyOf(archives)));
  }

  private static String text(char of, int length) {
    return String.valueOf(of).repeat(length);
  }

  @Test
  @Tag("proof")
  void whatWasAcknowledgedIsThereAfterAnyLossOfPower() throws IOException {
    Path run = Files.createDirectory(temporary.resolve("run"));
    promised(true);
    FileJournal journal = FileJournal.at(run, disk);
    append(journal, "a", text('b', 700), text('c', 9_000));
    // By another instance, which writes the last append again.
    FileJournal other = FileJournal.at(run, disk);
    append(other, text('d', 3_000), text('e', 500));
    disk.failNextForce();
    append(other, text('f', 2_500));
    append(journal, text('g', 2_000));
    compact(journal, "so far", text('h', 20_000));
    append(journal, text('i', 900), "j");
    compact(FileJournal.at(run, disk), "until now");
    disk.failNextForce();
    append(journal, text('k', 1_300));
    append(FileJournal.at(run, disk), text('l', 40_000));

    loseThePowerEverywhere();

    assertThat(states).as("states").isGreaterThan(2_000);
    assertThat(seen.size()).as("different states").isGreaterThan(400);
  }

  private void loseThePowerEverywhere() throws IOException {
    for (int end = 0; end <= disk.operations().size(); end++) {
      List<Integer> unforced = unforced(end);
      choose(end, unforced, 0, new LinkedHashMap<>());
    }
  }

  /** Which operations before a moment may be lost. */
  private List<Integer> unforced(int end) {
    List<Operation> operations = disk.operations();
    List<Integer> unforced = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      Operation operation = operations.get(i);
      boolean named = List.of(Kind.CREATE, Kind.MOVE, Kind.DELETE).contains(operation.kind);
      boolean written = operation.kind == Kind.WRITE || operation.kind == Kind.TRUNCATE;
      boolean forced = operations.subList(i + 1, end).stream()
          .anyMatch(later -> named
              ? later.kind == Kind.FORCE_NAMES && later.name.equals("run")
              : later.kind == Kind.FORCE && later.file == operation.file);
      if ((named || written) && !forced) {
        unforced.add(i);
      }
    }
    return unforced;
  }

  /**
   * Chooses what is lost.
   *
   * @param lost how many bytes of which operation are there all the same; negative if the file has its new size besides
   */
  private void choose(int end, List<Integer> unforced, int from, Map<Integer, Integer> lost)
      throws IOException {
    check(end, lost);
    if (lost.size() == FAULTS) {
      return;
    }
    for (int i = from; i < unforced.size(); i++) {
      int operation = unforced.get(i);
      Operation written = disk.operations().get(operation);
      lost.put(operation, 0);
      choose(end, unforced, i + 1, lost);
      int sector = SECTOR - written.at % SECTOR;
      for (int there = sector; there < written.bytes.length; there += SECTOR) {
        lost.put(operation, there);
        choose(end, unforced, i + 1, lost);
        // The size is there, the rest is not.
        lost.put(operation, -there);
        choose(end, unforced, i + 1, lost);
      }
      lost.remove(operation);
    }
  }

  private void check(int end, Map<Integer, Integer> lost) throws IOException {
    states++;
    Map<String, byte[]> state = state(end, lost);
    int now = 0;
    for (int i = 0; i < promises.size(); i++) {
      now = promises.get(i).kept() && promises.get(i).after() <= end ? i : now;
    }
    int fingerprint = now;
    for (Map.Entry<String, byte[]> file : state.entrySet()) {
      fingerprint = 31 * fingerprint + file.getKey().hashCode();
      fingerprint = 31 * fingerprint + Arrays.hashCode(file.getValue());
    }
    if (!seen.add(fingerprint)) {
      return;
    }
    Path directory = Files.createDirectories(temporary.resolve("state"));
    clear(directory);
    for (Map.Entry<String, byte[]> file : state.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
    String what = "after " + disk.operations().subList(0, end) + " without " + lost;
    try (FileJournal journal = FileJournal.at(directory, new UnforcedDisk())) {
      Log found = journal.read("orders");
      Promise kept = promises.get(now);
      for (int i = now + 1; i < promises.size() && !found.equals(kept.log()); i++) {
        kept = promises.get(i);
        if (kept.kept()) {
          break;
        }
      }
      assertThat(found).as(what).isEqualTo(kept.log());
      for (Map.Entry<String, List<String>> archive : kept.archives().entrySet()) {
        assertThat(read(directory.resolve(archive.getKey())))
            .as(what)
            .isEqualTo(archive.getValue());
      }
      journal.append("orders", found.next(), List.of("more"));
      assertThat(journal.read("orders", found.next())).containsExactly("more");
    } catch (JournalException e) {
      throw new AssertionError(what, e);
    }
  }

  private static List<String> read(Path archive) throws IOException {
    return LogScan.read(archive, new BytesInMemory(Files.readAllBytes(archive)), "orders")
        .records();
  }

  private static void clear(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** The files by their names. */
  private Map<String, byte[]> state(int end, Map<Integer, Integer> lost) {
    Map<String, Integer> names = new LinkedHashMap<>();
    Map<Integer, byte[]> contents = new HashMap<>();
    for (int i = 0; i < end; i++) {
      Operation operation = disk.operations().get(i);
      boolean gone = lost.containsKey(i);
      byte[] content = contents.getOrDefault(operation.file, new byte[0]);
      if (operation.kind == Kind.WRITE) {
        int there = lost.getOrDefault(i, operation.bytes.length);
        int length = Math.abs(there);
        int size = there == 0 ? 0 : operation.at + (there < 0 ? operation.bytes.length : length);
        byte[] written = Arrays.copyOf(content, Math.max(content.length, size));
        System.arraycopy(operation.bytes, 0, written, operation.at, length);
        contents.put(operation.file, written);
      } else if (!gone && operation.kind == Kind.TRUNCATE) {
        contents.put(operation.file, Arrays.copyOf(content, operation.at));
      } else if (!gone && operation.kind == Kind.CREATE) {
        names.put(operation.name, operation.file);
      } else if (!gone && operation.kind == Kind.DELETE) {
        names.remove(operation.name);
      } else if (!gone
          && operation.kind == Kind.MOVE
          && names.remove(operation.name, operation.file)) {
        names.put(operation.to, operation.file);
      }
    }
    Map<String, byte[]> state = new LinkedHashMap<>();
    names.forEach((name, file) -> state.put(name, contents.getOrDefault(file, new byte[0])));
    return state;
  }
}
