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
import io.drkit.spi.RunEvent.StepStarted;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that are to be written down. They are of two kinds. A <em>soft</em> one tells what a process that takes over finds out by
 * itself, because it looks at the world again: it is folded in at once, and becomes durable with the next append. A <em>hard</em> one
 * is durable before it counts: what is asked for rests on it, a person or another process has to see it, or nobody could find it
 * out again.
 */
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
   * Whether an event is soft: lost in a crash, it is as if the crash had come a little earlier.
   *
   * <ul>
   *   <li>A start: the step is started again, and was only looked at.
   *   <li>An accepted request: its intent is durable, and what became of it is looked up. Only of a request that must not be
   *       repeated, nobody could say any more that it was accepted; so is it with one that is known not to have been sent.
   *   <li>A reached state: it is seen again, and nothing was asked for meanwhile that waits for it.
   *   <li>A call that failed: the counting of failures begins anew with each process anyway.
   * </ul>
   *
   * @param unsafe whether a request of the event's step must not be repeated
   */
  static boolean soft(RunEvent event, boolean unsafe) {
    return event instanceof StepStarted
        || event instanceof StepReached
        || event instanceof CallFailed
        || (!unsafe && (event instanceof StepApplied || event instanceof IntentWithdrawn));
  }

  /**
   * Whether an event is still to be written down that somebody else's records came before. What was decided on a step that is no
   * longer as it was is dropped, and what is about to be asked for is decided anew; but that a request was accepted, or a call
   * failed, stays true.
   */
  static boolean stillTrue(RunEvent event, RunState state) {
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
