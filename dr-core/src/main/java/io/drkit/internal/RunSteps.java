package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.DrPlan;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Replicator;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.spi.RunEvent.PlannedStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of one run: those of the plan, and what the kind of run adds to them or makes of them. */
final class RunSteps {
  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final List<PlannedStep> planned = new ArrayList<>();

  private RunSteps() {}

  /** The steps of a run that goes forward. */
  static RunSteps of(DrPlan plan, RunMode mode) {
    RunSteps run = new RunSteps();
    List<Step> own = plan.steps(mode);
    List<String> fences =
        own.stream().filter(step -> step.stage() == Stage.FENCE).map(Step::name).toList();
    for (Step step : own) {
      List<String> after = new ArrayList<>(plan.predecessors(step.name()));
      Optional<String> dataset = plan.dataset(step.name());
      if (mode == RunMode.SWITCHOVER && dataset.isPresent()) {
        Step catchUp = catchUp(plan, dataset.get());
        run.add(catchUp, fences, Optional.empty());
        after.add(catchUp.name());
      }
      run.add(step, after, dataset);
    }
    return run;
  }

  /** What was written until the fence was proven has to be in the copy before it is promoted. */
  private static Step catchUp(DrPlan plan, String dataset) {
    Replicator replicator = plan.replicators().stream()
        .filter(each -> each.dataset().equals(dataset))
        .findFirst()
        .orElseThrow();
    return new Step(
        "catch up " + dataset,
        Stage.PROMOTE,
        replicator.established(),
        Optional.empty(),
        true,
        Step.DEFAULT_TIME_LIMIT,
        Step.DEFAULT_ATTEMPTS,
        List.of(),
        Optional.empty());
  }

  /**
   * The steps that take a run back: for each step that asked for something, the state from before, in the opposite order.
   * What cannot be taken back is told as such, and keeps nothing else from going back.
   */
  static RunSteps undoing(DrPlan plan, RunState run) {
    RunSteps back = new RunSteps();
    Map<String, FailoverAction> undo = new LinkedHashMap<>();
    for (Step step : plan.steps(run.started().mode())) {
      StepState state = run.step(step.name());
      if (state.effectPossible()) {
        undo.put(
            step.name(), step.action().undo(state.before).orElseGet(() -> new Stays(step.name())));
      }
    }
    List<String> names = new ArrayList<>(undo.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = names.get(i);
      List<String> after = names.stream()
          .filter(later -> run.waitsFor(later, name))
          .map(RunSteps::undoName)
          .toList();
      Step step = plan.step(name);
      FailoverAction action = undo.getOrDefault(name, step.action());
      back.add(
          new Step(
              undoName(name),
              Stage.PROVISION,
              action,
              Optional.of(after),
              !(action instanceof Stays),
              step.timeLimit(),
              step.attempts(),
              List.of(),
              Optional.empty()),
          after,
          Optional.empty());
    }
    return back;
  }

  /** A state that the library cannot take back. */
  private record Stays(String step) implements FailoverAction {
    @Override
    public String describe() {
      return "what '" + step + "' did is taken back";
    }

    @Override
    public Progress observe(ActionContext context) {
      return Progress.blocked(
          "what '" + step
              + "' did cannot be taken back by this library; look whether it matters, and take it back by hand");
    }

    @Override
    public void apply(ActionContext context) {
      throw new IllegalStateException("it is never asked for");
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }

  private static String undoName(String step) {
    return "undo " + step;
  }

  private void add(Step step, List<String> after, Optional<String> dataset) {
    steps.put(step.name(), step);
    planned.add(new PlannedStep(
        step.name(),
        step.stage(),
        step.action().describe(),
        after,
        step.required(),
        dataset,
        step.approval()));
  }

  /** The steps by name, in the order in which they are shown. */
  Map<String, Step> byName() {
    return steps;
  }

  /** The steps as the journal has them. */
  List<PlannedStep> planned() {
    return planned;
  }
}
