package io.drkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a plan is put together from: its own steps and replicators, and those of its children under their names. */
final class PlanParts {
  final Map<String, Step> steps = new LinkedHashMap<>();
  final Map<String, Replicator> replicators = new LinkedHashMap<>();
  /** By path, nested ones too, each after the plan that it is of. */
  final Map<String, DrPlan> children = new LinkedHashMap<>();
  /** The path of the child that a step is of; the plan's own steps are not in it. */
  final Map<String, String> childOf = new LinkedHashMap<>();
  /** What a step of the preparation copies. */
  final Map<String, String> copied = new LinkedHashMap<>();
  /** What a step promotes. */
  final Map<String, String> promoted = new LinkedHashMap<>();

  private final String at;
  private final boolean commits;

  /**
   * Begins a plan.
   *
   * @param at how its messages begin
   * @param commits whether its moves are kept by somebody
   */
  PlanParts(String at, boolean commits) {
    this.at = at;
    this.commits = commits;
  }

  /** A child, and what it waits for. */
  record Child(DrPlan plan, List<String> after) {
    String name() {
      return plan.name();
    }

    String inWhole(String own) {
      return NestedAction.name(name(), own);
    }
  }

  void add(Step step) {
    if (steps.putIfAbsent(step.name(), step) != null) {
      throw new IllegalArgumentException(
          at + "two steps are named '" + step.name() + "'; give each its own name");
    }
  }

  void add(Replicator replicator) {
    if (replicators.putIfAbsent(replicator.dataset(), replicator) != null) {
      throw new IllegalArgumentException(at + "two replicators for dataset '"
          + replicator.dataset()
          + "' in the plan and its children; give each dataset one name and one"
          + " replicator");
    }
  }

  /** What has to be there before a move, of a child. */
  void addPreparation(Child child) {
    DrPlan plan = child.plan();
    plan.replicators().forEach(each -> add(new NestedReplicator(child.name(), each)));
    children.put(child.name(), plan);
    plan.children().forEach((path, nested) -> children.put(child.inWhole(path), nested));
    for (Step step : plan.steps()) {
      if (step.stage() == Stage.PREPARE) {
        nest(child, step, named(child, plan.predecessors(step.name())));
        plan.replicates(step.name())
            .ifPresent(each -> copied.put(child.inWhole(step.name()), each.dataset()));
      }
    }
  }

  /** The move of a child, and the step of its name by which others wait for it. */
  void addMove(Child child) {
    DrPlan plan = child.plan();
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      List<String> after = new ArrayList<>(named(child, plan.predecessors(step.name())));
      if (after.isEmpty()) {
        after.addAll(child.after());
      }
      if (commits && step.stage() == Stage.AFTERWARDS) {
        after.add(CommitWindow.STEP);
      }
      nest(child, step, after);
      plan.dataset(step.name())
          .ifPresent(dataset -> promoted.put(child.inWhole(step.name()), dataset));
    }
    add(through(child));
  }

  private void nest(Child child, Step step, List<String> after) {
    String name = child.inWhole(step.name());
    add(new Step(
        name,
        step.stage(),
        new NestedAction(child.name(), step.action()),
        Optional.of(after),
        step.required(),
        step.timeLimit(),
        step.attempts(),
        step.meets(),
        step.approval(),
        step.because()));
    childOf.put(name, child.plan().child(step.name()).map(child::inWhole).orElse(child.name()));
  }

  /** Reached when the child's service is back: what the child does afterwards keeps nobody waiting. */
  private static Step through(Child child) {
    List<Step> counted = child.plan().steps(RunMode.FAILOVER).stream()
        .filter(step -> step.stage() != Stage.AFTERWARDS)
        .toList();
    Set<String> waitedFor = counted.stream()
        .flatMap(step -> child.plan().predecessors(step.name()).stream())
        .collect(Collectors.toSet());
    List<String> last = counted.stream()
        .map(Step::name)
        .filter(name -> !waitedFor.contains(name))
        .map(child::inWhole)
        .toList();
    return Step.of(
            child.name(),
            Stage.PROVISION,
            FailoverAction.check(
                "all of " + child.name() + " is through", context -> Progress.reached()))
        .waitingFor(last.isEmpty() ? child.after() : last);
  }

  private static List<String> named(Child child, List<String> own) {
    return own.stream().map(child::inWhole).toList();
  }
}
