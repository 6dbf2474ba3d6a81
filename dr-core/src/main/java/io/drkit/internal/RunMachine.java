package io.drkit.internal;

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
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunEvent.StepSwitched;
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
 * Decides what a run does next: from its state, from what calls brought back, and from the time that it is told. It has no thread,
 * no clock and does no I/O. The shell takes the events of {@link #events}, folds each one in, repeats that until there are none, and
 * then makes the {@link #calls}. It folds {@linkplain #soft soft} events in at once, and others when they are durable; and it calls
 * nothing but looks while something is not.
 */
final class RunMachine {
  private final Instant disruption;
  private final OpenSteps open;
  private final Intervals intervals;
  private final Map<String, Step> steps;
  /** Of the steps to which something happened in this process. */
  private final Map<String, StepMonitor> monitors = new LinkedHashMap<>();

  private final Outbox outbox = new Outbox();
  private final Fences fences;
  private final Hold hold;
  /** Until when a request of the process before this one may go on: two must not ask at the same time. */
  private final Duration drainedAt;

  private RunState state;
  private Consents consents;

  /** Takes over a run as the journal has it. */
  RunMachine(
      Map<String, Step> steps,
      RunState state,
      Instant disruption,
      Intervals intervals,
      Duration drain,
      Duration now,
      Instant wallClock) {
    this.state = state;
    this.disruption = disruption;
    this.consents = new Consents(state, disruption);
    this.drainedAt = now.plus(drain);
    this.intervals = intervals;
    this.steps = steps;
    for (StepState before : state.steps()) {
      boolean begun =
          before.status == StepStatus.RUNNING || before.generation > 0 || before.ask != null;
      if (begun && steps.containsKey(before.name())) {
        StepMonitor monitor = monitor(before.name());
        monitor.begin(now);
        monitor.takeOver(before, intervals, drainedAt, now, wallClock);
      }
    }
    this.open = new OpenSteps(state);
    this.fences = new Fences(state);
    this.hold = new Hold(state, monitors.values());
    hold.look(now);
  }

  RunState state() {
    return state;
  }

  /** What a call of a step sees of the run. */
  StepContext context(StepContext.Shared shared, StepMonitor monitor) {
    return new StepContext(
        shared, open.view(state.mode(state.step(monitor.step.name()))), monitor.step.name());
  }

  /** The stop lever of all runs was pulled or released. */
  void stopped(boolean now, Duration at) {
    hold.stopped(now, at);
  }

  /** What has to be written down next. Each event is to be folded in before the next call of this. */
  List<RunEvent> events(Duration now, Instant wallClock) {
    if (state.outcome() != Outcome.RUNNING) {
      return List.of();
    }
    for (OpenSteps.Node node : open.all()) {
      StepState step = node.step;
      StepMonitor monitor = monitor(node);
      if (step.status == StepStatus.WAITING) {
        waiting(step, monitor, now, wallClock);
      } else if (!monitor.inFlight && !monitor.ending) {
        running(step, monitor, now, wallClock);
      }
    }
    if (outbox.isEmpty() && !open.anyGoesOn() && !anyRequestInFlight()) {
      return List.of(new RunEnded(RunEnd.of(state)));
    }
    return outbox.drain();
  }

  /** Also of a step that somebody skipped meanwhile: what follows this run must not begin beside it. */
  private boolean anyRequestInFlight() {
    return monitors.values().stream()
        .anyMatch(monitor -> monitor.inFlight && monitor.next != Call.OBSERVE);
  }

  private void waiting(StepState step, StepMonitor monitor, Duration now, Instant wallClock) {
    if (state.cancelled().isPresent()) {
      return;
    }
    boolean approved = RunState.approved(step);
    if (!approved && step.ask == null && consents.due(step, open)) {
      outbox.add(consents.toStart(step, wallClock));
    } else if (!approved && step.ask != null && consents.overdue(step, monitor, now)) {
      outbox.add(consents.atLimit(step));
    } else if (mayStart(step)) {
      outbox.add(new StepStarted(step.name()));
    }
  }

  private boolean mayStart(StepState step) {
    return step.status == StepStatus.WAITING
        && RunState.approved(step)
        && state.cancelled().isEmpty()
        && !hold.held()
        && open.ready(step);
  }

  private void running(StepState step, StepMonitor monitor, Duration now, Instant wallClock) {
    if (state.cancelled().isPresent()) {
      giveUp(step, monitor, state.cancelled().get());
    } else if (monitor.lossInQuestion.isPresent() && !monitor.asking(step)) {
      outbox.add(consents.toLose(step, monitor.lossInQuestion.get(), wallClock));
      monitor.lossInQuestion = Optional.empty();
    } else if (monitor.asking(step) && consents.overdue(step, monitor, now)) {
      giveUp(step, monitor, consents.expired(step));
    } else if (!hold.held() && now.compareTo(monitor.deadline) >= 0) {
      giveUp(
          step,
          monitor,
          "the time limit of " + monitor.step.timeLimit() + " passed; last seen: "
              + monitor.lastSeen);
    }
  }

  /** Whether all of some events may be folded in before they are durable. */
  boolean soft(List<RunEvent> events) {
    return events.stream().allMatch(this::soft);
  }

  private boolean soft(RunEvent event) {
    if (event instanceof StepApplied e) {
      return Outbox.soft(e, unsafe(e.step()));
    }
    return Outbox.soft(event, event instanceof IntentWithdrawn e && unsafe(e.step()));
  }

  private boolean unsafe(String step) {
    return monitor(step).step.action().repeatability().kind() == Repeatability.Kind.UNSAFE;
  }

  /** Which of some events are still to be written down, after records that came before them were folded in. */
  List<RunEvent> stillTrue(List<RunEvent> events) {
    return events.stream().filter(this::stillTrue).toList();
  }

  private boolean stillTrue(RunEvent event) {
    return event instanceof StepStarted e
        ? mayStart(state.step(e.step()))
        : Outbox.stillTrue(event, state);
  }

  /**
   * Takes commands in that came before records that were folded in already. The state is made anew, from what is durable and from
   * the pending records that are still true; calls in flight go on.
   *
   * @param durable the run's durable records; the commands are the last ones
   * @param commands how many these are
   * @param pending what was folded in and is not durable
   * @return which of the pending records are still true
   */
  List<RunRecord> rebase(
      List<RunRecord> durable, int commands, List<RunRecord> pending, Duration now) {
    state = RunState.of(durable);
    consents = new Consents(state, disruption);
    open.rebase(state);
    fences.rebase(state);
    hold.rebase(state);
    durable
        .subList(durable.size() - commands, durable.size())
        .forEach(entry -> tellMonitors(entry, now));
    List<RunRecord> kept = new ArrayList<>();
    for (RunRecord entry : pending) {
      if (stillTrue(entry.event())) {
        state.fold(entry);
        open.folded(entry.event());
        kept.add(entry);
      }
    }
    hold.look(now);
    return kept;
  }

  /** Folds a record in, be it of this runner or a command. */
  void fold(RunRecord entry, Duration now) {
    state.fold(entry);
    open.folded(entry.event());
    tellMonitors(entry, now);
    hold.look(now);
  }

  private void tellMonitors(RunRecord entry, Duration now) {
    if (entry.event() instanceof StepIntended e) {
      monitor(e.step()).intended(now);
    } else if (entry.event() instanceof StepStarted e) {
      monitor(e.step()).begin(now);
    } else if (entry.event() instanceof ApprovalRequested e) {
      monitor(e.step()).askUntil = now.plus(Duration.between(entry.at(), e.expiresAt()));
    } else if (entry.event() instanceof StepApproved e) {
      monitor(e.step()).lookNow(now);
    } else if (entry.event() instanceof RunSwitched || entry.event() instanceof StepSwitched) {
      monitors.values().forEach(monitor -> monitor.lookNow(now));
    }
  }

  /** The steps of which a call is due; whoever makes it marks it as in flight. What the call is, the monitor says. */
  List<StepMonitor> calls(Duration now) {
    List<StepMonitor> calls = new ArrayList<>();
    for (OpenSteps.Node node : open.all()) {
      StepMonitor monitor = monitor(node);
      if (callable(node.step, monitor) && now.compareTo(due(monitor)) >= 0) {
        calls.add(monitor);
      }
    }
    return calls;
  }

  /** Looking harms nobody; asking waits until nothing of another process is on its way. */
  private Duration due(StepMonitor monitor) {
    boolean asks = monitor.next != Call.OBSERVE;
    return asks && drainedAt.compareTo(monitor.due) > 0 ? drainedAt : monitor.due;
  }

  private boolean callable(StepState step, StepMonitor monitor) {
    return step.status == StepStatus.RUNNING
        && !monitor.inFlight
        && (monitor.next == Call.OBSERVE || !hold.held());
  }

  /** When there may be something to do again, if no call comes back and nobody gives a command before. */
  Optional<Duration> wake() {
    boolean held = hold.held();
    Duration first = null;
    for (OpenSteps.Node node : open.all()) {
      StepState step = node.step;
      StepMonitor monitor = monitor(node);
      if (monitor.inFlight) {
        continue;
      }
      if (callable(step, monitor)) {
        first = earlier(first, due(monitor));
      }
      if (step.status == StepStatus.RUNNING && !held) {
        first = earlier(first, monitor.deadline);
      }
      if (monitor.asking(step) && state.cancelled().isEmpty() && !Consents.staysOpen(state, step)) {
        first = earlier(first, monitor.askUntil);
      }
    }
    return Optional.ofNullable(first);
  }

  private static Duration earlier(@Nullable Duration one, Duration other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  /** A look at the world came back. */
  void observed(StepMonitor monitor, Progress progress, Duration now) {
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
      end(monitor, new StepReached(step.name(), reached.evidence()));
    } else if (progress instanceof Progress.Blocked blocked) {
      giveUp(step, monitor, blocked.reason());
    } else if (progress instanceof Progress.Pending pending) {
      Optional<StepState> fence = fences.before(step);
      if (fence.isPresent()) {
        unfenced(step, monitor, fence.get(), now);
      } else {
        pending(step, monitor, pending, now);
      }
    } else {
      lookAgain(monitor, now);
    }
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
      StepState step, StepMonitor monitor, Progress.Pending pending, Duration now) {
    Repeatability repeatability = monitor.step.action().repeatability();
    boolean unsafe = repeatability.kind() == Repeatability.Kind.UNSAFE;
    boolean forgotten = repeatability.kind() == Repeatability.Kind.TOKENED
        && now.compareTo(monitor.tokenForgottenAt) >= 0;
    if (step.generation == 0 || step.withdrawn) {
      intend(step, monitor, pending, now);
    } else if (step.open() && (unsafe || forgotten)) {
      end(
          monitor,
          new StepInDoubt(
              step.name(),
              "it was asked for, and nobody knows whether that took effect: " + pending.detail()));
    } else if (unsafe || !monitor.settled()) {
      lookAgain(monitor, now);
    } else if (step.open()) {
      monitor.next = Call.APPLY;
      monitor.due = now;
    } else {
      intend(step, monitor, pending, now);
    }
  }

  private void intend(StepState step, StepMonitor monitor, Progress.Pending pending, Duration now) {
    boolean granted = consents.granted(step, pending.before());
    monitor.caughtUp = granted;
    if (granted && consents.everyCopyCaughtUp(step, name -> monitor(name).caughtUp)) {
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
    Call call = monitor.next;
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

  private void giveUp(StepState step, StepMonitor monitor, String reason) {
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

  private StepMonitor monitor(OpenSteps.Node node) {
    StepMonitor monitor = node.monitor;
    if (monitor == null) {
      monitor = monitor(node.step.name());
      node.monitor = monitor;
    }
    return monitor;
  }

  StepMonitor monitor(String name) {
    StepMonitor monitor = monitors.get(name);
    if (monitor == null) {
      Step step = steps.get(name);
      if (step == null) {
        throw new IllegalArgumentException(
            "the plan has no step '" + name + "' that its run has; it has " + steps.keySet());
      }
      monitor = new StepMonitor(step);
      monitors.put(name, monitor);
    }
    return monitor;
  }
}
