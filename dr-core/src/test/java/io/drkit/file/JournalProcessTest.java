package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one journal, and real kills. */
@Timeout(120)
class JournalProcessTest {
  private static final int KILLS = 20;

  @TempDir
  Path directory;

  @Test
  void whatAProcessAcknowledgedIsThereAfterItWasKilled() throws Exception {
    long seed = 20261123;
    SplittableRandom random = new SplittableRandom(seed);
    int known = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int acknowledgements = 1 + random.nextInt(40);
      int last = 0;
      try (Child child = Child.start("append", directory, "")) {
        for (int i = 0; i < acknowledgements; i++) {
          last = Integer.parseInt(child.line());
        }
        child.kill();
        // A line that was torn by the kill has no line break, but a reader returns it all the same.
        List<String> rest = child.rest().toList();
        if (rest.size() > 1) {
          last = Integer.parseInt(rest.get(rest.size() - 2));
        }
      }

      List<String> records = FileJournal.at(directory).read("orders").records();

      // At most the dropped line's append, and one that was not acknowledged, are there beside.
      assertThat(records).as("seed %s, kill %s", seed, kill).hasSizeBetween(last, last + 6);
      assertThat(records)
          .as("seed %s, kill %s", seed, kill)
          .isEqualTo(IntStream.range(0, records.size()).mapToObj(Child::record).toList());
      assertThat(records).hasSizeGreaterThan(known);
      known = records.size();
    }
  }

  @Test
  void twoProcessesThatRaceLoseAndDoubleNothing() throws Exception {
    try (Child one = Child.start("race", directory, "one-");
        Child two = Child.start("race", directory, "two-")) {
      assertThat(one.line()).isEqualTo("ready");
      assertThat(two.line()).isEqualTo("ready");
      one.release();
      two.release();
      assertThat(one.rest()).isEmpty();
      assertThat(two.rest()).isEmpty();
    }

    assertBothAreComplete(FileJournal.at(directory).read("orders").records());
  }

  @Test
  void twoInstancesThatRaceLoseAndDoubleNothing() {
    CompletableFuture<Void> one = CompletableFuture.runAsync(() -> race("one-"));
    CompletableFuture<Void> two = CompletableFuture.runAsync(() -> race("two-"));

    CompletableFuture.allOf(one, two).join();

    assertBothAreComplete(FileJournal.at(directory).read("orders").records());
  }

  private void race(String name) {
    FileJournal journal = FileJournal.at(directory);
    for (int next = 0, i = 0; i < 100; ) {
      try {
        journal.append("orders", next, List.of(name + i));
        next++;
        i++;
      } catch (JournalConflictException e) {
        next = journal.read("orders").records().size();
      }
    }
  }

  private static void assertBothAreComplete(List<String> records) {
    for (String name : List.of("one-", "two-")) {
      assertThat(records.stream().filter(record -> record.startsWith(name)))
          .containsExactlyElementsOf(
              IntStream.range(0, 100).mapToObj(i -> name + i).toList());
    }
    assertThat(records).hasSize(200);
  }

  @Test
  void anAppendWaitsForTheProcessThatIsAppending() throws Exception {
    FileJournal journal = FileJournal.at(directory);
    journal.append("orders", 0, List.of("a"));
    try (Child child = Child.start("lock", directory, "journal.lock")) {
      assertThat(child.line()).isEqualTo("locked");
      CompletableFuture<Void> append =
          CompletableFuture.runAsync(() -> journal.append("orders", 1, List.of("b")));
      child.release();

      append.get(60, TimeUnit.SECONDS);
    }

    assertThat(journal.read("orders").records()).containsExactly("a", "b");
  }

  @Test
  void anAppendThatWaitsCanBeInterrupted() throws Exception {
    FileJournal journal = FileJournal.at(directory);
    journal.append("orders", 0, List.of("a"));
    try (Child child = Child.start("lock", directory, "journal.lock")) {
      assertThat(child.line()).isEqualTo("locked");

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> journal.append("orders", 1, List.of("b")))
          .isInstanceOf(JournalException.class)
          .hasMessage("the journal in " + directory + " cannot be appended to: the thread was"
              + " interrupted before anything was written");
      assertThat(Thread.interrupted()).isTrue();
    }

    journal.append("orders", 1, List.of("b"));
    assertThat(journal.read("orders").records()).containsExactly("a", "b");
  }
}
