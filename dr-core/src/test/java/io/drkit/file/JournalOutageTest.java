package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.file.FaultyDisk.Fault;
import io.drkit.spi.Journal.Log;
import io.drkit.spi.JournalException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that fails at each of its calls, once or from then on, or in each phase of a journal for a reason of its own. */
class JournalOutageTest {
  @TempDir
  Path temporary;

  private int directories;

  /** What a journal goes through, and what of it was acknowledged. */
  private static final class Life {
    private final Path directory;
    private final Disk disk;
    private FileJournal journal;
    private Log acknowledged = Log.EMPTY;
    private Log attempted = Log.EMPTY;

    Life(Path directory, Disk disk) {
      this.directory = directory;
      this.disk = disk;
      this.journal = FileJournal.at(directory, disk);
    }

    void append(String... records) {
      List<String> all = new ArrayList<>(acknowledged.records());
      all.addAll(List.of(records));
      attempted = new Log(acknowledged.first(), all);
      journal.append("orders", acknowledged.next(), List.of(records));
      acknowledged = attempted;
    }

    void compact(String... records) {
      attempted = new Log(acknowledged.next(), List.of(records));
      journal.compact("orders", acknowledged.next(), List.of(records));
      acknowledged = attempted;
    }

    void read() {
      assertThat(journal.read("orders")).isEqualTo(acknowledged);
    }

    void anotherProcess() {
      journal = FileJournal.at(directory, disk);
    }

