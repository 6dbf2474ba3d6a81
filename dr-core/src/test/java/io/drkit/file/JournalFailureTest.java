package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.file.FaultyDisk.Fault;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that fails, or loses its power, at any operation. */
class JournalFailureTest {
  private static final List<List<String>> APPENDS =
      List.of(List.of("a", "b"), List.of("c"), List.of("d", "e", "f"));

  @TempDir
  Path temporary;

  /** Begins with a torn tail of an earlier process, so that it has to be cut. */
  private Path torn(String name) throws IOException {
    Path directory = temporary.resolve(name);
    FileJournal.at(directory).append("orders", 0, List.of("first"));
    Files.writeString(directory.resolve("journal.log"), "1 ", StandardOpenOption.APPEND);
    return directory;
  }

  /**
   * Makes all appends, going on after each failure.
   *
   * @return the failures
   */
  private static List<JournalException> appendAll(
      FileJournal journal, List<String> acknowledged, List<String> attempted) {
    List<JournalException> failures = new ArrayList<>();
    for (List<String> append : APPENDS) {
      try {
        attempted.addAll(append);
        journal.append("orders", acknowledged.size(), append);
        acknowledged.addAll(append);
      } catch (JournalException e) {
        attempted.clear();
        attempted.addAll(acknowledged);
        attempted.addAll(append);
        failures.add(e);
        break;
      }
    }
    return failures;
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whicheverOperationFailsWhatWasAcknowledgedIsThereAndTheLogCanGoOn(Fault fault)
      throws IOException {
    for (boolean afresh : List.of(true, false)) {
      int failing = 0;
      boolean fired = true;
      while (fired) {
        String name = fault + "-" + afresh + "-" + failing;
        Path directory = afresh ? temporary.resolve(name) : torn(name);
        FaultyDisk disk = new FaultyDisk(failing, fault, "Input/output error");
        List<String> acknowledged = new ArrayList<>(afresh ? List.of() : List.of("first"));
        List<String> attempted = new ArrayList<>(acknowledged);
        FileJournal journal = FileJournal.at(directory, disk);

        List<JournalException> failures = appendAll(journal, acknowledged, attempted);

        fired = disk.operations.size() > failing;
        assertThat(failures).as(name).hasSize(fired ? 1 : 0);
        String operation = fired ? disk.operations.get(failing) : "";
        if (fired) {
          assertThat(failures.get(0)).as(name).hasMessageContaining("Input/output error");
          boolean writing = List.of("write", "force", "truncate").contains(operation);
          assertRefusesFromNowOn(journal, acknowledged.size(), writing);
        }

        List<String> found = FileJournal.at(directory).read("orders").records();
        assertThat(List.of(acknowledged, attempted, plus(acknowledged, "later")))
            .as("%s, failing at %s", name, operation)
            .contains(found);
        FileJournal.at(directory).append("orders", found.size(), List.of("again"));
        assertThat(FileJournal.at(directory).read("orders").records())
            .isEqualTo(plus(found, "again"));
        failing++;
      }
      assertThat(failing).isGreaterThan(10);
    }
  }

  private static void assertRefusesFromNowOn(FileJournal journal, int size, boolean writing) {
    if (writing) {
      assertThatThrownBy(() -> journal.append("orders", size, List.of("later")))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("takes no append from here, because an earlier one failed")
          .hasMessageEndingWith("cannot be told; open the directory anew")
          .hasRootCauseInstanceOf(IOException.class);
    } else {
      // Nothing was written yet: the same instance may try again.
      journal.append("orders", size, List.of("later"));
    }
  }

  private static List<String> plus(List<String> records, String more) {
    List<String> all = new ArrayList<>(records);
    all.add(more);
    return all;
  }

  @Test
  void aFullDiskIsToldWithItsReasonAndTheRemedy() {
    Path directory = temporary.resolve("orders");
    FaultyDisk counting = new FaultyDisk();
    FileJournal.at(directory, counting).append("orders", 0, List.of("a"));
    int write = counting.operations.indexOf("write");
    FaultyDisk full = new FaultyDisk(write, Fault.HALFWAY, "No space left on device");

    assertThatThrownBy(
            () -> FileJournal.at(temporary.resolve("full"), full).append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessage("plan 'orders': an append to " + temporary.resolve("full/journal.log")
            + " failed (write: No space left on device), and what of it is on disk cannot be told;"
            + " remove the cause and open the directory anew");
  }

  @Test
  void anAppendIsWrittenOnceAndForcedOnce() {
    FaultyDisk disk = new FaultyDisk();
    FileJournal journal = FileJournal.at(temporary.resolve("orders"), disk);
    journal.append("orders", 0, List.of("a"));
    disk.operations.clear();

    journal.append("orders", 1, List.of("b", "c", "d"));

    assertThat(disk.operations).containsExactly("lock", "size", "write", "force");
  }

  @Test
  void aReadOnlyDiskIsReadableAndSaysWhatItIs() {
    Path directory = temporary.resolve("orders");
    FileJournal.at(directory).append("orders", 0, List.of("a"));
    FileJournal journal = FileJournal.at(directory, new ReadOnlyDisk());

    assertThat(journal.read("orders").records()).containsExactly("a");
    assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory + " cannot be appended to: "
            + directory.resolve("journal.log") + " (Read-only file system)");
  }

  private static final class ReadOnlyDisk extends ForwardingDisk {
    @Override
    public OpenFile open(Path file, boolean writable) throws IOException {
      if (writable) {
        throw new FileNotFoundException(file + " (Read-only file system)");
      }
      return super.open(file, writable);
    }
  }

  @Test
  void aFileThatShrinksUnderTheReaderIsAnError() {
    Path directory = temporary.resolve("orders");
    FileJournal.at(directory).append("orders", 0, List.of("a"));
    FileJournal journal = FileJournal.at(directory, new ShrinkingDisk());

    assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
        .isInstanceOf(JournalException.class)
        .hasMessageEndingWith("cannot be appended to: the file became shorter while it was read");
  }

  /** Its files are empty when they are read for the third time: the first two verify them up to their end. */
  private static final class ShrinkingDisk extends ForwardingDisk {
    @Override
    public OpenFile open(Path file, boolean writable) throws IOException {
      return new ForwardingFile(super.open(file, writable)) {
        private int reads;

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
          reads++;
          return reads > 2 ? -1 : super.read(position, into, offset, length);
        }
      };
    }
  }

