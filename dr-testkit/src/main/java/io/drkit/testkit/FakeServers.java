package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A group of servers of one image in the fake cloud. A server boots, serves, stops with its zone or with
 * {@linkplain io.drkit.Disaster#machineLoss its power}, and boots again when that is back. Actions of the group go by the run's
 * direction. Not thread-safe.
 */
public final class FakeServers {
  private static final String SERVICE = "ec2";

  /** How long the first servers have been running when the day begins. */
  private static final Duration RUNNING_FOR = Duration.ofDays(1);

  private record Server(String id, Site place, Instant launched) {}

  /** A copy of the image that is made from another site's. */
  private record Image(Site from, Instant begun) {}

  private final FakeCloud cloud;
  private final String name;
  private final List<Server> servers = new ArrayList<>();
  private final Site home;
  private final Map<Site, Image> images = new LinkedHashMap<>();
  private final Map<String, List<String>> launchedByToken = new LinkedHashMap<>();
  private final Map<Site, Integer> room = new LinkedHashMap<>();
  private Duration bootTime = Duration.ofMinutes(2);
  private Duration imageCopyTime = Duration.ofMinutes(10);
  private final History<Integer> size = new History<>(1);

  FakeServers(FakeCloud cloud, String name, Site site, int count) {
    this.cloud = cloud;
    this.name = name;
    this.home = site;
    // They have been running for long: nobody has to wait for the first of them.
    launch(
        site,
        NotNegative.amount("count of '" + name + "'", count),
        cloud.start().minus(RUNNING_FOR));
  }

  /**
   * Sets how long a server boots before it serves; 2 minutes by default.
   *
   * @param duration zero or more, and less than a day
   * @throws IllegalArgumentException if it is not
   */
  public FakeServers bootTime(Duration duration) {
    if (duration.compareTo(RUNNING_FOR) >= 0) {
      throw new IllegalArgumentException(
          "bootTime of '" + name + "' must be less than a day: " + duration);
    }
    bootTime = NotNegative.time("bootTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how long it takes to copy the image to another site; 10 minutes by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeServers imageCopyTime(Duration duration) {
    imageCopyTime = NotNegative.time("imageCopyTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how much load each server of the group carries from now on, in the unit of {@link FakeService#demand}; 1 by default.
   *
   * @param units one or more
   * @throws IllegalArgumentException if it is less
   */
  public FakeServers size(int units) {
    if (units < 1) {
      throw new IllegalArgumentException("size of '" + name + "' must be 1 or more: " + units);
    }
    size.setForGood(cloud.time().now(), units);
    return this;
  }

  /**
   * Limits how many servers of this group a zone, or a place without zones, has room for; without limit by default.
   *
   * @param place a zone, or a place of one's own
   * @param servers zero or more
   * @throws IllegalArgumentException if it is negative, there is no such place, or it is a region: its zones have the room
   */
  public FakeServers room(Site place, int servers) {
    List<Site> places = cloud.places(cloud.checkPlace(place).region().orElse(place));
    if (!places.contains(place)) {
      throw new IllegalArgumentException("room for '" + name
          + "' is that of a zone, but was set of " + place + ", which has " + places);
    }
    room.put(place, NotNegative.amount("room for '" + name + "'", servers));
    return this;
  }

  /** {@return the group's name} */
  public String name() {
    return name;
  }

  /**
   * Returns how many of the servers serve in a site now.
   *
   * @param site a region, a zone, or a place of one's own
   * @throws IllegalArgumentException if there is no such site
   */
  public int serving(Site site) {
    return serving(cloud.checkPlace(site), cloud.time().now());
  }

  /**
   * Returns the state in which servers of this image serve in {@code to}, spread over its zones (WP-41 f, WP-42 f).
   * Launches what is missing. The image must be there: {@link #imageCopied}.
   *
   * @param wanted how many; one or more
   * @throws IllegalArgumentException if it is less
   */
  public FailoverAction count(int wanted) {
    if (wanted < 1) {
      throw new IllegalArgumentException("count of '" + name + "' must be 1 or more: " + wanted);
    }
    return new FakeAction(
        wanted + " servers of " + name + " serve",
        Repeatability.tokened(Duration.ofDays(1)),
        direction -> List.of(control(direction.to())),
        context -> ask(context, now -> countIs(context.to(), wanted, now)),
        context -> ask(context, now -> {
          String token = context.token("launch");
          if (!launchedByToken.containsKey(token)) {
            int missing = wanted - alive(context.to(), now).size();
            launchedByToken.put(token, launch(context.to(), missing, now));
          }
          return Progress.reached();
        }));
  }

  private Progress countIs(Site site, int wanted, Instant now) {
    List<Server> alive = alive(site, now);
    List<String> serving =
        alive.stream().filter(server -> serves(server, now)).map(Server::id).toList();
    if (serving.size() >= wanted) {
      return Progress.reached(Evidence.of("servers", String.join(", ", serving)));
    }
    String detail = serving.size() + " of " + wanted + " servers of " + name + " serve";
    return alive.size() >= wanted
        ? Progress.underway(100 * serving.size() / wanted, detail)
        : Progress.pending(detail);
  }

  /** {@return the state in which the group's image is in {@code to} (WP-41 c); copying it needs {@code from}} */
  public FailoverAction imageCopied() {
    return new FakeAction(
        "the image of " + name + " is there",
        Repeatability.idempotent(),
        direction -> List.of(control(direction.from()), control(direction.to())),
        context -> ask(context, now -> {
          if (hasImage(context.to(), now)) {
            return Progress.reached();
          }
          return images.containsKey(context.to())
              ? Progress.underway("the image of " + name + " is being copied")
              : Progress.pending("no image of " + name + " in " + context.to());
        }),
        context -> ask(context, now -> {
          if (!hasImage(context.from(), now) || !cloud.outages().up(context.from(), now)) {
            throw new DrException("the image of " + name + " cannot be read in " + context.from());
          }
          images.putIfAbsent(context.to(), new Image(context.from(), now));
          return Progress.reached();
        }));
  }

  /** How much load the servers in a site carry. */
  int capacity(Site site, Instant instant) {
    return size.at(instant) * serving(site, instant);
  }

  FakeCloud cloud() {
    return cloud;
  }

  void changes(Set<Instant> into) {
    into.addAll(size.changes());
    for (Server server : servers) {
      into.add(server.launched().plus(bootTime));
    }
    for (Outages.Strike strike : cloud.outages().strikes()) {
      Instant until = strike.until();
      if (until != null) {
        into.add(until.plus(bootTime));
      }
    }
  }

  private int serving(Site site, Instant instant) {
    return (int) servers.stream()
        .filter(server -> server.place().isIn(site) && serves(server, instant))
        .count();
  }

  private boolean serves(Server server, Instant instant) {
    if (!cloud.outages().up(server.place(), instant)) {
      return false;
    }
    Instant up = cloud.outages().upSince(server.place(), instant);
    return poweredSince(server, instant)
        .map(powered -> Collections.max(List.of(up, powered, server.launched())))
        .filter(on -> !instant.isBefore(on.plus(bootTime)))
        .isPresent();
  }

  private Optional<Instant> poweredSince(Server server, Instant instant) {
    return cloud.outages().poweredSince(name, server.place(), server.launched(), instant);
  }

  private List<Server> alive(Site site, Instant instant) {
    return servers.stream()
        .filter(server -> server.place().isIn(site)
            && !server.launched().isAfter(instant)
            && cloud.outages().up(server.place(), instant)
            && poweredSince(server, instant).isPresent())
        .toList();
  }

  private boolean hasImage(Site site, Instant instant) {
    if (site.equals(home)) {
      return true;
    }
    Image image = images.get(site);
    if (image == null) {
      return false;
    }
    Instant there = cloud.outages().copiedAt(image.from(), site, image.begun(), imageCopyTime);
    return there != null && !there.isAfter(instant);
  }

  private List<String> launch(Site site, int count, Instant now) {
    if (!hasImage(site, now)) {
      throw new DrException("there is no image of " + name + " in " + site
          + " to launch servers from; copy it there before a disaster, with imageCopied()");
    }
    List<Server> launched = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Site place = emptiest(site, launched);
      if (place == null) {
        throw new DrException("no room for " + (count - i) + " of " + count + " servers of " + name
            + " in " + site + "; none was launched");
      }
      String id = name + "-" + (servers.size() + launched.size() + 1);
      launched.add(new Server(id, place, now));
    }
    servers.addAll(launched);
    return launched.stream().map(Server::id).toList();
  }

  private @Nullable Site emptiest(Site site, List<Server> launched) {
    Map<Site, Long> taken = new LinkedHashMap<>(
        servers.stream().collect(Collectors.groupingBy(Server::place, Collectors.counting())));
    launched.forEach(server -> taken.merge(server.place(), 1L, Long::sum));
    Site found = null;
    for (Site place : cloud.places(site)) {
      long here = taken.getOrDefault(place, 0L);
      boolean fits = cloud.launchesIn(place) && here < room.getOrDefault(place, Integer.MAX_VALUE);
      if (fits && (found == null || here < taken.getOrDefault(found, 0L))) {
        found = place;
      }
    }
    return found;
  }

  private Progress ask(ActionContext context, FakeDataset.Request request) throws Exception {
    return cloud.ask(
        context, control(context.to()), () -> request.at(cloud.time().now()));
  }

  private static Need control(Site site) {
    return Need.control(SERVICE, site);
  }
}
