package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Journal} must hold. A journal that passes may be given to an engine; that its appends survive a crash
 * is for its own tests to show.
 *
 * <pre>{@code
 * class MyJournalTest extends JournalContract {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected Journal journal() {
 *     return MyJournal.at(directory);
 *   }
 *
 *   @Override
 *   protected Journal reopen(Journal journal) {
 *     return MyJournal.at(directory);
 *   }
 * }
 * }</pre>
 */
public abstract class JournalContract {
  /** How long two threads may take for their race. */
  private static final int RACE_SECONDS = 120;

  /** For those who extend it. */
  protected JournalContract() {}

  /**
   * Returns a journal without any log. Called once for each test.
   *
   * @throws Exception if it cannot be made; fails the test
   */
  protected abstract Journal journal() throws Exception;

  /**
   * Returns another instance with the same logs, as another process would open it. The first one stays in use.
   *
   * @param journal what {@link #journal} returned in this test
   * @return another instance; the same one only if logs do not outlive it
   * @throws Exception if it cannot be opened; fails the test
   */
  protected abstract Journal reopen(Journal journal) throws Exception;

  /** {@return whether the journal can be {@linkplain Journal#compact compacted}; true unless overridden} */
  protected boolean canBeCompacted() {
    return true;
  }

  /** {@return whether one journal holds the logs of several plans; true unless overridden} */
  protected boolean holdsSeveralPlans() {
    return true;
  }

  /**
   * A plan that was never appended to has an empty log.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aPlanWithoutALogIsEmpty() throws Exception {
    assertThat(journal().read("orders").records()).isEmpty();
  }

  /**
   * Records are read in the order in which they were appended.
   *
   * @throws Exception fails the test
   */
  @Test
  public void recordsAreReadInTheirOrder() throws Exception {
    Journal journal = journal();

    journal.append("orders", 0, List.of("b", "a"));
    journal.append("orders", 2, List.of("c"));
    journal.append("orders", 3, List.of("a", "b", "c"));

    assertThat(journal.read("orders").records()).containsExactly("b", "a", "c", "a", "b", "c");
  }

  /**
   * A record is read as it was given, whatever characters it has.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRecordIsReadAsItWasGiven() throws Exception {
    List<String> records = List.of(
        "{\"step\":\"promote\",\"evidence\":{\"point\":\"2026-11-23T00:00:00Z\"}}",
        "quotes \" ' ` and backslashes \\ \\n \\u0000",
        "  spaces before, behind  and\tin between ",
        "äöü ß € 漢字 \ud83d\ude80",
        "0 0 0",
        "x".repeat(100_000),
        "ä".repeat(50_000));
    Journal journal = journal();

    journal.append("orders", 0, records);

    assertThat(journal.read("orders").records()).isEqualTo(records);
    assertThat(reopen(journal).read("orders").records()).isEqualTo(records);
  }

  /**
   * Another instance sees what was appended, and goes on from there.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anotherInstanceGoesOnFromThere() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a", "b"));

    Journal again = reopen(journal);
    assertThat(again.read("orders").records()).containsExactly("a", "b");
    again.append("orders", 2, List.of("c"));

    assertThat(journal.read("orders").records()).containsExactly("a", "b", "c");
    journal.append("orders", 3, List.of("d"));
    assertThat(again.read("orders").records()).containsExactly("a", "b", "c", "d");
  }

  /**
   * An append that expects another position than the next one adds nothing, and says so.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anAppendThatExpectsAnotherPositionAddsNothing() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a", "b"));

    for (long expected : new long[] {0, 1, 3, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> journal.append("orders", expected, List.of("c", "d")))
          .isInstanceOf(JournalConflictException.class)
          .hasMessageContaining(
              "plan 'orders': the journal's next record is 2 where " + expected + " was expected");
    }

    assertThat(journal.read("orders").records()).containsExactly("a", "b");
    journal.append("orders", 2, List.of("c"));
    assertThat(journal.read("orders").records()).containsExactly("a", "b", "c");
  }

  /**
   * The first append to a plan without a log conflicts if it expects one.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aFirstAppendThatExpectsALogAddsNothing() throws Exception {
    Journal journal = journal();

    assertThatThrownBy(() -> journal.append("orders", 1, List.of("a")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessageContaining("next record is 0 where 1 was expected");

    assertThat(journal.read("orders").records()).isEmpty();
  }

  /**
   * An instance that does not know of another's append conflicts, and can go on once it has read it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anInstanceThatWasOvertakenLearnsOfIt() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a"));
    Journal other = reopen(journal);
    other.append("orders", 1, List.of("overtaking"));

    assertThatThrownBy(() -> journal.append("orders", 1, List.of("too late")))
        .isInstanceOf(JournalConflictException.class);

    assertThat(journal.read("orders").records()).containsExactly("a", "overtaking");
    journal.append("orders", 2, List.of("b"));
    assertThat(other.read("orders").records()).containsExactly("a", "overtaking", "b");
  }

  /**
   * Of two instances that append at the same time, one is first; nothing is lost, doubled or torn apart.
   *
   * @throws Exception fails the test
   */
  @Test
  public void instancesThatRaceLoseAndDoubleNothing() throws Exception {
    Journal journal = journal();
    Journal other = reopen(journal);
    CompletableFuture<Void> one = CompletableFuture.runAsync(() -> race(journal, "one"));
    CompletableFuture<Void> two = CompletableFuture.runAsync(() -> race(other, "two"));

    CompletableFuture.allOf(one, two).get(RACE_SECONDS, TimeUnit.SECONDS);

    List<String> records = journal.read("orders").records();
    assertThat(records).hasSize(100);
    for (String name : List.of("one", "two")) {
      assertThat(records.stream().filter(record -> record.startsWith(name)))
          .containsExactlyElementsOf(IntStream.range(0, 25)
              .boxed()
              .flatMap(i -> batch(name, i).stream())
              .toList());
    }
    for (int i = 0; i < records.size(); i += 2) {
      assertThat(records.get(i + 1))
          .as("an append of two is in one piece")
          .isEqualTo(records.get(i).replace("first", "second"));
    }
  }

