package io.drkit.testkit;

import io.drkit.Site;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way into a site, or between two sites, of a fake cloud: what it adds to the time of each request and of its answer, and how much
 * of both it loses. What copies a dataset is not held up by it, nor are users. Not thread-safe.
 */
public final class FakeLink {
  private final List<Site> ends;
  private final String name;
  private final long seed;
  private Duration latency = Duration.ZERO;
  private Duration jitter = Duration.ZERO;
  private double loss;
  private long passed;

  /**
   * A link.
   *
   * @param ends the two sites that it joins, or the one that it leads into
   */
  FakeLink(List<Site> ends, long seed) {
    this.ends = ends;
    this.name = ends.size() == 1
        ? "the link to " + ends.get(0)
        : "the link between " + ends.get(0) + " and " + ends.get(1);
    this.seed = seed;
  }

  /**
   * Sets how much longer each way takes; nothing by default.
   *
   * @param oneWay zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeLink latency(Duration oneWay) {
    latency = Setting.time("latency of " + name, oneWay);
    return this;
  }

  /**
   * Sets how much the latency wavers: each way takes up to so much more, by the seed. Nothing by default.
   *
   * @param upTo zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeLink jitter(Duration upTo) {
    jitter = Setting.time("jitter of " + name, upTo);
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
    long more = (long) (jitter.toNanos() * Chance.at(seed, "jitter of " + name, passed++));
    return latency.plusNanos(more);
  }

  /** Whether what passes now is lost. */
  boolean loses() {
    return loss > 0 && Chance.at(seed, "loss of " + name, passed++) < loss;
  }

  @Override
  public String toString() {
    return name;
  }
}
