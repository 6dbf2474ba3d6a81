package io.drkit.internal;

import io.drkit.ApprovalRequest;
import io.drkit.Decision;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.Command;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.RunRolledBack;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepDecided;
import io.drkit.spi.RunEvent.StepDeclined;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepRetried;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepStarted;
import io.drkit.spi.RunEvent.StepSwitched;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The fold of a run's records: the same records give the same state in every process. No clock, no thread, no I/O. */
final class RunState {
  /** How a step may stand of which a call is under way: somebody may have skipped it since, and then begun it anew. */
  private static final Set<StepStatus> UNANSWERED =
      EnumSet.of(StepStatus.RUNNING, StepStatus.SKIPPED, StepStatus.WAITING);

  private final String run;
  private final RunStarted started;
  private final RunClock clock;
  private final Map<String, StepState> steps = new LinkedHashMap<>();
  private final Map<String, RecoveryObjective> children = new HashMap<>();
  private final List<Site> lost = new ArrayList<>();
  private final Silence silence;
  private long epoch;
  private Optional<Duration> runnersLimit = Optional.empty();
  private boolean endedByAnother;
  private Optional<String> paused = Optional.empty();
  private Optional<String> cancelled = Optional.empty();
  private Optional<String> toRollBack = Optional.empty();
  private RunMode mode;
  private boolean switched;
  private Outcome outcome = Outcome.RUNNING;
  private Optional<Instant> endedAt = Optional.empty();

  /** Begins with the record that started the run. */
  RunState(RunRecord first) {
    if (!(first.event() instanceof RunStarted start)) {
      throw new IllegalArgumentException(
          "run " + first.run() + " does not begin with its start: " + first.event());
    }
    run = first.run();
    started = start;
    mode = start.mode();
    clock = new RunClock(first);
    epoch = first.epoch();
    lost.addAll(start.declaration().lost());
    silence = new Silence(start, lost(from()), first.at());
    start.steps().forEach(step -> steps.put(step.name(), new StepState(step)));
    start.children().forEach(child -> children.put(child.path(), child.objective()));
  }

  static RunState of(List<RunRecord> records) {
    RunState state = new RunState(records.get(0));
    records.subList(1, records.size()).forEach(state::fold);
    return state;
  }

  void fold(RunRecord entry) {
    RunEvent event = entry.event();
    if (event instanceof Command command) {
      fold(entry, command);
      return;
    }
    Optional<Duration> passed = clock.passed(entry);
    if (event instanceof RunnerBegan began) {
      begin(entry, began, passed);
    } else if (event instanceof StepStarted e) {
      StepState step = step(e.step());
      step.status = StepStatus.RUNNING;
      if (step.startedAt == null) {
        step.startedAt = at(elapsed());
        step.startedAfter = elapsed();
      } else {
        step.begunAgainAfter = elapsed();
      }
    } else if (event instanceof StepIntended e) {
      StepState step = step(e.step());
      step.intend(e.generation(), e.before());
      step.intentAt = entry.at();
    } else if (event instanceof StepApplied e) {
      step(e.step()).applied = true;
    } else if (event instanceof CallFailed e) {
      StepState step = step(e.step());
      step.failedCalls++;
      if (step.status == StepStatus.RUNNING) {
        step.detail = e.error();
      }
    } else if (event instanceof StepReached e) {
      StepState step = end(e.step(), StepStatus.REACHED, "");
      step.evidence = e.evidence();
    } else if (event instanceof StepFailed e) {
      end(e.step(), StepStatus.FAILED, e.reason()).effectPossible = e.effectPossible();
    } else if (event instanceof StepOwed e) {
      end(e.step(), StepStatus.OWED, e.reason());
    } else if (event instanceof StepInDoubt e) {
      end(e.step(), StepStatus.IN_DOUBT, e.reason());
    } else if (event instanceof IntentWithdrawn e) {
      step(e.step()).withdrawn = true;
    } else if (event instanceof ApprovalRequested e) {
      step(e.step()).ask = new Ask(e, entry.at());
    } else if (event instanceof RunEnded e) {
      outcome = e.outcome();
      endedAt = Optional.of(at(elapsed()));
      endedByAnother = entry.epoch() > epoch;
    }
    silence.heard(this::now);
  }

