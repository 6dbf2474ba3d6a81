package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.DrPlan;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunMode;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunRecord;
import java.util.List;
import java.util.Optional;

/**
 * The way back of a run that somebody takes back, or of a planned move that came to nothing, and the clean-up after a rehearsal: a
 * run that is started in the same append that ends the other, so that no crash leaves the writers stopped, or a rehearsal's servers
 * running, with nobody to care.
 */
final class WayBack {
  private final DrPlan plan;
  private final JournaledEngine.Settings settings;
  private final PlanLog before;

  /**
   * Creates the way back of a run.
   *
   * @param before the journal from when the run was begun or taken over
   */
  WayBack(DrPlan plan, JournaledEngine.Settings settings, PlanLog before) {
    this.plan = plan;
    this.settings = settings;
    this.before = before;
  }

  /**
   * What follows the end of a run in the journal.
   *
   * @param run the run as it is before its end is folded in
   * @param last what is about to be appended
   * @param position where in the journal it comes
   */
  List<RunRecord> after(RunState run, List<RunEvent> last, long position) {
    boolean due = last.stream()
        .anyMatch(event -> event instanceof RunEnded ended && due(run, ended.outcome()));
    if (!due) {
      return List.of();
    }
    boolean rehearsed = run.mode() == RunMode.REHEARSE;
    String why = run.toRollBack()
        .orElseGet(() ->
            "the " + run.mode() + " " + run.run() + (rehearsed ? " is over" : " came to nothing"));
    Course course = rehearsed
        ? Course.cleanUp(run)
        : new Course(RunMode.ROLLBACK, run.started().direction(), Optional.of(run.run()));
    RunSteps steps = rehearsed ? RunSteps.cleaning(plan, run) : RunSteps.undoing(plan, run);
    Declaration first = run.started().declaration();
    Declaration declaration = Declaration.of(first.by())
        .reason(first.reason().isEmpty() ? why : first.reason() + "; " + why);
    String id =
        RunIds.next(plan, before.runCountWith(run.run()) + 1, settings.time().now());
    RunStarted started = course.start(plan, declaration, steps.planned());
    RunnerBegan began = settings.began(declaration.by());
    return List.of(
        settings.record(position, id, 1, started), settings.record(position + 1, id, 1, began));
  }

  /** Whether a run goes back by itself when it ends. */
  private boolean due(RunState run, Outcome outcome) {
    if (run.mode() == RunMode.REHEARSE) {
      return run.steps().stream().anyMatch(StepState::effectPossible);
    }
    boolean wanted = run.toRollBack().isPresent() || run.mode().planned();
    boolean asked = plan.steps(RunMode.FAILOVER).stream()
        .anyMatch(
            step -> run.find(step.name()).filter(StepState::effectPossible).isPresent());
    if (!wanted || !asked || (outcome != Outcome.FAILED && outcome != Outcome.CANCELLED)) {
      return false;
    }
    try {
      StartChecks.forRollback(plan, before, run);
      return true;
    } catch (RefusedException cannot) {
      return false;
    }
  }
}
