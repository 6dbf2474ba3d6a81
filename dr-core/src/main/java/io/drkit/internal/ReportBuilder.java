package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.ChildReport;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Outage;
import io.drkit.RunReport.StepReport;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.LeverPulled;
import io.drkit.spi.RunEvent.RunStarted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Measures a run from its state. Where something is not known, the worse figure stands. */
final class ReportBuilder {
  private final String plan;
  private final RunState state;
  private final Earlier earlier;
  private final Optional<LeverPulled> lever;
  private final RunStarted started;
  private final Exposure exposure;
  private final Outages outages;

  private ReportBuilder(String plan, RunState state, Earlier earlier, Optional<LeverPulled> lever) {
    this.plan = plan;
    this.state = state;
    this.earlier = earlier;
    this.lever = lever;
    this.started = state.started();
    this.exposure = new Exposure(state, earlier.redundant());
    this.outages = new Outages(state, disruption());
  }

  /**
   * What the plan's other runs did that concerns this one: failovers before it that went the same way and were not finished,
   * and preparations after it.
   *
   * @param points the recovery points that were promoted before, by dataset
   * @param disruption since when the service was disrupted by what was known before
   * @param redundant whether copies flowed again afterwards from where the run moved the workload
   * @param rolledBackBy the run that takes it back, if one does
   */
  record Earlier(
      Map<String, RecoveryPoint> points,
      Optional<Instant> disruption,
      boolean redundant,
      Optional<String> rolledBackBy) {
    static final Earlier NOTHING = new Earlier(Map.of(), Optional.empty(), false, Optional.empty());
  }

  /**
   * Returns the report of a run.
   *
   * @param state its state; while it goes on, time passes in it to now
   * @param earlier what the plan's other runs did that concerns it
   * @param now the wall-clock time
   * @param lever who pulled the stop lever of all runs, if it is pulled
   */
  static RunReport of(
      String plan, RunState state, Earlier earlier, Instant now, Optional<LeverPulled> lever) {
    state.passTimeTo(now);
    return new ReportBuilder(plan, state, earlier, lever).build();
  }

  /** The recovery point that a step promoted: as seen afterwards, or else as bounded before. */
  static Optional<RecoveryPoint> knownPoint(StepState step) {
    Optional<RecoveryPoint> seen =
        step.evidence.recoveryPoint().filter(point -> point.completeUntil().isPresent());
    return seen.isPresent()
        ? seen
        : Optional.ofNullable(step.bound).filter(point -> point.completeUntil().isPresent());
  }

  private RunReport build() {
    RunReport measured = report(List.of());
    return report(problems(measured));
  }

  private RunReport report(List<String> problems) {
    return new RunReport(
        plan,
        state.run(),
        state.mode(),
        started.strategy(),
        started.direction(),
        state.outcome(),
        started.objective(),
        declaration(),
        state.startedAt(),
        state.endedAt(),
        state.endedAt().orElse(state.at(state.elapsed())),
        HoldUps.of(state, lever),
        outages.of(Outages.WHOLE),
        losses(step -> true),
        serviceLevel(Outages.WHOLE),
        state.steps().stream().map(ReportBuilder::step).toList(),
        exposure.sentences(),
        exposure.since(disruption()),
        problems,
        started.fingerprint(),
        earlier.rolledBackBy(),
        state.mode().moves() ? children() : List.of());
  }

  private List<ChildReport> children() {
    return started.children().stream()
        .map(child -> new ChildReport(
            child.path(),
            child.strategy(),
            child.objective(),
            outages.of(child.path()),
            losses(step -> RunState.part(step).equals(child.path())),
            serviceLevel(child.path())))
        .toList();
  }

  private Declaration declaration() {
    Declaration first = started.declaration();
    return new Declaration(
        first.by(),
        first.since(),
        first.detected(),
        state
            .silence()
            .told()
            .filter(told -> first.since().filter(told::isBefore).isEmpty()),
        first.recoverTo(),
        state.lost(),
        first.reason(),
        first.expectedActive(),
        first.startToken(),
        first.acceptedLosses(),
        first.automatic());
  }

  private static StepReport step(StepState step) {
    return new StepReport(
        step.name(),
        step.planned.stage(),
        step.planned.wanted(),
        step.planned.required(),
        step.status,
        step.started(),
        step.ended(),
        step.generation,
        step.failedCalls,
        step.detail,
        step.evidence);
  }

  /** What the verifications of the plan, or of a child, measured. */
  private Optional<Double> serviceLevel(String part) {
    return state.steps().stream()
        .filter(
            step -> step.planned.stage() == Stage.VERIFY && RunState.part(step).equals(part))
        .flatMap(step -> step.evidence.serviceLevel().stream())
        .min(Double::compare);
  }

  private Instant disruption() {
    return disruption(state, earlier);
  }

