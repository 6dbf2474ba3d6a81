package io.drkit.internal;

import io.drkit.DrPlan;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Rehearsal;
import io.drkit.ReplicationKind;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.PlannedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The steps of one run: those of the plan, and what the kind of run adds to them or makes of them. */
final class RunSteps {
  static final String STAY_IN_SYNC = "stay in sync";

  private static final Duration SLACK = Step.DEFAULT_TIME_LIMIT;

  private final DrPlan plan;
  private final RunMode mode;
  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final List<PlannedStep> planned = new ArrayList<>();

  private RunSteps(DrPlan plan, RunMode mode) {
    this.plan = plan;
    this.mode = mode;
  }

  /**
   * The steps of a run.
   *
   * @param course what it is for
   * @param log the journal with what was before it
   * @param run the run's id; empty if it is still to be started
   */
  static RunSteps of(DrPlan plan, Course course, PlanLog log, String run) {
    if (course.undoes().isPresent()) {
      RunState undone = log.run(course.undoes().get()).orElseThrow();
      return course.mode() == RunMode.CLEAN_UP ? cleaning(plan, undone) : undoing(plan, undone);
    }
    RunSteps steps = new RunSteps(plan, course.mode());
    if (course.mode() == RunMode.REHEARSE) {
      steps.rehearse();
    } else if (course.mode() == RunMode.PREPARE) {
      steps.prepare(log.wasLeft(course.direction().to(), run));
    } else if (course.mode() == RunMode.FAILBACK) {
      steps.prepare(true);
      steps.move(steps.gate());
    } else {
      steps.move(List.of());
    }
    return steps;
  }

  /** Copies flow, and all is there that a move needs; where the workload was once, what it left is kept first. */
  private void prepare(boolean returning) {
    List<String> holds = new ArrayList<>();
    if (returning) {
      for (Step fence : moving(Stage.FENCE)) {
        Step hold = step("hold " + fence.name(), new Turned(fence.action()))
            .timeLimit(fence.timeLimit())
            .attempts(fence.attempts());
        holds.add(hold.name());
        add(hold, List.of(), Optional.empty());
      }
    }
    for (Step step : plan.steps(RunMode.PREPARE)) {
      List<String> after = new ArrayList<>(plan.predecessors(step.name()));
      Optional<Replicator> replicator = plan.replicates(step.name());
      if (returning && replicator.isPresent()) {
        Step retire =
            step("retire " + replicator.get().dataset(), replicator.get().retired());
        add(retire, holds, Optional.empty());
        after.add(retire.name());
      }
      add(step, after, Optional.empty());
    }
  }

  /** What comes between the preparation of a failback and its move. */
  private List<String> gate() {
    List<String> prepared = planned.stream().map(PlannedStep::name).toList();
    Duration window = plan.failback().stability();
    Step inSync = step(STAY_IN_SYNC, new InSync(plan.replicators(), window))
        .timeLimit(window.multipliedBy(2).plus(SLACK));
    add(inSync, prepared, Optional.empty());
    List<String> consents = new ArrayList<>();
    askToGoBack("go back", plan, inSync, consents);
    plan.children()
        .forEach((path, child) -> askToGoBack("go back: " + path, child, inSync, consents));
    return consents.isEmpty() ? List.of(inSync.name()) : consents;
  }

  private void askToGoBack(String name, DrPlan of, Step inSync, List<String> consents) {
    of.failback().approval().ifPresent(approval -> {
      FailoverAction consent =
          FailoverAction.check("somebody consented to go back", context -> Progress.reached());
      add(step(name, consent).approval(approval), List.of(inSync.name()), Optional.empty());
      consents.add(name);
    });
  }

