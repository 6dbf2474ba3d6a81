package io.drkit.internal;

import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan's whole journal as it was read: its runs, oldest first, and what follows from them. */
final class PlanLog {
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

  /** The last failover if it did not bring the workload over. */
  Optional<RunState> unfinishedFailover() {
    List<RunState> failovers = states().stream()
        .filter(state -> state.started().mode() == RunMode.FAILOVER)
        .toList();
    return failovers.isEmpty() || moved(failovers.get(failovers.size() - 1))
        ? Optional.empty()
        : Optional.of(failovers.get(failovers.size() - 1));
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

  private static boolean moved(RunState state) {
    return state.started().mode() == RunMode.FAILOVER
        && (state.outcome() == Outcome.COMPLETED
            || state.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS);
  }

  /**
   * The recovery points that failovers before a run wrote down on the same way and did not finish: what they promoted stays
   * promoted, and a later run must not forget as of when.
   */
  Map<String, RecoveryPoint> earlierPoints(RunState run) {
    Map<String, RecoveryPoint> points = new LinkedHashMap<>();
    for (RunState state : states()) {
      if (state.run().equals(run.run())) {
        break;
      }
      RunStarted started = state.started();
      if (moved(state)) {
        points.clear();
      } else if (started.mode() == RunMode.FAILOVER
          && started.direction().equals(run.started().direction())) {
        for (StepState step : state.steps()) {
          step.planned
              .dataset()
              .ifPresent(dataset -> ReportBuilder.knownPoint(step)
                  .ifPresent(point -> points.putIfAbsent(dataset, point)));
        }
      }
    }
    return points;
  }
}
