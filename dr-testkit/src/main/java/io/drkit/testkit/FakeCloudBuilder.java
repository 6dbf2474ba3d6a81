package io.drkit.testkit;

import io.drkit.Site;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link FakeCloud} is made of. Not thread-safe. */
public final class FakeCloudBuilder {
  long seed;
  private @Nullable VirtualTime time;
  final Map<Site, List<Site>> sites = new LinkedHashMap<>();
  FakeCloud.WhenLost whenLost = FakeCloud.WhenLost.EITHER;
  Duration latencyUpTo = Duration.ofMillis(80);
  private Site dnsHome = Site.region("us-east-1");

  FakeCloudBuilder() {}

  /**
   * Sets the seed of everything that is left to chance: latencies, the lag of copies, how a lost site is noticed. 0 by
   * default.
   *
   * @param value any; the same seed gives the same cloud
   */
  public FakeCloudBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Sets the clock; one of its own by default, see {@link FakeCloud#time}.
   *
   * @param clock the clock, of this cloud alone
   */
  public FakeCloudBuilder time(VirtualTime clock) {
    time = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Adds a region.
   *
   * @param name for example {@code us-east-1}
   * @param zones the names of its zones; {@code a}, {@code b} and {@code c} behind the region's name if none are given
   * @throws IllegalArgumentException if it was added already
   */
  public FakeCloudBuilder region(String name, String... zones) {
    Site region = Site.region(name);
    Stream<String> names =
        zones.length > 0 ? Stream.of(zones) : Stream.of(name + "a", name + "b", name + "c");
    return add(region, names.map(region::zone).toList());
  }

  /**
   * Adds a place of one's own, which has no zones.
   *
   * @param name for example {@code head-office}
   * @throws IllegalArgumentException if it was added already
   */
  public FakeCloudBuilder onPremises(String name) {
    return add(Site.onPremises(name), List.of());
  }

  /**
   * Sets the region in which the control plane of DNS lives, for the whole world. us-east-1 by default, as Route 53's; it
   * need not be a region of this cloud.
   *
   * @param region its name
   */
  public FakeCloudBuilder dnsHome(String region) {
    dnsHome = Site.region(region);
    return this;
  }

  /**
   * Sets what a caller sees of a lost site; either by default.
   *
   * @param sight hang, refusal or either
   */
  public FakeCloudBuilder whenLost(FakeCloud.WhenLost sight) {
    whenLost = Objects.requireNonNull(sight, "sight");
    return this;
  }

  /**
   * Sets how long a call takes at most while nothing is wrong; each takes between 5 ms and this. 80 ms by default.
   *
   * @param latency 5 ms or more
   * @throws IllegalArgumentException if it is less
   */
  public FakeCloudBuilder latencyUpTo(Duration latency) {
    if (latency.compareTo(Duration.ofMillis(5)) < 0) {
      throw new IllegalArgumentException("latencyUpTo must be 5 ms or more: " + latency);
    }
    latencyUpTo = latency;
    return this;
  }

  /**
   * Builds the cloud.
   *
   * @throws IllegalStateException if the clock that was set is that of another cloud
   */
  public FakeCloud build() {
    if (sites.isEmpty()) {
      region("us-east-1");
      region("us-west-2");
    }
    return new FakeCloud(this);
  }

  VirtualTime clock() {
    return time == null ? VirtualTime.create() : time;
  }

  Site dnsHome() {
    return dnsHome;
  }

  private FakeCloudBuilder add(Site site, List<Site> zones) {
    if (sites.putIfAbsent(site, zones) != null) {
      throw new IllegalArgumentException(site + " was added already; give each site once");
    }
    return this;
  }
}
