package io.drkit.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.Journal.Log;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
  @Test
  void aLogBeginsAtTheStartOrWithWhatItWasCompactedTo() {
    assertThat(new Log(7, List.of("so far", "a")).next()).isEqualTo(9);
    assertThat(Log.EMPTY.next()).isZero();
    assertThatThrownBy(() -> new Log(7, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a log of 0 records cannot begin at position 7; a log begins at 0, or with what it was"
                + " compacted to");
    assertThatThrownBy(() -> new Log(-1, List.of("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theEndOfALogIsToldByPosition() {
    Log log = new Log(7, List.of("so far", "a"));

    assertThat(log.from("orders", 7)).containsExactly("so far", "a");
    assertThat(log.from("orders", 9)).isEmpty();
    assertThatThrownBy(() -> log.from("orders", 5))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': the records 5 to 6 of the journal were compacted and are no longer in it;"
                + " read the log anew");
    assertThatThrownBy(() -> log.from("orders", 10))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': the journal's next record is 9, but was 10 before; somebody took records"
                + " away");
  }

  @Test
  void aJournalNeedNotBeAbleToBeCompacted() {
    Journal journal = new Journal() {
      private final List<String> records = new ArrayList<>();

      @Override
      public void append(String plan, long expectedNext, List<String> more) {
        records.addAll(more);
      }

      @Override
      public Log read(String plan) {
        return new Log(0, records);
      }

      @Override
      public String toString() {
        return "a small journal";
      }
    };
    journal.append("orders", 0, List.of("a", "b"));

    assertThat(journal.read("orders", 1)).containsExactly("b");
    assertThatThrownBy(() -> journal.compact("orders", 2, List.of("so far")))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': this journal cannot be compacted (a small journal); keep its whole history");
  }

  @Test
  void aJournalInMemoryGoesOnAtTheNextPosition() {
    Journal journal = Journal.inMemory();
    journal.append("orders", 0, List.of("a", "b"));
    journal.compact("orders", 2, List.of("so far"));
    journal.append("orders", 3, List.of("c"));

    assertThat(journal.read("orders")).isEqualTo(new Log(2, List.of("so far", "c")));
    assertThat(journal.read("billing")).isEqualTo(Log.EMPTY);
    assertThatThrownBy(() -> journal.append("orders", 2, List.of("d")))
        .isInstanceOf(JournalConflictException.class)
        .hasMessage(
            "plan 'orders': the journal's next record is 4 where 2 was expected; another process wrote"
                + " to it");
    assertThatThrownBy(() -> journal.compact("orders", 0, List.of("d")))
        .isInstanceOf(IllegalArgumentException.class);
    for (List<String> wrong : List.of(List.<String>of(), List.of("a\nb"), List.of("a\rb"))) {
      assertThatThrownBy(() -> journal.append("orders", 4, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
