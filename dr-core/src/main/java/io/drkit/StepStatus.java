package io.drkit;

/** How a step of a run stands. */
public enum StepStatus {
  /** It waits for other steps. */
  WAITING,
  /** It is being observed or asked for. */
  RUNNING,
  /** Its state was seen. */
  REACHED,
  /** Its state was not reached in time, or cannot be. */
  FAILED,
  /** Somebody let the run go on without it. */
  SKIPPED,
  /** A fence that cannot be proven because its site is declared lost: owed until that site is back. */
  OWED,
  /** Asked for, with an outcome that nobody knows, and not repeatable. */
  IN_DOUBT
}