  /** What people told the run. Their clocks measure nothing: time passes with the runner's records alone. */
  private void fold(RunRecord entry, Command command) {
    String told =
        "by " + command.by() + (command.reason().isEmpty() ? "" : ": " + command.reason());
    if (command instanceof RunPaused) {
      paused = Optional.of("paused since " + entry.at() + " " + told);
    } else if (command instanceof RunContinued) {
      paused = Optional.empty();
    } else if (command instanceof RunCancelled) {
      cancelled = Optional.of("the run was cancelled " + told);
    } else if (command instanceof RunRolledBack) {
      cancelled = Optional.of("the run is taken back " + told);
      toRollBack = cancelled;
    } else if (command instanceof RunSwitched e) {
      addLost(e.lost());
      if (from().isInAny(e.lost())) {
        silence.declaredSince();
      }
      mode = e.mode();
      switched = true;
      ModeSwitch.apply(this, e);
    } else if (command instanceof StepSwitched e) {
      ModeSwitch.apply(this, e);
    } else if (command instanceof StepSkipped e) {
      StepState step = step(e.step());
      boolean effectPossible = step.effectPossible();
      end(e.step(), StepStatus.SKIPPED, "skipped " + told).effectPossible = effectPossible;
    } else if (command instanceof StepRetried e) {
      again(step(e.step()));
    } else if (command instanceof StepApproved e) {
      approve(step(e.step()), e);
    } else if (command instanceof StepDeclined e) {
      StepState step = step(e.step());
      end(e.step(), StepStatus.FAILED, "declined " + told);
      step.ask = null;
    } else if (command instanceof StepDecided e) {
      StepState step = step(e.step());
      if (e.decision() == Decision.TOOK_EFFECT) {
        end(e.step(), StepStatus.REACHED, "took effect as decided " + told);
      } else {
        again(step);
        step.withdrawn = true;
      }
    }
  }

  private void approve(StepState step, StepApproved approved) {
    if (step.ask != null && step.ask.mayBeGivenBy(approved.by(), requestedBy())) {
      step.ask.approve(approved.by());
    }
  }

  /** {@return who asked for the run} */
  String requestedBy() {
    return started.declaration().by();
  }

  /** Whoever consented to a loss consented to what he was told. */
  static void askForLossAnew(StepState step) {
    if (step.ask != null && step.ask.request.subject() == ApprovalRequest.Subject.LOSS) {
      step.ask = null;
    }
  }

  static void again(StepState step) {
    step.status = StepStatus.WAITING;
    step.endedAt = null;
    step.effectPossible = false;
    if (step.ask != null && !step.ask.granted()) {
      step.ask = null;
    }
  }

  /** Lets time pass without a record: to an instant that is told by the wall clock alone, while the run goes on. */
  void passTimeTo(Instant now) {
    if (outcome == Outcome.RUNNING) {
      clock.passTimeTo(now);
    }
  }

  private void begin(RunRecord entry, RunnerBegan began, Optional<Duration> stoodStill) {
    epoch = entry.epoch();
    runnersLimit = longer(began.requestTimeLimit());
    boolean ended = outcome != Outcome.RUNNING;
    if (ended) {
      // Whoever resumes a run that has ended wants it to go on; who takes over one that is paused
      // leaves it so.
      paused = Optional.empty();
      // What nobody calls lost any more is back: it is fenced, like any other site.
      lost.clear();
    }
    cancelled = Optional.empty();
    toRollBack = Optional.empty();
    addLost(began.lost());
    boolean again = from().isInAny(began.lost());
    if (silence.resumed(began.stopped(), again, stoodStill.filter(time -> !ended), now())) {
      steps.values().forEach(RunState::askForLossAnew);
    }
    outcome = Outcome.RUNNING;
    endedAt = Optional.empty();
    Takeover.lookAgain(this);
  }

  /** A process that died while it waited for the requests of the one before leaves these to its own successor. */
  private Optional<Duration> longer(Optional<Duration> limit) {
    return Stream.of(limit, runnersLimit.filter(before -> mayHaveRequests()))
        .flatMap(Optional::stream)
        .max(Duration::compareTo);
  }

  private void addLost(List<Site> more) {
    more.stream().filter(site -> !lost.contains(site)).forEach(lost::add);
  }

  private Site from() {
    return started.direction().from();
  }

  /** The instant of the last record; empty if nobody can tell. */
  private Optional<Instant> now() {
    return Optional.of(at(elapsed())).filter(instant -> told(elapsed()));
  }

  /** Whether it is known how much time passed from the start of the run until then. */
  boolean told(Duration afterStart) {
    return !clock.untold(Duration.ZERO, afterStart);
  }

  /** {@return what was said of the site that is left} */
  Silence silence() {
    return silence;
  }

  void skipped(String step, String why) {
    end(step, StepStatus.SKIPPED, why);
  }

  void add(PlannedStep step) {
    steps.put(step.name(), new StepState(step));
  }

  private StepState end(String name, StepStatus status, String detail) {
    StepState step = step(name);
    step.status = status;
    step.detail = detail;
    step.endedAt = at(elapsed());
    step.endedAfter = elapsed();
    return step;
  }

  String run() {
    return run;
  }

  RunStarted started() {
    return started;
  }

