package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the process that runs a run learns what others wrote behind its back. */
class RunLogTest {
  private static final String TAKEN_OVER =
      "run r1 of plan 'orders' was taken over by another process;"
          + " look at its report, and steer it from there";

  private final Journal journal = Journal.inMemory();
  private final RecordCodec codec = new RecordCodec();
  private final RunState state =
      new FoldedRuns().run(RunMode.FAILOVER, planned("web", Stage.PROVISION, "", ""));
  private final RunLog log = log(journal, 0);

  private RunLog log(Journal journal, long size) {
    return new RunLog(
        "orders",
        state,
        new JournaledEngine.Settings(
            journal,
            Optional.empty(),
            LeaseStore.inMemory(),
            TimeSource.system(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            7,
            "test",
            List.of()),
        codec,
        List.of(),
        size);
  }

  private void othersWrite(String run, long epoch, RunEvent event) {
    long next = journal.read("orders").next();
    RunRecord entry = new RunRecord(next, run, epoch, FoldedRuns.NOON, Duration.ZERO, event);
    journal.append("orders", next, List.of(codec.write(entry)));
  }

  @Test
  void whatPeopleToldTheRunComesBeforeWhatIsPending() {
    log.note(new StepStarted("web"));
    othersWrite("r1", 1, new RunPaused("ann", "wait"));
    assertThatThrownBy(() -> log.append(List.of(), List.of()))
        .isInstanceOf(JournalConflictException.class);

    assertThat(log.news())
        .extracting(RunRecord::event)
        .containsExactly(new RunPaused("ann", "wait"));
    log.keep(log.pending());
    assertThat(log.pending()).extracting(RunRecord::sequence).containsExactly(1L);
    log.append(List.of(new StepReached("web", Evidence.none())), List.of());

    assertThat(log.durable())
        .extracting(RunRecord::event)
        .containsExactly(
            new RunPaused("ann", "wait"),
            new StepStarted("web"),
            new StepReached("web", Evidence.none()));
    assertThat(journal.read("orders").next()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"r2, 1, true", "r1, 2, true", "r1, 1, false"})
  void whatOnlyAnotherRunnerCanHaveWrittenEndsThisOne(String run, long epoch, boolean command) {
    othersWrite("r1", 1, new RunPaused("ann", "wait"));
    othersWrite(run, epoch, command ? new RunPaused("ann", "wait") : new StepStarted("web"));

    assertThatThrownBy(log::news).isInstanceOf(DrException.class).hasMessage(TAKEN_OVER);
    assertThat(log.durable()).isEmpty();
  }

  @Test
  void aJournalThatWasCompactedMeanwhileMeansThatAnotherProcessRanIt() {
    othersWrite("r1", 1, new StepStarted("web"));
    assertThat(journal.read("orders").next()).isEqualTo(1);
    journal.compact("orders", 1, journal.read("orders").records());

    assertThatThrownBy(log::news)
        .isInstanceOf(DrException.class)
        .isNotInstanceOf(JournalException.class)
        .hasMessage(TAKEN_OVER)
        .hasCauseInstanceOf(JournalException.class);
  }

  @Test
  void aJournalThatLostItsEndIsDamagedAndNotTakenOver() {
    RunLog behind = log(journal, 1);

    assertThatThrownBy(behind::news)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("somebody took records away");
  }
}
