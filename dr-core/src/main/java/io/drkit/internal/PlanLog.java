package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.internal.ReportBuilder.Earlier;
import io.drkit.spi.Journal;
import io.drkit.spi.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A plan's whole journal as it was read: its runs, oldest first, and what follows from them. */
final class PlanLog {
  static final PlanLog EMPTY = new PlanLog(List.of());

  private final Map<String, List<RunRecord>> runs = new LinkedHashMap<>();
  private final long size;

  private PlanLog(List<RunRecord> records) {
    size = records.size();
    for (RunRecord entry : records) {
      runs.computeIfAbsent(entry.run(), run -> new ArrayList<>()).add(entry);
    }
  }

  static PlanLog read(Journal journal, RecordCodec codec, String plan) {
    List<String> lines = journal.read(plan);
    List<RunRecord> records = new ArrayList<>(lines.size());
    for (String line : lines) {
      records.add(codec.read(plan, records.size(), line));
    }
    return new PlanLog(records);
  }

  /** The number of records: what the next append has to expect. */
  long size() {
    return size;
  }

  int runCount() {
    return runs.size();
  }

  /** The states of all runs. */
  List<RunState> states() {
    return runs.values().stream().map(RunState::of).toList();
  }

  /** The records of a run. */
  List<RunRecord> records(String run) {
    return List.copyOf(runs.getOrDefault(run, List.of()));
  }

  Optional<RunState> last() {
    List<RunState> states = states();
    return states.isEmpty() ? Optional.empty() : Optional.of(states.get(states.size() - 1));
  }

  /** The last run if its process ended before it did. */
  Optional<RunState> open() {
    return last().filter(state -> state.outcome() == Outcome.RUNNING);
  }

  /** The failovers since the workload was moved last that did not bring it over, oldest first. */
  List<RunState> unfinishedFailovers() {
    return unfinishedBefore("");
  }

  private List<RunState> unfinishedBefore(String run) {
    List<RunState> unfinished = new ArrayList<>();
    for (RunState state : until(run)) {
      if (moved(state)) {
        unfinished.clear();
      } else if (takenBack(state)) {
        unfinished.removeIf(undone -> state.started().undoes().equals(Optional.of(undone.run())));
      } else if (state.started().mode().moves()) {
        unfinished.add(state);
      }
    }
    return unfinished;
  }

  /** The site that the workload was moved to last; empty if it never was. */
  Optional<Site> movedTo() {
    Optional<Site> site = Optional.empty();
    for (RunState state : states()) {
      if (moved(state)) {
        site = Optional.of(state.started().direction().to());
      }
    }
    return site;
  }

  /**
   * Whether the workload ran in a site and left it before a run.
   *
   * @param before the run's id; empty for all runs
   */
  boolean wasLeft(Site site, String before) {
    return until(before).stream()
        .anyMatch(state -> moved(state) && state.started().direction().from().equals(site));
  }

  /** Whether copies were seen to flow in a direction since the workload was moved last. */
  boolean copiesFlowed(Direction direction) {
    boolean flowed = false;
    for (RunState state : states()) {
      RunMode mode = state.started().mode();
      if (moved(state)) {
        flowed = false;
      } else if ((mode == RunMode.PREPARE || mode == RunMode.FAILBACK)
          && state.started().direction().equals(direction)) {
        flowed = state.prepared();
      }
    }
    return flowed;
  }

  private boolean redundantAfter(RunState run) {
    return states().stream()
        .dropWhile(state -> !state.run().equals(run.run()))
        .skip(1)
        .takeWhile(state -> !moved(state))
        .anyMatch(state -> state.started().mode() == RunMode.PREPARE
            && state
                .started()
                .direction()
                .from()
                .equals(run.started().direction().to())
            && state.prepared());
  }

  private List<RunState> until(String run) {
    return states().stream().takeWhile(state -> !state.run().equals(run)).toList();
  }

  private static boolean moved(RunState state) {
    return state.started().mode().moves() && completed(state);
  }

  private static boolean takenBack(RunState state) {
    return state.started().mode() == RunMode.ROLLBACK && completed(state);
  }

  private static boolean completed(RunState state) {
    return state.outcome() == Outcome.COMPLETED
        || state.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS;
  }

  /** Whether a rollback of a run was started: then it had promoted nothing, and is not gone on with. */
  boolean rollbackBegan(String run) {
    return rolledBackBy(run).isPresent();
  }

  private Optional<String> rolledBackBy(String run) {
    return states().stream()
        .filter(state -> state.started().undoes().equals(Optional.of(run)))
        .map(RunState::run)
        .reduce((earlier, later) -> later);
  }

  /** The number of runs, with one that may have been started since. */
  int runCountWith(String run) {
    return runCount() + (run(run).isPresent() ? 0 : 1);
  }

  /** The last rehearsal of which something may be left. */
  Optional<RunState> uncleaned() {
    List<RunState> states = states();
    return states.stream()
        .filter(state -> state.started().mode() == RunMode.REHEARSE)
        .filter(state -> state.steps().stream().anyMatch(StepState::effectPossible))
        .filter(state -> states.stream()
            .noneMatch(later ->
                later.started().undoes().equals(Optional.of(state.run())) && completed(later)))
        .reduce((earlier, later) -> later);
  }

  /** A run by its id. */
  Optional<RunState> run(String id) {
    return states().stream().filter(state -> state.run().equals(id)).findFirst();
  }

  /** The run that was started with a token. */
  Optional<RunState> startedWith(String token) {
    return states().stream()
        .filter(state -> state.started().declaration().startToken().equals(Optional.of(token)))
        .findFirst();
  }

  /**
   * What failovers before a run left behind on the same way: what they promoted stays promoted, and a later run must forget
   * neither as of when, nor since when the service is out. And what preparations after it brought back.
   */
  Earlier earlier(RunState run) {
    Map<String, RecoveryPoint> points = new LinkedHashMap<>();
    Optional<Instant> disruption = Optional.empty();
    for (RunState state : unfinishedBefore(run.run())) {
      if (!state.started().direction().equals(run.started().direction())) {
        continue;
      }
      for (StepState step : state.steps()) {
        step.planned
            .dataset()
            .ifPresent(dataset -> ReportBuilder.knownPoint(step)
                .ifPresent(point -> points.putIfAbsent(dataset, point)));
      }
      Declaration declaration = state.started().declaration();
      disruption = Stream.of(
              disruption,
              Optional.of(state.startedAt()),
              declaration.since(),
              declaration.detected())
          .flatMap(Optional::stream)
          .min(Instant::compareTo);
    }
    return new Earlier(points, disruption, redundantAfter(run), rolledBackBy(run.run()));
  }
}
