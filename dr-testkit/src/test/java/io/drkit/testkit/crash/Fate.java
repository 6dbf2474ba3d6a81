package io.drkit.testkit.crash;

/** What happens to a process at each of the operations that matter; by throwing, it makes the operation go wrong there. */
@FunctionalInterface
interface Fate {
  /** Nothing ever goes wrong. */
  Fate KIND = operation -> {};

  /**
   * Comes to an operation.
   *
   * @param operation what is about to be done, or was done just now
   */
  void meet(String operation) throws Exception;
}
