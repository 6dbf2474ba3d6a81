package io.drkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which step waits for which. */
final class StepGraph {
  private StepGraph() {}

  /** Resolves the stages' defaults to names, in the order of the steps. Only a plan's own steps have and make defaults. */
  static Map<String, List<String>> predecessors(Collection<Step> steps, Predicate<Step> own) {
    Map<Stage, List<String>> byStage = new LinkedHashMap<>();
    for (Step step : steps.stream().filter(own).toList()) {
      byStage.computeIfAbsent(step.stage(), stage -> new ArrayList<>()).add(step.name());
    }
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Step step : steps) {
      all.put(
          step.name(),
          step.after()
              .orElseGet(() -> step.stage().needs().stream()
                  .flatMap(stage -> byStage.getOrDefault(stage, List.of()).stream())
                  .toList()));
    }
    return all;
  }

  /** Who waits for which step: the graph turned round. */
  static Map<String, List<String>> successors(Map<String, List<String>> predecessors) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    predecessors.forEach((step, before) -> before.forEach(
        earlier -> all.computeIfAbsent(earlier, name -> new ArrayList<>()).add(step)));
    return all;
  }

  /** Everything that waits for one of these steps, directly or through others. */
  static Set<String> waiting(Map<String, List<String>> successors, Collection<String> steps) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(steps);
    while (!open.isEmpty()) {
      for (String next : successors.getOrDefault(open.pop(), List.of())) {
        if (found.add(next)) {
          open.add(next);
        }
      }
    }
    return found;
  }

  /** A cycle as the names along it, first and last the same; empty if there is none. Without recursion: plans are deep. */
  static List<String> cycle(Map<String, List<String>> predecessors) {
    Set<String> done = new LinkedHashSet<>();
    for (String start : predecessors.keySet()) {
      List<String> path = new ArrayList<>();
      Map<String, Integer> next = new LinkedHashMap<>();
      path.add(start);
      while (!path.isEmpty()) {
        String step = path.get(path.size() - 1);
        List<String> before =
            done.contains(step) ? List.of() : predecessors.getOrDefault(step, List.of());
        int index = next.merge(step, 1, Integer::sum) - 1;
        if (index >= before.size()) {
          done.add(step);
          next.remove(step);
          path.remove(path.size() - 1);
        } else if (next.containsKey(before.get(index))) {
          List<String> cycle =
              new ArrayList<>(path.subList(path.indexOf(before.get(index)), path.size()));
          cycle.add(before.get(index));
          return cycle;
        } else {
          path.add(before.get(index));
        }
      }
    }
    return List.of();
  }
}
