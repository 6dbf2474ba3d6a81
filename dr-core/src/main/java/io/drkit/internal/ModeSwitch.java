package io.drkit.internal;

import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepSwitched;
import java.util.List;
import java.util.Optional;

/** How a planned move becomes an unplanned one in the middle of a run, and the other way round. */
final class ModeSwitch {
  private static final String CATCH_UP = "catch up ";

  private ModeSwitch() {}

  static String catchUpName(String dataset) {
    return CATCH_UP + dataset;
  }

  /** Why a run cannot be switched; empty if it can. */
  static Optional<String> check(RunState run, RunMode mode, List<Site> lost) {
    if (!run.mode().moves() || (mode != RunMode.FAILOVER && mode != RunMode.SWITCHOVER)) {
      return Optional.of("is a " + run.mode() + " and cannot become a " + mode
          + "; only a move becomes a FAILOVER or SWITCHOVER");
    }
    if (run.mode().planned() == mode.planned()) {
      return Optional.of("is a " + run.mode() + " already; its report tells what it waits for");
    }
    Site to = run.started().direction().to();
    if (to.isInAny(lost)) {
      return Optional.of(
          "goes to " + to + ", which cannot be declared lost in it; cancel it, or take it back");
    }
    return mode == RunMode.FAILOVER ? toFailover(run) : toSwitchover(run, lost);
  }

  /** Why one step cannot be switched; empty if it can. */
  static Optional<String> check(RunState run, StepState step, RunMode mode) {
    if (!run.mode().moves() || (mode != RunMode.FAILOVER && mode != RunMode.SWITCHOVER)) {
      return Optional.of("is a " + run.mode() + ", and no step of it can go on as one of a " + mode
          + "; only a move becomes a FAILOVER or SWITCHOVER");
    }
    if (run.mode(step).planned() == mode.planned()) {
      return Optional.of("has step '" + step.name() + "' go on as one of a " + run.mode(step)
          + " already; its report tells what it waits for");
    }
    if (step.effectPossible() || step.status == StepStatus.REACHED) {
      return Optional.of("has asked for step '" + step.name()
          + "' already, and what was asked for goes on as it was");
    }
    return mode == RunMode.FAILOVER ? Optional.empty() : losingNothing(run, List.of());
  }

  private static Optional<String> toFailover(RunState run) {
    boolean copied = run.steps().stream()
        .filter(step ->
            step.planned.stage() == Stage.PREPARE && step.planned.approval().isEmpty())
        .filter(step -> !step.name().equals(RunSteps.STAY_IN_SYNC))
        .allMatch(StepState::passed);
    return copied
        ? Optional.empty()
        : Optional.of("has not copied back to " + run.started().direction().to()
            + " yet, so that there is nothing to fail over to; cancel it");
  }

  private static Optional<String> losingNothing(RunState run, List<Site> lost) {
    Site from = run.started().direction().from();
    if (run.lost(from) || !lost.isEmpty()) {
      return Optional.of(
          "cannot become a switchover: a site is declared lost; go on with the failover");
    }
    if (run.started().declaration().recoverTo().isPresent()) {
      return Optional.of(
          "cannot become a switchover: its data is recovered to an earlier instant; go on with the failover");
    }
    if (run.started().unfenced().isPresent()) {
      return Optional.of(
          "cannot become a switchover: its plan fences no writer; go on with the failover");
    }
    return run.started().children().stream()
        .filter(child -> child.unfenced().isPresent())
        .findFirst()
        .map(child -> "cannot become a switchover: the child '" + child.path()
            + "' fences no writer; go on with the failover");
  }

  private static Optional<String> toSwitchover(RunState run, List<Site> lost) {
    Optional<String> impossible = losingNothing(run, lost);
    if (impossible.isPresent()) {
      return impossible;
    }
    return run.steps().stream()
        .filter(step -> step.planned.dataset().isPresent())
        .filter(step -> step.effectPossible() || step.status == StepStatus.REACHED)
        .findFirst()
        .map(step -> "cannot become a switchover: '" + step.name()
            + "' was asked for already; go on with the failover");
  }

  /** What the steps become. What was given up before is tried in the new way. */
  static void apply(RunState run, RunSwitched switched) {
    for (StepState step : List.copyOf(run.steps())) {
      step.switchedTo = null;
      RunState.askForLossAnew(step);
      boolean waitsForCopies = step.name().startsWith(CATCH_UP)
          || (step.planned.stage() == Stage.PREPARE && run.started().mode() == RunMode.FAILBACK);
      if (switched.mode() == RunMode.FAILOVER && waitsForCopies && !step.passed()) {
        run.skipped(
            step.name(),
            "the run was switched to a failover by " + switched.by() + ": " + switched.reason());
      } else if (step.status == StepStatus.FAILED
          || (switched.mode() == RunMode.SWITCHOVER
              && step.name().startsWith(CATCH_UP)
              && step.status == StepStatus.SKIPPED)) {
        RunState.again(step);
      }
      if (switched.mode() == RunMode.SWITCHOVER) {
        step.planned.dataset().ifPresent(dataset -> catchUp(run, step, dataset));
      }
    }
  }

  /** What a single step becomes: one that promotes waits for its copy no longer, or does from now on. */
  static void apply(RunState run, StepSwitched switched) {
    StepState step = run.step(switched.step());
    step.switchedTo = switched.mode();
    RunState.askForLossAnew(step);
    if (step.status == StepStatus.FAILED) {
      RunState.again(step);
    }
    step.planned.dataset().ifPresent(dataset -> {
      if (switched.mode() == RunMode.SWITCHOVER) {
        catchUp(run, step, dataset);
      }
      run.find(catchUpName(dataset)).ifPresent(copy -> {
        if (switched.mode() == RunMode.FAILOVER && !copy.passed()) {
          run.skipped(
              copy.name(),
              "'" + step.name() + "' was switched to a failover by " + switched.by() + ": "
                  + switched.reason());
        } else if (switched.mode() == RunMode.SWITCHOVER && copy.status == StepStatus.SKIPPED) {
          RunState.again(copy);
        }
      });
    });
  }

  /** A promotion waits by itself until its copy holds all; this is what makes it do so where copies are made by asking. */
  private static void catchUp(RunState run, StepState promotion, String dataset) {
    String name = catchUpName(dataset);
    if (run.steps().stream().noneMatch(step -> step.name().equals(name))) {
      List<String> fences = run.steps().stream()
          .filter(step -> step.planned.stage() == Stage.FENCE
              && step.planned.child().equals(promotion.planned.child()))
          .map(StepState::name)
          .toList();
      run.add(new PlannedStep(
          name,
          Stage.PROMOTE,
          "a copy of " + dataset + " from after the fence",
          fences,
          true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          promotion.planned.child()));
    }
  }
}
