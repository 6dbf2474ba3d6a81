package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.lease.WriteLeaseStore;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of what the engine stands on are broken by whoever has a bug of a kind that it could not bear. */
class StrictHostContractsTest {
  private static WrongJournal.Wrong wrongJournal = WrongJournal.Wrong.NOTHING;
  private static WrongTime.Wrong wrongTime = WrongTime.Wrong.NOTHING;
  private static WrongLeases.Wrong wrongLeases = WrongLeases.Wrong.NOTHING;
  private static WrongRegisters.Wrong wrongRegisters = WrongRegisters.Wrong.NOTHING;

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

  @ParameterizedTest
  @EnumSource
  void aWrongLeaseStoreIsFound(WrongLeases.Wrong wrong) {
    wrongLeases = wrong;

    Strictness.assertFound(wrong.found, Leases.class);
  }

  @ParameterizedTest
  @EnumSource
  void aWrongWriteLeaseStoreIsFound(WrongRegisters.Wrong wrong) {
    wrongRegisters = wrong;

    Strictness.assertFound(wrong.found, Registers.class);
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

  @Test
  void everyTestOfALeaseStoresContractFindsSomething() {
    assertThat(List.of(WrongLeases.Wrong.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(LeaseStoreContract.class))
        .containsAll(Strictness.testsOf(ExpiringLeaseStoreContract.class));
  }

  @Test
  void everyTestOfAWriteLeaseStoresContractFindsSomething() {
    assertThat(List.of(WrongRegisters.Wrong.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(WriteLeaseStoreContract.class));
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

  static class Leases extends ExpiringLeaseStoreContract {
    private final HandClock clock = new HandClock();

    @Override
    protected LeaseStore store() {
      return new WrongLeases(wrongLeases, clock);
    }

    @Override
    protected LeaseStore reopen(LeaseStore store) {
      return ((WrongLeases) store).reopen();
    }

    @Override
    protected void pass(Duration duration) {
      clock.pass(duration);
    }
  }

  static class Registers extends WriteLeaseStoreContract {
    @Override
    protected WriteLeaseStore store() {
      return new WrongRegisters(wrongRegisters);
    }

    @Override
    protected WriteLeaseStore reopen(WriteLeaseStore store) {
      return ((WrongRegisters) store).reopen();
    }
  }
}
