package io.drkit.internal;

import io.drkit.Step;
import io.drkit.Work;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What this process knows of a running step beyond the journal: calls in flight, when to look next. Lost with it. */
final class StepMonitor {
  /** The calls that a step makes, one at a time. */
  enum Call {
    OBSERVE("observe"),
    APPLY("apply"),
    WORK("work");

    final String label;

    Call(String label) {
      this.label = label;
    }
  }

  final Step step;
  Call next = Call.OBSERVE;
  boolean inFlight;
  /** When the next call may be made. */
  Duration due = Duration.ZERO;
  /** When the step is given up. */
  Duration deadline;
  /** Until when a request that was accepted, or may have been, may still be invisible. */
  Duration settledAt = Duration.ZERO;
  /** When the target of a request may have forgotten its token. */
  Duration tokenForgottenAt = Duration.ZERO;
  /** Whether the event that ends the step is on its way to the journal. */
  boolean ending;

  int polls;
  int failedObservations;
  int failedRequests;

  @Nullable
  Work work;

  String lastSeen = "nothing was seen yet";

  StepMonitor(Step step, Duration now) {
    this.step = step;
    this.deadline = now.plus(step.timeLimit());
  }
}
