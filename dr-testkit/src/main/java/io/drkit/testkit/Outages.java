package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What disasters struck when, and what they took away at an instant. */
final class Outages {

  /** A disaster that began and may have ended. */
  static final class Strike {
    private final Disaster disaster;
    private final Instant from;
    private @Nullable Instant until;

    Strike(Disaster disaster, Instant from, @Nullable Instant until) {
      this.disaster = disaster;
      this.from = from;
      this.until = until;
    }

    Disaster disaster() {
      return disaster;
    }

    Instant from() {
      return from;
    }

    @Nullable
    Instant until() {
      return until;
    }

    boolean activeAt(Instant instant) {
      return !instant.isBefore(from) && (until == null || instant.isBefore(until));
    }
  }

  /** What goes on unchanged from an instant to another, that one not included. */
  private record Stretch(Instant from, Instant until, List<Disaster> disasters) {
    private static final Stretch NONE = new Stretch(Instant.MAX, Instant.MIN, List.of());

    boolean holds(Instant instant) {
      return !instant.isBefore(from) && instant.isBefore(until);
    }
  }

  private final List<Strike> strikes = new ArrayList<>();
  /** The one that was asked for last: most questions are about the same moment, or one shortly after. */
  private Stretch asked = Stretch.NONE;

  void strike(Disaster.Strike strike, Instant now) {
    Instant from = now.plus(strike.after());
    strikes.add(
        new Strike(strike.disaster(), from, strike.lasts().map(from::plus).orElse(null)));
    strikes.sort(Comparator.comparing(Strike::from));
    asked = Stretch.NONE;
  }

  /** Ends what struck a site, whole or in part, at or before an instant; tells whether there was anything. */
  boolean heal(Site site, Instant instant) {
    return end(disaster -> disaster.place().filter(place -> place.isIn(site)).isPresent(), instant);
  }

  /** The first instant before an end at which a dataset was corrupted, of those that fit. */
  Optional<Instant> corruptedAt(String dataset, Instant end, Predicate<Instant> fits) {
    for (Strike strike : strikes) {
      if (strike.disaster instanceof Disaster.Corruption corruption
          && corruption.datasets().contains(dataset)
          && strike.from.isBefore(end)
          && fits.test(strike.from)) {
        return Optional.of(strike.from);
      }
    }
    return Optional.empty();
  }

  /** The first instant up to the given one at which the copy of a dataset in a site was damaged, of those that fit. */
  Optional<Instant> damagedAt(String dataset, Site site, Instant now, Predicate<Instant> fits) {
    Disaster damage = Disaster.corruptReplica(dataset, site);
    for (Strike strike : strikes) {
      if (strike.disaster.equals(damage) && !strike.from.isAfter(now) && fits.test(strike.from)) {
        return Optional.of(strike.from);
      }
    }
    return Optional.empty();
  }

  /** Ends one disaster; tells whether it was going on. */
  boolean heal(Disaster which, Instant instant) {
    return end(which::equals, instant);
  }

  private boolean end(Predicate<Disaster> which, Instant instant) {
    boolean healed = false;
    for (Strike strike : strikes) {
      if (strike.activeAt(instant) && which.test(strike.disaster)) {
        strike.until = instant;
        healed = true;
      }
    }
    asked = Stretch.NONE;
    return healed;
  }

  /** In the order in which they begin. */
  List<Strike> strikes() {
    return List.copyOf(strikes);
  }

  /** Whether the world outside gets an answer. */
  boolean answers(Need need, Instant instant) {
    return answers(null, need, instant);
  }

