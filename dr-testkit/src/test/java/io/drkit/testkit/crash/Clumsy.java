package io.drkit.testkit.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process in which some operations fail: those with these numbers, counting from 0, looks included. */
final class Clumsy implements Fate {
  /** What is thrown. */
  enum Kind {
    CHECKED,
    UNCHECKED,
    ERROR
  }

  private final Map<Integer, Kind> faults;
  private final List<String> thrown = new ArrayList<>();
  private int count;

  Clumsy(Map<Integer, Kind> faults) {
    this.faults = faults;
  }

  /** The messages of what was thrown. */
  List<String> thrown() {
    return List.copyOf(thrown);
  }

  int operations() {
    return count;
  }

  @Override
  public void meet(String operation) throws Exception {
    int number = count++;
    Kind kind = faults.get(number);
    if (kind != null) {
      String message = "fault " + number + ", " + operation;
      thrown.add(message);
      switch (kind) {
        case CHECKED -> throw new IOException(message);
        case UNCHECKED -> throw new IllegalArgumentException(message);
        case ERROR -> throw new AssertionError(message);
      }
    }
  }
}
