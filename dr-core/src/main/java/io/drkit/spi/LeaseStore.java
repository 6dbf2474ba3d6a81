package io.drkit.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a runner makes sure that it is the only one: one lease for each plan. There are two kinds. A lease that <i>ends with
 * its process</i> is free the moment that its process is dead, and never before; its holder has nothing to renew. A lease
 * that <i>runs out</i> ends when it was not renewed for the store's {@link #duration}; {@link #over} makes such a store of any
 * service that can compare and set. Thread-safe.
 *
 * <p>No lease keeps a process from acting that was paused in the middle of a request. So a runner begins a request only if it
 * must end before the lease does, its journal refuses what an earlier runner writes, and its successor waits for what may
 * still be on its way; what remains is told in the README.
 */
public interface LeaseStore {

  /**
   * Takes the lease of a plan if nobody holds it. Does not wait. Where leases run out, one that is not renewed goes to whoever
   * asks, and asks again after it has seen it unchanged for the whole {@link #duration} on its own monotonic clock; no clocks
   * are compared.
   *
   * @param plan the plan's name
   * @param owner who takes it, for people; for example the process and the host
   * @return the lease, or nothing if another holds it, be it in this process
   * @throws IllegalArgumentException if the owner is blank
   * @throws io.drkit.DrException if the store cannot be reached. The lease may have been taken all the same; then it is free
   *     again after {@link #duration}, or when this process has ended
   */
  Optional<Lease> tryAcquire(String plan, String owner);

  /**
   * Returns who holds the lease of a plan, as far as can be told. Changes nothing.
   *
   * @param plan the plan's name
   * @return the owner as it was given; nothing if the lease is free
   * @throws io.drkit.DrException if the store cannot be reached
   */
  Optional<String> holder(String plan);

  /** {@return how long a lease lasts that is not renewed; nothing, the default, if it ends with its process} */
  default Optional<Duration> duration() {
    return Optional.empty();
  }

  /** {@return a store in memory, for tests and for what need not be known to other processes; a lease ends with its process} */
  static LeaseStore inMemory() {
    return new MemoryLeaseStore();
  }

  /**
   * Returns a store of leases that run out. Those who share a table must give the same duration.
   *
   * @param table where the leases are
   * @param time this process's clock, of which only {@link TimeSource#uptime} counts
   * @param duration how long a lease lasts that is not renewed; a minute suits an engine's default time limits. A runner that
   *     dies is replaced after this long
   * @throws IllegalArgumentException if the duration is not positive
   */
  static LeaseStore over(LeaseTable table, TimeSource time, Duration duration) {
    return new ExpiringLeaseStore(table, time, duration);
  }

  /** A lease that is held, until it is lost: then for good. Thread-safe. */
  interface Lease extends AutoCloseable {

    /** {@return whether it is still held, as far as this process knows; asks no service} */
    boolean held();

    /**
     * Returns how long it lasts if it is not renewed, on this process's monotonic clock, counting from the beginning of the
     * request that took or renewed it.
     *
     * @return zero if it is lost; nothing if it ends with its process, which is the default for one that is held
     */
    default Optional<Duration> remaining() {
      return held() ? Optional.empty() : Optional.of(Duration.ZERO);
    }

    /**
     * Makes it last for the whole duration again, from now. May block. By default only tells whether it is held.
     *
     * @return whether it is still held; if not, it never is again
     * @throws io.drkit.DrException if the store cannot tell. The lease is held for as long as it {@linkplain #remaining
     *     remained} before, and may be renewed again
     */
    default boolean renew() {
      return held();
    }

    /** Gives the lease back. Does nothing when called again, or when it was lost. May block. */
    @Override
    void close();
  }
}
