package io.drkit.testkit.chaos;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** How often something was seen that is seldom, over all seeds. */
final class Sightings {
  private final Map<String, AtomicLong> seen = new ConcurrentSkipListMap<>();

  void saw(String what) {
    seen.computeIfAbsent(what, unused -> new AtomicLong()).incrementAndGet();
  }

  long of(String what) {
    return seen.getOrDefault(what, new AtomicLong()).get();
  }

  @Override
  public String toString() {
    return seen.toString();
  }
}
