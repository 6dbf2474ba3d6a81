package io.drkit.internal;

import io.drkit.Compaction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Retention;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.RunEvent.HistoryCompacted;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunEvent.UsedToken;
import io.drkit.spi.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes the oldest runs of a plan out of its journal. The cut is directly behind a completed move which is not the last one:
 * whatever a later decision or report looks for, it looks back to the last completed move before it at most, but for what one
 * record in their place tells, and for rehearsals of which something is left.
 */
final class Compactor {
  private static final String HISTORY = "history";

  private final JournaledEngine.Settings settings;
  private final RecordCodec codec;
  private final String plan;

  Compactor(JournaledEngine.Settings settings, RecordCodec codec, String plan) {
    this.settings = settings;
    this.codec = codec;
    this.plan = plan;
  }

  /** Compacts the journal; the plan's lease is held. */
  Compaction compact(Retention retention, String by) {
    Journal.Log raw = settings.journal().read(plan);
    List<RunRecord> records = PlanLog.records(codec, plan, raw);
    PlanLog log = new PlanLog(raw.next(), records);
    if (log.runCount() == 0) {
      throw new RefusedException(
          "plan '" + plan + "' has no run in this journal; check the plan's name");
    }
    log.open().ifPresent(this::refuse);
    log.unfinishedFailovers().forEach(this::refuse);
    List<RunState> runs = log.states();
    List<RunState> old = runs.subList(0, cut(log, runs, retention));
    if (old.isEmpty()) {
      return new Compaction(0, runs.size(), Optional.empty());
    }
    HistoryCompacted history = history(log, old, by);
    Set<String> gone = old.stream().map(RunState::run).collect(Collectors.toSet());
    List<String> kept = new ArrayList<>();
    kept.add(codec.write(settings.record(raw.next(), HISTORY, 0, history)));
    for (int i = 0; i < records.size(); i++) {
      RunRecord entry = records.get(i);
      if (!gone.contains(entry.run()) && !(entry.event() instanceof HistoryCompacted)) {
        kept.add(raw.records().get(i));
      }
    }
    try {
      settings.journal().compact(plan, raw.next(), kept);
    } catch (JournalConflictException e) {
      throw new RefusedException(
          "plan '" + plan
              + "': another process wrote to the journal at the same time; look at it and try again",
          e);
    }
    return new Compaction(old.size(), runs.size() - old.size(), Optional.of(history.until()));
  }

  private void refuse(RunState run) {
    String what = run.outcome() == Outcome.RUNNING
        ? " has not ended; wait for it, or resume it"
        : " is a failover that is not finished (" + run.outcome() + "); resume it";
    throw new RefusedException("plan '" + plan + "': run " + run.run() + what);
  }

  /** How many of the oldest runs nobody needs any more. */
  private int cut(PlanLog log, List<RunState> runs, Retention retention) {
    Instant limit = settings.time().now().minus(retention.age());
    Set<String> uncleaned =
        log.uncleanedRehearsals().stream().map(RunState::run).collect(Collectors.toSet());
    long removable = runs.stream()
        .takeWhile(run -> !uncleaned.contains(run.run()) && ended(log, run).isBefore(limit))
        .count();
    List<Integer> behindMoves = IntStream.range(0, runs.size())
        .filter(i -> PlanLog.moved(runs.get(i)))
        .mapToObj(i -> i + 1)
        .toList();
    return behindMoves.stream()
        .limit(Math.max(0, behindMoves.size() - 1))
        .filter(behind -> behind <= removable)
        .reduce(0, (earlier, later) -> later);
  }

  private static Instant ended(PlanLog log, RunState run) {
    return log.records(run.run()).stream()
        .map(RunRecord::at)
        .reduce((a, b) -> a.isAfter(b) ? a : b)
        .orElseThrow();
  }

  private HistoryCompacted history(PlanLog log, List<RunState> old, String by) {
    Set<Site> left = new LinkedHashSet<>();
    List<UsedToken> tokens = new ArrayList<>();
    log.history().ifPresent(before -> {
      left.addAll(before.left());
      tokens.addAll(before.startTokens());
    });
    for (RunState run : old) {
      RunStarted started = run.started();
      if (PlanLog.moved(run)) {
        left.add(started.direction().from());
      }
      started
          .declaration()
          .startToken()
          .ifPresent(token -> tokens.add(new UsedToken(token, run.run())));
    }
    int count = log.runCount() - log.states().size() + old.size();
    RunState last = old.get(old.size() - 1);
    return new HistoryCompacted(
        count, ended(log, last), last.started().direction().to(), List.copyOf(left), tokens, by);
  }
}
