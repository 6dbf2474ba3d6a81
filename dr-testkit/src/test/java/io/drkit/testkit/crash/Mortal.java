package io.drkit.testkit.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * A process that dies at one of its operations. From then on it does nothing any more, whatever is asked of it. A look
 * changes nothing and is no operation: dying there is dying after the operation before.
 */
final class Mortal implements Fate {
  private final int lastOperation;
  private final List<String> operations = new ArrayList<>();
  private boolean dead;

  /**
   * Creates a process.
   *
   * @param lastOperation the number of the operation at which it dies, counting from 0
   */
  Mortal(int lastOperation) {
    this.lastOperation = lastOperation;
  }

  @Override
  public void meet(String operation) {
    if (!dead && !operation.startsWith("look at ")) {
      operations.add(operation);
      dead = operations.size() > lastOperation;
    }
    if (dead) {
      throw new Death(operation);
    }
  }

  boolean dead() {
    return dead;
  }

  /** The operation at which it died, or its last one if it lives. */
  String last() {
    return operations.isEmpty() ? "" : operations.get(operations.size() - 1);
  }

  /** The end of a process. An error, so that no {@code catch (Exception e)} goes on after it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(String operation) {
      super("the process is dead: " + operation, null, false, false);
    }
  }
}
