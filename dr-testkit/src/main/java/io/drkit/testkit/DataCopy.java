package io.drkit.testkit;

import io.drkit.ReplicationKind;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One dataset in one site: what it is there for, and what it holds at an instant. */
final class DataCopy {

  /** What a copy is there for. */
  sealed interface Role {}

  /** Nothing is there. */
  record Absent() implements Role {}

  /** It is written to, if its site is up and nobody fenced it. */
  record Primary() implements Role {}

  /** It becomes the primary, and is it when that is done. */
  record Promoting(Instant begun, Duration takes) implements Role {}

  /** It follows another copy. */
  record Replica(DataCopy source, Instant since) implements Role {}

  /**
   * A promotion, kept for good: by which run, what it was made from, up to where the content is complete, and since when that was bad, if
   * it was.
   */
  record Promotion(
      String run,
      DataCopy copy,
      DataCopy source,
      Instant at,
      Instant completeUntil,
      Optional<Instant> badSince) {}

  /** From where to where a copy is sent. */
  record Way(Site from, Site to) {}

  /** A run that moves the workload took a copy as it was: it saw that it is the primary. */
  record Sighting(String run, DataCopy copy, Instant at) {}

  /** How much load it carries from when a change of its size is done. */
  private record Size(int units, Instant begun, Duration takes) {}

  private static final Primary PRIMARY = new Primary();

  private final FakeDataset dataset;
  private final Site site;
  private List<Site> zones;
  private final History<Role> role;
  private final History<Boolean> fenced = new History<>(false);
  /** In the order in which they were asked for, which is that in which they are done. */
  private final List<Size> sizes = new ArrayList<>();

  private final History<Boolean> backedUp = new History<>(false);
  private final List<String> kept = new ArrayList<>();

  DataCopy(FakeDataset dataset, Site site, List<Site> zones, int capacity, Role role) {
    this.dataset = dataset;
    this.site = site;
    this.zones = zones;
    sizes.add(new Size(capacity, Instant.MIN, Duration.ZERO));
    this.role = new History<>(role);
  }

  Site site() {
    return site;
  }

  void zones(List<Site> where) {
    zones = where;
  }

  Role role(Instant instant) {
    Role last = role.at(instant);
    return last instanceof Promoting promoting && !writableFrom(promoting).isAfter(instant)
        ? PRIMARY
        : last;
  }

  /** When a promotion is done; the end of time while that cannot be told. */
  private Instant writableFrom(Promoting promoting) {
    return doneAt(promoting.begun(), promoting.takes());
  }

  /** From when it was written to, of what took over at an instant. */
  Instant tookOver(Instant at) {
    return role(at) instanceof Promoting promoting ? writableFrom(promoting) : at;
  }

  /** When a promotion is done if nothing more strikes; nothing while what has struck has no end. */
  Optional<Instant> expected(Promoting promoting, Instant now) {
    return Optional.ofNullable(
        dataset.cloud().outages().expectedAt(place(), promoting.begun(), promoting.takes(), now));
  }

  /** What goes on here stands still while the place is lost. */
  private Instant doneAt(Instant begun, Duration takes) {
    Instant done = takes.isZero() ? begun : dataset.cloud().outages().doneAt(place(), begun, takes);
    return done == null ? Instant.MAX : done;
  }

  History<Boolean> fenced() {
    return fenced;
  }

  /** How much load it carries. */
  int capacity(Instant instant) {
    for (int i = sizes.size() - 1; i > 0; i--) {
      Size size = sizes.get(i);
      if (!size.begun().isAfter(instant) && !doneAt(size.begun(), size.takes()).isAfter(instant)) {
        return size.units();
      }
    }
    return sizes.get(0).units();
  }

  /** How much load it will carry. */
  int size() {
    return sizes.get(sizes.size() - 1).units();
  }

  void resize(int units, Instant now, Duration takes) {
    sizes.add(new Size(units, now, takes));
  }

  History<Boolean> backedUp() {
    return backedUp;
  }

  /** Gives its content a name of its own, so that nothing is left here. */
  void retire(Instant now) {
    if (role(now) instanceof Primary) {
      kept.add(dataset.name() + "-left-" + (kept.size() + 1));
      role.setForGood(now, new Absent());
    }
  }

