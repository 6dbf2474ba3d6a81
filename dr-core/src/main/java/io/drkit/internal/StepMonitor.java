package io.drkit.internal;

import io.drkit.Evidence;
import io.drkit.Repeatability;
import io.drkit.Step;
import io.drkit.StepStatus;
import io.drkit.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
  /** What the last call was; its step may have begun anew since, and look next. */
  Call made = Call.OBSERVE;
  /** When the last call was made: what it saw is as old as that, however late the answer is taken in. */
  Duration calledAt = Duration.ZERO;
  /** When the next call may be made. */
  Duration due = Duration.ZERO;
  /** When the step is given up; counts from its beginning. */
  Duration deadline = Duration.ZERO;
  /** Until when a request that was accepted, or may have been, may still be invisible. */
  Duration settledAt = Duration.ZERO;
  /** When the target of a request may have forgotten its token. */
  Duration tokenForgottenAt = Duration.ZERO;
  /** Whether the event that ends the step is on its way to the journal. */
  boolean ending;

  /** Until when people may consent to what they are asked. */
  Duration askUntil = Duration.ZERO;
  /** What a promotion would lose, while that needs consent and nobody was asked yet. */
  Optional<Evidence> lossInQuestion = Optional.empty();
  /** Whether the copy was last seen to hold all that a switchover needs. */
  boolean caughtUp;
  /** Whether a request of this generation may have been sent, here or by a process before this one. */
  boolean maybeSent;
  /** Whether the call that failed just now sent nothing, and none before it did. */
  boolean withdrawing;

  int polls;
  int failedObservations;
  int failedRequests;

  @Nullable
  Work work;

  String lastSeen = "nothing was seen yet";

  StepMonitor(Step step) {
    this.step = step;
  }

  /**
   * Goes on with what another process, or an earlier run of this one, left.
   *
   * @param drainedAt until when a request of that process may go on
   */
  void takeOver(
      StepState before, Intervals intervals, Duration drainedAt, Duration now, Instant wallClock) {
    // What was asked for then may become visible for a while yet.
    settledAt = switch (step.action().repeatability().kind()) {
      case OBSERVED -> drainedAt.plus(settleTime());
      case TOKENED -> before.applied ? now.plus(intervals.request(before.generation)) : now;
      case IDEMPOTENT, UNSAFE -> now;
    };
    maybeSent = before.open();
    Duration age = Duration.between(before.intentAt, wallClock);
    // A clock that was set back cannot tell how old a token is.
    tokenForgottenAt =
        age.isNegative() ? now : now.plus(step.action().repeatability().time()).minus(age);
    if (before.ask != null) {
      askUntil = now.plus(Consents.left(before.ask, wallClock));
    }
  }

  /** How long an effect may stay invisible to a reader. */
  Duration settleTime() {
    Repeatability repeatability = step.action().repeatability();
    return repeatability.kind() == Repeatability.Kind.OBSERVED
        ? repeatability.time()
        : Duration.ZERO;
  }

  /** An effect was asked for: it may stay invisible for its settle time, and is not asked for again before patience ends. */
  void settle(Duration patience, Duration now) {
    Duration settle = settleTime();
    settledAt = now.plus(settle.compareTo(patience) > 0 ? settle : patience);
  }

  /** A call is made. */
  void called(Duration now) {
    inFlight = true;
    made = next;
    calledAt = now;
  }

  /** Whether the last look began when all that was asked for had to be visible. A process may be stopped while it looks. */
  boolean settled() {
    return calledAt.compareTo(settledAt) >= 0;
  }

  /** Whether the target of a request may have forgotten its token by now. */
  boolean tokenForgotten(Duration now) {
    return step.action().repeatability().kind() == Repeatability.Kind.TOKENED
        && now.compareTo(tokenForgottenAt) >= 0;
  }

  /** An intent is durable: now the state is asked for. */
  void intended(Duration now) {
    next = Call.APPLY;
    due = now;
    maybeSent = false;
    tokenForgottenAt = now.plus(step.action().repeatability().time());
  }

  /** What is waited for has changed: look again before anything else. */
  void lookNow(Duration now) {
    due = now;
    lossInQuestion = Optional.empty();
    caughtUp = false;
  }

  /** The step begins, for the first time or once more. */
  void begin(Duration now) {
    ending = false;
    next = Call.OBSERVE;
    due = now;
    deadline = now.plus(step.timeLimit());
    failedObservations = 0;
    failedRequests = 0;
  }

  /** Whether people are being asked for their consent. */
  boolean asking(StepState state) {
    return state.ask != null
        && !state.ask.granted()
        && (state.status == StepStatus.WAITING || state.status == StepStatus.RUNNING);
  }
}
