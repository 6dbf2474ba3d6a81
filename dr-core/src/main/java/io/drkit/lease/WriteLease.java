package io.drkit.lease;

import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's word on whether it may write: only while the register says that its site may, and only for the {@linkplain
 * LeaseTiming#term term}, less the skew, after it began to read that. It fails closed: who cannot read the register stops
 * writing. Time is counted on the monotonic clock and on the wall clock, and the longer one counts, so that a process that was
 * suspended does not write on what it knew before.
 *
 * <p>Each instance of a service has one. It reads the register in the background every fifth of a term; a check costs no
 * request. Thread-safe.
 */
public final class WriteLease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WriteLease.class);

  private final String name;
  private final Site site;
  private final WriteLeaseStore store;
  private final LeaseTiming timing;
  private final TimeSource time;
  private final EventLoop loop;
  private final List<Consumer<Role>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Seen seen;
  private Role told = Role.UNKNOWN;
  private long toldEpoch;
  private boolean warned;
  private boolean readable = true;
  private volatile boolean closed;

  /** What was read, and when the reading of it began. */
  private record Seen(Grant grant, Duration uptime, Instant wallClock) {}

  /** A write, and when it began: before the look at the lease that allowed it. */
  record Begun(long epoch, Duration uptime, Instant wallClock) {}

  private WriteLease(
      String name, Site site, WriteLeaseStore store, LeaseTiming timing, TimeSource time) {
    this.name = Objects.requireNonNull(name, "name");
    this.site = Objects.requireNonNull(site, "site");
    this.store = Objects.requireNonNull(store, "store");
    this.timing = Objects.requireNonNull(timing, "timing");
    this.time = time;
    this.loop = time.loop("drkit-lease-" + name);
    loop.schedule(Duration.ZERO, this::look);
  }

  /**
   * Opens the lease of a service. Until the register was read for the first time, it may not write.
   *
   * @param name the workload's name, as in {@link WriteFence}
   * @param site where this service runs
   * @param store where the register is; never closed by the lease
   * @param timing the same for all services of the workload, or shorter than what the register was made with
   */
  public static WriteLease open(String name, Site site, WriteLeaseStore store, LeaseTiming timing) {
    return open(name, site, store, timing, TimeSource.system());
  }

  /**
   * Opens the lease of a service with a clock of the caller's, for tests.
   *
   * @param name the workload's name, as in {@link WriteFence}
   * @param site where this service runs
   * @param store where the register is; never closed by the lease
   * @param timing the same for all services of the workload, or shorter than what the register was made with
   * @param time the clock
   */
  public static WriteLease open(
      String name, Site site, WriteLeaseStore store, LeaseTiming timing, TimeSource time) {
    return new WriteLease(name, site, store, timing, time);
  }

  private void look() {
    Duration uptime = time.uptime();
    Instant wallClock = time.now();
    loop.call(
        () -> store.read(name),
        timing.term().dividedBy(2),
        (@Nullable Grant grant, @Nullable Throwable error) -> {
          if (grant != null) {
            see(new Seen(grant, uptime, wallClock));
          } else {
            unreadable(error);
          }
          tell();
          loop.schedule(timing.term().dividedBy(5), this::look);
        });
  }

  /** Told once, until it can be read again. */
  private void unreadable(@Nullable Throwable error) {
    if (readable) {
      readable = false;
      log.warn(
          "the write lease cannot be read ({}); writing goes on for {} at most, unless it can again [workload={}, site={}]",
          String.valueOf(error),
          seen == null ? Duration.ZERO : remaining(seen),
          name,
          site);
      log.debug("why the write lease cannot be read", error);
    }
  }

  /** An answer that was overtaken by a younger one says nothing; epochs never fall. */
  private void see(Seen now) {
    Seen before = seen;
    if (before != null && now.grant.epoch() < before.grant.epoch()) {
      log.error(
          "the register's epoch fell from {} to {}, so nothing is written by it; look at its store [workload={}, site={}]",
          before.grant.epoch(),
          now.grant.epoch(),
          name,
          site);
      return;
    }
    if (now.grant.drain().compareTo(timing.drain()) < 0
        && now.grant.site().isPresent()
        && !warned) {
      warned = true;
      log.error(
          "this service may write for {} on what it read, but the register was made for {} only, so it"
              + " does not write; give it a shorter LeaseTiming, or make the register anew [workload={}, site={}]",
          timing.drain(),
          now.grant.drain(),
          name,
          site);
    }
    if (!readable) {
      readable = true;
      log.info("the write lease can be read again [workload={}, site={}]", name, site);
    }
    seen = now;
    loop.schedule(remaining(now), this::tell);
  }

  private void tell() {
    Role now = role();
    Seen last = seen;
    long epoch = last == null ? 0 : last.grant.epoch();
    if (now != told || epoch != toldEpoch) {
      told = now;
      toldEpoch = epoch;
      log.info("this site is {} now [workload={}, site={}]", now, name, site);
      listeners.forEach(this::tell);
    }
  }

  private void tell(Consumer<Role> listener) {
    try {
      listener.accept(told);
    } catch (RuntimeException e) {
      log.warn("a listener to the role failed [workload={}, site={}]", name, site, e);
    }
  }

  /** Returns for how long what was read may still be relied on; zero if it may not. */
  private Duration remaining(Seen last) {
    Duration left = timing.term().minus(timing.skew()).minus(since(last.uptime, last.wallClock));
    return closed || left.isNegative() ? Duration.ZERO : left;
  }

  /** The longer of what the two clocks say. */
  private Duration since(Duration uptime, Instant wallClock) {
    Duration monotonic = time.uptime().minus(uptime);
    Duration wall = Duration.between(wallClock, time.now());
    return wall.compareTo(monotonic) > 0 ? wall : monotonic;
  }

  /** What may be relied on now. What was read is looked at once for each answer, because it changes meanwhile. */
  private Optional<Grant> known() {
    Seen last = seen;
    return last == null || remaining(last).isZero() ? Optional.empty() : Optional.of(last.grant);
  }

  /** {@return what this site is just now; asks nobody} */
  public Role role() {
    return known().map(grant -> writable(grant) ? Role.PRIMARY : Role.STANDBY).orElse(Role.UNKNOWN);
  }

  private boolean writable(Grant grant) {
    return grant.site().equals(Optional.of(site)) && grant.drain().compareTo(timing.drain()) >= 0;
  }

  /** {@return the site that may write by what was read last; empty if nobody may, or if that is too old; asks nobody} */
  public Optional<Site> activeSite() {
    return known().flatMap(Grant::site);
  }

  /** {@return whether a write may begin now; asks nobody} */
  public boolean held() {
    return role() == Role.PRIMARY;
  }

  /**
   * Returns the fencing token of a write that begins now: whatever is written can refuse a lower one.
   *
   * @return the epoch of the grant
   * @throws WriteLeaseException if this site may not write now
   */
  public long epoch() {
    return heldEpoch().orElseThrow(this::refused);
  }

  /** The epoch if a write may begin now. */
  OptionalLong heldEpoch() {
    return known().filter(this::writable).stream().mapToLong(Grant::epoch).findFirst();
  }

  /**
   * Makes a write if this site may write, and looks afterwards whether it was in time.
   *
   * @param write what is written; must end within {@link LeaseTiming#longestWrite}, by a time limit of its own
   * @return what the write returned
   * @throws WriteLeaseException if this site may not write, or if the write took longer than it may: then somebody else may
   *     have begun to write meanwhile, and {@link WriteLeaseException#writePossible} is true
   * @throws Exception what the write throws
   */
  public <T> T guard(Callable<T> write) throws Exception {
    Begun begun = begin();
    T result = write.call();
    checkInTime(begun);
    return result;
  }

  /** Begins a write, or refuses it. A pause between the look at the lease and the write is part of the write. */
  Begun begin() {
    Duration uptime = time.uptime();
    Instant wallClock = time.now();
    return new Begun(epoch(), uptime, wallClock);
  }

  /** Looks at the end of a write whether nobody else was let in before it. */
  void checkInTime(Begun begun) {
    Duration took = since(begun.uptime, begun.wallClock);
    if (took.compareTo(timing.longestWrite()) > 0) {
      throw new WriteLeaseException(
          "a write of '" + name + "' in " + site + " at epoch " + begun.epoch + " took " + took
              + ", longer than the " + timing.longestWrite()
              + " that a fence waits for; look whether it is there, and give it a shorter time limit",
          true);
    }
  }

  Duration longestWrite() {
    return timing.longestWrite();
  }

  private WriteLeaseException refused() {
    Seen last = seen;
    return new WriteLeaseException(
        "'" + name + "' is not written in " + site + ": "
            + (last == null ? "the register was not read yet" : why(last)),
        false);
  }

  private String why(Seen last) {
    if (closed) {
      return "the lease was closed";
    }
    return remaining(last).isZero()
        ? "the register was not read for more than " + timing.term().minus(timing.skew())
        : last.grant.toString();
  }

  /**
   * Tells somebody whenever this site's role, or the site that may write, changes (WP-43 d): to open or close its doors, to
   * start or stop its jobs. It is called one change after the other, on the lease's own thread, and must not block.
   *
   * @param listener is told the role now, and each one after that
   */
  public void listen(Consumer<Role> listener) {
    loop.schedule(Duration.ZERO, () -> {
      listeners.add(listener);
      tell(listener);
    });
  }

  String name() {
    return name;
  }

  /** Stops reading; this service may not write any more. Does nothing when called again. */
  @Override
  public void close() {
    closed = true;
    loop.close();
  }

  @Override
  public String toString() {
    return "WriteLease[" + name + ", " + site + ", " + role() + "]";
  }
}