  /** The name of what was kept last. */
  Optional<String> kept() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
  }

  void follow(DataCopy source, Instant now) {
    role.setForGood(now, new Replica(source, now));
  }

  Promotion promote(
      String run, Replica from, Instant completeUntil, Optional<Instant> recoverTo, Instant now) {
    Optional<Instant> badSince = from.source()
        .badBefore(completeUntil)
        .or(() -> damage(from, completeUntil, recoverTo, now));
    role.setForGood(now, new Promoting(now, dataset.promotionTime()));
    // What kept the old content from being written to does not concern the new one.
    fenced.setForGood(now, false);
    return new Promotion(run, this, from.source(), now, completeUntil, badSince);
  }

  /** Until when what is written here is added to what was here at an instant: until it is kept aside, or other content takes its place. */
  Instant sameContentUntil(Instant since) {
    return role.changes().stream()
        .filter(change -> change.isAfter(since) && !(role.at(change) instanceof Primary))
        .findFirst()
        .orElse(Instant.MAX);
  }

  /** Since when what is written here has been bad; nothing if it is not, or if nothing is written here. */
  Optional<Instant> badSince(Instant instant) {
    return badBefore(instant.plusNanos(1));
  }

  /**
   * What strikes a dataset befalls what is written then, and whatever is copied of that. A copy that was promoted from an earlier state
   * is clean, and stays so until it is struck itself.
   */
  private Optional<Instant> badBefore(Instant end) {
    if (!(role(end.minusNanos(1)) instanceof Primary)) {
      return Optional.empty();
    }
    Promotion last = dataset.promotion(this, end);
    if (last != null && last.badSince().isPresent()) {
      return last.badSince();
    }
    return dataset
        .cloud()
        .outages()
        .corruptedAt(
            dataset.name(),
            end,
            at -> (last == null || !at.isBefore(last.at()))
                && role(at) instanceof Primary
                && !fenced.at(at));
  }

  /** When the state that is promoted was damaged here. A backup is damaged if it was the last one then. */
  private Optional<Instant> damage(
      Replica from, Instant completeUntil, Optional<Instant> recoverTo, Instant now) {
    boolean backups = dataset.kind() == ReplicationKind.PERIODIC;
    return dataset
        .cloud()
        .outages()
        .damagedAt(
            dataset.name(),
            site,
            now,
            at -> !at.isBefore(from.since())
                && (backups
                    ? completeUntil(from, at).equals(Optional.of(completeUntil))
                    : recoverTo.filter(wanted -> !wanted.isAfter(at)).isEmpty()));
  }

  /** Whether it would take a write: what a split brain is made of, whether or not anybody writes. */
  boolean writable(Instant instant) {
    return role(instant) instanceof Primary
        && !fenced.at(instant)
        && dataset.leaseHeld(site, instant)
        && running(instant)
        && !instant.isBefore(standbyReady(instant));
  }

  /** Whether the site, and a zone that holds the data, are up. */
  boolean running(Instant instant) {
    Outages outages = dataset.cloud().outages();
    return outages.up(site, instant)
        && (zones.isEmpty() || zones.stream().anyMatch(zone -> outages.up(zone, instant)));
  }

  private Instant standbyReady(Outages.Strike strike) {
    Instant ready = dataset.cloud().outages().doneAt(site, strike.from(), dataset.standbyTime());
    return ready == null ? Instant.MAX : ready;
  }

  /** When the standby in another zone has taken over, counted from the last loss of the zone that was written to. */
  private Instant standbyReady(Instant instant) {
    Instant ready = Instant.MIN;
    if (zones.size() > 1) {
      Outages outages = dataset.cloud().outages();
      Site active = zones.get(0);
      for (Outages.Strike strike : outages.strikes()) {
        if (strike.from().isAfter(instant) || outages.up(active, strike.from())) {
          continue;
        }
        for (Site zone : zones) {
          if (outages.up(zone, strike.from())) {
            active = zone;
            ready = standbyReady(strike);
            break;
          }
        }
      }
    }
    return ready;
  }

  /**
   * Up to which instant the content of a replica is complete.
   *
   * @return nothing while there is no whole content yet
   */
  Optional<Instant> completeUntil(Replica replica, Instant instant) {
    return dataset.kind() == ReplicationKind.PERIODIC
        ? lastBackup(replica, instant, instant)
        : lastArrival(replica, instant);
  }

  /**
   * The newest kept state of a replica in which nothing was written after an instant.
   *
   * @param latest that instant; empty for the newest state
   * @return up to when it is complete; nothing if none is kept
   */
  Optional<Instant> completeUntil(Replica replica, Instant instant, Optional<Instant> latest) {
    if (latest.isEmpty()) {
      return completeUntil(replica, instant);
    }
    Optional<Instant> state = dataset.kind() == ReplicationKind.PERIODIC
        ? lastBackup(replica, instant, latest.get())
        : lastArrival(replica, instant)
            .filter(newest ->
                !lastArrival(replica, seeded(replica)).orElse(newest).isAfter(latest.get()))
            .map(newest -> newest.isAfter(latest.get()) ? latest.get() : newest);
    return state.filter(at -> dataset.keeps(at, instant));
  }

  private Optional<Instant> lastArrival(Replica replica, Instant instant) {
    Instant flowed = lastFlow(replica, instant);
    if (flowed.isBefore(seeded(replica))) {
      return Optional.empty();
    }
    if (dataset.kind() == ReplicationKind.SYNCHRONOUS) {
      return Optional.of(flowed);
    }
    Instant arrived = dataset.arrivedAt(flowed);
    return Optional.of(dataset.pilesUp() ? backlog(replica, arrived).sentUntil() : arrived);
  }

  /** What was changed until an instant and was not sent here by then. */
  Backlog backlog(Replica replica, Instant instant) {
    return new Backlog(
        seeded(replica),
        instant,
        dataset.cloud().changes(),
        at -> replica.source().writable(at) ? dataset.changing().at(at) : 0,
        at -> flowsFrom(replica, at)
            ? Math.min(dataset.bandwidth().at(at), dataset.cloud().part(way(replica), at))
            : 0);
  }

  private Way way(Replica replica) {
    return new Way(replica.source().place(), place());
  }

  /** Which way it is sent, if it follows another one. */
  Optional<Way> way(Instant instant) {
    return role(instant) instanceof Replica replica ? Optional.of(way(replica)) : Optional.empty();
  }

  /** Whether data flows from an instant on: what breaks off just then is not heard of before. */
  private boolean flowsFrom(Replica replica, Instant at) {
    Instant next = at.plusNanos(1);
    return lastFlow(replica, next).equals(next);
  }

  private Optional<Instant> lastBackup(Replica replica, Instant instant, Instant latest) {
    Duration interval = dataset.interval();
    Duration age = Duration.between(replica.since(), instant).minus(dataset.seedingTime());
    for (long k = age.isNegative() ? -1 : age.dividedBy(interval); k >= 0; k--) {
      Instant begun = replica.since().plus(interval.multipliedBy(k));
      // One that was torn off is worth nothing, and none takes its place.
      boolean whole = !begun.isAfter(latest)
          && copiedAt(replica, begun).equals(begun.plus(dataset.seedingTime()));
      if (whole) {
        return Optional.of(begun);
      }
    }
    return Optional.empty();
  }

  /** The last instant up to the given one at which both ends were up, and what was written reached the copy. */
  Instant lastFlow(Replica replica, Instant instant) {
    return dataset
        .cloud()
        .outages()
        .lastFlow(dataset.name(), replica.source().place(), place(), instant);
  }

  /** When the first whole content is there; the end of time while that cannot be told. */
  private Instant seeded(Replica replica) {
    return copiedAt(replica, replica.since());
  }

  private Instant copiedAt(Replica replica, Instant begun) {
    Instant done = dataset
        .cloud()
        .outages()
        .copiedAt(dataset.name(), replica.source().place(), place(), begun, dataset.seedingTime());
    return done == null ? Instant.MAX : done;
  }

  /** What must be up for data to flow: the one zone that holds it, or else the site. */
  private Site place() {
    return zones.size() == 1 ? zones.get(0) : site;
  }

  void changes(Set<Instant> into) {
    into.addAll(role.changes());
    into.addAll(fenced.changes());
    for (Instant change : role.changes()) {
      if (role.at(change) instanceof Promoting promoting) {
        into.add(writableFrom(promoting));
      }
    }
    for (Size size : sizes) {
      into.add(doneAt(size.begun(), size.takes()));
    }
    if (zones.size() > 1) {
      for (Outages.Strike strike : dataset.cloud().outages().strikes()) {
        into.add(standbyReady(strike));
      }
    }
  }
}
