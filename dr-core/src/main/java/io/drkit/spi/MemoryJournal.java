package io.drkit.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** See {@link Journal#inMemory}. */
final class MemoryJournal implements Journal {
  private final Map<String, Kept> logs = new LinkedHashMap<>();

  /** A log that grows. */
  private record Kept(long first, List<String> records) {
    static final Kept NOTHING = new Kept(0, List.of());

    long next() {
      return first + records.size();
    }
  }

  @Override
  public synchronized void append(String plan, long expectedNext, List<String> records) {
    check(records);
    expect(plan, expectedNext);
    logs.computeIfAbsent(plan, name -> new Kept(0, new ArrayList<>())).records().addAll(records);
  }

  @Override
  public synchronized void compact(String plan, long expectedNext, List<String> kept) {
    check(kept);
    if (expectedNext < 1) {
      throw new IllegalArgumentException("expectedNext must be positive, but is " + expectedNext
          + "; without records there is nothing to compact");
    }
    expect(plan, expectedNext);
    logs.put(plan, new Kept(expectedNext, new ArrayList<>(kept)));
  }

  private static void check(List<String> records) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("records must not be empty: there is nothing to append");
    }
    for (String record : records) {
      if (record.indexOf('\n') >= 0 || record.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("a record is one line of text and has no line break");
      }
    }
  }

  private void expect(String plan, long expectedNext) {
    long next = logs.getOrDefault(plan, Kept.NOTHING).next();
    if (next != expectedNext) {
      throw new JournalConflictException(plan, expectedNext, next);
    }
  }

  @Override
  public synchronized Log read(String plan) {
    Kept kept = logs.getOrDefault(plan, Kept.NOTHING);
    return new Log(kept.first(), kept.records());
  }
}
