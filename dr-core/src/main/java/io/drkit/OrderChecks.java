package io.drkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What cannot be taken back comes after every fence, and what is free to start waits for none of it. Or the step says why. The steps
 * of children were checked when these were built, against the fences of their own.
 */
final class OrderChecks {
  private final DrPlan plan;
  private final String at;
  private final List<Step> move;
  private final List<Step> oneWay;
  private final Map<String, List<String>> successors;

  OrderChecks(DrPlan plan) {
    this.plan = plan;
    this.at = "plan '" + plan.name() + "': ";
    this.move = plan.steps(RunMode.FAILOVER);
    this.oneWay = move.stream()
        .filter(step -> step.reversibility() == Reversibility.ONE_WAY)
        .toList();
    this.successors = StepGraph.successors(plan.predecessors());
  }

  void check() {
    if (!oneWay.isEmpty()) {
      checkFences();
      checkFreeSteps();
      checkCommitWindow();
    }
  }

  private void checkFences() {
    List<Step> own = oneWay.stream().filter(plan::isOwn).toList();
    List<Step> all = move.stream().filter(step -> step.stage() == Stage.FENCE).toList();
    List<Step> ownFences = all.stream().filter(plan::isOwn).toList();
    List<Step> fences = ownFences.isEmpty() ? all : ownFences;
    if (plan.unfenced().isPresent()) {
      return;
    }
    if (fences.isEmpty()) {
      own.stream().filter(step -> step.because().isEmpty()).findFirst().ifPresent(step -> {
        throw new IllegalArgumentException(at + "step '" + step.name()
            + "' cannot be taken back, and no fence comes before it; add fence(...), or name the risk"
            + " with because(reason)");
      });
    }
    for (Step fence : fences) {
      Set<String> fenced = after(fence);
      own.stream()
          .filter(step -> !fenced.contains(step.name()))
          .forEach(step -> refuseUnfenced(step, fence));
    }
  }

  /** A fence is what the others wait for, and a promotion has no other named risk than the plan's. */
  private void refuseUnfenced(Step step, Step fence) {
    if (step.stage() == Stage.PROMOTE) {
      throw new IllegalArgumentException(
          at + "step '" + step.name() + "' does not wait for the fence '" + fence.name()
              + "'; two sites could write at once: add it to after(...)");
    }
    if (step.stage() != Stage.FENCE && step.because().isEmpty()) {
      throw new IllegalArgumentException(
          at + "step '" + step.name() + "' cannot be taken back, and does not wait for the fence '"
              + fence.name() + "'; add it to after(...), or name the risk with because(reason)");
    }
  }

  private void checkFreeSteps() {
    Set<String> late =
        StepGraph.waiting(successors, oneWay.stream().map(Step::name).toList());
    for (Step step : move) {
      boolean free = plan.isOwn(step)
          && step.stage() == Stage.PROVISION
          && step.reversibility() == Reversibility.REVERSIBLE
          && asks(step.action());
      if (free && late.contains(step.name()) && step.because().isEmpty()) {
        List<Step> before =
            oneWay.stream().filter(other -> after(other).contains(step.name())).toList();
        throw new IllegalArgumentException(
            at + "step '" + step.name() + "' can be taken back, and waits for " + names(before)
                + ", which cannot; it could start at once: remove it from after(...), or say why"
                + " with because(reason)");
      }
    }
  }

  /** Looking and waiting ask for nothing: where they come in the order is all that they are. */
  private static boolean asks(FailoverAction action) {
    return action instanceof GuardedAction guarded
        ? asks(guarded.action())
        : !(action instanceof CheckAction || action instanceof WaitAction);
  }

  private void checkCommitWindow() {
    if (plan.commitWindow()
        .filter(window -> window.atLimit() == CommitWindow.AtLimit.ROLLBACK)
        .isEmpty()) {
      return;
    }
    if (oneWay.stream().anyMatch(step -> step.stage() == Stage.PROMOTE)) {
      throw new IllegalArgumentException(
          at
              + "takes the move back when its commit window has passed, but promotes copies, and what was written to"
              + " them since would be lost; choose AtLimit.NONE or AtLimit.COMMIT, and go back with failback");
    }
    Set<String> kept = StepGraph.waiting(successors, List.of(CommitWindow.STEP));
    List<Step> before =
        oneWay.stream().filter(step -> !kept.contains(step.name())).toList();
    if (!before.isEmpty()) {
      throw new IllegalArgumentException(
          at + "takes the move back when its commit window has passed, but "
              + names(before)
              + " cannot be taken back; choose AtLimit.NONE or AtLimit.COMMIT, or let it wait for '"
              + CommitWindow.STEP + "'");
    }
  }

  private Set<String> after(Step step) {
    return StepGraph.waiting(successors, List.of(step.name()));
  }

  private static String names(List<Step> steps) {
    return steps.stream().map(step -> "'" + step.name() + "'").collect(Collectors.joining(", "));
  }
}
