package io.drkit.testkit;

import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way into a site, or between two sites, of a fake cloud: what it adds to the time of each request and of its answer, how much
 * of both it loses, and how much copies can send over it. Users are not held up by it. Not thread-safe.
 */
public final class FakeLink {
  private final List<Site> ends;
  private final String name;
  private final FakeCloud cloud;
  private final History<Long> bandwidth = new History<>(Long.MAX_VALUE);
  private Duration latency = Duration.ZERO;
  private Duration jitter = Duration.ZERO;
  private double loss;
  private long passed;

  /**
   * A link.
   *
   * @param ends the two sites that it joins, or the one that it leads into
   */
  FakeLink(List<Site> ends, FakeCloud cloud) {
    this.ends = ends;
    this.name = ends.size() == 1
        ? "the link to " + ends.get(0)
        : "the link between " + ends.get(0) + " and " + ends.get(1);
    this.cloud = cloud;
  }

  /**
   * Sets how much longer each way takes; nothing by default.
   *
   * @param oneWay zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeLink latency(Duration oneWay) {
    latency = NotNegative.time("latency of " + name, oneWay);
    return this;
  }

  /**
   * Sets how much the latency wavers: each way takes up to so much more, by the seed. Nothing by default.
   *
   * @param upTo zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeLink jitter(Duration upTo) {
    jitter = NotNegative.time("jitter of " + name, upTo);
    return this;
  }

  /**
   * Sets which share is lost each way; nothing by default. A request that is lost has no effect; one whose answer is lost has, and
   * whoever asked cannot tell the two apart. What a network sends again by itself is not lost in this sense.
   *
   * @param share 0 or more, and below 1
   * @throws IllegalArgumentException if it is not
   */
  public FakeLink loss(double share) {
    if (!(share >= 0) || share >= 1) {
      throw new IllegalArgumentException("loss of " + name + " must be 0 or more and below 1: "
          + share + "; a link that loses all is struck by Disaster.linkLoss");
    }
    loss = share;
    return this;
  }

  /**
   * Sets how much trailing copies of datasets can send over it each way, from now on; without limit by default (WP-50). Those that go the
   * same way have equal parts of it, and what one does not use is not given to the others. What piles up is as with {@link
   * FakeDataset#bandwidth}, which each dataset may have beside it.
   *
   * @param rate how much in a second
   */
  public FakeLink bandwidth(DataRate rate) {
    bandwidth.setForGood(cloud.time().now(), rate.bytesPerSecond());
    return this;
  }

  /** When the bandwidth was set. */
  Set<Instant> changes() {
    return bandwidth.changes();
  }

  /** How much a copy can send over it that goes one way, along with others. */
  long part(DataCopy.Way way, List<DataCopy.Way> all, Instant instant) {
    long most = bandwidth.at(instant);
    if (most == Long.MAX_VALUE || !isBetween(way.from(), way.to())) {
      return Long.MAX_VALUE;
    }
    long along = all.stream()
        .filter(other -> isBetween(other.from(), other.to()) && outwards(other) == outwards(way))
        .count();
    return most / Math.max(1, along);
  }

  private boolean outwards(DataCopy.Way way) {
    return way.from().isIn(ends.get(0));
  }

  /** Whether what passes between two sites passes here. */
  boolean isBetween(@Nullable Site one, Site other) {
    Site first = ends.get(0);
    if (ends.size() == 1) {
      return FakeNetwork.crosses(first, one, other);
    }
    Site second = ends.get(1);
    return one != null
        && ((one.isIn(first) && other.isIn(second)) || (one.isIn(second) && other.isIn(first)));
  }

  /** How long one way takes now. */
  Duration takes() {
    long more = (long) (jitter.toNanos() * Chance.at(cloud.seed(), "jitter of " + name, passed++));
    return latency.plusNanos(more);
  }

  /** Whether what passes now is lost. */
  boolean loses() {
    return loss > 0 && Chance.at(cloud.seed(), "loss of " + name, passed++) < loss;
  }

  @Override
  public String toString() {
    return name;
  }
}