    void tear() {
      try {
        Files.writeString(
            directory.resolve("journal.log"),
            acknowledged.next() + " 0123",
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    void liveThrough() {
      append("a", "b");
      append("c");
      read();
      anotherProcess();
      append("d");
      tear();
      append("e");
      compact("so far", "e");
      append("f");
      read();
      anotherProcess();
      compact("until now");
      append("g");
    }
  }

  private Path fresh() {
    directories++;
    return temporary.resolve("journal-" + directories);
  }

  @Test
  @Tag("proof")
  void whicheverCallFailsOnceOrFromThenOnNothingIsAcknowledgedThatIsNotThere() {
    int cases = 0;
    for (String reason : List.of("Input/output error", "No space left on device")) {
      for (Fault fault : Fault.values()) {
        for (boolean forEver : List.of(false, true)) {
          boolean fired = true;
          for (int failing = 0; fired; failing++) {
            FaultyDisk disk = new FaultyDisk(failing, fault, reason);
            fired = failsAt(forEver ? disk.forEver() : disk, failing, reason);
            cases += fired ? 1 : 0;
          }
        }
      }
    }
    assertThat(cases).as("calls that failed").isGreaterThan(900);
  }

  private boolean failsAt(FaultyDisk disk, int failing, String reason) {
    Path directory = fresh();
    Life life = new Life(directory, disk);
    try {
      life.liveThrough();
      assertThat(disk.operations.size()).isLessThanOrEqualTo(failing);
      return false;
    } catch (JournalException e) {
      String what = "call " + failing + ", " + disk.operations.get(failing);
      assertThat(e).as(what).hasMessageContaining(reason);
      FileJournal cured = FileJournal.at(directory, new UnforcedDisk());
      Log found = cured.read("orders");
      assertThat(found).as(what).isIn(life.acknowledged, life.attempted);
      cured.append("orders", found.next(), List.of("more"));
      if (found.next() > 0) {
        cured.compact("orders", found.next() + 1, List.of("all"));
        assertThat(FileJournal.at(directory).read("orders"))
            .as(what)
            .isEqualTo(new Log(found.next() + 1, List.of("all")));
      }
      return true;
    }
  }

  /** Why nothing goes any more. */
  private enum Outage {
    FULL("No space left on device", "create directory", "create file", "write"),
    READ_ONLY(
        "Read-only file system",
        "create directory",
        "create file",
        "open to write",
        "move",
        "delete"),
    FORBIDDEN(
        "permission denied",
        "create directory",
        "create file",
        "lock",
        "open to write",
        "open to read",
        "move",
        "delete"),
    NO_HANDLES("Too many open files", "lock", "open to write", "open to read", "create file");

    private final String reason;
    /** What is refused, each between two bars. */
    private final String refused;

    Outage(String reason, String... refused) {
      this.reason = reason;
      this.refused = "|" + String.join("|", refused) + "|";
    }
  }

  /** The real file system, never forced, in an outage that comes and goes. */
  private static final class AilingDisk extends UnforcedDisk {
    private final Outage outage;
    private boolean ails;
    private int refused;

    AilingDisk(Outage outage) {
      this.outage = outage;
    }

    private void meet(String operation, Path file) throws IOException {
      if (!ails || !outage.refused.contains("|" + operation + "|")) {
        return;
      }
      refused++;
      switch (outage) {
        case FORBIDDEN -> throw new AccessDeniedException(file.toString());
        case NO_HANDLES -> throw new FileNotFoundException(file + " (" + outage.reason + ")");
        default -> throw new FileSystemException(file.toString(), null, outage.reason);
      }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
      meet("create directory", directory);
      super.createDirectory(directory);
    }

    @Override
    public void createFile(Path file) throws IOException {
      meet("create file", file);
      super.createFile(file);
    }

    @Override
    public void delete(Path file) throws IOException {
      meet("delete", file);
      super.delete(file);
    }

    @Override
    public void move(Path file, Path to) throws IOException {
      meet("move", file);
      super.move(file, to);
    }

    @Override
    public <T> T locked(Path file, boolean shared, Task<T> task) throws IOException {
      meet("lock", file);
      return super.locked(file, shared, task);
    }

    @Override
    public OpenFile open(Path file, boolean writable) throws IOException {
      meet(writable ? "open to write" : "open to read", file);
      return new ForwardingFile(super.open(file, writable)) {
        @Override
        public void write(long position, byte[] bytes) throws IOException {
          if (ails && outage == Outage.FULL) {
            super.write(position, Arrays.copyOf(bytes, bytes.length / 3));
          }
          meet("write", file);
          super.write(position, bytes);
        }
      };
    }
  }

  /** A phase of a journal's life: what was before it, and what is tried in it. */
  private enum Phase {
    FIRST_APPEND {
      @Override
      void before(Life life) {}

      @Override
      void tried(Life life) {
        life.append("a", "b");
      }
    },
    NEXT_APPEND {
      @Override
      void before(Life life) {
        life.append("a");
      }

      @Override
      void tried(Life life) {
        life.append("b");
      }
    },
    APPEND_OF_ANOTHER_PROCESS {
      @Override
      void before(Life life) {
        life.append("a");
        life.anotherProcess();
      }

      @Override
      void tried(Life life) {
        life.append("b");
      }
    },
    APPEND_AFTER_A_CRASH {
      @Override
      void before(Life life) {
        life.append("a");
        life.tear();
        life.anotherProcess();
      }

      @Override
      void tried(Life life) {
        life.append("b");
      }
    },
    READING {
      @Override
      void before(Life life) {
        life.append("a");
        life.anotherProcess();
      }

      @Override
      void tried(Life life) {
        life.read();
      }
    },
    COMPACTION {
      @Override
      void before(Life life) {
        life.append("a", "b");
      }

      @Override
      void tried(Life life) {
        life.compact("so far");
      }
    },
    APPEND_AFTER_A_COMPACTION {
      @Override
      void before(Life life) {
        life.append("a", "b");
        life.compact("so far");
      }

      @Override
      void tried(Life life) {
        life.append("c");
      }
    };

    abstract void before(Life life);

    abstract void tried(Life life);
  }

  @Test
  void anOutageInAnyPhaseIsToldAndWhenItIsOverTheJournalGoesOn() {
    int refused = 0;
    int cases = 0;
    for (Outage outage : Outage.values()) {
      for (Phase phase : Phase.values()) {
        AilingDisk disk = new AilingDisk(outage);
        Life life = new Life(fresh(), disk);
        phase.before(life);
        String what = outage + " in " + phase;

        disk.ails = true;
        try {
          phase.tried(life);
          assertThat(disk.refused).as(what).isZero();
        } catch (JournalException e) {
          refused++;
          assertThat(e).as(what).hasMessageContaining(outage.reason);
        }
        disk.ails = false;

        life.anotherProcess();
        Log found = life.journal.read("orders");
        assertThat(found).as(what).isIn(life.acknowledged, life.attempted);
        life.acknowledged = found;
        life.append("over");
        life.compact("well");
        life.anotherProcess();
        life.append("again");
        life.read();
        cases++;
      }
    }
    assertThat(cases).isEqualTo(28);
    assertThat(refused).as("outages that stood in the way").isGreaterThan(20);
  }

  @Test
  void aFullDiskLeavesTheInstanceUsableIfItHadNothingWrittenYet() {
    AilingDisk disk = new AilingDisk(Outage.FULL);
    Life life = new Life(fresh(), disk);
    life.append("a");
    disk.ails = true;
    assertThatThrownBy(() -> life.compact("so far"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("cannot be compacted")
        .hasMessageContaining("No space left on device");
    disk.ails = false;

    life.append("b");
    life.compact("so far", "b");
    life.read();
  }
}
