package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.internal.ReportBuilder.Earlier;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent.HistoryCompacted;
import io.drkit.spi.RunEvent.UsedToken;
import io.drkit.spi.RunRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plan's whole journal as it was read: its runs, oldest first, and what follows from them. */
final class PlanLog {
  static final PlanLog EMPTY = new PlanLog(0, List.of());

  private final Map<String, List<RunRecord>> runs = new LinkedHashMap<>();
  private final long size;
  private Optional<HistoryCompacted> history = Optional.empty();
  /** Folded when they are asked for first: most of the time of a recovery is this fold. */
  private @Nullable List<RunState> states;

  /**
   * Arranges what was read.
   *
   * @param size the position that the next record takes
   */
  PlanLog(long size, List<RunRecord> records) {
    this.size = size;
    for (RunRecord entry : records) {
      if (entry.event() instanceof HistoryCompacted compacted) {
        history = Optional.of(compacted);
      } else {
        runs.computeIfAbsent(entry.run(), run -> new ArrayList<>()).add(entry);
      }
    }
  }

  static PlanLog read(Journal journal, RecordCodec codec, String plan) {
    Journal.Log log = journal.read(plan);
    return new PlanLog(log.next(), records(codec, plan, log));
  }

  static List<RunRecord> records(RecordCodec codec, String plan, Journal.Log log) {
    List<RunRecord> records = new ArrayList<>(log.records().size());
    for (String line : log.records()) {
      records.add(codec.read(plan, log.first() + records.size(), line));
    }
    return records;
  }

  /** The number of records that there ever were: what the next append has to expect. */
  long size() {
    return size;
  }

  /** What is known of runs that were taken out of the journal. */
  Optional<HistoryCompacted> history() {
    return history;
  }

  /** The number of runs that there ever were. */
  int runCount() {
    return history.map(HistoryCompacted::runs).orElse(0) + runs.size();
  }

  /** The states of all runs that the journal still holds. Nothing may be folded into them. */
  List<RunState> states() {
    List<RunState> folded = states;
    if (folded == null) {
      folded = runs.values().stream().map(PlanLog::fold).toList();
      states = folded;
    }
    return folded;
  }

  /** The state of a run that goes on, for somebody who changes it; that of one which has ended is changed by nobody. */
  RunState copy(RunState state) {
    return state.outcome() == Outcome.RUNNING ? fold(records(state.run())) : state;
  }

  /** Each record can be read, and yet no drkit can have written them one after the other: that is told here, and not by what asks later. */
  private static RunState fold(List<RunRecord> records) {
    String run = records.get(0).run();
    try {
      RunState state = RunState.of(records);
      for (StepState step : state.steps()) {
        for (String before : step.planned.after()) {
          if (state.find(before).isEmpty()) {
            throw contradictory(
                run, "'" + step.name() + "' waits for '" + before + "', which is no step", null);
          }
        }
      }
      // Any report asks how long the run took, and the longest time is longer than there are dates.
      state.at(state.elapsed());
      return state;
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw contradictory(run, e.getMessage(), e);
    }
  }

  private static JournalException contradictory(
      String run, @Nullable String why, @Nullable Throwable cause) {
    return new JournalException(
        "the records of run " + run + " do not follow from one another: " + why
            + "; the journal was changed by something else than drkit",
        cause);
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

  /**
   * How long requests of dead processes may go on: those of the last run, and of runs before it in whose stead it began.
   *
   * @param unwritten what counts where nobody wrote it down
   */
  Duration drain(Duration unwritten) {
    Duration drain = Duration.ZERO;
    List<RunState> states = states();
    for (int last = states.size() - 1; last >= 0 && states.get(last).left(); last--) {
      if (states.get(last).mayHaveRequests()) {
        Duration limit = states.get(last).runnersLimit().orElse(unwritten);
        drain = Collections.max(List.of(drain, limit));
      }
    }
    return drain;
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
    Optional<Site> site = history.map(HistoryCompacted::movedTo);
    for (RunState state : states()) {
      if (moved(state)) {
        site = Optional.of(state.started().direction().to());
      }
    }
    return site;
  }

  /**
   * When the last move ended, or was left, and so did what took it back; empty if there was none. A wall clock that was set back
   * since the journal began does not make it earlier.
   */
  Optional<Instant> lastMoveEnded() {
    Optional<Instant> ended = Optional.empty();
    Instant latest = Instant.MIN;
    for (RunState state : states()) {
      Instant last = state.at(state.elapsed());
      latest = last.isAfter(latest) ? last : latest;
      if (state.started().mode().moves() || state.started().mode() == RunMode.ROLLBACK) {
        ended = Optional.of(latest);
      }
    }
    return ended;
  }

  /**
   * Whether the workload ran in a site and left it before a run.
   *
   * @param before the run's id; empty for all runs
   */
  boolean wasLeft(Site site, String before) {
    return history.filter(compacted -> compacted.left().contains(site)).isPresent()
        || until(before).stream()
            .anyMatch(
                state -> moved(state) && state.started().direction().from().equals(site));
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

  static boolean moved(RunState state) {
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
    return uncleanedRehearsals().stream().reduce((earlier, later) -> later);
  }

  /** The rehearsals of which something may be left. */
  List<RunState> uncleanedRehearsals() {
    List<RunState> states = states();
    return states.stream()
        .filter(state -> state.started().mode() == RunMode.REHEARSE)
        .filter(state -> state.steps().stream().anyMatch(StepState::effectPossible))
        .filter(state -> states.stream()
            .noneMatch(later ->
                later.started().undoes().equals(Optional.of(state.run())) && completed(later)))
        .toList();
  }

  /** A run by its id. */
  Optional<RunState> run(String id) {
    return states().stream().filter(state -> state.run().equals(id)).findFirst();
  }

  /** The run that was started with a token, if the journal still holds it. */
  Optional<RunState> startedWith(String token) {
    return states().stream()
        .filter(state -> state.started().declaration().startToken().equals(Optional.of(token)))
        .findFirst();
  }

  /** The id of the run that was started with a token, whether the journal still holds it or not. */
  Optional<String> usedFor(String token) {
    return history.stream()
        .flatMap(compacted -> compacted.startTokens().stream())
        .filter(used -> used.token().equals(token))
        .map(UsedToken::run)
        .findFirst()
        .or(() -> startedWith(token).map(RunState::run));
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
