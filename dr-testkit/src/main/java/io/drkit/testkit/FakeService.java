package io.drkit.testkit;

import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A business service of the fake cloud: users come by a name to servers, and every request writes some datasets. How much
 * of the demand is served follows from where users are sent, what the servers and the data can carry, and what is up. Not
 * thread-safe.
 */
public final class FakeService {
  private final FakeCloud cloud;
  private final String name;
  private final FakeTraffic traffic;
  private final FakeServers servers;
  private final List<FakeDataset> datasets;
  private final Map<Site, History<Site>> dataOf = new LinkedHashMap<>();
  private final History<Integer> demand = new History<>(1);

  FakeService(
      FakeCloud cloud,
      String name,
      FakeTraffic traffic,
      FakeServers servers,
      List<FakeDataset> datasets) {
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException(
          "service '" + name + "' must write a dataset; without one there is nothing to recover");
    }
    this.cloud = cloud;
    this.name = name;
    this.traffic = traffic;
    this.servers = servers;
    this.datasets = List.copyOf(datasets);
  }

  /**
   * Sets how much load all users together make from now on; 1 unit by default. A server carries its {@linkplain FakeServers#size size},
   * a copy of a dataset its {@linkplain FakeDataset#capacity capacity}.
   *
   * @param units one or more
   * @throws IllegalArgumentException if it is less
   */
  public FakeService demand(int units) {
    if (units < 1) {
      throw new IllegalArgumentException("demand of '" + name + "' must be 1 or more: " + units);
    }
    demand.setForGood(cloud.time().now(), units);
    return this;
  }

  /**
   * Makes the servers of a site work on the data of another one, as the cloud side of a multi-site service does in normal
   * times (WP-43). A site works on its own data by default.
   *
   * @param site where the servers are
   * @param data where their data is
   */
  public FakeService worksOnDataOf(Site site, Site data) {
    dataOf(cloud.check(site)).setForGood(cloud.time().now(), cloud.check(data));
    return this;
  }

  /** {@return the service's name} */
  public String name() {
    return name;
  }

  /** {@return the share of the demand that is served now, from 0 to 1} */
  public double level() {
    return level(cloud.time().now());
  }

  /** {@return the state in which the servers of {@code to} work on the data of {@code to} (WP-43 d)} */
  public FailoverAction usesLocalData() {
    return new FakeAction(
        "servers of " + name + " work on the data beside them",
        Repeatability.idempotent(),
        direction -> List.of(Need.data("ssm", direction.to())),
        context -> cloud.ask(context, Need.data("ssm", context.to()), () -> {
          Site data = dataOf(context.to()).at(cloud.time().now());
          return data.equals(context.to())
              ? Progress.reached()
              : Progress.pending("servers in " + context.to() + " work on the data of " + data);
        }),
        context -> cloud.ask(context, Need.data("ssm", context.to()), () -> {
          worksOnDataOf(context.to(), context.to());
          return Progress.reached();
        }));
  }

  /**
   * Returns the state in which users are served: a verification that measures the service level and changes nothing.
   *
   * @param level the share of the demand that must be served, above 0 and at most 1
   * @throws IllegalArgumentException if it is not
   */
  public FailoverAction served(double level) {
    if (!(level > 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be above 0 and at most 1: " + level);
    }
    return new FakeAction(
            percent(level) + " of the users of " + name + " are served",
            Repeatability.idempotent(),
            direction -> List.of(Need.data(name, direction.to())),
            context -> cloud.ask(context, Need.data(name, context.to()), () -> {
              double served = level();
              return served >= level
                  ? Progress.reached(Evidence.of("served", percent(served)).serviceLevel(served))
                  : Progress.underway(percent(served) + " of the users are served");
            }),
            context -> {
              // Looking is all there is to do.
            })
        .back(before -> FailoverAction.check("nothing was changed", context -> Progress.reached()));
  }

  double level(Instant instant) {
    double sum = answered(instant).entrySet().stream()
        .filter(entry -> clean(entry.getKey(), instant))
        .mapToDouble(Map.Entry::getValue)
        .sum();
    // Shares are sums of fractions of users; what a rounding makes of them is no outage.
    return Math.min(1, Math.round(sum * 1e9) / 1e9);
  }

  /** Whoever works on bad data answers, and takes writes; but nobody is served by it. */
  private boolean clean(Site data, Instant instant) {
    return datasets.stream().allMatch(set -> set.copy(data).badSince(instant).isEmpty());
  }

  /** The share of the demand that is answered, rightly or wrongly, by the site whose data is written. */
  Map<Site, Double> answered(Instant instant) {
    Map<Site, Double> byData = new LinkedHashMap<>();
    double units = demand.at(instant);
    traffic.shares(instant).forEach((site, share) -> {
      Site data = dataOf(site).at(instant);
      double carried = reaches(site, data, instant)
          ? Math.min(share, servers.capacity(site, instant) / units)
          : 0;
      if (carried > 0 && datasets.stream().allMatch(set -> set.copy(data).writable(instant))) {
        byData.merge(data, carried, Double::sum);
      }
    });
    byData.replaceAll((site, share) -> {
      double most = 1;
      for (FakeDataset dataset : datasets) {
        most = Math.min(most, dataset.copy(site).capacity(instant) / units);
      }
      return Math.min(share, most);
    });
    return byData;
  }

  /** Whether users reach a site, and it the data that it works on. */
  private boolean reaches(Site site, Site data, Instant instant) {
    return cloud.outages().reachable(site, instant)
        && cloud.outages().answers(site, Need.data("any", data), instant);
  }

  boolean writes(FakeDataset dataset) {
    return datasets.contains(dataset);
  }

  void changes(Set<Instant> into) {
    into.addAll(demand.changes());
    dataOf.values().forEach(history -> into.addAll(history.changes()));
  }

  private History<Site> dataOf(Site site) {
    return dataOf.computeIfAbsent(site, History::new);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", Math.floor(share * 100));
  }
}
