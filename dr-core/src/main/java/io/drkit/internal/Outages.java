package io.drkit.internal;

import io.drkit.RunMode;
import io.drkit.RunReport.Outage;
import io.drkit.RunReport.Phase;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How long a plan, or one of its children, was out by what a run wrote down. */
final class Outages {
  /** The part that holds all others. */
  static final String WHOLE = "";

  private static final List<Stage> STAGES =
      List.of(Stage.FENCE, Stage.PROMOTE, Stage.PROVISION, Stage.REDIRECT, Stage.VERIFY);

  private final RunState state;
  private final Instant disruption;
  /** The steps by which others wait for a child; they tell nothing that the child's own do not. */
  private final Set<String> joins = new HashSet<>();

  /**
   * Measures a run.
   *
   * @param disruption since when the service is disrupted
   */
  Outages(RunState state, Instant disruption) {
    this.state = state;
    this.disruption = disruption;
    state.started().children().forEach(child -> joins.add(child.path()));
  }

  /** A failback disturbs nobody before its move. */
  static Duration preparedAfter(RunState state) {
    if (state.started().mode() != RunMode.FAILBACK) {
      return Duration.ZERO;
    }
    Duration prepared = state.prepared()
        ? state.steps().stream()
            .filter(step -> step.planned.stage() == Stage.PREPARE)
            .map(step -> step.endedAfter)
            .reduce(Duration.ZERO, Outages::longer)
        : state.elapsed();
    return notAfterTheFirstStart(prepared, state.steps());
  }

  /** Whoever took a run over may have looked once more at what a move waits for, long after the move had begun. */
  private static Duration notAfterTheFirstStart(Duration begun, Collection<StepState> steps) {
    return steps.stream()
        .filter(step -> step.planned.stage() != Stage.PREPARE && step.startedAt != null)
        .map(step -> step.startedAfter)
        .reduce(begun, (one, other) -> other.compareTo(one) < 0 ? other : one);
  }

  /** The outage of the plan, or of a child with the children that it has itself. */
  Outage of(String part) {
    List<StepState> steps = state.steps().stream()
        .filter(step -> isOf(part, RunState.part(step)) && !joins.contains(step.name()))
        .toList();
    Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    Duration through;
    Duration before;
    Duration from = preparedAfter(state);
    if (!part.equals(WHOLE) && worksUntilItsMove()) {
      through = begun(steps);
      from = through;
      before = through.negated();
    } else {
      through = from;
      before = Duration.between(disruption, state.startedAt());
      Optional<Instant> noticed = state
          .started()
          .declaration()
          .detected()
          .filter(at -> !at.isBefore(disruption) && !at.isAfter(state.startedAt()));
      noticed.ifPresent(at -> phases.put(Phase.DETECT, Duration.between(disruption, at)));
      phases.put(
          Phase.DECIDE,
          Duration.between(noticed.orElse(disruption), state.startedAt()).plus(through));
    }
    boolean recovered = state.mode().moves();
    for (Stage stage : STAGES) {
      List<StepState> required = steps.stream()
          .filter(step -> step.planned.stage() == stage && step.planned.required())
          .toList();
      Duration end = recovered ? ended(required, through) : through;
      recovered = recovered && required.stream().allMatch(this::back);
      if (!recovered) {
        end = longer(end, state.elapsed());
      }
      phases.put(Phase.valueOf(stage.name()), end.minus(through));
      through = end;
      if (!recovered) {
        break;
      }
    }
    return new Outage(
        recovered,
        before.plus(through),
        state.mode() == RunMode.FAILOVER
            && state.started().declaration().since().isEmpty(),
        state.clock().untold(from, through),
        phases);
  }

  /** In a planned move from a site that works, what is moved later works until then. */
  private boolean worksUntilItsMove() {
    return state.started().mode().planned()
        && state.mode().planned()
        && !disruption.isBefore(state.startedAt());
  }

  /** When the first step of a child could start at the earliest; now if none could. */
  private Duration begun(List<StepState> steps) {
    Set<String> names = new HashSet<>();
    steps.stream()
        .filter(step -> step.planned.stage() != Stage.PREPARE)
        .forEach(step -> names.add(step.name()));
    Duration begun = steps.stream()
        .filter(step -> names.contains(step.name())
            && step.planned.after().stream().noneMatch(names::contains)
            && step.planned.after().stream().allMatch(name -> state.step(name).passed()))
        .map(step -> step.planned.after().stream()
            .map(name -> state.step(name).endedAfter)
            .reduce(Duration.ZERO, Outages::longer))
        .min(Duration::compareTo)
        .orElse(state.elapsed());
    return notAfterTheFirstStart(begun, steps);
  }

  /** Nobody saw the state of a step that was skipped: only a verification that was reached shows that the service is back. */
  private boolean back(StepState step) {
    return step.passed()
        && (step.status != StepStatus.SKIPPED
            || (step.planned.stage() != Stage.VERIFY
                && state.steps().stream().anyMatch(other -> verifies(other, step))));
  }

  /** The verification of another child shows nothing, that of a plan which the step's own is a part of does. */
  private static boolean verifies(StepState verification, StepState step) {
    return verification.planned.stage() == Stage.VERIFY
        && verification.status == StepStatus.REACHED
        && isOf(RunState.part(verification), RunState.part(step));
  }

  /** Whether a part is a whole, or one of those that it is made of. */
  static boolean isOf(String whole, String part) {
    return whole.equals(WHOLE) || part.equals(whole) || part.startsWith(whole + "/");
  }

  private static Duration ended(List<StepState> steps, Duration atLeast) {
    return steps.stream()
        .filter(step -> step.endedAt != null)
        .map(step -> step.endedAfter)
        .reduce(atLeast, Outages::longer);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
