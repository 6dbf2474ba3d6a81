package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The users of one name in the fake cloud, and the sites that they are sent to. A changed answer is given out after a
 * moment, and then the users come over in four groups within the TTL, because each remembers the old answer for a while; some
 * {@linkplain #resolvers resolvers} remember it longer.
 * Not thread-safe.
 */
public final class FakeTraffic {
  private static final int GROUPS = 4;

  /** Users whose resolver keeps answers longer than it may; for ever if there is no time. */
  private record Resolver(double share, Optional<Duration> keeps) {}

  private final FakeCloud cloud;
  private final String name;
  private final History<Map<Site, Double>> answers;
  private final History<Map<Site, Double>> wanted;
  private final List<Resolver> resolvers = new ArrayList<>();
  private Duration ttl = Duration.ofSeconds(60);
  private Duration propagation = Duration.ofSeconds(20);
  private Duration switching = Duration.ofSeconds(5);

  FakeTraffic(FakeCloud cloud, String name, Site site) {
    this.cloud = cloud;
    this.name = name;
    this.answers = new History<>(Map.of(site, 1.0));
    this.wanted = new History<>(Map.of(site, 1.0));
  }

  /**
   * Sets how long a user remembers an answer at most; 60 seconds by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeTraffic ttl(Duration duration) {
    ttl = NotNegative.time("ttl of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how long a change of the records takes until every name server gives the new answer; 20 seconds by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeTraffic propagation(Duration duration) {
    propagation = NotNegative.time("propagation of '" + name + "'", duration);
    return this;
  }

  /**
   * Adds users whose resolver keeps answers longer than the TTL allows; none by default. A change reaches them in four equal groups
   * within that time.
   *
   * @param share how many of all users; above 0, and with those that were added before at most 1
   * @param keeps how long an answer is kept at most; longer than the TTL
   * @throws IllegalArgumentException if the share is not one, or the time is not longer
   */
  public FakeTraffic resolvers(double share, Duration keeps) {
    if (keeps.compareTo(ttl) <= 0) {
      throw new IllegalArgumentException("resolvers that keep answers of '" + name + "' for "
          + keeps + " do not keep them longer than the TTL of " + ttl + "; set that first");
    }
    return add(new Resolver(share, Optional.of(keeps)));
  }

  /**
   * Adds users who never look a name up again, as a JVM with {@code networkaddress.cache.ttl=-1} does: no change ever reaches them.
   * None by default.
   *
   * @param share how many of all users; above 0, and with those that were added before at most 1
   * @throws IllegalArgumentException if the share is not one
   */
  public FakeTraffic resolversForGood(double share) {
    return add(new Resolver(share, Optional.empty()));
  }

  private FakeTraffic add(Resolver resolver) {
    double sum =
        resolver.share() + resolvers.stream().mapToDouble(Resolver::share).sum();
    if (!(resolver.share() > 0) || sum > 1) {
      throw new IllegalArgumentException("the share of users of '" + name
          + "' must be above 0, and of all of them at most 1: " + resolver.share() + " makes "
          + sum);
    }
    resolvers.add(resolver);
    return this;
  }

  /** {@return the name that users come by} */
  public String name() {
    return name;
  }

  /**
   * Returns the state in which all users are sent to {@code to}, by a change of the records. It needs the control plane of
   * DNS, which lives in one region for the whole world: see {@link FakeCloudBuilder#dnsHome}.
   */
  public FailoverAction allTraffic() {
    return sent(
        "all users of " + name + " are sent over by a change of the records",
        direction -> Need.globalControl("route53", cloud.dnsHome()),
        direction -> Map.of(direction.to(), 1.0),
        true);
  }

  /**
   * Returns the state in which all users are sent to {@code to}, by a switch that was put in before a disaster and that is
   * turned in {@code to} alone: no control plane is needed.
   */
  public FailoverAction allTrafficSwitched() {
    return sent(
        "all users of " + name + " are sent over by the prepared switch",
        direction -> Need.data("arc", direction.to()),
        direction -> Map.of(direction.to(), 1.0),
        false);
  }

  /**
   * Returns the state in which users are sent to both sites by weight (WP-43 b), by a change of the records as in {@link
   * #allTraffic}.
   *
   * @param from the weight of the direction's {@code from}; one or more
   * @param to the weight of its {@code to}; one or more
   * @throws IllegalArgumentException if one is less
   */
  public FailoverAction weighted(int from, int to) {
    if (from < 1 || to < 1) {
      throw new IllegalArgumentException(
          "weights of '" + name + "' must be 1 or more: " + from + " and " + to);
    }
    double sum = from + to;
    return sent(
        "users of " + name + " are sent " + from + " to " + to,
        direction -> Need.globalControl("route53", cloud.dnsHome()),
        direction -> {
          Map<Site, Double> shares = new LinkedHashMap<>();
          shares.put(direction.from(), from / sum);
          shares.put(direction.to(), to / sum);
          return shares;
        },
        true);
  }

  private FailoverAction sent(
      String description,
      Function<Direction, Need> need,
      Function<Direction, Map<Site, Double>> shares,
      boolean records) {
    return sending(description, need, shares, records)
        .back(before -> sending(
            "users of " + name + " are sent where they were",
            need,
            d -> sharesIn(before),
            records));
  }

  private static Evidence asEvidence(Map<Site, Double> shares) {
    Evidence evidence = Evidence.none();
    for (Map.Entry<Site, Double> share : shares.entrySet()) {
      evidence = evidence.and(share.getKey().name(), share.getValue().toString());
    }
    return evidence;
  }

  private Map<Site, Double> sharesIn(Evidence evidence) {
    Map<Site, Double> shares = new LinkedHashMap<>();
    for (Site site : cloud.sites()) {
      String share = evidence.facts().get(site.name());
      if (share != null) {
        shares.put(site, Double.valueOf(share));
      }
    }
    return shares;
  }

  private FakeAction sending(
      String description,
      Function<Direction, Need> need,
      Function<Direction, Map<Site, Double>> shares,
      boolean records) {
    return new FakeAction(
        description,
        Repeatability.idempotent(),
        direction -> List.of(need.apply(direction)),
        context -> ask(context, need, now -> {
          Map<Site, Double> goal = shares.apply(context.direction());
          if (answers.at(now).equals(goal)) {
            return Progress.reached(
                Evidence.of("users are sent to", answers.at(now).toString()));
          }
          return wanted.at(now).equals(goal)
              ? Progress.underway("name servers take the new answer")
              : Progress.pending(
                  "users of " + name + " are sent to " + wanted.at(now),
                  asEvidence(wanted.at(now)));
        }),
        context -> ask(context, need, now -> {
          Map<Site, Double> goal = shares.apply(context.direction());
          wanted.setForGood(now, goal);
          answers.setForGood(now.plus(records ? propagation : switching), goal);
          return Progress.reached();
        }));
  }

  /** Which share of the users comes to each site: each group of them remembers the answer of another moment. */
  Map<Site, Double> shares(Instant instant) {
    Map<Site, Double> shares = new LinkedHashMap<>();
    double rest = 1;
    for (Resolver resolver : resolvers) {
      addShares(shares, resolver, instant);
      rest -= resolver.share();
    }
    addShares(shares, new Resolver(rest, Optional.of(ttl)), instant);
    return shares;
  }

  private void addShares(Map<Site, Double> into, Resolver resolver, Instant instant) {
    for (int group = 1; group <= GROUPS; group++) {
      int many = group;
      Instant asked = resolver
          .keeps()
          .map(keeps -> instant.minus(keeps.multipliedBy(many).dividedBy(GROUPS)))
          .orElse(Instant.MIN);
      answers
          .at(asked)
          .forEach(
              (site, share) -> into.merge(site, resolver.share() * share / GROUPS, Double::sum));
    }
  }

  FakeCloud cloud() {
    return cloud;
  }

  void changes(Set<Instant> into) {
    List<Duration> kept = new ArrayList<>(List.of(ttl));
    resolvers.forEach(resolver -> resolver.keeps().ifPresent(kept::add));
    for (Instant change : answers.changes()) {
      for (Duration keeps : kept) {
        for (int group = 1; group <= GROUPS; group++) {
          into.add(change.plus(keeps.multipliedBy(group).dividedBy(GROUPS)));
        }
      }
    }
  }

  private Progress ask(
      ActionContext context, Function<Direction, Need> need, FakeDataset.Request request)
      throws Exception {
    return cloud.ask(
        context, need.apply(context.direction()), () -> request.at(cloud.time().now()));
  }
}
