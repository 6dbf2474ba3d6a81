package io.drkit;

import io.drkit.internal.JournaledEngine;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunListener;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what an engine is made of. Not thread-safe. */
public final class DrEngineBuilder {
  private @Nullable Journal journal;
  private @Nullable LeaseStore leases;
  private TimeSource time = TimeSource.system();
  private @Nullable Journal stopLever;
  private Duration lookInterval = Duration.ofSeconds(1);
  private Duration requestTimeLimit = Duration.ofSeconds(10);
  private long seed;
  private String owner = "process " + ProcessHandle.current().pid();
  private final List<RunListener> listeners = new ArrayList<>();

  DrEngineBuilder() {}

  /**
   * Sets where runs are written down. It must not live in a site that may be lost.
   *
   * @param where the journal; never closed by the engine
   */
  public DrEngineBuilder journal(Journal where) {
    journal = Objects.requireNonNull(where, "where");
    return this;
  }

  /**
   * Sets where runners make sure that they are alone. Where leases run out, the engine renews its own every third of their
   * duration, and a verb waits for up to a whole duration and a tenth for the lease of a process that may have died.
   *
   * @param where the lease store; never closed by the engine
   */
  public DrEngineBuilder leases(LeaseStore where) {
    leases = Objects.requireNonNull(where, "where");
    return this;
  }

  /**
   * Sets the clock; the machine's by default.
   *
   * @param source the clock
   */
  public DrEngineBuilder time(TimeSource source) {
    time = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets how long one call of an action may take; 10 seconds by default. A call that takes longer is interrupted, and its
   * outcome counts as unknown.
   *
   * @param limit positive
   * @throws IllegalArgumentException if it is not positive
   */
  public DrEngineBuilder requestTimeLimit(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("requestTimeLimit must be positive: " + limit);
    }
    requestTimeLimit = limit;
    return this;
  }

  /**
   * Sets where the stop lever stands: a journal of its own, which all engines share that one lever is to stop. There is no
   * lever by default.
   *
   * @param lever for example a {@code FileJournal} in a directory of its own
   */
  public DrEngineBuilder stopLever(Journal lever) {
    stopLever = Objects.requireNonNull(lever, "lever");
    return this;
  }

  /**
   * Sets how often a run looks into the journal for what people told it from other processes; one second by default.
   *
   * @param interval positive
   * @throws IllegalArgumentException if it is not positive
   */
  public DrEngineBuilder lookInterval(Duration interval) {
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("lookInterval must be positive: " + interval);
    }
    lookInterval = interval;
    return this;
  }

  /**
   * Sets the seed of the jitter between attempts; 0 by default. With virtual time, the same seed gives the same run.
   *
   * @param value any
   */
  public DrEngineBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Sets the name by which this process is known in the journal and to the lease store; its process id by default.
   *
   * @param name for people, for example the host and the process
   */
  public DrEngineBuilder owner(String name) {
    owner = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener told of every run of the engine
   */
  public DrEngineBuilder listener(RunListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Builds the engine.
   *
   * @throws IllegalStateException if the journal or the lease store is missing, or if a request may take longer than a lease
   *     allows; the message names the limits
   */
  public DrEngine build() {
    if (journal == null) {
      throw new IllegalStateException(
          "call journal(...) before build(), for example with FileJournal.at(directory)");
    }
    if (leases == null) {
      throw new IllegalStateException(
          "call leases(...) before build(), for example with FileLeaseStore.at(directory)");
    }
    return new JournaledEngine(new JournaledEngine.Settings(
        journal,
        Optional.ofNullable(stopLever),
        leases,
        time,
        requestTimeLimit,
        lookInterval,
        seed,
        owner,
        List.copyOf(listeners)));
  }
}