  /** Whether somebody gets an answer who asks in a site, or outside of all of them. */
  boolean answers(@Nullable Site from, Need need, Instant instant) {
    for (Disaster disaster : active(instant)) {
      if (silences(disaster, from, need)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a request arrives, be it answered or not. */
  boolean arrives(@Nullable Site from, Need need, Instant instant) {
    for (Disaster disaster : active(instant)) {
      if (!(disaster instanceof Disaster.HalfOpen) && silences(disaster, from, need)) {
        return false;
      }
    }
    return true;
  }

  /** Whether somebody gets no answer any more; a refusal is an answer. */
  private static boolean silences(Disaster disaster, @Nullable Site from, Need need) {
    if (disaster instanceof Disaster.Throttling
        || disaster instanceof Disaster.ExpiredCredentials) {
      return false;
    }
    if (disaster instanceof Disaster.Partition cut) {
      return from != null && cut.cuts(from, need.site());
    }
    if (disaster instanceof Disaster.HalfOpen open) {
      return disaster.takes(need) && !isIn(from, open.site());
    }
    if (disaster instanceof Disaster.LinkLoss lost) {
      return disaster.takes(need) != isIn(from, lost.site());
    }
    return disaster.takes(need) || (from != null && disaster.stops(from));
  }

  private static boolean isIn(@Nullable Site from, Site site) {
    return from != null && from.isIn(site);
  }

  /** Whether data does not flow from one site to another. */
  private static boolean stems(Disaster disaster, Site from, Site to) {
    return disaster instanceof Disaster.Partition cut
        ? cut.cuts(from, to)
        : disaster.takes(dataPlane(from)) || disaster.takes(dataPlane(to));
  }

  /** Whether nobody outside reaches a site. */
  private static boolean isolates(Disaster disaster, Site site) {
    return !(disaster instanceof Disaster.Partition) && disaster.takes(dataPlane(site));
  }

  /** Whether what runs in a site goes on running. */
  boolean up(Site site, Instant instant) {
    for (Disaster disaster : active(instant)) {
      if (disaster.stops(site)) {
        return false;
      }
    }
    return true;
  }

  /** Whether users and other sites reach what runs in a site. */
  boolean reachable(Site site, Instant instant) {
    return answers(dataPlane(site), instant);
  }

  /** Since when a site could not be reached without a break; nothing if it can be. */
  Optional<Instant> cutOffSince(Site site, Instant instant) {
    return reachable(site, instant)
        ? Optional.empty()
        : Optional.of(lastWithout(disaster -> isolates(disaster, site), instant));
  }

  /** Since when a site got no answer from another one without a break; nothing if it gets one. */
  Optional<Instant> cutOffSince(Site site, Site from, Instant instant) {
    Predicate<Disaster> cuts =
        disaster -> disaster instanceof Disaster.Partition cut && cut.cuts(site, from);
    return active(instant).stream().anyMatch(cuts)
        ? Optional.of(lastWithout(cuts, instant))
        : Optional.empty();
  }

  /** Which disasters are going on, in the order in which they began. */
  List<Disaster> active(Instant instant) {
    if (!asked.holds(instant)) {
      asked = stretch(instant);
    }
    return asked.disasters;
  }

  private Stretch stretch(Instant instant) {
    NavigableSet<Instant> changes = new TreeSet<>();
    changes(changes);
    Instant from = changes.floor(instant);
    Instant until = changes.higher(instant);
    return new Stretch(
        from == null ? Instant.MIN : from,
        until == null ? Instant.MAX : until,
        strikes.stream()
            .filter(strike -> strike.activeAt(instant))
            .map(Strike::disaster)
            .toList());
  }

  /** The instant since when a site has been up without a break; the beginning of time if it was never down. */
  Instant upSince(Site site, Instant instant) {
    return lastEnd(disaster -> disaster.stops(site), instant);
  }

  /**
   * The instant since when a machine of a group has had power without a break; the beginning of time if it never lost it, and nothing
   * while it has none. What was launched after a loss of power is no part of it.
   */
  Optional<Instant> poweredSince(String group, Site place, Instant launched, Instant instant) {
    Instant since = Instant.MIN;
    for (Strike strike : strikes) {
      if (strike.disaster instanceof Disaster.MachineLoss loss
          && loss.group().equals(group)
          && place.isIn(loss.site())
          && !launched.isAfter(strike.from)
          && !strike.from.isAfter(instant)) {
        Instant until = strike.until;
        if (until == null || until.isAfter(instant)) {
          return Optional.empty();
        }
        since = until.isAfter(since) ? until : since;
      }
    }
    return Optional.of(since);
  }

  private Instant lastEnd(Predicate<Disaster> which, Instant instant) {
    Instant since = Instant.MIN;
    for (Strike strike : strikes) {
      Instant until = strike.until;
      if (which.test(strike.disaster)
          && until != null
          && !until.isAfter(instant)
          && until.isAfter(since)) {
        since = until;
      }
    }
    return since;
  }

  /** The instant since when a site has been down without a break; nothing if it is up. */
  @Nullable
  Instant lostSince(Site site, Instant instant) {
    if (up(site, instant)) {
      return null;
    }
    Instant since = instant;
    for (int i = strikes.size() - 1; i >= 0; i--) {
      Strike strike = strikes.get(i);
      Instant until = strike.until;
      boolean reaches = strike.from.isBefore(since) && (until == null || !until.isBefore(since));
      if (strike.disaster.stops(site) && reaches) {
        since = strike.from;
      }
    }
    return since;
  }

  /** When something is done that began at an instant and goes on only while a site is up; nothing while that cannot be told. */
  @Nullable
  Instant doneAt(Site site, Instant begun, Duration takes) {
    Instant done = begun.plus(takes);
    Instant lost = begun;
    for (Strike strike : strikes) {
      Instant until = strike.until;
      if (!strike.disaster.stops(site) || (until != null && !until.isAfter(lost))) {
        continue;
      }
      if (!strike.from.isBefore(done)) {
        break;
      }
      if (until == null) {
        return null;
      }
      lost = strike.from.isAfter(lost) ? strike.from : lost;
      done = done.plus(Duration.between(lost, until));
      lost = until;
    }
    return done;
  }

  /** When something is done as {@link #doneAt(Site, Instant, Duration) far} as can be told at an instant: nobody knows what will strike. */
  @Nullable
  Instant expectedAt(Site site, Instant begun, Duration takes, Instant now) {
    Outages known = new Outages();
    strikes.stream().filter(strike -> !strike.from.isAfter(now)).forEach(known.strikes::add);
    return known.doneAt(site, begun, takes);
  }

  /**
   * When a dataset is copied whole that was begun at an instant, takes a time without a break, and begins anew when it was torn off;
   * nothing while that cannot be told.
   */
  @Nullable
  Instant copiedAt(String dataset, Site from, Site to, Instant begun, Duration takes) {
    Disaster stall = Disaster.replicationStall(dataset);
    return wholeAt(disaster -> disaster.equals(stall) || stems(disaster, from, to), begun, takes);
  }

  /** When what is no dataset, such as an image, is copied whole in the same way. */
  @Nullable
  Instant copiedAt(Site from, Site to, Instant begun, Duration takes) {
    return wholeAt(disaster -> stems(disaster, from, to), begun, takes);
  }

  private @Nullable Instant wholeAt(Predicate<Disaster> tears, Instant begun, Duration takes) {
    Instant since = begun;
    for (Strike strike : strikes) {
      Instant until = strike.until;
      boolean over = until != null && !until.isAfter(since);
      if (over || !strike.from.isBefore(since.plus(takes)) || !tears.test(strike.disaster)) {
        continue;
      }
      if (until == null) {
        return null;
      }
      since = until;
    }
    return since.plus(takes);
  }

  /** The last instant up to the given one at which a dataset's changes flowed from one site to another. */
  Instant lastFlow(String dataset, Site from, Site to, Instant instant) {
    Disaster stall = Disaster.replicationStall(dataset);
    return lastWithout(disaster -> disaster.equals(stall) || stems(disaster, from, to), instant);
  }

  /** When a site that is down is up again, by what is known now; nothing while that cannot be told. */
  Optional<Instant> upAgain(Site site, Instant instant) {
    return strikes.stream()
        .map(Strike::until)
        .filter(Objects::nonNull)
        .filter(until -> until.isAfter(instant) && up(site, until))
        .min(Comparator.naturalOrder());
  }

  private Instant lastWithout(Predicate<Disaster> which, Instant instant) {
    Instant last = instant;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Strike strike : strikes) {
        boolean covers =
            strike.from.isBefore(last) && (strike.until == null || !strike.until.isBefore(last));
        if (which.test(strike.disaster)
            && covers
            && (last.isBefore(instant) || strike.activeAt(instant))) {
          last = strike.from;
          moved = true;
        }
      }
    }
    return last;
  }

  void changes(Set<Instant> into) {
    for (Strike strike : strikes) {
      into.add(strike.from);
      if (strike.until != null) {
        into.add(strike.until);
      }
    }
  }

  private static Need dataPlane(Site site) {
    return Need.data("any", site);
  }
}
