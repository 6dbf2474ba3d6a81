package io.drkit.testkit.crash;

import java.util.function.Supplier;

/** A process to which a person says something at one of its operations, counting from 0, looks included. */
final class Addressed implements Fate {
  private final int at;
  private final Supplier<Boolean> saying;
  private int count;
  private boolean heard;
  private String last = "";

  /**
   * Creates a process.
   *
   * @param at the number of the operation
   * @param saying says it; returns whether it was heard
   */
  Addressed(int at, Supplier<Boolean> saying) {
    this.at = at;
    this.saying = saying;
  }

  @Override
  public void meet(String operation) {
    if (count++ == at) {
      last = operation;
      heard = saying.get();
    }
  }

  /** Whether the process came that far. */
  boolean cameThatFar() {
    return count > at;
  }

  boolean heard() {
    return heard;
  }

  /** The operation at which it was said. */
  String last() {
    return last;
  }
}
