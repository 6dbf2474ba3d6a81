package io.drkit.internal;

import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import java.util.ArrayList;
import java.util.List;

/** Events that are to be written down. */
final class Outbox {
  private final List<RunEvent> events = new ArrayList<>();

  void add(RunEvent event) {
    events.add(event);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  List<RunEvent> drain() {
    List<RunEvent> all = List.copyOf(events);
    events.clear();
    return all;
  }

  /**
   * What is still to be written down of events that somebody else's records came before. What was decided on a step that is
   * no longer as it was is dropped, and what is about to begin is decided anew; but that a request was accepted, or a call
   * failed, stays true.
   */
  static List<RunEvent> stillTrue(List<RunEvent> events, RunState state) {
    return events.stream().filter(event -> stillTrue(event, state)).toList();
  }

  private static boolean stillTrue(RunEvent event, RunState state) {
    if (event instanceof StepReached e) {
      return running(state, e.step());
    } else if (event instanceof StepFailed e) {
      return running(state, e.step());
    } else if (event instanceof StepOwed e) {
      return running(state, e.step());
    } else if (event instanceof StepInDoubt e) {
      return running(state, e.step());
    }
    return event instanceof StepApplied
        || event instanceof CallFailed
        || event instanceof IntentWithdrawn;
  }

  private static boolean running(RunState state, String step) {
    return state.step(step).status == StepStatus.RUNNING;
  }
}
