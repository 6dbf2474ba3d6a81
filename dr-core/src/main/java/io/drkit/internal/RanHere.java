package io.drkit.internal;

import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process ran, and therefore can tell: how long ago it wrote the last record of a run, its steady clock knows, whatever its wall
 * clock was set to since. Thread-safe.
 */
final class RanHere {
  private final TimeSource time;
  private final Set<Ran> ran = ConcurrentHashMap.newKeySet();

  /** A run while one process ran it. */
  private record Ran(String run, long epoch) {}

  RanHere(TimeSource time) {
    this.time = time;
  }

  void add(String run, long epoch) {
    ran.add(new Ran(run, epoch));
  }

  /** Whether this process wrote the last record of a run. */
  boolean wrote(RunState run) {
    RunRecord last = run.clock().last();
    return ran.contains(new Ran(last.run(), last.epoch()));
  }

  /**
   * Whether nobody can tell how long ago a run began: be it that nobody could in the middle of it, or that its own clock was set back, or
   * that this host's is behind.
   */
  boolean untold(RunState run) {
    Instant known = run.at(run.elapsed()).minus(RunClock.SKEW);
    boolean behind = time.now().isBefore(known) || run.clock().last().at().isBefore(known);
    return !run.told(run.elapsed()) || (behind && !wrote(run));
  }

  /** The present instant by all that is known: a wall clock that was set back since some runs were written makes it no earlier. */
  Instant now(List<RunState> runs) {
    Instant wall = time.now();
    Instant now = wall;
    for (RunState run : runs) {
      RunClock clock = run.clock();
      Duration passed = wrote(run) ? clock.elapsed(time.uptime(), wall) : clock.elapsed();
      now = run.at(passed).isAfter(now) ? run.at(passed) : now;
    }
    return now;
  }
}
