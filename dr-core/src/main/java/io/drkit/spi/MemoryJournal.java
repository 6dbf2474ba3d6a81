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
