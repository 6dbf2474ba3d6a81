package io.drkit.internal;

import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.Work;
import io.drkit.internal.StepMonitor.Call;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a step's call means that came back: what it saw, that a request was accepted, or that it failed. Like the {@link
 * RunMachine}, whose part it is, it has no thread, no clock and does no I/O; the events go into its outbox.
 */
final class Answers {
  private final Fences fences;
  private final Intervals intervals;
  private final Outbox outbox;
  private final Function<String, StepMonitor> monitors;
  private RunState state;
  private Consents consents;

  Answers(
      RunState state,
      Consents consents,
      Intervals intervals,
      Outbox outbox,
      Function<String, StepMonitor> monitors) {
    this.state = state;
    this.consents = consents;
    this.intervals = intervals;
    this.outbox = outbox;
    this.monitors = monitors;
    this.fences = new Fences(state);
  }

  /** Goes on with the run's state as it was made anew. */
  void rebase(RunState anew, Consents theirs) {
    state = anew;
    consents = theirs;
    fences.rebase(anew);
  }

  /**
   * A look at the world came back.
   *
   * @param wallClock now as well: it alone tells that a machine was suspended meanwhile
   */
  void observed(StepMonitor monitor, Progress progress, Duration now, Instant wallClock) {
    monitor.inFlight = false;
    StepState step = state.step(monitor.step.name());
    monitor.lastSeen = progress.detail();
    if (step.status != StepStatus.RUNNING) {
      return;
    }
    if (progress instanceof Progress.Unknown unknown) {
      failed(step, monitor, Call.OBSERVE, unknown.reason(), now);
      return;
    }
    monitor.failedObservations = 0;
    if (progress instanceof Progress.Reached reached) {
      reached(step, monitor, reached.evidence());
    } else if (progress instanceof Progress.Blocked blocked) {
      giveUp(step, monitor, blocked.reason());
    } else if (progress instanceof Progress.Pending pending) {
      Optional<StepState> fence = fences.before(step);
      if (fence.isPresent()) {
        unfenced(step, monitor, fence.get(), now);
      } else {
        pending(step, monitor, pending, now, state.clock().elapsed(now, wallClock));
      }
    } else {
      lookAgain(monitor, now);
    }
  }

  /** A copy that holds more than was wanted is not what was wanted. Where the world does not tell, what bounded it before does. */
  private void reached(StepState step, StepMonitor monitor, Evidence evidence) {
    Optional<RecoveryPoint> point = evidence
        .recoveryPoint()
        .filter(seen -> seen.completeUntil().isPresent())
        .or(() -> Optional.ofNullable(step.bound));
    if (step.planned.dataset().isPresent() && !PointInTime.kept(wanted(), point)) {
      String dataset = step.planned.dataset().get();
      giveUp(step, monitor, PointInTime.after(dataset, wanted().orElseThrow(), point));
    } else {
      end(monitor, new StepReached(step.name(), evidence));
    }
  }

  private Optional<Instant> wanted() {
    return state.started().declaration().recoverTo();
  }

  /** What was begun behind a fence asks for nothing before the fence is proven again. */
  private void unfenced(StepState step, StepMonitor monitor, StepState fence, Duration now) {
    if (fence.status == StepStatus.FAILED || fence.status == StepStatus.IN_DOUBT) {
      giveUp(
          step,
          monitor,
          "the fence '" + fence.name() + "' does not stand any more: " + fence.detail);
      return;
    }
    monitor.lastSeen = "the fence '" + fence.name() + "' is not proven again yet";
    lookAgain(monitor, now);
  }

  private void pending(
      StepState step, StepMonitor monitor, Progress.Pending pending, Duration now, Duration after) {
    Repeatability repeatability = monitor.step.action().repeatability();
    boolean unsafe = repeatability.kind() == Repeatability.Kind.UNSAFE;
    boolean forgotten = monitor.tokenForgotten(now);
    if (step.generation == 0 || step.withdrawn) {
      intend(step, monitor, pending, now, after);
    } else if (step.open() && (unsafe || forgotten)) {
      end(
          monitor,
          new StepInDoubt(
              step.name(),
              "it was asked for, and nobody knows whether that took effect: " + pending.detail()));
    } else if (unsafe || !monitor.settled()) {
      lookAgain(monitor, now);
    } else if (step.open() && lossHasGrown(step, pending, after)) {
      monitor.lossInQuestion = Optional.of(pending.before());
      lookAgain(monitor, now);
    } else if (step.open()) {
      monitor.next = Call.APPLY;
      monitor.due = now;
    } else {
      intend(step, monitor, pending, now, after);
    }
  }

  /** What was within the RPO when it was asked for need not be so when it is asked for once more, long after. */
  private boolean lossHasGrown(StepState step, Progress.Pending pending, Duration after) {
    return step.planned.dataset().isPresent()
        && !consents.mustLoseNothing(step)
        && !consents.granted(step, pending.before(), after);
  }

