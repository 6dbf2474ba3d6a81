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

  /** It is becoming the primary. */
  record Promoting(Instant until) implements Role {}

  /** It follows another copy; the first whole content is there at {@code seeded}. */
  record Replica(DataCopy source, Instant since, Instant seeded) implements Role {}

  /**
   * A promotion, kept for good: by which run, what it was made from, up to where the content is complete, and since when that was bad, if
   * it was.
   */
  record Promotion(
      String run,
      DataCopy copy,
      DataCopy source,
      Instant at,
      Instant writable,
      Instant completeUntil,
      Optional<Instant> badSince) {}

  private final FakeDataset dataset;
  private final Site site;
  private List<Site> zones;
  private final History<Role> role;
  private final History<Boolean> fenced = new History<>(false);
  private final History<Integer> capacity;
  private final History<Boolean> backedUp = new History<>(false);
  private final List<String> kept = new ArrayList<>();

  DataCopy(FakeDataset dataset, Site site, List<Site> zones, int capacity, Role role) {
    this.dataset = dataset;
    this.site = site;
    this.zones = zones;
    this.capacity = new History<>(capacity);
    this.role = new History<>(role);
  }

  Site site() {
    return site;
  }

  void zones(List<Site> where) {
    zones = where;
  }

  Role role(Instant instant) {
    return role.at(instant);
  }

  History<Boolean> fenced() {
    return fenced;
  }

  History<Integer> capacity() {
    return capacity;
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
    role.setForGood(now, new Replica(source, now, now.plus(dataset.seedingTime())));
  }

  Promotion promote(
      String run, Replica from, Instant completeUntil, Optional<Instant> recoverTo, Instant now) {
    Instant writable = now.plus(dataset.promotionTime());
    Optional<Instant> badSince = from.source()
        .badBefore(completeUntil)
        .or(() -> damage(from, completeUntil, recoverTo, now));
    role.setForGood(now, new Promoting(writable));
    role.setForGood(writable, new Primary());
    // What kept the old content from being written to does not concern the new one.
    fenced.setForGood(writable, false);
    return new Promotion(run, this, from.source(), now, writable, completeUntil, badSince);
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
            at -> (last == null || !at.isBefore(last.writable()))
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
            ready = strike.from().plus(dataset.standbyTime());
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
                !lastArrival(replica, replica.seeded()).orElse(newest).isAfter(latest.get()))
            .map(newest -> newest.isAfter(latest.get()) ? latest.get() : newest);
    return state.filter(at -> dataset.keeps(at, instant));
  }

  private Optional<Instant> lastArrival(Replica replica, Instant instant) {
    Instant flowed = lastFlow(replica, instant);
    if (flowed.isBefore(replica.seeded())) {
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
        replica.seeded(),
        instant,
        dataset.cloud().changes(),
        at -> replica.source().writable(at) ? dataset.changing().at(at) : 0,
        at -> flowsFrom(replica, at) ? dataset.bandwidth().at(at) : 0);
  }

  /** Whether data flows from an instant on: what breaks off just then is not heard of before. */
  private boolean flowsFrom(Replica replica, Instant at) {
    Instant next = at.plusNanos(1);
    return lastFlow(replica, next).equals(next);
  }

  private Optional<Instant> lastBackup(Replica replica, Instant instant, Instant latest) {
    Duration interval = dataset.interval();
    Duration takes = dataset.seedingTime();
    Duration age = Duration.between(replica.since(), instant).minus(takes);
    for (long k = age.isNegative() ? -1 : age.dividedBy(interval); k >= 0; k--) {
      Instant begun = replica.since().plus(interval.multipliedBy(k));
      Instant done = begun.plus(takes);
      boolean whole = !begun.isAfter(latest)
          && lastFlow(replica, done).equals(done)
          && !flowsSince(replica, done).isAfter(begun);
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

  private Instant flowsSince(Replica replica, Instant instant) {
    return dataset.cloud().outages().flowsSince(replica.source().place(), place(), instant);
  }

  /** What must be up for data to flow: the one zone that holds it, or else the site. */
  private Site place() {
    return zones.size() == 1 ? zones.get(0) : site;
  }

  void changes(Set<Instant> into) {
    into.addAll(role.changes());
    into.addAll(fenced.changes());
    into.addAll(capacity.changes());
    if (zones.size() > 1) {
      for (Outages.Strike strike : dataset.cloud().outages().strikes()) {
        into.add(strike.from().plus(dataset.standbyTime()));
      }
    }
  }
}
