package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrPlan;
import io.drkit.RunMode;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import java.util.List;
import java.util.Optional;

/**
 * What a run is for, and where it goes.
 *
 * @param mode what it is for
 * @param direction from where to where
 * @param undoes the run that it takes back, if it does
 */
record Course(RunMode mode, Direction direction, Optional<String> undoes) {

  static Course of(RunMode mode, Direction direction) {
    return new Course(mode, direction, Optional.empty());
  }

  /** The start of a run on this course, as it is written down. */
  RunStarted start(DrPlan plan, Declaration declaration, List<PlannedStep> steps) {
    return new RunStarted(
        mode,
        plan.fingerprint(),
        plan.strategy(),
        plan.objective(),
        direction,
        declaration,
        steps,
        plan.unfenced(),
        undoes,
        plan.commitWindow(),
        plan.sites(),
        Optional.of(plan.failback()),
        RunSteps.allOf(plan),
        RunSteps.childrenOf(plan));
  }

  static Course cleanUp(RunState rehearsal) {
    return new Course(
        RunMode.CLEAN_UP, rehearsal.started().direction(), Optional.of(rehearsal.run()));
  }

  static Course of(RunStarted started) {
    return new Course(started.mode(), started.direction(), started.undoes());
  }
}
