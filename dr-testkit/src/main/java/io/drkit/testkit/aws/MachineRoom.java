package io.drkit.testkit.aws;

import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What EC2 has to give, and how long it takes: what a test sets. */
final class MachineRoom {
  private final Map<Site, Integer> capacity = new LinkedHashMap<>();
  private final Map<Site, Integer> quota = new LinkedHashMap<>();
  private Duration bootTime = Duration.ofSeconds(30);
  private Duration imageTime = Duration.ofMinutes(5);

  void capacity(FakeCloud cloud, Site zone, int instances) {
    Site region = zone.region().orElse(zone);
    if (zone.kind() != Site.Kind.ZONE || !cloud.zones(region).contains(zone)) {
      throw new IllegalArgumentException("capacity is that of a zone of the cloud, not of " + zone
          + "; there are " + cloud.zones(region));
    }
    capacity.put(zone, notNegative("capacity of " + zone, instances));
  }

  void quota(FakeCloud cloud, Site region, int instances) {
    cloud.zones(region);
    quota.put(region, notNegative("quota of " + region, instances));
  }

  private static int notNegative(String what, int number) {
    if (number < 0) {
      throw new IllegalArgumentException(what + " must not be negative: " + number);
    }
    return number;
  }

  void bootTime(Duration duration) {
    bootTime = notNegative("bootTime", duration);
  }

  void imageTime(Duration duration) {
    imageTime = notNegative("imageTime", duration);
  }

  private static Duration notNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative: " + duration);
    }
    return duration;
  }

  int capacity(Site zone) {
    return capacity.getOrDefault(zone, Integer.MAX_VALUE);
  }

  int quota(Site region) {
    return quota.getOrDefault(region, Integer.MAX_VALUE);
  }

  Duration bootTime() {
    return bootTime;
  }

  Duration imageTime() {
    return imageTime;
  }
}
