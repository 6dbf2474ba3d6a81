package io.drkit.spi;

import java.util.Optional;

/**
 * Where a runner makes sure that it is the only one: one lease for each plan. Thread-safe.
 */
public interface LeaseStore {

  /**
   * Takes the lease of a plan if nobody holds it. Never waits.
   *
   * @param plan the plan's name
   * @param owner who takes it, for people; for example the process and the host
   * @return the lease, or nothing if another holds it, be it in this process
   * @throws IllegalArgumentException if the owner is blank
   * @throws io.drkit.DrException if the store cannot be reached
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

  /** {@return a store in memory, for tests and for what need not be known to other processes} */
  static LeaseStore inMemory() {
    return new MemoryLeaseStore();
  }

  /** A lease that is held. Thread-safe. */
  interface Lease extends AutoCloseable {

    /** {@return whether it is still held} */
    boolean held();

    /** Gives the lease back. Does nothing when called again. */
    @Override
    void close();
  }
}