  private static void race(Journal journal, String name) {
    long next = 0;
    int i = 0;
    while (i < 25) {
      try {
        journal.append("orders", next, batch(name, i));
        next += 2;
        i++;
      } catch (JournalConflictException overtaken) {
        next = journal.read("orders").next();
      }
    }
  }

  private static List<String> batch(String name, int i) {
    return List.of(name + " " + i + " first", name + " " + i + " second");
  }

  /**
   * A record with a line break is refused, and the others of its append with it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRecordWithALineBreakIsRefused() throws Exception {
    Journal journal = journal();

    for (String broken : List.of("a\nb", "a\rb", "\n", "a\r\n")) {
      assertThatThrownBy(() -> journal.append("orders", 0, List.of("a", broken)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("line break");
    }

    assertThat(journal.read("orders").records()).isEmpty();
  }

  /**
   * An append of nothing is refused.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anAppendOfNothingIsRefused() throws Exception {
    Journal journal = journal();

    assertThatThrownBy(() -> journal.append("orders", 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("records must not be empty");
  }

  /**
   * What was read can be kept: it does not change, neither by itself nor by whoever read it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatWasReadDoesNotChange() throws Exception {
    Journal journal = journal();
    List<String> given = new ArrayList<>(List.of("a"));
    journal.append("orders", 0, given);
    given.set(0, "changed by the caller");
    List<String> before = journal.read("orders").records();

    journal.append("orders", 1, List.of("b"));

    assertThat(before).containsExactly("a");
    List<String> end = journal.read("orders", 0);
    assertThatThrownBy(() -> end.add("c")).isInstanceOf(UnsupportedOperationException.class);
    assertThat(journal.read("orders").records()).containsExactly("a", "b");
  }

  /**
   * Plans do not see each other's records: each has a log of its own, or the second one is refused by name.
   *
   * @throws Exception fails the test
   */
  @Test
  public void plansDoNotMix() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a"));

    if (holdsSeveralPlans()) {
      journal.append("billing", 0, List.of("b", "c"));
      assertThat(journal.read("billing").records()).containsExactly("b", "c");
    } else {
      assertThatThrownBy(() -> journal.append("billing", 0, List.of("b")))
          .isInstanceOf(JournalException.class)
          .isNotInstanceOf(JournalConflictException.class)
          .hasMessageContainingAll("'orders'", "'billing'");
      assertThatThrownBy(() -> journal.read("billing").records())
          .isInstanceOf(JournalException.class)
          .hasMessageContainingAll("'orders'", "'billing'");
    }

