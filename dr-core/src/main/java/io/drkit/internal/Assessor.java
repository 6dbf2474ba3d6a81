package io.drkit.internal;

import io.drkit.Assessment;
import io.drkit.Direction;
import io.drkit.Disaster;
import io.drkit.DrPlan;
import io.drkit.Finding;
import io.drkit.Finding.Severity;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Compares what a plan's steps need with what a disaster takes away, and its key points with the paper's. */
final class Assessor {
  private Assessor() {}

  static Assessment assess(DrPlan plan, Direction direction, Disaster disaster) {
    List<Finding> findings = new ArrayList<>();
    for (Step step : plan.steps(RunMode.FAILOVER)) {
      for (Need need : step.action().needs(direction)) {
        if (disaster.takes(need)) {
          findings.add(taken(step, need, disaster));
        }
      }
    }
    for (Replicator replicator : plan.replicators()) {
      if (spoils(disaster, replicator.dataset(), direction)
          && !replicator.recoversToPointInTime()) {
        findings.add(new Finding(
            Severity.ERROR,
            replicator.dataset(),
            "its replicator knows only the newest state, which the " + disaster
                + " spoils; use one that keeps earlier states (recoversToPointInTime)"));
      }
    }
    for (Step step : plan.steps()) {
      step.because().ifPresent(reason -> findings.add(named(step, reason)));
    }
    addOfPlan("", plan, findings);
    plan.children().forEach((path, child) -> addOfPlan("child '" + path + "': ", child, findings));
    findings.sort(Comparator.comparing(Finding::severity));
    return new Assessment(plan.name(), disaster, findings);
  }

  /** Whether a disaster makes the newest state of what would be promoted bad. */
  private static boolean spoils(Disaster disaster, String dataset, Direction direction) {
    return (disaster instanceof Disaster.Corruption corruption
            && corruption.datasets().contains(dataset))
        || (disaster instanceof Disaster.CorruptReplica damage
            && damage.dataset().equals(dataset)
            && direction.to().isIn(damage.site()));
  }

  /** What is the plan's own, or a child's, and no step's. */
  private static void addOfPlan(String of, DrPlan plan, List<Finding> findings) {
    for (KeyPoint point : plan.openKeyPoints()) {
      findings.add(new Finding(
          Severity.WARNING,
          point.reference(),
          of + "nothing shows that " + point.text() + "; add a step with meets(KeyPoint." + point
              + "), or waive it with a reason"));
    }
    plan.waivers()
        .forEach((point, reason) -> findings.add(new Finding(
            Severity.NOTE,
            point.reference(),
            of + "it is waived that " + point.text() + ": " + reason)));
    plan.unfenced()
        .ifPresent(reason -> findings.add(new Finding(
            Severity.WARNING, "fence", of + "nothing keeps the old site from writing: " + reason)));
  }

  private static Finding named(Step step, String reason) {
    return step.reversibility() == Reversibility.ONE_WAY
        ? new Finding(
            Severity.WARNING,
            step.name(),
            "it cannot be taken back, and stands where it does because " + reason)
        : new Finding(Severity.NOTE, step.name(), "it stands where it does because " + reason);
  }

  private static Finding taken(Step step, Need need, Disaster disaster) {
    if (step.stage() == Stage.FENCE) {
      return new Finding(
          Severity.WARNING,
          step.name(),
          "the fence needs the " + need + ", which the " + disaster
              + " takes away; the site has to be declared lost, and the fence will be owed");
    }
    Severity severity =
        step.required() && step.stage() != Stage.AFTERWARDS ? Severity.ERROR : Severity.WARNING;
    return new Finding(
        severity,
        step.name(),
        "it needs the " + need + ", which the " + disaster
            + " takes away; use an action that needs only what is left, or make the step best effort");
  }
}
