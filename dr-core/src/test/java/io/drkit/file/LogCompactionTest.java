package io.drkit.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.file.FaultyDisk.Fault;
import io.drkit.spi.Journal.Log;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A log of files that is replaced by a shorter one. */
class LogCompactionTest {
  private static final List<String> KEPT = List.of("so far", "c");
  private static final Log OLD = new Log(0, List.of("a", "b", "c"));
  private static final Log NEW = new Log(3, KEPT);

  @TempDir
  Path temporary;

  private Path directory() {
    return temporary.resolve("orders");
  }

  private Path file(String name) {
    return directory().resolve(name);
  }

  private FileJournal journal() {
    return FileJournal.at(directory());
  }

  private FileJournal written(Path directory) {
    FileJournal journal = FileJournal.at(directory);
    journal.append("orders", 0, List.of("a"));
    journal.append("orders", 1, List.of("b", "c"));
    return journal;
  }

  @Test
  void theOldLogIsKeptBesideTheNewOneAndTheChainGoesOn() throws IOException {
    FileJournal journal = written(directory());
    byte[] old = Files.readAllBytes(file("journal.log"));
    Files.writeString(file("journal.log"), "3 ", StandardOpenOption.APPEND);

    journal.compact("orders", 3, KEPT);

    assertThat(file("journal-0-3.log")).hasBinaryContent(old);
    assertThat(directory())
        .isDirectoryNotContaining("glob:**/journal.new")
        .isDirectoryContaining("glob:**/journal.log");
    List<String> lines = Files.readAllLines(file("journal.log"));
    String last = new String(old, UTF_8).lines().reduce((a, b) -> b).orElseThrow();
    assertThat(lines.get(0))
        .matches("drkit-journal 2 [0-9a-f]{32} 3 " + last.split(" ", 3)[1] + " orders");
    assertThat(lines.get(1)).matches("3 [0-9a-f]{32} 1 6 so far");
    assertThat(lines.get(2)).matches("4 [0-9a-f]{32} 0 1 c");

    journal.append("orders", 5, List.of("d"));
    journal.compact("orders", 6, List.of("until now"));
    assertThat(journal().read("orders")).isEqualTo(new Log(6, List.of("until now")));
    assertThat(file("journal-3-6.log")).exists();
  }

  @Test
  void anArchiveIsALogOfItsOwn() throws IOException {
    written(directory()).compact("orders", 3, KEPT);
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    Files.copy(file("journal-0-3.log"), copy.resolve("journal.log"));

    assertThat(FileJournal.at(copy).read("orders")).isEqualTo(OLD);
    assertThat(FileJournal.at(copy).plan()).contains("orders");
    assertThat(journal().plan()).contains("orders");
  }

  @Test
  void aLongLogIsArchivedWhole() throws IOException {
    FileJournal journal = journal();
    List<String> long1 = List.of("x".repeat(700_000), "y".repeat(700_000), "z".repeat(700_000));
    journal.append("orders", 0, long1);
    journal.compact("orders", 3, KEPT);

    assertThat(Files.size(file("journal-0-3.log"))).isBetween(2_100_000L, 2_101_000L);
    assertThat(journal.read("orders")).isEqualTo(NEW);
  }

  @Test
  void anInstanceThatHadTheOldLogOpenGoesOnWithTheNewOne() {
    FileJournal other = written(directory());
    assertThat(other.read("orders", 3)).isEmpty();

    journal().compact("orders", 3, KEPT);

    assertThat(other.read("orders", 3)).isEqualTo(KEPT);
    assertThatThrownBy(() -> other.append("orders", 3, List.of("late")))
        .isInstanceOf(JournalConflictException.class);
    other.append("orders", 5, List.of("d"));
    assertThat(other.read("orders", 6)).isEmpty();
    assertThat(journal().read("orders")).isEqualTo(new Log(3, List.of("so far", "c", "d")));
  }

  @Test
  void whatACrashedCompactionLeftIsInNobodysWay() throws IOException {
    FileJournal journal = written(directory());
    Files.writeString(file("journal.new"), "half of");
    Files.copy(file("journal.log"), file("journal-0-3.log"));
    assertThat(journal.read("orders")).isEqualTo(OLD);

    journal.compact("orders", 3, KEPT);

    assertThat(journal().read("orders")).isEqualTo(NEW);
    assertThat(file("journal.new")).doesNotExist();
  }