  private void move(List<String> gate) {
    Map<Optional<String>, List<String>> fences = moving(Stage.FENCE).stream()
        .collect(Collectors.groupingBy(
            fence -> plan.child(fence.name()),
            Collectors.mapping(Step::name, Collectors.toList())));
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      List<String> after = new ArrayList<>(plan.predecessors(step.name()));
      if (after.isEmpty()) {
        after.addAll(gate);
      }
      if (step.stage() == Stage.COMMIT) {
        add(committed(step), after, Optional.empty());
        continue;
      }
      Optional<String> dataset = plan.dataset(step.name());
      Optional<String> child = plan.child(step.name());
      Optional<Step> copy = dataset.map(name -> catchUp(name, child));
      // A failover may become a switchover in the middle.
      copy.ifPresent(catchUp -> steps.put(catchUp.name(), catchUp));
      if (mode.planned() && copy.isPresent()) {
        Step catchUp = copy.get();
        add(catchUp, fences.getOrDefault(child, gate), Optional.empty(), child);
        after.add(catchUp.name());
      }
      add(step, after, dataset);
    }
  }

  private Step committed(Step decided) {
    List<Step> required = plan.steps(RunMode.FAILOVER).stream()
        .filter(step -> step.required() && decided.stage().needs().contains(step.stage()))
        .toList();
    return step(decided.name(), decided.stage(), new Recheck(required))
        .approval(decided.approval().orElseThrow());
  }

  private List<Step> moving(Stage stage) {
    return plan.steps(RunMode.FAILOVER).stream()
        .filter(step -> step.stage() == stage)
        .toList();
  }

  /** What was written until the fence was proven has to be in the copy before it is promoted. */
  private Step catchUp(String dataset, Optional<String> child) {
    Replicator replicator = plan.replicators().stream()
        .filter(each -> each.dataset().equals(dataset))
        .findFirst()
        .orElseThrow();
    FailoverAction established = replicator.established();
    boolean flows = replicator.kind() != ReplicationKind.PERIODIC;
    return step(
        ModeSwitch.catchUpName(dataset),
        Stage.PROMOTE,
        flows ? established : new OnceMore(established, child));
  }

  private static Step step(String name, FailoverAction action) {
    return step(name, Stage.PREPARE, action);
  }

  private static Step step(String name, Stage stage, FailoverAction action) {
    return new Step(
        name,
        stage,
        action,
        Optional.empty(),
        true,
        Step.DEFAULT_TIME_LIMIT,
        Step.DEFAULT_ATTEMPTS,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The steps that take a run back: for each step of its move that asked for something, the state from before, in the
   * opposite order. What cannot be taken back is told as such, and keeps nothing else from going back.
   */
  static RunSteps undoing(DrPlan plan, RunState run) {
    RunSteps back = new RunSteps(plan, RunMode.ROLLBACK);
    Map<String, FailoverAction> undo = new LinkedHashMap<>();
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      StepState state = run.step(step.name());
      if (state.effectPossible()) {
        undo.put(step.name(), step.action().undo(state.before).orElseGet(() -> Stays.after(step)));
      }
    }
    RunGraph graph = new RunGraph(run);
    List<String> names = new ArrayList<>(undo.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = names.get(i);
      List<String> after =
          graph.next(name, undo.keySet()).stream().map(RunSteps::undoName).toList();
      Step step = plan.step(name);
      FailoverAction action = undo.getOrDefault(name, step.action());
      Step undoing = step(undoName(name), Stage.PROVISION, action)
          .timeLimit(step.timeLimit())
          .attempts(step.attempts());
      back.add(action instanceof Stays ? undoing.bestEffort() : undoing, after, Optional.empty());
    }
    return back;
  }

  /** The isolated variants of a move's steps, in the order of the move. */
  private void rehearse() {
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      if (step.stage() == Stage.COMMIT) {
        continue;
      }
      List<String> after = plan.predecessors(step.name()).stream()
          .filter(before -> plan.step(before).stage() != Stage.COMMIT)
          .map(RunSteps::rehearsalName)
          .toList();
      Optional<Rehearsal> variant = step.action().rehearsal();
      boolean waits = plan.children().containsKey(step.name());
      FailoverAction action = waits
          ? step.action()
          : variant.map(Rehearsal::action).orElseGet(() -> new Unrehearsed(step.name()));
      Step rehearsed = step(rehearsalName(step.name()), Stage.PROVISION, action)
          .timeLimit(step.timeLimit())
          .attempts(step.attempts());
      boolean required = waits || (variant.isPresent() && step.required());
      add(required ? rehearsed : rehearsed.bestEffort(), after, Optional.empty());
    }
  }

  /** The states in which nothing is left of what a rehearsal asked for, each by itself: one that fails is in no other's way. */
  static RunSteps cleaning(DrPlan plan, RunState rehearsal) {
    RunSteps clean = new RunSteps(plan, RunMode.CLEAN_UP);
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      boolean asked = rehearsal
          .find(rehearsalName(step.name()))
          .filter(StepState::effectPossible)
          .isPresent();
      if (asked) {
        Step cleaned = step(
                "clean up " + step.name(),
                Stage.PROVISION,
                step.action().rehearsal().orElseThrow().cleanUp())
            .timeLimit(step.timeLimit())
            .attempts(step.attempts());
        clean.add(cleaned, List.of(), Optional.empty());
      }
    }
    return clean;
  }

  private static String rehearsalName(String step) {
    return "rehearse " + step;
  }

  private static String undoName(String step) {
    return "undo " + step;
  }

  private void add(Step step, List<String> after, Optional<String> dataset) {
    add(step, after, dataset, plan.child(step.name()));
  }

  private void add(
      Step step, List<String> after, Optional<String> dataset, Optional<String> child) {
    steps.put(step.name(), step);
    planned.add(planned(step, after, dataset, child));
  }

  private static PlannedStep planned(
      Step step, List<String> after, Optional<String> dataset, Optional<String> child) {
    return new PlannedStep(
        step.name(),
        step.stage(),
        step.action().describe(),
        after,
        step.required(),
        dataset,
        step.approval(),
        Optional.of(step.action().repeatability()),
        Optional.of(dataset.isPresent() ? Reversibility.ONE_WAY : step.action().reversibility()),
        step.because(),
        child);
  }

  /** The children of a plan as a journal has them. */
  static List<PlannedChild> childrenOf(DrPlan plan) {
    return plan.children().entrySet().stream()
        .map(entry -> new PlannedChild(
            entry.getKey(),
            entry.getValue().strategy(),
            entry.getValue().objective(),
            entry.getValue().unfenced(),
            entry.getValue().failback()))
        .toList();
  }

  /** The steps of a plan as a journal has them, whichever kind of run they are for. */
  static List<PlannedStep> allOf(DrPlan plan) {
    return plan.steps().stream()
        .map(step -> planned(
            step,
            plan.predecessors(step.name()),
            plan.dataset(step.name()),
            plan.child(step.name())))
        .toList();
  }

  /** The steps by name, in the order in which they are shown. */
  Map<String, Step> byName() {
    return steps;
  }

  /** Why steps are no part of the run that begins, by their names. */
  Map<String, String> leftOut() {
    Map<String, String> left = new LinkedHashMap<>();
    steps.forEach((name, step) -> {
      if (step.action() instanceof Unrehearsed unrehearsed) {
        left.put(name, unrehearsed.why());
      }
    });
    return left;
  }

  /** The steps as the journal has them. */
  List<PlannedStep> planned() {
    return planned;
  }
}
