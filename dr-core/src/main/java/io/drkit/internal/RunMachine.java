package io.drkit.internal;

import io.drkit.Outcome;
import io.drkit.Repeatability;
import io.drkit.Step;
import io.drkit.StepStatus;
import io.drkit.internal.StepMonitor.Call;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepIntended;
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
  private final OpenSteps open;
  private final Map<String, Step> steps;
  /** Of the steps to which something happened in this process. */
  private final Map<String, StepMonitor> monitors = new LinkedHashMap<>();

  private final Outbox outbox = new Outbox();
  private final Answers answers;
  private final Hold hold;
  /** Until when a request of the process before this one may go on: two must not ask at the same time. */
  private final Duration drainedAt;

  private RunState state;
  private Consents consents;

  /** Takes over a run as the journal has it. */
  RunMachine(
      Map<String, Step> steps,
      RunState state,
      Intervals intervals,
      Duration drain,
      Duration now,
      Instant wallClock) {
    this.state = state;
    this.consents = new Consents(state);
    this.drainedAt = now.plus(drain);
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
    this.answers = new Answers(state, consents, intervals, outbox, this::monitor);
    this.hold = new Hold(state, monitors.values());
    hold.look(now);
  }

  RunState state() {
    return state;
  }

  /** What takes in what calls bring back. */
  Answers answers() {
    return answers;
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
    if (outbox.isEmpty() && !open.anyGoesOn() && !anyRequestInFlight() && !anyOnItsWay(now)) {
      return List.of(new RunEnded(RunEnd.of(state)));
    }
    return outbox.drain();
  }

  /** Also of a step that somebody skipped meanwhile: what follows this run must not begin beside it. */
  private boolean anyRequestInFlight() {
    return monitors.values().stream()
        .anyMatch(monitor -> monitor.inFlight && monitor.made != Call.OBSERVE);
  }

  /** What the process before this one sent is not to be overtaken by what follows this run either. */
  private boolean anyOnItsWay(Duration now) {
    return now.compareTo(drainedAt) < 0;
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
      answers.giveUp(step, monitor, state.cancelled().get());
    } else if (monitor.lossInQuestion.isPresent() && !monitor.asking(step)) {
      Duration after = state.clock().elapsed(now, wallClock);
      outbox.add(consents.toLose(step, monitor.lossInQuestion.get(), after, wallClock));
      monitor.lossInQuestion = Optional.empty();
    } else if (monitor.asking(step) && consents.overdue(step, monitor, now)) {
      answers.giveUp(step, monitor, consents.expired(step));
    } else if (!hold.held() && now.compareTo(monitor.deadline) >= 0) {
      answers.giveUp(
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
    consents = new Consents(state);
    open.rebase(state);
    answers.rebase(state, consents);
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
        if (monitor.next == Call.APPLY && monitor.maybeSent && monitor.tokenForgotten(now)) {
          // It was decided on before a pause; looking again tells what is to become of it.
          monitor.next = Call.OBSERVE;
        }
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
  Optional<Duration> wake(Duration now) {
    boolean held = hold.held();
    Duration first = now.compareTo(drainedAt) < 0 ? drainedAt : null;
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