  /** The earliest instant that anybody named, here or in a failover before this one that was not finished. */
  static Instant disruption(RunState state, Earlier earlier) {
    if (state.started().mode() == RunMode.FAILBACK) {
      return state.startedAt().plus(Outages.preparedAfter(state));
    }
    Declaration declaration = state.started().declaration();
    return Stream.of(
            Optional.of(state.startedAt()),
            declaration.since(),
            declaration.detected(),
            earlier.disruption())
        .flatMap(Optional::stream)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private List<DataLoss> losses(Predicate<StepState> of) {
    LossBound bound = new LossBound(state);
    List<DataLoss> losses = new ArrayList<>();
    for (StepState step : state.steps().stream().filter(of).toList()) {
      step.planned.dataset().ifPresent(dataset -> {
        RecoveryPoint point = knownPoint(step)
            .or(() -> Optional.ofNullable(earlier.points().get(dataset)))
            .or(() -> step.evidence.recoveryPoint())
            .or(() -> Optional.ofNullable(step.bound))
            .orElseGet(() -> RecoveryPoint.unknown(
                dataset, "no recovery point was seen before or after the promotion"));
        boolean promoted = step.status == StepStatus.REACHED;
        losses.add(new DataLoss(
            dataset,
            point,
            promoted,
            bound.with(step, point, state.elapsed()),
            bound.takenForGranted(step, point, state.elapsed())));
      });
    }
    return losses;
  }

  private List<String> problems(RunReport report) {
    List<String> problems = new ArrayList<>();
    for (StepState step : state.steps()) {
      if (step.status == StepStatus.FAILED && step.planned.stage() != Stage.AFTERWARDS) {
        problems.add("step '" + step.name() + "' failed: " + step.detail
            + (step.planned.stage() == Stage.FENCE
                ? "; if that site is lost for good, resume and declare it lost"
                : ""));
      } else if (step.status == StepStatus.IN_DOUBT) {
        problems.add("step '" + step.name() + "' is in doubt: " + step.detail
            + "; look at its target, decide by what you see, and resume");
      } else if (step.status == StepStatus.SKIPPED) {
        problems.add("step '" + step.name() + "' was " + step.detail);
      }
    }
    for (StepState step : state.steps()) {
      if (step.status == StepStatus.WAITING && state.cancelled().isPresent()) {
        problems.add(
            "step '" + step.name() + "' was not started: " + state.cancelled().get());
      } else if (step.status == StepStatus.WAITING && state.outcome() != Outcome.RUNNING) {
        problems.add("step '" + step.name() + "' was not started, because it waits for "
            + step.planned.after().stream()
                .filter(before -> !state.step(before).passed())
                .toList());
      }
    }
    if (state.mode().moves() && state.outcome() == Outcome.RUNNING) {
      addMissedSoFar("", report.objective(), report.rto(), problems);
      report
          .children()
          .forEach(child -> addMissedSoFar(
              "child '" + child.path() + "': ", child.objective(), child.rto(), problems));
    } else if (state.mode().moves()) {
      addMissedObjective(report, problems);
    }
    return problems;
  }

  private static String length(Outage rto) {
    return rto.atLeast()
        ? "longer than " + rto.elapsed() + ", and nobody can tell by how much"
        : "" + rto.elapsed();
  }

  /** While a run goes on, what cannot be made good any more. */
  private static void addMissedSoFar(
      String of, RecoveryObjective objective, Outage rto, List<String> problems) {
    if (rto.exceeds(objective.rto())) {
      problems.add(of + "the RTO of " + objective.rto() + " is missed: the outage "
          + (rto.recovered() ? "took " + length(rto) : "takes " + length(rto) + " so far"));
    }
  }

  private static void addMissedObjective(RunReport report, List<String> problems) {
    addMissedObjective(
        "", report.objective(), report.rto(), report.ownLosses(), report.serviceLevel(), problems);
    for (ChildReport child : report.children()) {
      addMissedObjective(
          "child '" + child.path() + "': ",
          child.objective(),
          child.rto(),
          child.losses(),
          child.serviceLevel(),
          problems);
    }
  }

  private static void addMissedObjective(
      String of,
      RecoveryObjective objective,
      Outage rto,
      List<DataLoss> losses,
      Optional<Double> serviceLevel,
      List<String> problems) {
    if (rto.recovered() && rto.exceeds(objective.rto())) {
      problems.add(
          of + "the RTO of " + objective.rto() + " was missed: the outage took " + length(rto));
    }
    for (DataLoss loss : losses) {
      if (!loss.promoted()) {
        problems.add(
            of + "'" + loss.dataset() + "' was not promoted: none of it is there to work with");
      }
      if (loss.length().isEmpty()) {
        problems.add(of + "the loss of '" + loss.dataset() + "' cannot be told ("
            + loss.recoveryPoint().basis() + "), which counts as missing the RPO of "
            + objective.rpo());
      } else if (loss.length().get().compareTo(objective.rpo()) > 0) {
        problems.add(of + "the RPO of " + objective.rpo()
            + " was missed: everything written to '" + loss.dataset() + "' after "
            + loss.recoveryPoint().completeUntil().orElseThrow() + " is lost");
      }
    }
    serviceLevel
        .filter(level -> level < objective.serviceLevel())
        .ifPresent(level -> problems.add(of + "the service level of " + objective.serviceLevel()
            + " was missed: " + level + " was measured"));
  }
}
