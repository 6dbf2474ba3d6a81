package io.drkit.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** See {@link Journal#inMemory}. */
final class MemoryJournal implements Journal {
  private final Map<String, List<String>> logs = new LinkedHashMap<>();

  @Override
  public synchronized void append(String plan, long expectedNext, List<String> records) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("records must not be empty: there is nothing to append");
    }
    for (String record : records) {
      if (record.indexOf('\n') >= 0 || record.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("a record is one line of text and has no line break");
      }
    }
    List<String> log = logs.computeIfAbsent(plan, name -> new ArrayList<>());
    if (log.size() != expectedNext) {
      throw new JournalConflictException(plan, expectedNext, log.size());
    }
    log.addAll(records);
  }

  @Override
  public synchronized List<String> read(String plan) {
    return List.copyOf(logs.getOrDefault(plan, List.of()));
  }
}
