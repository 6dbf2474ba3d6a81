package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.spi.Journal;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of journals and time sources are broken by whoever has a bug of a kind that the engine could not bear. */
class StrictHostContractsTest {
  private static WrongJournal.Wrong wrongJournal = WrongJournal.Wrong.NOTHING;
  private static WrongTime.Wrong wrongTime = WrongTime.Wrong.NOTHING;

  @ParameterizedTest
  @EnumSource
  void aWrongJournalIsFound(WrongJournal.Wrong wrong) {
    wrongJournal = wrong;

    Strictness.assertFound(wrong.found, Diary.class);
  }

  @ParameterizedTest
  @EnumSource
  void aWrongTimeSourceIsFound(WrongTime.Wrong wrong) {
    wrongTime = wrong;

    Strictness.assertFound(wrong.found, Clock.class);
  }

  @Test
  void everyTestOfAJournalsContractFindsSomething() {
    assertThat(List.of(WrongJournal.Wrong.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(JournalContract.class));
  }

  @Test
  void everyTestOfATimeSourcesContractFindsSomething() {
    assertThat(List.of(WrongTime.Wrong.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(TimeSourceContract.class));
  }

  static class Diary extends JournalContract {
    @Override
    protected Journal journal() {
      return new WrongJournal(wrongJournal);
    }

    @Override
    protected Journal reopen(Journal journal) {
      return ((WrongJournal) journal).reopen();
    }
  }

  static class Clock extends TimeSourceContract {
    private final WrongTime time = new WrongTime(wrongTime);

    @Override
    protected TimeSource time() {
      return time;
    }

    @Override
    protected void block(Duration duration) throws InterruptedException {
      time.block(duration);
    }
  }
}
