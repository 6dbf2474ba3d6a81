package io.drkit.testkit;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A value over time. The past can be asked for at any instant, and the future as far as it is decided: that is how a day
 * of a fake world costs a few look-ups instead of an event for each write.
 */
final class History<T> {
  private final TreeMap<Instant, T> values = new TreeMap<>();

  History(T initial) {
    values.put(Instant.MIN, initial);
  }

  T at(Instant instant) {
    return Objects.requireNonNull(values.floorEntry(instant)).getValue();
  }

  void set(Instant from, T value) {
    values.put(from, value);
  }

  /** Sets the value from an instant on, and forgets what was decided for later. */
  void setForGood(Instant from, T value) {
    values.tailMap(from, true).clear();
    values.put(from, value);
  }

  /** The instants at which the value changed or will. */
  Set<Instant> changes() {
    return values.tailMap(Instant.MIN, false).keySet();
  }
}
