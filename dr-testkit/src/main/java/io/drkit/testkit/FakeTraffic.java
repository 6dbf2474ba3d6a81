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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The users of one name in the fake cloud, and the sites that they are sent to. A changed answer is given out after a
 * moment, and then the users come over in four groups within the TTL, because each remembers the old answer for a while.
 * Not thread-safe.
 */
public final class FakeTraffic {
  private static final int GROUPS = 4;

  private final FakeCloud cloud;
  private final String name;
  private final History<Map<Site, Double>> answers;
  private final History<Map<Site, Double>> wanted;
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
   */
  public FakeTraffic ttl(Duration duration) {
    ttl = duration;
    return this;
  }

  /**
   * Sets how long a change of the records takes until every name server gives the new answer; 20 seconds by default.
   *
   * @param duration zero or more
   */
  public FakeTraffic propagation(Duration duration) {
    propagation = duration;
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
    for (int group = 1; group <= GROUPS; group++) {
      Instant asked = instant.minus(ttl.multipliedBy(group).dividedBy(GROUPS));
      answers.at(asked).forEach((site, share) -> shares.merge(site, share / GROUPS, Double::sum));
    }
    return shares;
  }

  void changes(Set<Instant> into) {
    for (Instant change : answers.changes()) {
      for (int group = 1; group <= GROUPS; group++) {
        into.add(change.plus(ttl.multipliedBy(group).dividedBy(GROUPS)));
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