    assertThat(journal.read("orders").records()).containsExactly("a");
  }

  /**
   * The end of a log can be read by itself, from any position that it has.
   *
   * @throws Exception fails the test
   */
  @Test
  public void theEndOfALogIsReadFromAnyPosition() throws Exception {
    Journal journal = journal();
    assertThat(journal.read("orders", 0)).isEmpty();
    journal.append("orders", 0, List.of("a", "b"));
    journal.append("orders", 2, List.of("c"));

    for (Journal reader : List.of(journal, reopen(journal))) {
      assertThat(reader.read("orders", 0)).containsExactly("a", "b", "c");
      assertThat(reader.read("orders", 1)).containsExactly("b", "c");
      assertThat(reader.read("orders", 3)).isEmpty();
      assertThatThrownBy(() -> reader.read("orders", 4))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("somebody took records away");
    }
  }

  /**
   * What a log was compacted to takes the positions that come next, and appends go on behind it; or the journal refuses, and
   * nothing has changed.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatALogWasCompactedToTakesTheNextPositions() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a", "b", "c"));
    Journal other = reopen(journal);

    if (canBeCompacted()) {
      journal.compact("orders", 3, List.of("so far", "c"));

      for (Journal reader : List.of(journal, other, reopen(journal))) {
        assertThat(reader.read("orders")).isEqualTo(new Journal.Log(3, List.of("so far", "c")));
        assertThat(reader.read("orders", 3)).containsExactly("so far", "c");
        assertThat(reader.read("orders", 5)).isEmpty();
      }
      other.append("orders", 5, List.of("d"));
      journal.append("orders", 6, List.of("e"));
      journal.compact("orders", 7, List.of("until now"));
      other.append("orders", 8, List.of("f"));
      assertThat(reopen(journal).read("orders"))
          .isEqualTo(new Journal.Log(7, List.of("until now", "f")));
    } else {
      assertThatThrownBy(() -> journal.compact("orders", 3, List.of("c")))
          .isInstanceOf(JournalException.class)
          .isNotInstanceOf(JournalConflictException.class)
          .hasMessageContaining("cannot be compacted");
      assertThat(other.read("orders")).isEqualTo(new Journal.Log(0, List.of("a", "b", "c")));
    }
  }

  /**
   * Whoever goes on from what he read before a compaction conflicts, and is told what became of it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whoeverWasOvertakenByACompactionConflicts() throws Exception {
    Journal journal = journal();
    journal.append("orders", 0, List.of("a", "b", "c"));
    Journal stale = reopen(journal);
    assertThat(stale.read("orders").next()).isEqualTo(3);
    if (!canBeCompacted()) {
      return;
    }

    journal.compact("orders", 3, List.of("so far"));

    for (long expected : new long[] {0, 1, 3}) {
      assertThatThrownBy(() -> stale.append("orders", expected, List.of("too late")))
          .isInstanceOf(JournalConflictException.class)
          .hasMessageContaining("next record is 4 where " + expected + " was expected");
    }
    assertThatThrownBy(() -> stale.compact("orders", 3, List.of("too late")))
        .isInstanceOf(JournalConflictException.class);
    assertThatThrownBy(() -> stale.read("orders", 1))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("the records 1 to 2 of the journal were compacted");
    assertThat(stale.read("orders", 3)).containsExactly("so far");
    assertThat(journal.read("orders").records()).containsExactly("so far");
  }

  /**
   * A compaction to nothing, of nothing, or to what is not a record changes nothing.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aCompactionThatMakesNoSenseChangesNothing() throws Exception {
    Journal journal = journal();
    if (!canBeCompacted()) {
      return;
    }
    assertThatThrownBy(() -> journal.compact("orders", 0, List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing to compact");
    assertThatThrownBy(() -> journal.compact("orders", 1, List.of("a")))
        .isInstanceOf(JournalConflictException.class);
    journal.append("orders", 0, List.of("a", "b"));

    assertThatThrownBy(() -> journal.compact("orders", 2, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("records must not be empty");
    assertThatThrownBy(() -> journal.compact("orders", 2, List.of("a", "b\nc")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line break");

    assertThat(journal.read("orders")).isEqualTo(new Journal.Log(0, List.of("a", "b")));
  }
}
