package io.drkit;

/** How a run stands or ended. */
public enum Outcome {
  /** It has not ended, or its process ended before it. {@code resume} goes on. */
  RUNNING,
  /** Every step was reached. */
  COMPLETED,
  /** Every required step was reached; a best-effort step, a fence owed by a lost site, or redundancy is missing. */
  COMPLETED_WITH_EXCEPTIONS,
  /** A required step was not reached. What could be done without it was done; {@code resume} goes on. */
  FAILED,
  /** Somebody ended it before it was through. What was done stays; {@code resume} goes on. */
  CANCELLED,
  /** Nobody knows whether a step that must not be repeated took effect; a person has to look. */
  IN_DOUBT
}
