package io.drkit.spi;

import java.util.LinkedHashMap;
import java.util.Map;

/** See {@link LeaseTable#inMemory}. */
final class MemoryLeaseTable implements LeaseTable {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  @Override
  public synchronized Entry read(String plan) {
    return entries.getOrDefault(plan, Entry.NONE);
  }

  @Override
  public synchronized boolean replace(String plan, Entry expected, Entry next) {
    if (!read(plan).equals(expected)) {
      return false;
    }
    entries.put(plan, next);
    return true;
  }
}