  private void intend(
      StepState step, StepMonitor monitor, Progress.Pending pending, Duration now, Duration after) {
    Optional<StepState> failed = consents.failedBeforeAny(step);
    if (failed.isPresent()) {
      behindAFailure(step, monitor, failed.get(), now);
      return;
    }
    Optional<RecoveryPoint> point = pending.before().recoveryPoint();
    if (step.planned.dataset().isPresent() && !PointInTime.kept(wanted(), point)) {
      String dataset = step.planned.dataset().get();
      String why = PointInTime.before(dataset, wanted().orElseThrow(), point);
      if (point.flatMap(RecoveryPoint::completeUntil).isPresent()) {
        giveUp(step, monitor, why);
      } else {
        monitor.lastSeen = why;
        lookAgain(monitor, now);
      }
      return;
    }
    boolean granted = consents.granted(step, pending.before(), after);
    monitor.caughtUp = granted;
    if (granted && consents.everyCopyCaughtUp(step, name -> monitors.apply(name).caughtUp)) {
      outbox.add(new StepIntended(step.name(), step.generation + 1, pending.before()));
      return;
    }
    if (granted) {
      monitor.lastSeen = "the other copies have not caught up yet";
    } else if (consents.mustLoseNothing(step)) {
      monitor.lastSeen = "the copy has not caught up with what was written until the fence";
    } else {
      monitor.lossInQuestion = Optional.of(pending.before());
    }
    lookAgain(monitor, now);
  }

  /** What was begun again since waits: whoever retries two promotions does so one after the other. */
  private void behindAFailure(StepState step, StepMonitor monitor, StepState failed, Duration now) {
    String why = "'" + failed.name() + "' failed, and a planned move promotes all or nothing";
    if (failed.endedAfter.compareTo(step.begunAgainAfter) >= 0) {
      giveUp(step, monitor, why);
    } else {
      monitor.lastSeen = why + "; retry it, too";
      lookAgain(monitor, now);
    }
  }

  private void lookAgain(StepMonitor monitor, Duration now) {
    monitor.next = Call.OBSERVE;
    Stage stage = monitor.step.stage();
    monitor.due = now.plus(intervals.poll(stage, monitor.step.name(), ++monitor.polls));
  }

  /** A request was accepted. */
  void applied(StepMonitor monitor, @Nullable Work work, Duration now) {
    StepState step = state.step(monitor.step.name());
    monitor.inFlight = false;
    monitor.failedRequests = 0;
    monitor.polls = 0;
    monitor.work = work;
    monitor.next = work == null ? Call.OBSERVE : Call.WORK;
    monitor.due = now;
    monitor.settle(intervals.request(step.generation), now);
    outbox.add(new StepApplied(step.name(), step.generation));
  }

  /** A slice of work came back. */
  void worked(StepMonitor monitor, Progress progress, Duration now) {
    monitor.inFlight = false;
    monitor.failedRequests = 0;
    monitor.lastSeen = progress.detail();
    monitor.due = now;
    if (state.step(monitor.step.name()).status != StepStatus.RUNNING) {
      return;
    }
    if (progress instanceof Progress.Blocked blocked) {
      giveUp(state.step(monitor.step.name()), monitor, blocked.reason());
    } else if (progress.kind() != Progress.Kind.UNDERWAY) {
      monitor.work = null;
      monitor.next = Call.OBSERVE;
      monitor.settle(intervals.request(state.step(monitor.step.name()).generation), now);
    }
  }

  /**
   * A call threw, or its time limit passed.
   *
   * @param sent whether a request of it may have been sent
   */
  void callFailed(StepMonitor monitor, Throwable error, boolean sent, Duration now) {
    StepState step = state.step(monitor.step.name());
    Call call = monitor.made;
    monitor.inFlight = false;
    if (step.status != StepStatus.RUNNING) {
      outbox.add(new CallFailed(step.name(), call.label, Errors.describe(error)));
      return;
    }
    if (error instanceof EndpointUnavailableException unavailable
        && unavailable.siteDeclaredLost()) {
      if (step.planned.stage() == Stage.FENCE) {
        end(monitor, new StepOwed(step.name(), Errors.describe(unavailable)));
      } else {
        giveUp(step, monitor, Errors.describe(unavailable));
      }
      return;
    }
    if (call == Call.APPLY) {
      monitor.settledAt = now.plus(monitor.settleTime());
      monitor.maybeSent |= sent || !Errors.notSent(error);
      if (!monitor.maybeSent) {
        outbox.add(new IntentWithdrawn(step.name(), step.generation));
        monitor.withdrawing = true;
      }
    }
    failed(step, monitor, call, Errors.describe(error), now);
    monitor.withdrawing = false;
  }

  private void failed(StepState step, StepMonitor monitor, Call call, String error, Duration now) {
    monitor.lastSeen = error;
    outbox.add(new CallFailed(step.name(), call.label, error));
    int failures = call == Call.OBSERVE ? ++monitor.failedObservations : ++monitor.failedRequests;
    if (call == Call.APPLY
        && !monitor.withdrawing
        && monitor.step.action().repeatability().kind() == Repeatability.Kind.UNSAFE) {
      end(
          monitor,
          new StepInDoubt(
              step.name(),
              "the request did not return normally, and must not be repeated: " + error));
    } else if (failures >= monitor.step.attempts()) {
      giveUp(
          step,
          monitor,
          failures + (failures == 1 ? " call" : " calls in a row") + " failed: " + error);
    } else {
      monitor.next = call == Call.WORK ? Call.WORK : Call.OBSERVE;
      monitor.due = now.plus(intervals.retry(step.name(), failures));
    }
  }

  /** Ends a step that is not to go on. */
  void giveUp(StepState step, StepMonitor monitor, String reason) {
    boolean asked = monitor.withdrawing ? step.generation > 1 : step.effectPossible();
    boolean unsafe = monitor.step.action().repeatability().kind() == Repeatability.Kind.UNSAFE;
    end(
        monitor,
        asked && unsafe
            ? new StepInDoubt(step.name(), reason)
            : new StepFailed(step.name(), reason, asked));
  }

  private void end(StepMonitor monitor, RunEvent event) {
    monitor.ending = true;
    outbox.add(event);
  }
}