  @Test
  void whereNothingIsNothingIsCompacted() {
    assertThatThrownBy(() -> journal().compact("orders", 0, KEPT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expectedNext must be positive, but is 0; without records there is nothing to compact");
    assertThat(directory()).doesNotExist();
  }

  @Test
  void anArchiveOfSomethingElseIsNeverReplaced() throws IOException {
    FileJournal journal = written(directory());
    FileJournal.at(temporary.resolve("other")).append("orders", 0, List.of("x", "y", "z"));
    byte[] other = Files.readAllBytes(temporary.resolve("other/journal.log"));
    Files.write(file("journal-0-3.log"), other);

    assertThatThrownBy(() -> journal.compact("orders", 3, KEPT))
        .isInstanceOf(JournalException.class)
        .hasMessage(file("journal-0-3.log")
            + " is there already, but is not what is to be kept there; move it elsewhere first");

    assertThat(file("journal-0-3.log")).hasBinaryContent(other);
    journal.append("orders", 3, List.of("d"));
    assertThat(journal.read("orders").records()).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCompactedLogThatIsGoneOrEmptyIsAnError(boolean gone) throws IOException {
    written(directory()).compact("orders", 3, KEPT);
    if (gone) {
      Files.delete(file("journal.log"));
    } else {
      Files.write(file("journal.log"), new byte[0]);
    }
    String message = file("journal.log") + " has no record, but had some, as "
        + file("journal-0-3.log")
        + " shows. Nothing was changed. Put a copy in its place that is whole; or, if all records since"
        + " then may be given up, put the last archive in its place";

    assertThatThrownBy(() -> journal().read("orders"))
        .isInstanceOf(JournalException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> journal().append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessage(message);
  }

  @Test
  void aCompactedLogIsNeverTakenForATornOne() throws IOException {
    written(directory()).compact("orders", 3, KEPT);
    byte[] whole = Files.readAllBytes(file("journal.log"));
    for (int cut = 0; cut < whole.length; cut++) {
      Files.write(file("journal.log"), Arrays.copyOf(whole, cut));

      assertThatThrownBy(() -> journal().read("orders"))
          .as("cut to %s bytes", cut)
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("Nothing was changed. Put a copy in its place that is whole");
    }
    Files.write(file("journal.log"), Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> journal().read("orders"))
        .hasMessageContaining(
            "all records since its compaction may be given up, put the archive in its place");
  }

  @Test
  void aLogOfALaterFormatIsRefusedByName() throws IOException {
    written(directory());
    Files.writeString(file("journal.log"), "drkit-journal 3 and who knows what\n");

    assertThatThrownBy(() -> journal().compact("orders", 3, KEPT))
        .isInstanceOf(JournalException.class)
        .hasMessage(file("journal.log")
            + " was written in format 3, and this version of drkit knows formats up to 2: use the"
            + " version that wrote it, or a later one");
  }

  @Test
  void aFirstLineThatIsNotOfTheFormIsDamage() throws Exception {
    for (String rest : List.of("03 " + "0".repeat(32) + " orders", "3 short orders", "3 orders")) {
      LogFormat format = new LogFormat();
      byte[] text = ("drkit-journal 2 " + rest + "#".repeat(32)).getBytes(ISO_8859_1);
      int end = text.length;
      String checksum =
          new String(format.checksum(new byte[0], text, 0, end - 32, end), ISO_8859_1);
      byte[] line = ("drkit-journal 2 " + checksum + " " + rest).getBytes(ISO_8859_1);

      assertThat(format.header(line, 0, line.length)).as(rest).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whicheverOperationFailsTheOneOrTheOtherLogIsThereAndNothingIsLost(Fault fault)
      throws IOException {
    int failing = 0;
    boolean fired = true;
    while (fired) {
      Path directory = temporary.resolve(fault + "-" + failing);
      written(directory).close();
      byte[] old = Files.readAllBytes(directory.resolve("journal.log"));
      FaultyDisk disk = new FaultyDisk(failing, fault, "Input/output error");
      FileJournal journal = FileJournal.at(directory, disk);

      boolean failed = false;
      try {
        journal.compact("orders", 3, KEPT);
      } catch (JournalException e) {
        failed = true;
        assertThat(e).hasMessageContaining("Input/output error");
      }

      fired = disk.operations.size() > failing;
      String operation = fired ? disk.operations.get(failing) : "nothing";
      assertThat(failed).as("%s of %s", operation, fault).isEqualTo(fired);
      Log found = FileJournal.at(directory).read("orders");
      assertThat(found).as(operation).isIn(OLD, NEW);
      if (found.equals(NEW)) {
        assertThat(directory.resolve("journal-0-3.log")).hasBinaryContent(old);
      }
      FileJournal next = FileJournal.at(directory);
      next.compact("orders", found.next(), List.of("again"));
      next.append("orders", found.next() + 1, List.of("more"));
      assertThat(FileJournal.at(directory).read("orders"))
          .isEqualTo(new Log(found.next(), List.of("again", "more")));
      failing++;
    }
    assertThat(failing).isGreaterThan(20);
  }

  @Test
  void afterACompactionWhoseEndNobodyKnowsTheInstanceTakesNoMoreAppends() {
    FileJournal journal = FileJournal.at(directory(), new ForwardingDisk() {
      @Override
      public void move(Path file, Path to) throws IOException {
        super.move(file, to);
        if (to.endsWith("journal.log")) {
          throw new IOException("rename failed");
        }
      }
    });
    journal.append("orders", 0, List.of("a", "b", "c"));

    assertThatThrownBy(() -> journal.compact("orders", 3, KEPT))
        .isInstanceOf(JournalException.class)
        .hasMessage("plan 'orders': a compaction of " + file("journal.log")
            + " failed (rename failed), and what of it is on disk cannot be told; remove the cause and"
            + " open the directory anew");
    assertThatThrownBy(() -> journal.append("orders", 3, List.of("d")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("takes no append from here, because an earlier one failed");
    assertThat(journal().read("orders")).isEqualTo(NEW);
  }
}
