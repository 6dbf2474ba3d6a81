package io.drkit.internal;

import io.drkit.spi.RunEvent.Clock;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long a run takes by its records. Where wall and steady clock disagree, the longer time counts; neither ever takes time back. Between two
 * processes only the wall clock tells, unless one process wrote both records; where that clock is behind, nobody can tell.
 */
final class RunClock {
  /** By how much the wall clocks of two hosts may differ, be they ours or a service's. */
  static final Duration SKEW = Duration.ofSeconds(5);

  private final Instant startedAt;
  private final List<Duration> untold = new ArrayList<>();
  private RunRecord last;
  private Duration elapsed = Duration.ZERO;

  /** Begins with the record that started the run. */
  RunClock(RunRecord first) {
    startedAt = first.at();
    last = first;
  }

  /**
   * A record was written.
   *
   * @return how much time passed; empty if nobody can tell
   */
  Optional<Duration> passed(RunRecord entry) {
    Optional<Clock> clock =
        entry.event() instanceof RunnerBegan began ? began.clock() : Optional.empty();
    Duration wall = Duration.between(last.at(), entry.at());
    boolean steady = entry.epoch() == last.epoch() || clock.equals(Optional.of(Clock.STEADY));
    Duration other = steady
        ? entry.uptime().minus(last.uptime())
        : wall.isNegative() ? wall.plus(SKEW) : Duration.ZERO;
    Duration passed = longer(longer(wall, other), Duration.ZERO);
    boolean told = !clock.equals(Optional.of(Clock.NONE)) && (steady || !behind(entry.at()));
    if (!told) {
      untold.add(elapsed);
    }
    elapsed = elapsed.plus(passed);
    last = entry;
    return Optional.of(passed).filter(time -> told);
  }

  /** Whether a wall clock cannot have gone on from where the last record was written. */
  boolean behind(Instant wallClock) {
    return wallClock.isBefore(last.at().minus(SKEW));
  }

  /** Lets time pass without a record: to an instant that is told by the wall clock alone. */
  void passTimeTo(Instant now) {
    elapsed = elapsed(now);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** {@return the record that was written last} */
  RunRecord last() {
    return last;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** The worst-case time from the start of the run to its last record, or to when it was looked at. */
  Duration elapsed() {
    return elapsed;
  }

  /** The same to an instant that a wall clock tells. */
  Duration elapsed(Instant wallClock) {
    return elapsed.plus(longer(Duration.between(last.at(), wallClock), Duration.ZERO));
  }

  /** The same to an instant that the process which wrote the last record tells by its steady clock. */
  Duration elapsed(Duration uptime) {
    return elapsed.plus(longer(uptime.minus(last.uptime()), Duration.ZERO));
  }

  /** The same by whichever of both clocks counts more: the steady one stands still while its machine is suspended. */
  Duration elapsed(Duration uptime, Instant wallClock) {
    return longer(elapsed(uptime), elapsed(wallClock));
  }

  /**
   * Whether nobody can tell how much time passed somewhere between two times from the start of the run. What was written last before such
   * a gap counts as after it: its time is the same.
   */
  boolean untold(Duration from, Duration until) {
    return untold.stream()
        .anyMatch(time -> time.compareTo(from) >= 0 && time.compareTo(until) <= 0);
  }
}
