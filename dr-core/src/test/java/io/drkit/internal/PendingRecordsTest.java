package io.drkit.internal;

import static io.drkit.internal.ScriptedRun.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that count before they are durable, and commands that come before them. */
class PendingRecordsTest {

  /** Two steps, one after the other. */
  private static ScriptedRun chain(Repeatability repeatability) {
    return ScriptedRun.of(plan -> plan.provision("launch", wanted(repeatability))
        .provision("tune", wanted(repeatability), step -> step.after("launch")));
  }

  private static List<Object> pending(ScriptedRun run) {
    return run.pending.stream()
        .map(RunRecord::event)
        .collect(ArrayList::new, List::add, List::addAll);
  }

  private static void assertThatTheStateIsTheFoldOfAll(ScriptedRun run) {
    List<RunRecord> all = new ArrayList<>(run.records);
    all.addAll(run.pending);
    RunState fold = RunState.of(all);
    for (StepState step : fold.steps()) {
      StepState here = run.machine.state().step(step.name());
      assertThat(here).usingRecursiveComparison().isEqualTo(step);
    }
    assertThat(run.machine.state().elapsed()).isEqualTo(fold.elapsed());
    assertThat(run.machine.state().paused()).isEqualTo(fold.paused());
  }

  @Test
  void theEndOfAStepAndTheLookAtTheNextOneNeedNoAppend() {
    ScriptedRun run = chain(Repeatability.idempotent());
    assertThat(run.callsBeforeAnythingIsDurable()).containsExactly("observe launch");
    run.observed("launch", Progress.reached());

    assertThat(run.callsBeforeAnythingIsDurable()).containsExactly("observe tune");
    assertThat(pending(run))
        .containsExactly(
            new StepStarted("launch"),
            new StepReached("launch", Evidence.none()),
            new StepStarted("tune"));
    assertThatTheStateIsTheFoldOfAll(run);
  }

  @Test
  void anIntentIsDurableBeforeItCounts() {
    ScriptedRun run = chain(Repeatability.idempotent());
    run.callsBeforeAnythingIsDurable();
    run.observed("launch", Progress.pending("off"));

    assertThatThrownBy(run::callsBeforeAnythingIsDurable)
        .hasMessageContaining("StepIntended")
        .hasMessageContaining("are to be durable first");
    assertThat(run.machine.state().step("launch").generation).isZero();
  }

  @Test
  void thatARequestWasAcceptedWhichMustNotBeRepeatedIsDurableBeforeItCounts() {
    ScriptedRun unsafe = chain(Repeatability.unsafe());
    unsafe.calls();
    unsafe.observed("launch", Progress.pending("off"));
    unsafe.calls();
    unsafe.applied("launch");
    ScriptedRun other = chain(Repeatability.idempotent());
    other.calls();
    other.observed("launch", Progress.pending("off"));
    other.calls();
    other.applied("launch");

    assertThatThrownBy(unsafe::callsBeforeAnythingIsDurable).hasMessageContaining("StepApplied");
    assertThat(other.callsBeforeAnythingIsDurable()).containsExactly("observe launch");
  }

  @Test
  void whatIsStillTrueIsKeptBehindTheCommandAndNothingIsCalledTwice() {
    ScriptedRun run = chain(Repeatability.idempotent());
    run.callsBeforeAnythingIsDurable();
    run.observed("launch", Progress.reached());
    run.callsBeforeAnythingIsDurable();
    List<Object> before = pending(run);

    run.toldBefore(new RunContinued("ann", ""));

    assertThat(pending(run)).isEqualTo(before);
    assertThat(run.callsBeforeAnythingIsDurable()).isEmpty();
    assertThatTheStateIsTheFoldOfAll(run);
    run.observed("tune", Progress.reached());
    assertThat(run.machine.events(run.now, run.wall()))
        .containsExactly(new StepReached("tune", Evidence.none()));
  }

  @Test
  void aStepThatWasSkippedBeforeItsStartWasDurableNeverStarted() {
    ScriptedRun run = chain(Repeatability.idempotent());
    run.callsBeforeAnythingIsDurable();
    run.observed("launch", Progress.reached());
    run.callsBeforeAnythingIsDurable();

    run.toldBefore(new StepSkipped("tune", "ann", "not needed"));

    assertThat(pending(run))
        .containsExactly(new StepStarted("launch"), new StepReached("launch", Evidence.none()));
    assertThat(run.machine.state().step("tune").status).isEqualTo(StepStatus.SKIPPED);
    assertThatTheStateIsTheFoldOfAll(run);
    run.observed("tune", Progress.reached());
    assertThat(run.machine.events(run.now, run.wall()))
        .containsExactly(new RunEnded(Outcome.COMPLETED_WITH_EXCEPTIONS));
  }

  @Test
  void noStepStartsInARunThatWasPausedBeforeItsStartWasDurable() {
    ScriptedRun run = chain(Repeatability.idempotent());
    run.callsBeforeAnythingIsDurable();
    run.failed("launch", new IllegalStateException("throttled"));
    run.callsBeforeAnythingIsDurable();

    run.toldBefore(new RunPaused("ann", ""));

    assertThat(pending(run)).singleElement().isInstanceOf(CallFailed.class);
    assertThat(run.nextCalls()).isEmpty();
    assertThat(run.machine.state().step("launch").status).isEqualTo(StepStatus.WAITING);
    run.records.addAll(run.pending);
    run.pending.clear();
    run.told(new RunContinued("ann", ""));
    assertThat(run.calls()).containsExactly("observe launch");
  }

  @Test
  void noStepStartsInARunThatWasCancelledBeforeItsStartWasDurable() {
    ScriptedRun run = chain(Repeatability.idempotent());
    run.callsBeforeAnythingIsDurable();
    run.observed("launch", Progress.reached());
    run.callsBeforeAnythingIsDurable();

    run.toldBefore(new RunCancelled("ann", "false alarm"));

    assertThat(pending(run)).isEmpty();
    assertThat(run.machine.state().steps())
        .extracting(step -> step.status)
        .containsOnly(StepStatus.WAITING);
    assertThatTheStateIsTheFoldOfAll(run);
    assertThat(run.machine.events(run.now, run.wall()))
        .containsExactly(new RunEnded(Outcome.CANCELLED));
  }

  @Test
  void thatARequestWhichMustNotBeRepeatedWasNeverSentIsDurableBeforeItCounts() {
    EndpointUnavailableException notSent =
        EndpointUnavailableException.notAskedAgain(Need.control("ec2", ScriptedRun.WEST));
    ScriptedRun unsafe = chain(Repeatability.unsafe());
    ScriptedRun other = chain(Repeatability.idempotent());
    for (ScriptedRun run : List.of(unsafe, other)) {
      run.calls();
      run.observed("launch", Progress.pending("off"));
      run.calls();
      run.failed("launch", notSent, false);
    }

    assertThatThrownBy(unsafe::callsBeforeAnythingIsDurable)
        .hasMessageContaining("IntentWithdrawn");
    other.callsBeforeAnythingIsDurable();
    assertThat(pending(other)).contains(new IntentWithdrawn("launch", 1));
  }
}
