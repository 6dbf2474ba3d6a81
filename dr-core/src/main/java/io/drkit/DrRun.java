package io.drkit;

import java.util.concurrent.CompletableFuture;

/** A run in progress in this process, with its levers. Thread-safe. */
public interface DrRun extends RunControl {

  /** {@return the run's id, unique in the plan's journal} */
  String id();

  /** {@return the plan} */
  DrPlan plan();

  /** {@return a report of how the run stands now} */
  RunReport report();

  /**
   * Returns the report as soon as the run has ended. The future fails only if the run could not go on as a run, because
   * its journal failed or another runner took over; the journal then tells how it stands.
   */
  CompletableFuture<RunReport> ended();

  /**
   * Waits until the run has ended. Under virtual time, this is what makes time pass.
   *
   * @return the report; whatever went wrong in the world is in it
   * @throws InterruptedException if the waiting thread is interrupted; the run goes on
   * @throws DrException if the journal failed or another runner took over
   */
  RunReport await() throws InterruptedException;
}
