package io.drkit.internal;

import io.drkit.DrPlan;
import io.drkit.Step;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What differs between the plan that a run was started with and the one at hand, in one line. */
final class PlanDifference {
  private PlanDifference() {}

  static String between(RunStarted started, DrPlan plan) {
    List<String> differences = new ArrayList<>();
    Map<String, Step> now = new LinkedHashMap<>();
    plan.steps(started.mode()).forEach(step -> now.put(step.name(), step));
    for (PlannedStep before : started.steps()) {
      Step step = now.remove(before.name());
      if (step == null) {
        differences.add("step '" + before.name() + "' is gone");
      } else if (!step.action().describe().equals(before.wanted())) {
        differences.add("step '" + before.name() + "' wants '" + step.action().describe()
            + "', not '" + before.wanted() + "'");
      } else if (!plan.predecessors(step.name()).equals(before.after())) {
        differences.add("step '" + before.name() + "' waits for " + plan.predecessors(step.name())
            + ", not " + before.after());
      } else if (step.required() != before.required() || step.stage() != before.stage()) {
        differences.add("step '" + before.name() + "' has another stage or criticality");
      } else if (!step.approval().equals(before.approval())) {
        differences.add("step '" + before.name() + "' needs another approval");
      }
    }
    now.keySet().forEach(name -> differences.add("step '" + name + "' is new"));
    if (!started.objective().equals(plan.objective())) {
      differences.add("the objective is " + plan.objective() + ", not " + started.objective());
    }
    if (started.strategy() != plan.strategy()) {
      differences.add("the strategy is " + plan.strategy() + ", not " + started.strategy());
    }
    return differences.isEmpty()
        ? "its sites, preparation or repeatability differ"
        : String.join("; ", differences);
  }
}
