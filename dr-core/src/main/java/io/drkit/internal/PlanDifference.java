package io.drkit.internal;

import io.drkit.Approval;
import io.drkit.CommitWindow;
import io.drkit.DrPlan;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What differs between the plan that a run was started with and the one at hand, in one line. */
final class PlanDifference {
  private final List<String> differences = new ArrayList<>();

  private PlanDifference() {}

  static String between(RunStarted started, DrPlan plan) {
    PlanDifference difference = new PlanDifference();
    difference.compareSteps(started, plan);
    difference.compareRest(started, plan);
    return difference.differences.isEmpty()
        ? "a journal of that version does not tell what differs"
        : String.join("; ", difference.differences);
  }

  private void compareSteps(RunStarted started, DrPlan plan) {
    // A record of an earlier version has the run's own steps only.
    boolean whole = !started.planSteps().isEmpty();
    List<PlannedStep> before = whole ? started.planSteps() : started.steps();
    Map<String, PlannedStep> now = new LinkedHashMap<>();
    RunSteps.allOf(plan).stream()
        .filter(step -> whole || plan.steps(started.mode()).contains(plan.step(step.name())))
        .forEach(step -> now.put(step.name(), step));
    List<String> orderNow = List.copyOf(now.keySet());
    for (PlannedStep step : before) {
      PlannedStep same = now.remove(step.name());
      if (same == null) {
        differences.add("step '" + step.name() + "' is gone");
      } else {
        compareStep(step, same);
      }
    }
    now.keySet().forEach(name -> differences.add("step '" + name + "' is new"));
    if (differences.isEmpty()) {
      compare("the steps' order is", before.stream().map(PlannedStep::name).toList(), orderNow);
    }
  }

  private void compareStep(PlannedStep before, PlannedStep now) {
    String step = "step '" + before.name() + "' ";
    compare(step + "wants", "'" + before.wanted() + "'", "'" + now.wanted() + "'");
    compare(step + "waits for", before.after(), now.after());
    compare(step + "is", importance(before), importance(now));
    compare(step + "is of the stage", before.stage(), now.stage());
    compare(
        step + "needs",
        before.approval().map(Approval::toString).orElse("no approval"),
        now.approval().map(Approval::toString).orElse("no approval"));
    before
        .repeatability()
        .ifPresent(was -> compare(step + "is", was, now.repeatability().orElseThrow()));
    before.reversibility().ifPresent(was -> {
      compare(step + "is", was, now.reversibility().orElseThrow());
      compare(
          step + "says why it stands there:",
          before.because().orElse("nothing"),
          now.because().orElse("nothing"));
    });
  }

  private static String importance(PlannedStep step) {
    return step.required() ? "required" : "best effort";
  }

  private void compareRest(RunStarted started, DrPlan plan) {
    compare("the strategy is", started.strategy(), plan.strategy());
    compare("the objective is", started.objective(), plan.objective());
    compare(
        "the reason to be unfenced is",
        started.unfenced().orElse("not given"),
        plan.unfenced().orElse("not given"));
    if (!started.sites().isEmpty()) {
      compare("the sites are", started.sites(), plan.sites());
    }
    compare(
        "the commit window is",
        started.commit().map(CommitWindow::toString).orElse("none"),
        plan.commitWindow().map(CommitWindow::toString).orElse("none"));
    started.failback().ifPresent(was -> compare("the failback is", was, plan.failback()));
    compareChildren(started, plan);
  }

  /** Steps name their child themselves. */
  private void compareChildren(RunStarted started, DrPlan plan) {
    Map<String, PlannedChild> now = new LinkedHashMap<>();
    RunSteps.childrenOf(plan).forEach(child -> now.put(child.path(), child));
    for (PlannedChild before : started.children()) {
      String child = "child '" + before.path() + "': ";
      PlannedChild same = now.remove(before.path());
      if (same == null) {
        differences.add("child '" + before.path() + "' is gone");
        continue;
      }
      compare(child + "the strategy is", before.strategy(), same.strategy());
      compare(child + "the objective is", before.objective(), same.objective());
      compare(
          child + "the reason to be unfenced is",
          before.unfenced().orElse("not given"),
          same.unfenced().orElse("not given"));
      compare(child + "the failback is", before.failback(), same.failback());
    }
    now.keySet().forEach(path -> differences.add("child '" + path + "' is new"));
  }

  private void compare(String what, Object before, Object now) {
    if (!before.equals(now)) {
      differences.add(what + " " + now + ", not " + before);
    }
  }
}
