package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.Progress;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.Command;
import io.drkit.spi.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's records in the process that runs it: the durable ones, and after them those that are decided and go into the journal with
 * the next append. Listeners and reports hear of durable ones only. On the runner's loop, but for {@link #durable}.
 */
final class RunLog {
  private final String plan;
  private final String run;
  private final long epoch;
  private final JournaledEngine.Settings settings;
  private final RecordCodec codec;
  private final Listeners listeners;
  private final List<RunRecord> durable;
  private final List<RunRecord> pending = new ArrayList<>();
  /** What was seen since a record became pending: it is told after that record, not before. */
  private final List<Seen> seen = new ArrayList<>();

  private long journalSize;

  /**
   * What a call saw of a step.
   *
   * @param after how many pending records were decided before
   */
  private record Seen(int after, String step, Progress progress) {}

  /**
   * Goes on with a run.
   *
   * @param records the run's records so far
   * @param journalSize the number of records in the plan's journal
   */
  RunLog(
      String plan,
      RunState state,
      JournaledEngine.Settings settings,
      RecordCodec codec,
      List<RunRecord> records,
      long journalSize) {
    this.plan = plan;
    this.run = state.run();
    this.epoch = state.epoch();
    this.settings = settings;
    this.codec = codec;
    this.listeners = new Listeners(settings.listeners());
    this.durable = new ArrayList<>(records);
    this.journalSize = journalSize;
  }

  /** {@return the durable records of the run; on any thread} */
  List<RunRecord> durable() {
    synchronized (durable) {
      return List.copyOf(durable);
    }
  }

  /** {@return the time for a report, on any thread: a wall clock that was set back since this process's last record takes none away} */
  Instant now() {
    Instant wall = settings.time().now();
    List<RunRecord> all = durable();
    for (int i = all.size() - 1; i >= 0; i--) {
      RunRecord entry = all.get(i);
      if (entry.epoch() == epoch && !(entry.event() instanceof Command)) {
        Instant steady = entry.at().plus(settings.time().uptime().minus(entry.uptime()));
        return steady.isAfter(wall) ? steady : wall;
      }
    }
    return wall;
  }

  /** {@return what is decided and not durable yet, in the order of the decisions} */
  List<RunRecord> pending() {
    return List.copyOf(pending);
  }

  boolean anyPending() {
    return !pending.isEmpty();
  }

  /** {@return where in the journal the next event comes to stand} */
  long next() {
    return journalSize + pending.size();
  }

  /** Takes an event in that is made durable with the next append. */
  RunRecord note(RunEvent event) {
    RunRecord entry = settings.record(next(), run, epoch, event);
    pending.add(entry);
    return entry;
  }

  /**
   * Makes everything durable that is pending, then some events, then what follows this run, in one append.
   *
   * @return the records of the events
   * @throws JournalConflictException if others appended something since this process last read; nothing was written then
   */
  List<RunRecord> append(List<RunEvent> events, List<RunRecord> following) {
    List<RunRecord> batch = new ArrayList<>(pending);
    for (RunEvent event : events) {
      batch.add(settings.record(journalSize + batch.size(), run, epoch, event));
    }
    List<String> lines = new ArrayList<>(batch.size() + following.size());
    batch.forEach(entry -> lines.add(codec.write(entry)));
    following.forEach(entry -> lines.add(codec.write(entry)));
    settings.journal().append(plan, journalSize, lines);
    journalSize += lines.size();
    int noted = pending.size();
    List<RunRecord> added = List.copyOf(batch.subList(noted, batch.size()));
    pending.clear();
    add(batch);
    tell(batch, noted);
    following.forEach(entry -> listeners.event(plan, entry));
    return added;
  }

  private void add(List<RunRecord> more) {
    synchronized (durable) {
      durable.addAll(more);
    }
  }

  private void tell(List<RunRecord> batch, int noted) {
    int told = 0;
    for (Seen one : seen) {
      for (; told < Math.min(one.after, noted); told++) {
        listeners.event(plan, batch.get(told));
      }
      listeners.progress(plan, one.step, one.progress);
    }
    seen.clear();
    for (; told < batch.size(); told++) {
      listeners.event(plan, batch.get(told));
    }
  }

  /** Tells what a call saw of a step, as soon as all is told that was decided before. */
  void seen(String step, Progress progress) {
    if (pending.isEmpty()) {
      listeners.progress(plan, step, progress);
    } else {
      seen.add(new Seen(pending.size(), step, progress));
    }
  }

  /**
   * What people told the run since this process last read. It comes before what is pending.
   *
   * @throws DrException if another process took the run over, be it that the journal was compacted since
   * @throws JournalException if the journal cannot be read
   */
  List<RunRecord> news() {
    List<RunRecord> news = new ArrayList<>();
    for (String line : end()) {
      RunRecord entry = codec.read(plan, journalSize + news.size(), line);
      if (!entry.run().equals(run)
          || entry.epoch() != epoch
          || !(entry.event() instanceof Command)) {
        throw takenOver(null);
      }
      news.add(entry);
    }
    journalSize += news.size();
    add(news);
    news.forEach(entry -> listeners.event(plan, entry));
    return news;
  }

  private List<String> end() {
    try {
      return settings.journal().read(plan, journalSize);
    } catch (JournalException e) {
      if (compacted()) {
        throw takenOver(e);
      }
      throw e;
    }
  }

  /** Only a run that has ended is compacted: this one was ended by somebody else. */
  private boolean compacted() {
    return settings.journal().read(plan).first() > journalSize;
  }

  /** Keeps of what is pending what is still true, behind the records that came before it. */
  void keep(List<RunRecord> stillTrue) {
    pending.clear();
    for (RunRecord entry : stillTrue) {
      pending.add(new RunRecord(
          next(), entry.run(), entry.epoch(), entry.at(), entry.uptime(), entry.event()));
    }
  }

  DrException takenOver(@Nullable Throwable cause) {
    return new DrException(
        "run " + run + " of plan '" + plan
            + "' was taken over by another process; look at its report, and steer it from there",
        cause);
  }
}
