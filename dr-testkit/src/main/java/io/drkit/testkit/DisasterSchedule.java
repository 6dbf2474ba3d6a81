package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Disasters that happen one after the other, or at once: made by hand, or by a seed. Immutable.
 *
 * @param strikes what happens when, from the moment at which the schedule is let loose
 */
public record DisasterSchedule(List<Disaster.Strike> strikes) {
  /** Copies the list. */
  public DisasterSchedule {
    strikes = List.copyOf(strikes);
  }

  /**
   * Returns a schedule.
   *
   * @param strikes what happens when
   */
  public static DisasterSchedule of(Disaster.Strike... strikes) {
    return new DisasterSchedule(List.of(strikes));
  }

  /**
   * Returns a schedule in which a disaster comes and goes, as a link that flaps.
   *
   * @param disaster what happens
   * @param on how long it lasts each time
   * @param off how long the world is well in between
   * @param times how often it happens; one or more
   * @throws IllegalArgumentException if a time is not positive, or it is to happen less than once
   */
  public static DisasterSchedule flapping(Disaster disaster, Duration on, Duration off, int times) {
    if (off.isZero() || off.isNegative() || times < 1) {
      throw new IllegalArgumentException(
          "what flaps comes once at least, with a positive time in between: " + times + " times, "
              + off + " apart");
    }
    List<Disaster.Strike> strikes = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      strikes.add(disaster.after(on.plus(off).multipliedBy(i)).lasting(on));
    }
    return new DisasterSchedule(strikes);
  }

  /**
   * Returns what a seed makes of it: up to so many disasters that befall sites, control planes, credentials and copies, each of which ends.
   * Losses of sites are among them, also of two at once. Those of networks and hosts are made by {@link #networks}.
   *
   * @param seed the same seed gives the same schedule
   * @param cloud where they happen
   * @param within until when the last one begins
   * @param most how many there are at most; at least one
   * @throws IllegalArgumentException if there are to be none
   */
  public static DisasterSchedule random(long seed, FakeCloud cloud, Duration within, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a schedule needs one disaster at least: " + most);
    }
    Chance chance = new Chance(seed ^ 0x5DEECE66DL);
    long many = chance.between(1, most);
    List<Disaster.Strike> strikes = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Duration after = Duration.ofMillis(chance.between(0, within.toMillis()));
      Duration lasts = Duration.ofSeconds(chance.between(1, 3_600));
      strikes.add(any(cloud, chance).after(after).lasting(lasts));
    }
    return new DisasterSchedule(strikes);
  }

  /**
   * Returns what a seed makes of networks and hosts: up to so many cuts in one direction, half-open connections and bad lines between
   * the cloud's sites, and jumping clocks and slow disks of its hosts, each of which ends.
   *
   * @param seed the same seed gives the same schedule
   * @param cloud where they happen, of two sites at least
   * @param within until when the last one begins
   * @param most how many there are at most; at least one
   * @throws IllegalArgumentException if there are to be none, or the cloud has one site only
   */
  public static DisasterSchedule networks(long seed, FakeCloud cloud, Duration within, int most) {
    if (most < 1 || cloud.sites().size() < 2) {
      throw new IllegalArgumentException("a network takes two sites, and a schedule one disaster at"
          + " least: " + most + " between " + cloud.sites());
    }
    Chance chance = new Chance(seed ^ 0x6E6574776F726B73L);
    long many = chance.between(1, most);
    List<Disaster.Strike> strikes = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Duration after = Duration.ofMillis(chance.between(0, within.toMillis()));
      Duration lasts = Duration.ofSeconds(chance.between(1, 3_600));
      strikes.add(anyOfNetworks(cloud, chance).after(after).lasting(lasts));
    }
    return new DisasterSchedule(strikes);
  }

  private static Disaster anyOfNetworks(FakeCloud cloud, Chance chance) {
    List<String> hosts = cloud.network().hostNames();
    int site = (int) chance.between(0, cloud.sites().size() - 1L);
    int further = (int) chance.between(1, cloud.sites().size() - 1L);
    Site one = cloud.sites().get(site);
    Site other = cloud.sites().get((site + further) % cloud.sites().size());
    return switch ((int) chance.between(0, hosts.isEmpty() ? 2 : 4)) {
      case 0 -> Disaster.partition(one, other);
      case 1 -> Disaster.halfOpen(one);
      case 2 -> Disaster.lossyLink(one, 0.05 + 0.5 * chance.share());
      case 3 -> {
        long seconds = chance.between(1, 86_400);
        yield Disaster.clockJump(
            one(hosts, chance), Duration.ofSeconds(chance.coin() ? seconds : -seconds));
      }
      default -> Disaster.slowDisk(one(hosts, chance), 2 + 10_000 * chance.share());
    };
  }

  /**
   * Returns this schedule and another one at the same time.
   *
   * @param other the other one
   */
  public DisasterSchedule with(DisasterSchedule other) {
    List<Disaster.Strike> both = new ArrayList<>(strikes);
    both.addAll(other.strikes());
    return new DisasterSchedule(both);
  }

  private static Disaster any(FakeCloud cloud, Chance chance) {
    Site site = one(cloud.sites(), chance);
    List<Site> zones = cloud.zones(site);
    Site place = zones.isEmpty() || chance.coin() ? site : one(zones, chance);
    List<String> datasets = cloud.datasetNames();
    return switch ((int) chance.between(0, datasets.isEmpty() ? 6 : 7)) {
      case 0 -> Disaster.loss(place);
      case 1 -> Disaster.controlPlaneLoss(site);
      case 2 -> Disaster.controlPlaneLoss(cloud.dnsHome());
      case 3 -> Disaster.throttling(site, 0.05 + 0.9 * chance.share());
      case 4 -> Disaster.slowness(site, 2 + 98 * chance.share());
      case 5 -> Disaster.noCapacity(place);
      case 6 -> Disaster.expiredCredentials();
      default -> Disaster.replicationStall(one(datasets, chance));
    };
  }

  private static <T> T one(List<T> all, Chance chance) {
    return all.get((int) chance.between(0, all.size() - 1L));
  }

  /**
   * Returns the smallest schedule that still fails: one of which no disaster can be left out, nor be made to happen at once. Each is
   * tried in a world of its own.
   *
   * @param fails whether a schedule makes the test fail
   * @return nothing if this one does not fail itself
   */
  public Optional<DisasterSchedule> smallestFailing(Predicate<DisasterSchedule> fails) {
    if (!fails.test(this)) {
      return Optional.empty();
    }
    DisasterSchedule smallest = this;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (DisasterSchedule next : smallest.simpler()) {
        if (fails.test(next)) {
          smallest = next;
          smaller = true;
          break;
        }
      }
    }
    return Optional.of(smallest);
  }

  private List<DisasterSchedule> simpler() {
    List<DisasterSchedule> simpler = new ArrayList<>();
    for (int i = 0; i < strikes.size(); i++) {
      List<Disaster.Strike> fewer = new ArrayList<>(strikes);
      fewer.remove(i);
      simpler.add(new DisasterSchedule(fewer));
    }
    for (int i = 0; i < strikes.size(); i++) {
      Disaster.Strike strike = strikes.get(i);
      if (!strike.after().isZero()) {
        List<Disaster.Strike> sooner = new ArrayList<>(strikes);
        sooner.set(i, new Disaster.Strike(strike.disaster(), Duration.ZERO, strike.lasts()));
        simpler.add(new DisasterSchedule(sooner));
      }
    }
    return simpler;
  }

  /**
   * Lets it loose upon a cloud, from now on.
   *
   * @param cloud a cloud that has its sites and datasets
   * @throws IllegalArgumentException if it has not; nothing happens then
   */
  public void strike(FakeCloud cloud) {
    cloud.strike(strikes.toArray(Disaster.Strike[]::new));
  }

  @Override
  public String toString() {
    return strikes.isEmpty()
        ? "nothing"
        : strikes.stream().map(Disaster.Strike::toString).collect(Collectors.joining(", "));
  }
}
