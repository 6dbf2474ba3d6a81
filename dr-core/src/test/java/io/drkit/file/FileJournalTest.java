package io.drkit.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileJournalTest {
  @TempDir
  Path temporary;

  private Path directory() {
    return temporary.resolve("orders");
  }

  private Path log() {
    return directory().resolve("journal.log");
  }

  @Test
  void theLogIsTextThatPeopleCanRead() throws IOException {
    FileJournal journal = FileJournal.at(directory());

    journal.append("orders", 0, List.of("{\"step\":\"fence\"}", "{\"step\":\"prömote\"}"));
    journal.append("orders", 2, List.of("{}"));

    // The format is a promise: these lines must be readable for ever.
    assertThat(Files.readString(log())).isEqualTo("""
            drkit-journal 1 7c23d53f330af0a8ab2c620bf6db5485 orders
            0 c318f9403d425a4600e19195748226a7 1 16 {"step":"fence"}
            1 2a04ea8ab59bc535d76490a401bbb1e7 0 19 {"step":"prömote"}
            2 25ab363606c03568ff881bec6a9b3445 0 2 {}
            """);
  }

  @Test
  void readingReturnsWhatWasAppended() {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a", ""));
    journal.append("orders", 2, List.of("c"));

    assertThat(journal.read("orders").records()).containsExactly("a", "", "c");
    assertThat(FileJournal.at(directory()).read("orders").records()).containsExactly("a", "", "c");
  }

  @Test
  void readingMakesNothing() {
    FileJournal journal = FileJournal.at(directory());

    assertThat(journal.read("orders").records()).isEmpty();
    assertThat(journal.plan()).isEmpty();
    journal.close();

    assertThat(directory()).doesNotExist();
  }

  @Test
  void readingAnEmptyDirectoryMakesNothingInIt() throws IOException {
    Files.createDirectory(directory());

    assertThat(FileJournal.at(directory()).read("orders").records()).isEmpty();

    assertThat(directory()).isEmptyDirectory();
  }

  @Test
  void aCopyWithoutItsLockFileIsReadable() throws IOException {
    FileJournal.at(directory()).append("orders", 0, List.of("a"));
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    Files.copy(log(), copy.resolve("journal.log"));

    assertThat(FileJournal.at(copy).read("orders").records()).containsExactly("a");
    assertThat(copy.resolve("journal.lock")).doesNotExist();
  }

  @Test
  void thePlanOfADirectoryIsKnownToTools() {
    FileJournal.at(directory()).append("orders", 0, List.of("a"));

    assertThat(FileJournal.at(directory()).plan()).contains("orders");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "drkit-journal 1 7c23", "\0\0\0"})
  void aLogWhoseFirstLineIsTornHasNoPlanYet(String torn) throws IOException {
    Files.createDirectory(directory());
    Files.writeString(log(), torn);
    FileJournal journal = FileJournal.at(directory());

    assertThat(journal.plan()).isEmpty();
    assertThat(journal.read("orders").records()).isEmpty();
    journal.append("orders", 0, List.of("a"));

    assertThat(journal.read("orders").records()).containsExactly("a");
    assertThat(journal.plan()).contains("orders");
  }

  @Test
  void anAppendThatComesTooLateAddsNothing() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    FileJournal other = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    other.append("orders", 1, List.of("b"));
    byte[] before = Files.readAllBytes(log());

    assertThatThrownBy(() -> journal.append("orders", 1, List.of("c")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessage("plan 'orders': the journal's next record is 2 where 1 was expected; another"
            + " process wrote to it");

    assertThat(Files.readAllBytes(log())).isEqualTo(before);
    journal.append("orders", 2, List.of("c"));
    assertThat(other.read("orders").records()).containsExactly("a", "b", "c");
  }

  @Test
  void theDirectoryAndItsFilesAreForTheOwnerAlone() throws IOException {
    Path nested = temporary.resolve("a/b/orders");
    FileJournal.at(nested).append("orders", 0, List.of("a"));

    assertThat(permissions(nested)).isEqualTo("rwx------");
    assertThat(permissions(nested.resolve("journal.log"))).isEqualTo("rw-------");
    assertThat(permissions(nested.resolve("journal.lock"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aDirectoryThatIsALinkIsRefused() throws IOException {
    Files.createDirectory(directory());
    Path link = Files.createSymbolicLink(temporary.resolve("link"), directory());

    assertThatThrownBy(() -> FileJournal.at(link))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + link + " cannot be used: " + link
            + ": is a symbolic link; name what it leads to");
  }

  @Test
  void aLogThatIsALinkIsRefused() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "precious");
    Files.createDirectory(directory());
    Files.createSymbolicLink(log(), elsewhere);
    FileJournal journal = FileJournal.at(directory());

    assertThatThrownBy(() -> journal.append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory() + " cannot be appended to: " + log()
            + ": is a symbolic link; name what it leads to");
    assertThatThrownBy(() -> journal.read("orders").records())
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("cannot be read: " + log() + ": is a symbolic link");
    assertThat(elsewhere).hasContent("precious");
  }

  @Test
  void aLockFileThatIsALinkIsNotFollowed() throws IOException {
    Files.createDirectory(directory());
    Files.createSymbolicLink(directory().resolve("journal.lock"), temporary.resolve("elsewhere"));

    assertThatThrownBy(() -> FileJournal.at(directory()).append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(directory().resolve("journal.lock") + ": is a symbolic link");
    assertThat(temporary.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void whatEveryUserMayWriteIsRefused() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> FileJournal.at(directory()))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory() + " cannot be used: " + directory()
            + ": can be written by every user; take that right away (chmod o-w)");
    assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("can be written by every user");

    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(log(), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThatThrownBy(() -> journal.read("orders").records())
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(log() + ": can be written by every user");
  }

  @Test
  void whatIsNotADirectoryIsRefused() throws IOException {
    Files.writeString(directory(), "");

    assertThatThrownBy(() -> FileJournal.at(directory()))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory() + " cannot be used: " + directory()
            + ": is not a directory; name another one");
  }

  @Test
  void whatIsNotAFileIsRefused() throws IOException {
    Files.createDirectories(log());

    assertThatThrownBy(() -> FileJournal.at(directory()).append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(log() + ": is not a file; remove it, or name another directory");
  }

  @Test
  void aPathOfAnotherFileSystemIsRefused() throws IOException {
    URI zip = URI.create("jar:" + temporary.resolve("a.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      assertThatThrownBy(() -> FileJournal.at(archive.getPath("/orders")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("directory must be of the default file system, which has locks: /orders");
    }
  }

  @Test
  void aRelativeDirectoryIsOneOfTheWorkingDirectory() {
    assertThat(FileJournal.at(Path.of("orders")))
        .hasToString("FileJournal[" + Path.of("orders").toAbsolutePath() + "]");
  }

  @Test
  void aDirectoryIsForOnePlanOnly() {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    String refusal = log() + " is the journal of plan 'orders', not of plan 'billing': give each"
        + " plan a directory of its own";

    assertThatThrownBy(() -> journal.append("billing", 0, List.of("b")))
        .isInstanceOf(JournalException.class)
        .hasMessage(refusal);
    assertThatThrownBy(() -> FileJournal.at(directory()).append("billing", 0, List.of("b")))
        .isInstanceOf(JournalException.class)
        .hasMessage(refusal);
    assertThatThrownBy(() -> journal.read("billing").records())
        .isInstanceOf(JournalException.class)
        .hasMessage(refusal);
    assertThat(journal.read("orders").records()).containsExactly("a");
  }

  @Test
  void aLogOfALaterFormatIsRefused() throws IOException {
    Files.createDirectory(directory());
    Files.writeString(log(), "drkit-journal 3 of which nothing is known yet\n");
    FileJournal journal = FileJournal.at(directory());
    String refusal = log() + " was written in format 3, and this version of drkit knows formats up"
        + " to 2: use the version that wrote it, or a later one";

    assertThatThrownBy(() -> journal.append("orders", 0, List.of("a"))).hasMessage(refusal);
    assertThatThrownBy(() -> journal.read("orders").records())
        .isInstanceOf(JournalException.class)
        .hasMessage(refusal);
    assertThatThrownBy(journal::plan).isInstanceOf(JournalException.class).hasMessage(refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello\n", "hello", "drkit-journal 1\n", "drkit-journal 1 x orders\n"})
  void anotherFileIsNotTakenForALog(String content) throws IOException {
    Files.createDirectory(directory());
    Files.writeString(log(), content);

    assertThatThrownBy(() -> FileJournal.at(directory()).append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessage(log() + " is damaged: its first line, at byte 0, does not verify. Nothing was"
            + " changed. Put a copy in its place that is whole; or, if its records may all be given"
            + " up, remove it");
    assertThat(log()).hasContent(content.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "\n"})
  void aRecordWithALineBreakIsRefused(String record) {
    FileJournal journal = FileJournal.at(directory());

    assertThatThrownBy(() -> journal.append("orders", 0, List.of("fine", record)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("record 1 of the append has a line break; a record is one line of text");
    assertThat(directory()).doesNotExist();
  }

  @Test
  void aRecordThatIsNotTextIsRefused() {
    assertThatThrownBy(() -> FileJournal.at(directory()).append("orders", 0, List.of("a\ud83d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("record 0 of the append has half of a surrogate pair, which is no character");
  }

  @Test
  void aRecordMayBeLongButNotEndless() {
    FileJournal journal = FileJournal.at(directory());
    String longest = "x".repeat(LogFormat.MAX_TEXT);

    journal.append("orders", 0, List.of(longest));

    assertThat(journal.read("orders").records()).containsExactly(longest);
    assertThatThrownBy(() -> journal.append("orders", 1, List.of(longest + "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("record 0 of the append has 16777217 bytes; it may have 16777216 at most");
  }

  @Test
  void anAppendOfNothingIsRefused() {
    assertThatThrownBy(() -> FileJournal.at(directory()).append("orders", 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("records must not be empty: there is nothing to append");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../orders", "a b", "a\nb"})
  void aNameThatIsNoPlansIsRefused(String plan) {
    FileJournal journal = FileJournal.at(directory());

    assertThatThrownBy(() -> journal.append(plan, 0, List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a plan's name must be 1 to 64 letters, digits, dots, dashes or underscores: '"
            + plan + "'; it names files");
    assertThatThrownBy(() -> journal.read(plan).records())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedJournalOpensAgainByItself() {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));

    journal.close();
    journal.close();
    journal.append("orders", 1, List.of("b"));

    assertThat(journal.read("orders").records()).containsExactly("a", "b");
  }

  @Test
  void aLogThatIsReplacedWhileOpenIsReadAnew() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    Path older = Files.copy(log(), temporary.resolve("older"));
    journal.append("orders", 1, List.of("b"));
    Files.move(older, log(), StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> journal.append("orders", 2, List.of("c")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessageContaining("next record is 1 where 2 was expected");
  }

  @Test
  void aLogThatIsCutWhileOpenIsReadAnew() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    long size = Files.size(log());
    journal.append("orders", 1, List.of("b"));
    try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }

    assertThatThrownBy(() -> journal.append("orders", 2, List.of("c")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessageContaining("next record is 1 where 2 was expected");
  }

  @Test
  void aDirectoryThatIsDeletedWhileOpenIsNotWrittenToBlindly() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory());

    assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessageContaining("next record is 0 where 1 was expected");
  }

  @Test
  void anInterruptDoesNotTearAnAppend() {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));

    Thread.currentThread().interrupt();
    journal.append("orders", 1, List.of("b"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(journal.read("orders").records()).containsExactly("a", "b");
  }

  @Test
  void anInterruptWhileTheLogIsMadeLeavesNothingHalfDone() {
    FileJournal journal = FileJournal.at(directory());

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> journal.append("orders", 0, List.of("a")))
        .isInstanceOf(JournalException.class)
        .hasMessage("the journal in " + directory() + " cannot be appended to: the thread was"
            + " interrupted before anything was written");
    assertThat(Thread.interrupted()).isTrue();

    journal.append("orders", 0, List.of("a"));
    assertThat(journal.read("orders").records()).containsExactly("a");
  }

  @Test
  void aSecondCopyOfTheLibraryInOneProcessIsRefused() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    journal.append("orders", 0, List.of("a"));
    Path lock = directory().resolve("journal.lock");

    // Another class loader's copy knows nothing of this one's locks between threads.
    try (FileChannel copy = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      assertThat(copy.lock().isValid()).isTrue();

      assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining(lock + ": is locked in this process already; load drkit once only");
    }
  }

  @Test
  void longLinesAndManyLinesAreReadAlike() {
    FileJournal journal = FileJournal.at(directory());
    List<String> records = Stream.iterate(0, n -> n + 1)
        .limit(300)
        .map(n -> n + "ä".repeat(n % 7 == 0 ? 40_000 : n))
        .toList();

    journal.append("orders", 0, records);

    assertThat(journal.read("orders").records()).isEqualTo(records);
    assertThat(records.get(0).getBytes(UTF_8)).hasSizeGreaterThan(1 << 16);
  }

  @Test
  void theEndOfALogThatWasTakenAwayOrPutBackIsReadAnew() throws IOException {
    FileJournal journal = FileJournal.at(directory());
    assertThat(journal.read("orders", 0)).isEmpty();
    journal.append("orders", 0, List.of("a", "b"));
    assertThat(journal.read("orders", 2)).isEmpty();
    assertThat(journal.read("orders", 1)).containsExactly("b");
    assertThat(FileJournal.at(directory()).read("orders", 2)).isEmpty();
    Path copy = Files.copy(log(), temporary.resolve("copy"));

    Files.delete(log());
    assertThatThrownBy(() -> journal.read("orders", 2))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': the journal's next record is 0, but was 2 before; somebody took records"
                + " away");

    Files.move(copy, log());
    assertThat(journal.read("orders", 2)).isEmpty();
    FileJournal.at(directory()).append("orders", 2, List.of("c"));
    assertThat(journal.read("orders", 2)).containsExactly("c");
    Files.delete(log());
    Files.createSymbolicLink(log(), copy);
    assertThatThrownBy(() -> journal.read("orders", 2))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("is a symbolic link");
  }
}
