package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The hosts of a fake cloud, which of them asks just now, and what lies between it and what it asks. */
final class FakeNetwork {
  private final FakeCloud cloud;
  private final Map<String, FakeHost> hosts = new LinkedHashMap<>();
  private final Map<Set<Site>, FakeLink> links = new LinkedHashMap<>();
  private @Nullable FakeHost asking;
  private long passed;

  FakeNetwork(FakeCloud cloud) {
    this.cloud = cloud;
  }

  FakeHost add(String name, @Nullable Site site) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("give each host a name");
    }
    FakeHost host = new FakeHost(cloud, name, site);
    if (hosts.putIfAbsent(name, host) != null) {
      throw new IllegalArgumentException(
          "there is a host '" + name + "' already; give each host a name of its own");
    }
    return host;
  }

  FakeHost host(String name) {
    FakeHost host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("this cloud has no host '" + name + "', only "
          + hosts.keySet() + "; add it with addHost(...)");
    }
    return host;
  }

  List<String> hostNames() {
    return List.copyOf(hosts.keySet());
  }

  /** Lets those hosts go on whose sites are back. */
  void wake() {
    List.copyOf(hosts.values()).forEach(FakeHost::wake);
  }

  FakeLink link(Site... ends) {
    return links.computeIfAbsent(Set.of(ends), unseen -> new FakeLink(List.of(ends), cloud));
  }

  /** Whether there is a link over which copies cannot send all that they like. */
  boolean isNarrow() {
    return links.values().stream().anyMatch(link -> !link.changes().isEmpty());
  }

  void changes(Set<Instant> into) {
    links.values().forEach(link -> into.addAll(link.changes()));
  }

  /** How much a copy can send that goes one way, along with others. */
  long part(DataCopy.Way way, List<DataCopy.Way> all, Instant instant) {
    return links.values().stream()
        .mapToLong(link -> link.part(way, all, instant))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Where the one is who asks now; nothing for the world outside. */
  @Nullable
  Site asker() {
    FakeHost host = asking;
    return host == null ? null : host.site().orElse(null);
  }

  /** Does something as a host does it, or as the world outside. */
  <T> T as(@Nullable FakeHost host, Callable<T> what) throws Exception {
    FakeHost before = asking;
    asking = host;
    try {
      return what.call();
    } finally {
      asking = before;
    }
  }

  /** Lets the world go on while a host waits. */
  void block(Duration duration) {
    FakeHost before = asking;
    asking = null;
    try {
      cloud.time().block(duration);
    } finally {
      asking = before;
    }
  }

  /** How long one way between two sites takes beyond the usual time. */
  Duration takes(@Nullable Site one, Site other) {
    Duration takes = Duration.ZERO;
    for (FakeLink link : links.values()) {
      if (link.isBetween(one, other)) {
        takes = takes.plus(link.takes());
      }
    }
    return takes;
  }

  /** Whether what passes between two sites now is lost. */
  boolean loses(@Nullable Site one, Site other) {
    boolean lost = false;
    for (FakeLink link : links.values()) {
      if (link.isBetween(one, other)) {
        lost |= link.loses();
      }
    }
    for (Disaster disaster : cloud.outages().active(cloud.time().now())) {
      if (disaster instanceof Disaster.LossyLink bad && crosses(bad.site(), one, other)) {
        lost |= Chance.at(cloud.seed(), "what is lost at " + bad.site(), passed++) < bad.share();
      }
    }
    return lost;
  }

  /** Whether exactly one of the two lies in a site. */
  static boolean crosses(Site site, @Nullable Site one, Site other) {
    return other.isIn(site) != (one != null && one.isIn(site));
  }

  /** By how much a host's wall clock is wrong now through disasters. */
  Duration jumped(FakeHost host) {
    Duration sum = Duration.ZERO;
    for (Disaster disaster : cloud.outages().active(cloud.time().now())) {
      if (disaster instanceof Disaster.ClockJump jump && jump.host().equals(host.name())) {
        sum = sum.plus(jump.by());
      }
    }
    return sum;
  }

  /** How many times longer a host's disk takes now. */
  double diskSlowness(FakeHost host) {
    return cloud.outages().active(cloud.time().now()).stream()
        .filter(disaster ->
            disaster instanceof Disaster.SlowDisk slow && slow.host().equals(host.name()))
        .mapToDouble(disaster -> ((Disaster.SlowDisk) disaster).factor())
        .max()
        .orElse(1);
  }

  /** Which host a disaster happens to. */
  static Optional<String> hostOf(Disaster disaster) {
    if (disaster instanceof Disaster.ClockJump jump) {
      return Optional.of(jump.host());
    }
    return disaster instanceof Disaster.SlowDisk slow ? Optional.of(slow.host()) : Optional.empty();
  }
}