  /** {@return what the run is for by now} */
  RunMode mode() {
    return mode;
  }

  /** {@return what a step goes on as: what the run is, unless somebody parted it from that} */
  RunMode mode(StepState step) {
    return step.switchedTo == null ? mode : step.switchedTo;
  }

  /** Whether more of a step's dataset may be lost than the RPO allows: said for what it was declared as, and for nothing else. */
  boolean lossAccepted(StepState step) {
    return !switched
        && step.switchedTo == null
        && step.planned
            .dataset()
            .filter(started.declaration().acceptedLosses()::contains)
            .isPresent();
  }

  Instant startedAt() {
    return clock.startedAt();
  }

  Optional<Instant> endedAt() {
    return endedAt;
  }

  long epoch() {
    return epoch;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Whether no process of it ended it: it goes on, or another run began in its stead. */
  boolean left() {
    return outcome == Outcome.RUNNING || endedByAnother;
  }

  /** Whether a request may be on its way that a process of the run sent, should that process be dead. */
  boolean mayHaveRequests() {
    return left()
        && steps.values().stream()
            .anyMatch(step -> (step.generation > 0 && UNANSWERED.contains(step.status))
                || (step.effectPossible() && step.status != StepStatus.REACHED));
  }

  /** {@return how long a request of its processes may go on, as far as it was written down} */
  Optional<Duration> runnersLimit() {
    return runnersLimit;
  }

  /** {@return whether nothing may be asked for} */
  boolean paused() {
    return paused.isPresent();
  }

  /** {@return since when it is paused, by whom and why; empty if it is not} */
  Optional<String> pausedSince() {
    return paused;
  }

  /** {@return why the run is to end before it is through; empty if it is not} */
  Optional<String> cancelled() {
    return cancelled;
  }

  /** {@return why the run is to be taken back when it has ended; empty if nobody said so} */
  Optional<String> toRollBack() {
    return toRollBack;
  }

  List<Site> lost() {
    return Collections.unmodifiableList(lost);
  }

  boolean lost(Site site) {
    return site.isInAny(lost);
  }

  RunClock clock() {
    return clock;
  }

  /** The worst-case time from the start of the run to its last record, or to when it was looked at. */
  Duration elapsed() {
    return clock.elapsed();
  }

  /** The instant that lies so long after the start of the run; a wall clock that was set back does not shorten it. */
  Instant at(Duration afterStart) {
    return startedAt().plus(afterStart);
  }

  /**
   * When the last writer of a plan or child was proven to have stopped, by {@link #part}; nothing of one that still has writers, or of
   * which nobody can tell when that was.
   */
  Map<String, Instant> fencedAt() {
    Map<String, Instant> at = new HashMap<>();
    Set<String> open = new HashSet<>();
    for (StepState step : steps.values()) {
      boolean fence = step.planned.stage() == Stage.FENCE;
      if (fence && step.status == StepStatus.REACHED && told(step.endedAfter)) {
        at.merge(part(step), at(step.endedAfter), (one, other) -> one.isAfter(other) ? one : other);
      } else if (fence) {
        open.add(part(step));
      }
    }
    at.keySet().removeAll(open);
    return at;
  }

  /** The path of the child that a step is of; empty for the plan itself. */
  static String part(StepState step) {
    return step.planned.child().orElse("");
  }

  /** What the business process needs that a step is for. */
  RecoveryObjective objective(StepState step) {
    return children.getOrDefault(part(step), started.objective());
  }

  Collection<StepState> steps() {
    return Collections.unmodifiableCollection(steps.values());
  }

  /** A step, if the run has it by now. */
  Optional<StepState> find(String name) {
    return Optional.ofNullable(steps.get(name));
  }

  StepState step(String name) {
    StepState step = steps.get(name);
    if (step == null) {
      throw new IllegalArgumentException(
          "run " + run + " has no step '" + name + "'; it has " + steps.keySet());
    }
    return step;
  }

  /** Whether all is there that has to be before a move. */
  boolean prepared() {
    return steps.values().stream()
        .filter(step -> step.planned.stage() == Stage.PREPARE && step.planned.required())
        .allMatch(step -> step.status == StepStatus.REACHED);
  }

  /** Whether a step waits for another, directly or through others. */
  boolean waitsFor(String step, String other) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(step(step).planned.after());
    while (!open.isEmpty()) {
      String before = open.pop();
      if (before.equals(other)) {
        return true;
      } else if (seen.add(before)) {
        open.addAll(step(before).planned.after());
      }
    }
    return false;
  }

  /** Whether everybody consented to the start of a step who has to. */
  static boolean approved(StepState step) {
    return step.planned.approval().isEmpty() || (step.ask != null && step.ask.granted());
  }
}
