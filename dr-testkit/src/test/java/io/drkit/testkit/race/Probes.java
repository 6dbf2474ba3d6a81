package io.drkit.testkit.race;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts how often rare states were met. Thread-safe. */
final class Probes {
  private final Map<Rare, LongAdder> hits = new EnumMap<>(Rare.class);

  Probes() {
    for (Rare rare : Rare.values()) {
      hits.put(rare, new LongAdder());
    }
  }

  void hit(Rare rare) {
    hits.get(rare).increment();
  }

  void hitIf(boolean condition, Rare rare) {
    if (condition) {
      hit(rare);
    }
  }

  /** What was met less often than so, and how often it was. */
  Map<Rare, Long> below(long least) {
    Map<Rare, Long> missed = new LinkedHashMap<>();
    hits.forEach((rare, count) -> {
      if (count.sum() < least) {
        missed.put(rare, count.sum());
      }
    });
    return missed;
  }
}
