package io.drkit.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who waits for which step of a run, looked at from the step that is waited for. */
final class RunGraph {
  private final Map<String, List<String>> successors = new HashMap<>();

  RunGraph(RunState run) {
    for (StepState step : run.steps()) {
      for (String before : step.planned.after()) {
        successors.computeIfAbsent(before, name -> new ArrayList<>()).add(step.name());
      }
    }
  }

  /** Everything that waits for one of these steps, directly or through others. */
  Set<String> waiting(Collection<String> steps) {
    return walk(steps, Set.of());
  }

  /** Those of some steps that wait for a step, but not for one of the others that does, too, as far as it is on the way. */
  Set<String> next(String step, Set<String> of) {
    Set<String> found = walk(List.of(step), of);
    found.retainAll(of);
    return found;
  }

  private Set<String> walk(Collection<String> from, Set<String> ends) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (String next : successors.getOrDefault(open.pop(), List.of())) {
        if (found.add(next) && !ends.contains(next)) {
          open.add(next);
        }
      }
    }
    return found;
  }
}
