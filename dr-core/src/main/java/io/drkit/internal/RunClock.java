package io.drkit.internal;

import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a run takes by its records. Where wall and steady clock disagree, the longer time counts; neither ever takes time back. Between two
 * processes only the wall clock tells, unless one process knows both ends of it.
 */
final class RunClock {
  private final Instant startedAt;
  private RunRecord last;
  private Duration elapsed = Duration.ZERO;
  private Optional<Duration> untoldAfter = Optional.empty();

  /** Begins with the record that started the run. */
  RunClock(RunRecord first) {
    startedAt = first.at();
    last = first;
  }

  /**
   * A record was written.
   *
   * @param stoodStill how long nothing was written before it, by the steady clock of the process that wrote both
   * @return how much time passed; empty if nobody can tell, because it was written by another process whose clock is behind
   */
  Optional<Duration> passed(RunRecord entry, Optional<Duration> stoodStill) {
    Duration wall = Duration.between(last.at(), entry.at());
    Optional<Duration> steady = entry.epoch() == last.epoch()
        ? Optional.of(entry.uptime().minus(last.uptime()))
        : stoodStill;
    Duration passed = longer(longer(wall, steady.orElse(Duration.ZERO)), Duration.ZERO);
    boolean told = steady.isPresent() || !wall.isNegative();
    if (!told) {
      untoldAfter = untoldAfter.or(() -> Optional.of(elapsed));
    }
    elapsed = elapsed.plus(passed);
    last = entry;
    return Optional.of(passed).filter(time -> told);
  }

  /** Lets time pass without a record: to an instant that is told by the wall clock alone. */
  void passTimeTo(Instant now) {
    elapsed = elapsed.plus(longer(Duration.between(last.at(), now), Duration.ZERO));
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

  /** The same to an instant that the process which wrote the last record tells by its steady clock. */
  Duration elapsed(Duration uptime) {
    return elapsed.plus(longer(uptime.minus(last.uptime()), Duration.ZERO));
  }

  /** {@return the time after which more may have passed than anybody can tell, if there is one} */
  Optional<Duration> untoldAfter() {
    return untoldAfter;
  }
}
