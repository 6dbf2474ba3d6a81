package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.NOON;
import static io.drkit.internal.FoldedRuns.planned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.ApprovalRequest.Subject;
import io.drkit.CommitWindow;
import io.drkit.Decision;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunControl;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepDeclined;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands to a run of which a test writes the journal: what fits is appended, what does not is refused and leaves no record. */
class JournaledControlTest {
  private static final Instruction BOB = Instruction.by("bob").because("it was seen");
  private static final PlannedStep WEB =
      planned("web", Stage.PROVISION, "", "", Optional.of(Approval.by("owners", 1)));
  private static final PlannedStep FENCE = planned("fence", Stage.FENCE, "", "");
  private static final PlannedStep COMMIT =
      planned(CommitWindow.STEP, Stage.COMMIT, "", "", Optional.of(Approval.by("owners", 1)));

  private final Journal journal = Journal.inMemory();
  private final RecordCodec codec = new RecordCodec();
  private final FoldedRuns runs = new FoldedRuns();
  private final RunControl control = control(journal, Optional.empty());

  private RunControl control(Journal where, Optional<String> only) {
    return new JournaledControl(
        new JournaledEngine.Settings(
            where,
            Optional.empty(),
            LeaseStore.inMemory(),
            TimeSource.system(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            7,
            "test",
            List.of()),
        codec,
        "orders",
        only);
  }

  private void starts(PlannedStep... steps) {
    write(runs.start(RunMode.FAILOVER, steps));
  }

  private void happens(RunEvent... events) {
    for (RunEvent event : events) {
      write(runs.entry(event));
    }
  }

  private void write(RunRecord entry) {
    long next = journal.read("orders").next();
    journal.append(
        "orders",
        next,
        List.of(codec.write(new RunRecord(
            next, entry.run(), entry.epoch(), entry.at(), entry.uptime(), entry.event()))));
  }

  private RunEvent last() {
    List<RunRecord> records = PlanLog.records(codec, "orders", journal.read("orders"));
    return records.get(records.size() - 1).event();
  }

  private void assertRefused(ThrowingCallable command, String why) {
    List<String> before = journal.read("orders").records();
    assertThatThrownBy(command)
        .isInstanceOf(RefusedException.class)
        .hasMessage("run r1 of plan 'orders' " + why);
    assertThat(journal.read("orders").records()).isEqualTo(before);
  }

  private static ApprovalRequested ask(String step, Subject subject, Instant expiresAt) {
    return new ApprovalRequested(step, subject, "owners", 1, List.of("bob", "eve"), expiresAt, "");
  }

  private static ApprovalRequest request(String run, String step, Subject subject) {
    return new ApprovalRequest(
        run,
        "fingerprint",
        step,
        subject,
        "owners",
        1,
        List.of("bob", "eve"),
        List.of(),
        NOON.plusSeconds(900),
        "");
  }

  private static ApprovalRequest request() {
    return request("r1", "web", Subject.STEP);
  }

  @Test
  void onlyAMoveThatWaitsForItsCommitIsCommitted() {
    starts(WEB, COMMIT);
    assertRefused(
        () -> control.commit(BOB), "is not verified yet; its move can be committed when it is");
    happens(ask(CommitWindow.STEP, Subject.COMMIT, NOON.plusSeconds(900)));
    control.commit(BOB);
    assertThat(last()).isEqualTo(new StepApproved(CommitWindow.STEP, "bob", "it was seen"));
    assertRefused(
        () -> control.commit(BOB), "is committed already; its report tells when it is through");
    happens(new StepStarted(CommitWindow.STEP));
    assertRefused(
        () -> control.commit(BOB),
        "does not wait to be committed: that step is RUNNING; its report tells what it waits for");
  }

  @Test
  void aMoveWithoutACommitWindowIsNotCommittedWhateverItsStepsAreCalled() {
    starts(planned(CommitWindow.STEP, Stage.VERIFY, "", ""));

    assertRefused(
        () -> control.commit(BOB), "has no commit window; its move is kept when it is verified");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          COMPLETED | its report tells what it did
          COMPLETED_WITH_EXCEPTIONS | its report tells what it did
          FAILED | resume goes on with it
          CANCELLED | resume goes on with it
          IN_DOUBT | resume goes on with it
          """)
  void aRunThatHasEndedTellsHowToGoOn(Outcome outcome, String remedy) {
    starts(WEB);
    happens(new RunEnded(outcome));

    assertRefused(() -> control.pause(BOB), "has ended (" + outcome + "); " + remedy);
  }

  @Test
  void whatIsToldTwiceIsRefusedWithWhatToDoInstead() {
    starts(WEB);
    assertRefused(
        () -> control.continueRun(BOB), "is not paused; its report tells what it waits for");
    control.pause(BOB);
    assertRefused(() -> control.pause(BOB), "is paused already; continue it when it is to go on");
    control.cancel(BOB);
    assertRefused(
        () -> control.cancel(BOB), "is cancelled already; it ends when no call is under way");
    assertRefused(
        () -> control.rollback(BOB), "is being ended already; roll it back when it has ended");
    assertRefused(
        () -> control.decide("web", Decision.NO_EFFECT, BOB),
        "has no doubt about step 'web', which is WAITING; there is nothing to decide");
  }

  @Test
  void whatIsPastIsNotSkipped() {
    starts(WEB, FENCE, planned("traffic", Stage.REDIRECT, "", ""));
    happens(
        new StepReached("web", Evidence.none()),
        new StepOwed("fence", "lost"),
        new StepSkipped("traffic", "ann", "by hand"));

    assertRefused(
        () -> control.skip("web", BOB),
        "is past step 'web', which is REACHED; there is nothing to skip");
    assertRefused(
        () -> control.skip("fence", BOB),
        "is past step 'fence', which is OWED; there is nothing to skip");
    assertRefused(
        () -> control.abandon("traffic", BOB),
        "is past step 'traffic', which is SKIPPED; there is nothing to skip");
  }

  @Test
  void onlyWhatIsStillToBeConsentedToIsListed() {
    starts(WEB, FENCE, planned("db", Stage.PROMOTE, "db", ""));
    happens(ask("web", Subject.STEP, NOON.plusSeconds(900)));
    happens(new StepStarted("db"), ask("db", Subject.LOSS, NOON.plusSeconds(900)));
    assertThat(control.approvals()).extracting(ApprovalRequest::step).containsExactly("web", "db");

    happens(new StepApproved("web", "bob", ""), new StepFailed("db", "late", false));
    assertThat(control.approvals()).isEmpty();
    happens(ask("web", Subject.STEP, NOON.plusSeconds(900)));
    assertThat(control.approvals()).hasSize(1);
    happens(new RunEnded(Outcome.FAILED));
    assertThat(control.approvals()).isEmpty();
  }

  @Test
  void anAnswerIsTakenOnceFromAMemberAndForTheRequestThatItWasMeantFor() {
    starts(WEB);
    String over =
        "does not wait for this approval of step 'web' (any more); look at its requests" + " again";
    assertRefused(() -> control.approve(request(), BOB), over);
    happens(ask("web", Subject.STEP, NOON.plusSeconds(900)));

    assertRefused(
        () -> control.approve(request("r0", "web", Subject.STEP), BOB),
        "is the last one, and the request is of run r0; look at its requests again");
    assertRefused(() -> control.approve(request("r1", "web", Subject.LOSS), BOB), over);
    assertRefused(
        () -> control.decline(request(), Instruction.by("mallory")),
        "asks 'owners', [bob, eve], and mallory is not one of them; one of them has to answer");
    control.approve(request(), BOB);
    assertThat(last()).isEqualTo(new StepApproved("web", "bob", "it was seen"));
    assertRefused(() -> control.decline(request(), BOB), over);
  }

  @Test
  void anAnswerThatComesTooLateIsRefused() {
    starts(WEB);
    happens(ask("web", Subject.STEP, Instant.EPOCH));
    String over =
        "does not wait for this approval of step 'web' (any more); look at its requests" + " again";
    assertRefused(() -> control.approve(request(), BOB), over);

    happens(ask("web", Subject.STEP, NOON.plusSeconds(900)), new StepFailed("web", "no", false));
    assertRefused(() -> control.approve(request(), BOB), over);
  }

  @Test
  void aMemberMayDecline() {
    starts(WEB);
    happens(ask("web", Subject.STEP, NOON.plusSeconds(900)));
    control.decline(request(), BOB);

    assertThat(last()).isEqualTo(new StepDeclined("web", "bob", "it was seen"));
  }

  @Test
  void theLeversOfARunAreNotThoseOfTheNext() {
    starts(WEB);
    control(journal, Optional.of("r1")).pause(BOB);
    assertThat(last()).isEqualTo(new RunPaused("bob", "it was seen"));

    assertThatThrownBy(() -> control(journal, Optional.of("r0")).continueRun(BOB))
        .isInstanceOf(RefusedException.class)
        .hasMessage("run r0 of plan 'orders' is over; its last run is r1; steer that one");
  }

  /** Somebody is always faster, so many times. */
  private final class Busy implements Journal {
    private int times;

    Busy(int times) {
      this.times = times;
    }

    @Override
    public void append(String plan, long expectedNext, List<String> records) {
      if (times-- > 0) {
        throw new JournalConflictException(plan, expectedNext, expectedNext + 1);
      }
      journal.append(plan, expectedNext, records);
    }

    @Override
    public Log read(String plan) {
      return journal.read(plan);
    }
  }

  @Test
  void aCommandThatOthersWereFasterThanIsTriedAgainButNotForEver() {
    starts(WEB);
    assertThatThrownBy(() -> control(new Busy(100), Optional.empty()).pause(BOB))
        .isInstanceOf(DrException.class)
        .hasMessage("plan 'orders': the journal was written to by others in each of 100 tries; try"
            + " again");

    assertThatCode(() -> control(new Busy(99), Optional.empty()).pause(BOB))
        .doesNotThrowAnyException();
    assertThat(last()).isInstanceOf(RunPaused.class);
  }
}
