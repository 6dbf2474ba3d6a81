package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.Work;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A run whose calls and clock a test plays by hand: the machine alone, without an engine. */
final class ScriptedRun {
  static final Site EAST = Site.region("us-east-1");
  static final Site WEST = Site.region("us-west-2");
  static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  final DrPlan plan;
  final List<RunRecord> records = new ArrayList<>();
  /** What was folded in and is not durable. */
  final List<RunRecord> pending = new ArrayList<>();

  Duration now = Duration.ofHours(1);
  Duration wallOffset = Duration.ofHours(-1);
  long epoch = 1;
  /** How long requests of the process before may go on. */
  Duration drain = Duration.ZERO;

  RunMachine machine;

  private ScriptedRun(DrPlan plan, Declaration declaration) {
    this.plan = plan;
    write(new RunStarted(
        RunMode.FAILOVER,
        plan.fingerprint(),
        plan.strategy(),
        plan.objective(),
        new Direction(EAST, WEST),
        declaration,
        plan.steps(RunMode.FAILOVER).stream()
            .map(step -> new PlannedStep(
                step.name(),
                step.stage(),
                step.action().describe(),
                plan.predecessors(step.name()),
                step.required(),
                plan.dataset(step.name()),
                step.approval(),
                Optional.of(step.action().repeatability()),
                Optional.of(step.reversibility()),
                step.because(),
                plan.child(step.name())))
            .toList(),
        plan.unfenced(),
        Optional.empty(),
        Optional.empty(),
        plan.sites(),
        Optional.empty(),
        List.of(),
        List.of()));
    write(new RunnerBegan(
        "test", "test", List.of(), Optional.empty(), Optional.empty(), Optional.empty()));
    machine = machine();
  }

  static ScriptedRun of(UnaryOperator<DrPlanBuilder> steps) {
    return of(Declaration.of("test"), steps);
  }

  static ScriptedRun of(Declaration declaration, UnaryOperator<DrPlanBuilder> steps) {
    return new ScriptedRun(steps.apply(builder()).build(), declaration);
  }

  static DrPlanBuilder builder() {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder;
  }

  /** An action that is never called: the test says what its calls bring back. */
  static FailoverAction wanted(Repeatability repeatability) {
    return new FailoverAction() {
      @Override
      public String describe() {
        return "wanted";
      }

      @Override
      public Progress observe(ActionContext context) {
        throw new AssertionError("the test plays the calls");
      }

      @Override
      public void apply(ActionContext context) {
        throw new AssertionError("the test plays the calls");
      }

      @Override
      public Repeatability repeatability() {
        return repeatability;
      }
    };
  }

  private RunMachine machine() {
    RunState state = RunState.of(records);
    return new RunMachine(
        RunSteps.of(plan, Course.of(state.started()), PlanLog.EMPTY, "r1").byName(),
        state,
        new Intervals(7),
        drain,
        now,
        wall());
  }

  Instant wall() {
    return NOON.plus(now).plus(wallOffset);
  }

  private RunRecord write(RunEvent event) {
    RunRecord entry = new RunRecord(records.size(), "r1", epoch, wall(), now, event);
    records.add(entry);
    return entry;
  }

  /** Somebody tells the run something, from a process with a clock of its own. */
  void told(RunEvent.Command command) {
    RunRecord entry = new RunRecord(
        records.size(), "r1", epoch, wall().plus(Duration.ofHours(5)), Duration.ZERO, command);
    records.add(entry);
    machine.fold(entry, now);
  }

  /** Somebody tells the run something before what is pending becomes durable. */
  void toldBefore(RunEvent.Command command) {
    records.add(new RunRecord(
        records.size(), "r1", epoch, wall().plus(Duration.ofHours(5)), Duration.ZERO, command));
    List<RunRecord> kept = machine.rebase(records, 1, List.copyOf(pending), now);
    pending.clear();
    pending.addAll(kept);
  }

  /** Folds in what may be before it is durable, and returns what {@link #calls} does. */
  List<String> callsBeforeAnythingIsDurable() {
    List<RunEvent> events = machine.events(now, wall());
    while (!events.isEmpty()) {
      if (!machine.soft(events)) {
        throw new AssertionError(events + " are to be durable first");
      }
      for (RunEvent event : events) {
        RunRecord entry =
            new RunRecord(records.size() + pending.size(), "r1", epoch, wall(), now, event);
        pending.add(entry);
        machine.fold(entry, now);
      }
      events = machine.events(now, wall());
    }
    return due();
  }

  /** The process dies, and another one takes the run over. */
  void crash(Duration pause) {
    now = now.plus(pause);
    epoch++;
    write(new RunnerBegan(
        "test", "test", List.of(), Optional.empty(), Optional.empty(), Optional.empty()));
    machine = machine();
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Writes down what is to be written, and returns the steps of which a call is due with the kind of call. */
  List<String> calls() {
    List<RunEvent> events = machine.events(now, wall());
    while (!events.isEmpty()) {
      events.forEach(event -> machine.fold(write(event), now));
      events = machine.events(now, wall());
    }
    return due();
  }

  private List<String> due() {
    List<StepMonitor> calls = machine.calls(now);
    calls.forEach(monitor -> monitor.called(now));
    return calls.stream()
        .map(monitor -> monitor.next.label + " " + monitor.step.name())
        .toList();
  }

  /** Lets time pass until the next call is due. */
  List<String> nextCalls() {
    List<String> calls = calls();
    if (calls.isEmpty()) {
      machine.wake(now).ifPresent(at -> now = at.compareTo(now) > 0 ? at : now);
      return calls();
    }
    return calls;
  }

  void observed(String step, Progress progress) {
    machine.answers().observed(machine.monitor(step), progress, now, wall());
  }

  void applied(String step) {
    applied(step, null);
  }

  void applied(String step, @Nullable Work work) {
    machine.answers().applied(machine.monitor(step), work, now);
  }

  void worked(String step, Progress progress) {
    machine.answers().worked(machine.monitor(step), progress, now);
  }

  void failed(String step, Throwable error) {
    failed(step, error, true);
  }

  void failed(String step, Throwable error, boolean sent) {
    machine.answers().callFailed(machine.monitor(step), error, sent, now);
  }

  /** Plays a step from its first look to its end. */
  void reach(String step) {
    observed(step, Progress.pending("off"));
    calls();
    applied(step);
    calls();
    observed(step, Progress.reached());
  }

  <T extends RunEvent> List<T> events(Class<T> type) {
    return records.stream()
        .map(RunRecord::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  Optional<RunEvent> last() {
    return Optional.of(records.get(records.size() - 1).event());
  }

  RunReport report() {
    return ReportBuilder.of(
        "orders", RunState.of(records), ReportBuilder.Earlier.NOTHING, wall(), Optional.empty());
  }
}
