package io.drkit.testkit;

import io.drkit.Site;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Of which sites something was asked, by whom and when; whether or not they answered. */
final class Requests {
  private final Map<Site, Map<String, Long>> byRun = new HashMap<>();
  /** Of clients, which do not say for which run they ask. */
  private final Map<Site, NavigableMap<Instant, Long>> byClients = new HashMap<>();

  void add(Optional<String> run, Site site, Instant at) {
    if (run.isPresent()) {
      byRun.computeIfAbsent(site, any -> new HashMap<>()).merge(run.get(), 1L, Long::sum);
    } else {
      byClients.computeIfAbsent(site, any -> new TreeMap<>()).merge(at, 1L, Long::sum);
    }
  }

  /** How many requests of a run went to a site or a part of it, and how many of clients from an instant to another. */
  long count(String run, Site site, Instant from, Instant to) {
    long count = 0;
    for (Map.Entry<Site, Map<String, Long>> asked : byRun.entrySet()) {
      if (asked.getKey().isIn(site)) {
        count += asked.getValue().getOrDefault(run, 0L);
      }
    }
    for (Map.Entry<Site, NavigableMap<Instant, Long>> asked : byClients.entrySet()) {
      if (asked.getKey().isIn(site)) {
        count += asked.getValue().subMap(from, true, to, true).values().stream()
            .mapToLong(Long::longValue)
            .sum();
      }
    }
    return count;
  }
}