  @Test
  void reasonsAreWords() {
    assertThat(Reason.of(new AccessDeniedException("/d")))
        .isEqualTo("/d: permission denied; give this process's user the right to read and write");
    assertThat(Reason.of(new NoSuchFileException("/d"))).isEqualTo("/d: does not exist");
    assertThat(Reason.of(new ClosedByInterruptException()))
        .isEqualTo("the thread was interrupted before anything was written");
    assertThat(Reason.of(new FileLockInterruptionException()))
        .isEqualTo("the thread was interrupted before anything was written");
    assertThat(Reason.of(new IOException())).isEqualTo("java.io.IOException");
  }

  @Test
  void aPowerLossLosesNothingThatWasAcknowledged() throws IOException {
    Path directory = temporary.resolve("orders");
    PowerLossDisk disk = new PowerLossDisk();
    FileJournal journal = FileJournal.at(directory, disk);
    journal.append("orders", 0, List.of("a"));
    journal.append("orders", 1, List.of("b", "c"));

    disk.losePower(directory.resolve("journal.log"));

    assertThat(FileJournal.at(directory).read("orders").records()).containsExactly("a", "b", "c");
  }

  /**
   * The trap: after a force that failed, the pages of the append are readable and count as written. Whoever goes on from
   * them must make them durable, or acknowledges records that follow on a hole.
   */
  @Test
  void whoGoesOnAfterAForceThatFailedMakesTheDoubtfulAppendDurableToo() throws IOException {
    Path directory = temporary.resolve("orders");
    PowerLossDisk disk = new PowerLossDisk();
    FileJournal.at(directory, disk).append("orders", 0, List.of("a"));
    List<String> large = List.of("b".repeat(20_000), "c".repeat(20_000));
    FileJournal failed = FileJournal.at(directory, disk);
    disk.failForces(1);
    assertThatThrownBy(() -> failed.append("orders", 1, large))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("sync failed");

    FileJournal next = FileJournal.at(directory, disk);
    assertThat(next.read("orders").records()).hasSize(3);
    next.append("orders", 3, List.of("d"));
    next.append("orders", 4, List.of("e"));
    disk.losePower(directory.resolve("journal.log"));

    assertThat(FileJournal.at(directory).read("orders").records())
        .containsExactly("a", large.get(0), large.get(1), "d", "e");
  }

  @Test
  void aPowerLossAfterAForceThatFailedLeavesNoDamage() throws IOException {
    Path directory = temporary.resolve("orders");
    PowerLossDisk disk = new PowerLossDisk();
    FileJournal journal = FileJournal.at(directory, disk);
    journal.append("orders", 0, List.of("a"));
    disk.failForces(1);
    assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
        .isInstanceOf(JournalException.class);

    disk.losePower(directory.resolve("journal.log"));

    assertThat(FileJournal.at(directory).read("orders").records()).containsExactly("a");
  }

  @Test
  void aFileThatCannotBeClosedIsToldAndHidesNoOtherFailure() {
    Path directory = temporary.resolve("orders");
    FileJournal journal = FileJournal.at(directory, new BrokenDisk());

    assertThatThrownBy(() -> journal.append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("failed (sync failed)")
        .satisfies(failure -> assertThat(failure.getCause().getSuppressed())
            .extracting(Throwable::getMessage)
            .containsExactly("close failed"));
    journal.close();

    FileJournal.at(directory).append("orders", 1, List.of("b"));
    FileJournal reader = FileJournal.at(directory, new BrokenDisk());
    assertThatThrownBy(() -> reader.read("orders").records())
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory + " cannot be read: close failed");
    assertThatThrownBy(() -> reader.append("orders", 0, List.of("c")))
        .isInstanceOf(JournalConflictException.class);
    assertThatThrownBy(reader::close)
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory + " cannot be closed: close failed");
  }

  private static final class BrokenDisk extends ForwardingDisk {
    @Override
    public OpenFile open(Path file, boolean writable) throws IOException {
      return new ForwardingFile(super.open(file, writable)) {
        @Override
        public void force() throws IOException {
          throw new IOException("sync failed");
        }

        @Override
        public void close() throws IOException {
          super.close();
          throw new IOException("close failed");
        }
      };
    }
  }

  @Test
  void aDirectoryBelowOneThatCannotBeListedIsUsable() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("orders"));
    FileJournal journal = FileJournal.at(directory, new ForwardingDisk() {
      @Override
      public void forceDirectory(Path forced) throws IOException {
        if (!forced.equals(directory)) {
          throw new AccessDeniedException(forced.toString());
        }
        super.forceDirectory(forced);
      }
    });

    journal.append("orders", 0, List.of("a"));

    assertThat(journal.read("orders").records()).containsExactly("a");
  }
}
