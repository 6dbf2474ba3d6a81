package io.drkit;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What makes a plan impossible to run, found when it is built. */
final class PlanChecks {
  private final DrPlan plan;
  private final String at;

  PlanChecks(DrPlan plan) {
    this.plan = plan;
    this.at = "plan '" + plan.name() + "': ";
  }

  void check() {
    checkSites();
    plan.children().forEach(this::checkChild);
    checkStrategy();
    checkGraph();
    checkPromotions();
    new OrderChecks(plan).check();
  }

  private void checkSites() {
    List<Site> sites = plan.sites();
    for (int i = 0; i < sites.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (sites.get(i).isIn(sites.get(j)) || sites.get(j).isIn(sites.get(i))) {
          throw new IllegalArgumentException(
              at + "the sites " + sites.get(j) + " and " + sites.get(i)
                  + " are not apart; primary and recovery need different sites, none inside another");
        }
      }
    }
  }

  private void checkChild(String path, DrPlan child) {
    if (!child.sites().equals(plan.sites())) {
      throw new IllegalArgumentException(at + "the child '" + path + "' has the sites "
          + child.sites() + ", not " + plan.sites() + "; give it the same ones in the same order");
    }
    if (child.commitWindow().isPresent()) {
      throw new IllegalArgumentException(at + "the child '" + path
          + "' has a commit window; a move is kept as a whole: give it to the plan itself");
    }
  }

  private void checkStrategy() {
    for (KeyPoint point : plan.waivers().keySet()) {
      if (point.strategy() != plan.strategy()) {
        throw new IllegalArgumentException(at + "waives " + point + ", a key point of "
            + point.strategy() + ", but its strategy is " + plan.strategy());
      }
    }
    List<KeyPoint> missing =
        plan.openKeyPoints().stream().filter(KeyPoint::structural).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(at + "strategy " + plan.strategy() + " needs "
          + missing.stream()
              .map(point -> "that " + point.text() + " (" + point.reference() + "); add "
                  + remedy(point) + ", or waive(KeyPoint." + point + ", reason)")
              .collect(Collectors.joining("; and ")));
    }
  }

  private static String remedy(KeyPoint point) {
    return switch (point.met()) {
      case BY_REPLICATOR -> "replicator(...)";
      case BY_PREPARE -> "prepare(...)";
      case BY_PROVISION -> "provision(...)";
      case BY_REDIRECT -> "redirect(...)";
      case BY_CLAIM -> "a step with meets(KeyPoint." + point + ")";
    };
  }

  private void checkGraph() {
    Map<String, Step> steps =
        plan.steps().stream().collect(Collectors.toMap(Step::name, Function.identity()));
    Map<String, List<String>> predecessors = plan.predecessors();
    for (Step step : plan.steps()) {
      for (String before : predecessors.getOrDefault(step.name(), List.of())) {
        Step other = steps.get(before);
        if (other == null) {
          throw new IllegalArgumentException(at + "step '" + step.name() + "' waits for '" + before
              + "', which is no step of the plan; it has "
              + plan.steps().stream().map(Step::name).toList());
        }
        if ((other.stage() == Stage.PREPARE) != (step.stage() == Stage.PREPARE)) {
          throw new IllegalArgumentException(at + "step '" + step.name() + "' waits for '" + before
              + "', but a preparation and a failover are two runs; remove it from after(...)");
        }
      }
    }
    List<String> cycle = StepGraph.cycle(predecessors);
    if (!cycle.isEmpty()) {
      throw new IllegalArgumentException(at + "the steps wait for each other in a cycle: "
          + String.join(" after ", cycle) + "; break it in after(...)");
    }
  }

  private void checkPromotions() {
    // Those of children were checked when these were built.
    List<Step> own = plan.steps().stream().filter(plan::isOwn).toList();
    List<Step> promotions =
        own.stream().filter(step -> step.stage() == Stage.PROMOTE).toList();
    boolean replicates =
        own.stream().anyMatch(step -> plan.replicates(step.name()).isPresent());
    if (replicates && promotions.isEmpty()) {
      throw new IllegalStateException(
          at + "has replicators but promotes none; call promoteReplicas() before build()");
    }
    List<Step> fences = own.stream().filter(step -> step.stage() == Stage.FENCE).toList();
    if (plan.unfenced().isPresent() && !fences.isEmpty()) {
      throw new IllegalStateException(
          at + "is called unfenced but has the fence '" + fences.get(0).name() + "'; remove one");
    }
    if (!promotions.isEmpty() && fences.isEmpty() && plan.unfenced().isEmpty()) {
      throw new IllegalStateException(
          at + "promotes a copy but fences no writer of the old one; add fence(...), "
              + "or accept two writers by name with unfenced(reason)");
    }
    for (Step fence : fences) {
      if (!fence.required()) {
        throw new IllegalArgumentException(at + "the fence '" + fence.name()
            + "' is best effort; a fence that may fail fences nobody: remove bestEffort()");
      }
    }
    for (Step promotion : promotions) {
      if (!promotion.required()) {
        throw new IllegalArgumentException(
            at + "step '" + promotion.name()
                + "' is best effort; a failover without its data is none: remove bestEffort(), or give the dataset a plan of its own");
      }
    }
  }
}
