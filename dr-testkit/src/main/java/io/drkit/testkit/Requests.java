package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Makes the requests of a fake cloud, and knows of which sites something was asked, by whom and when, whether or not they answered. */
final class Requests {
  private final FakeCloud cloud;
  private final VirtualTime time;
  private final FakeCloud.WhenLost whenLost;
  private final Duration latencyUpTo;
  private final Chance chance;
  private final Map<Site, Map<String, Long>> byRun = new HashMap<>();
  /** When clients asked, which do not say for which run they do. */
  private final Map<Site, List<Instant>> byClients = new HashMap<>();

  Requests(FakeCloud cloud, FakeCloud.WhenLost whenLost, Duration latencyUpTo) {
    this.cloud = cloud;
    this.time = cloud.time();
    this.whenLost = whenLost;
    this.latencyUpTo = latencyUpTo;
    this.chance = new Chance(cloud.seed());
  }

  /** Nothing comes back, however long the caller waits. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswer() {
      super("no answer", null, false, false);
    }
  }

  /** Makes a request over a network that takes its time, and keeps that it was made. */
  <T> T make(Optional<String> run, Need endpoint, Callable<T> request) throws Exception {
    add(run, endpoint.site(), time.now());
    if (!endpoint.site().equals(cloud.dnsHome())) {
      cloud.checkPlace(endpoint.site());
    }
    Outages outages = cloud.outages();
    Site from = cloud.network().asker();
    long nanos = (long) (slowness(endpoint)
        * chance.between(Duration.ofMillis(5).toNanos(), latencyUpTo.toNanos()));
    // The request takes effect half-way: an answer that is lost on the way back leaves its effect
    // behind.
    time.charge(Duration.ofNanos(nanos / 2));
    pass(from, endpoint);
    checkReached(endpoint, outages.arrives(from, endpoint, time.now()));
    checkAccepts(endpoint);
    T answer = request.call();
    time.charge(Duration.ofNanos(nanos - nanos / 2));
    pass(from, endpoint);
    boolean answers = outages.answers(from, endpoint, time.now());
    if (!answers && outages.arrives(from, endpoint, time.now())) {
      throw new NoAnswer();
    }
    checkReached(endpoint, answers);
    return answer;
  }

  /** One way over the network, to an endpoint or back. */
  private void pass(@Nullable Site from, Need endpoint) throws NoAnswer {
    time.charge(cloud.network().takes(from, endpoint.site()));
    if (cloud.network().loses(from, endpoint.site())) {
      throw new NoAnswer();
    }
  }

  private double slowness(Need endpoint) {
    double slowness = 1;
    for (Disaster disaster : cloud.outages().active(time.now())) {
      slowness = Math.max(slowness, disaster.slowness(endpoint));
    }
    return slowness;
  }

  private void checkAccepts(Need endpoint) {
    for (Disaster disaster : cloud.outages().active(time.now())) {
      if (disaster instanceof Disaster.ExpiredCredentials && disaster.takes(endpoint)) {
        throw new RefusedByCloudException(
            RefusedByCloudException.Reason.CREDENTIALS_EXPIRED,
            "the " + endpoint + " refused the request: the credentials have expired");
      }
      if (disaster instanceof Disaster.Throttling storm
          && storm.concerns(endpoint)
          && chance.share() < storm.share()) {
        throw new RefusedByCloudException(
            RefusedByCloudException.Reason.THROTTLED,
            "the " + endpoint + " refused the request: too many came; ask again later");
      }
    }
  }

  private void checkReached(Need endpoint, boolean reached) throws NoAnswer {
    if (reached) {
      return;
    }
    boolean hangs = switch (whenLost) {
      case HANG -> true;
      case REFUSE -> false;
      case EITHER -> chance.coin();
    };
    if (hangs) {
      throw new NoAnswer();
    }
    throw new EndpointUnavailableException(
        endpoint, "the " + endpoint + " refused the connection", null);
  }

  void add(Optional<String> run, Site site, Instant at) {
    if (run.isPresent()) {
      byRun.computeIfAbsent(site, any -> new HashMap<>()).merge(run.get(), 1L, Long::sum);
    } else {
      byClients.computeIfAbsent(site, any -> new ArrayList<>()).add(at);
    }
  }

  /** Whether anything at all was asked by a run, or by clients from an instant to another. */
  boolean anyOf(String run, Instant from, Instant to) {
    return byRun.values().stream().anyMatch(runs -> runs.containsKey(run))
        || byClients.values().stream()
            .flatMap(List::stream)
            .anyMatch(at -> !at.isBefore(from) && !at.isAfter(to));
  }

  /** How many requests of a run went to a site or a part of it, and how many of clients from an instant to another. */
  long count(String run, Site site, Instant from, Instant to) {
    long count = 0;
    for (Map.Entry<Site, Map<String, Long>> asked : byRun.entrySet()) {
      if (asked.getKey().isIn(site)) {
        count += asked.getValue().getOrDefault(run, 0L);
      }
    }
    for (Map.Entry<Site, List<Instant>> asked : byClients.entrySet()) {
      if (asked.getKey().isIn(site)) {
        count += asked.getValue().stream()
            .filter(at -> !at.isBefore(from) && !at.isAfter(to))
            .count();
      }
    }
    return count;
  }
}
