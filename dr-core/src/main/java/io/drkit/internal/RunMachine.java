package io.drkit.internal;

import io.drkit.DrPlan;
import io.drkit.EndpointUnavailableException;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.StepStatus;
import io.drkit.Work;
import io.drkit.internal.StepMonitor.Call;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a run does next: from its journaled state, from what calls brought back, and from the time that it is told.
 * It has no thread, no clock and does no I/O. The shell appends the events of {@link #events}, folds each one in, repeats
 * that until there are none, and then makes the {@link #calls}.
 */
final class RunMachine {
  private final RunState state;
  private final Intervals intervals;
  private final Map<String, StepMonitor> monitors = new LinkedHashMap<>();
  private final List<RunEvent> outbox = new ArrayList<>();

  /** Takes over a run as the journal has it. */
  RunMachine(DrPlan plan, RunState state, Intervals intervals, Duration now, Instant wallClock) {
    this.state = state;
    this.intervals = intervals;
    for (Step step : plan.steps(state.started().mode())) {
      StepMonitor monitor = new StepMonitor(step, now);
      StepState before = state.step(step.name());
      // What an earlier process asked for may become visible for a while yet.
      Duration settle = settleTime(step);
      if (before.applied && step.action().repeatability().kind() == Repeatability.Kind.TOKENED) {
        settle = intervals.request(before.generation);
      }
      monitor.settledAt = now.plus(settle);
      Duration age = Duration.between(before.intentAt, wallClock);
      // A clock that was set back cannot tell how old a token is.
      monitor.tokenForgottenAt = age.isNegative()
          ? now
          : now.plus(step.action().repeatability().time()).minus(age);
      monitors.put(step.name(), monitor);
    }
  }

  RunState state() {
    return state;
  }

  /** What has to be written down next. Each event is to be made durable and folded in before the next call of this. */
  List<RunEvent> events(Duration now) {
    if (state.outcome() != Outcome.RUNNING) {
      return List.of();
    }
    for (StepState step : state.steps()) {
      StepMonitor monitor = monitor(step.name());
      if (step.status == StepStatus.WAITING && state.ready(step)) {
        outbox.add(new StepStarted(step.name()));
      } else if (step.status == StepStatus.RUNNING
          && !monitor.inFlight
          && now.compareTo(monitor.deadline) >= 0
          && !monitor.ending) {
        giveUp(
            step,
            monitor,
            "the time limit of " + monitor.step.timeLimit() + " passed; last seen: "
                + monitor.lastSeen);
      }
    }
    if (outbox.isEmpty()
        && state.steps().stream().noneMatch(step -> step.status == StepStatus.RUNNING)) {
      outbox.add(new RunEnded(outcome()));
    }
    List<RunEvent> events = List.copyOf(outbox);
    outbox.clear();
    return events;
  }

  /** Folds a record in that is durable now. */
  void fold(RunRecord entry, Duration now) {
    state.fold(entry);
    if (entry.event() instanceof StepIntended e) {
      StepMonitor monitor = monitor(e.step());
      monitor.next = Call.APPLY;
      monitor.due = now;
      monitor.tokenForgottenAt = now.plus(monitor.step.action().repeatability().time());
    } else if (entry.event() instanceof StepStarted e) {
      StepMonitor monitor = monitor(e.step());
      monitor.ending = false;
      monitor.due = now;
      monitor.deadline = now.plus(monitor.step.timeLimit());
    }
  }

  /** The steps of which a call is due, each marked as in flight. What the call is, the monitor says. */
  List<StepMonitor> calls(Duration now) {
    List<StepMonitor> calls = new ArrayList<>();
    for (StepState step : state.steps()) {
      StepMonitor monitor = monitor(step.name());
      if (step.status == StepStatus.RUNNING
          && !monitor.inFlight
          && now.compareTo(monitor.due) >= 0) {
        monitor.inFlight = true;
        calls.add(monitor);
      }
    }
    return calls;
  }

  /** When there may be something to do again, if no call comes back before. */
  Optional<Duration> wake() {
    return state.steps().stream()
        .filter(step -> step.status == StepStatus.RUNNING)
        .map(step -> monitor(step.name()))
        .filter(monitor -> !monitor.inFlight)
        .map(
            monitor -> monitor.due.compareTo(monitor.deadline) < 0 ? monitor.due : monitor.deadline)
        .min(Duration::compareTo);
  }

  /** A look at the world came back. */
  void observed(StepMonitor monitor, Progress progress, Duration now) {
    monitor.inFlight = false;
    StepState step = state.step(monitor.step.name());
    monitor.lastSeen = progress.detail();
    if (progress instanceof Progress.Unknown unknown) {
      failed(step, monitor, Call.OBSERVE, unknown.reason(), now);
      return;
    }
    monitor.failedObservations = 0;
    if (progress instanceof Progress.Reached reached) {
      end(monitor, new StepReached(step.name(), reached.evidence()));
    } else if (progress instanceof Progress.Blocked blocked) {
      giveUp(step, monitor, blocked.reason());
    } else if (progress instanceof Progress.Pending pending) {
      pending(step, monitor, pending, now);
    } else {
      lookAgain(monitor, now);
    }
  }

  private void pending(
      StepState step, StepMonitor monitor, Progress.Pending pending, Duration now) {
    Repeatability repeatability = monitor.step.action().repeatability();
    boolean unsafe = repeatability.kind() == Repeatability.Kind.UNSAFE;
    boolean forgotten = repeatability.kind() == Repeatability.Kind.TOKENED
        && now.compareTo(monitor.tokenForgottenAt) >= 0;
    if (step.generation == 0) {
      outbox.add(new StepIntended(step.name(), 1, pending.before()));
    } else if (step.open() && (unsafe || forgotten)) {
      end(
          monitor,
          new StepInDoubt(
              step.name(),
              "it was asked for, and nobody knows whether that took effect: " + pending.detail()));
    } else if (unsafe || now.compareTo(monitor.settledAt) < 0) {
      lookAgain(monitor, now);
    } else if (step.open()) {
      monitor.next = Call.APPLY;
      monitor.due = now;
    } else {
      outbox.add(new StepIntended(step.name(), step.generation + 1, pending.before()));
    }
  }

  private void lookAgain(StepMonitor monitor, Duration now) {
    monitor.next = Call.OBSERVE;
    monitor.due = now.plus(intervals.poll(monitor.step.name(), ++monitor.polls));
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
    settle(monitor, step, now);
    outbox.add(new StepApplied(step.name(), step.generation));
  }

  private void settle(StepMonitor monitor, StepState step, Duration now) {
    Duration settle = settleTime(monitor.step);
    Duration patience = intervals.request(step.generation);
    monitor.settledAt = now.plus(settle.compareTo(patience) > 0 ? settle : patience);
  }

  /** A slice of work came back. */
  void worked(StepMonitor monitor, Progress progress, Duration now) {
    monitor.inFlight = false;
    monitor.failedRequests = 0;
    monitor.lastSeen = progress.detail();
    monitor.due = now;
    if (progress instanceof Progress.Blocked blocked) {
      giveUp(state.step(monitor.step.name()), monitor, blocked.reason());
    } else if (progress.kind() != Progress.Kind.UNDERWAY) {
      monitor.work = null;
      monitor.next = Call.OBSERVE;
      settle(monitor, state.step(monitor.step.name()), now);
    }
  }

  /** A call threw, or its time limit passed. */
  void callFailed(StepMonitor monitor, Throwable error, Duration now) {
    StepState step = state.step(monitor.step.name());
    Call call = monitor.next;
    monitor.inFlight = false;
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
      monitor.settledAt = now.plus(settleTime(monitor.step));
    }
    failed(step, monitor, call, Errors.describe(error), now);
  }

  private void failed(StepState step, StepMonitor monitor, Call call, String error, Duration now) {
    monitor.lastSeen = error;
    outbox.add(new CallFailed(step.name(), call.label, error));
    int failures = call == Call.OBSERVE ? ++monitor.failedObservations : ++monitor.failedRequests;
    if (call == Call.APPLY
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

  private void giveUp(StepState step, StepMonitor monitor, String reason) {
    boolean asked = step.generation > 0;
    boolean unsafe = monitor.step.action().repeatability().kind() == Repeatability.Kind.UNSAFE;
    if (asked && unsafe) {
      end(monitor, new StepInDoubt(step.name(), reason));
    } else {
      end(monitor, new StepFailed(step.name(), reason, asked));
    }
  }

  private void end(StepMonitor monitor, RunEvent event) {
    monitor.ending = true;
    outbox.add(event);
  }

  private Outcome outcome() {
    boolean exceptions = false;
    boolean failed = false;
    for (StepState step : state.steps()) {
      if (step.status == StepStatus.IN_DOUBT && step.planned.required()) {
        return Outcome.IN_DOUBT;
      }
      boolean reached = step.status == StepStatus.REACHED;
      exceptions |= !reached;
      failed |= !reached
          && step.status != StepStatus.OWED
          && step.planned.required()
          && step.planned.stage() != Stage.AFTERWARDS;
    }
    return failed
        ? Outcome.FAILED
        : exceptions ? Outcome.COMPLETED_WITH_EXCEPTIONS : Outcome.COMPLETED;
  }

  private static Duration settleTime(Step step) {
    Repeatability repeatability = step.action().repeatability();
    return repeatability.kind() == Repeatability.Kind.OBSERVED
        ? repeatability.time()
        : Duration.ZERO;
  }

  StepMonitor monitor(String step) {
    StepMonitor monitor = monitors.get(step);
    if (monitor == null) {
      throw new IllegalArgumentException(
          "the plan has no step '" + step + "' that its run has; it has " + monitors.keySet());
    }
    return monitor;
  }
}
