package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.Replicator;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of the fake cloud: written in one site while its application serves users there, and copied to others. What is set of its
 * load, its lag, its links and its capacity holds from then on and changes nothing of the past; all else is set before anything happens
 * to it. Actions of it go by the run's direction. Not thread-safe.
 */
public final class FakeDataset {
  /** What a fence waits beyond the lease, for clocks that differ. */
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(1);

  /** A site took the write lease. */
  private record Claim(Site site, Instant at) {}

  private final FakeCloud cloud;
  private final String name;
  private final Site primary;
  private final Map<Site, DataCopy> copies = new LinkedHashMap<>();
  private final List<DataCopy.Promotion> promotions = new ArrayList<>();
  private final List<DataCopy.Sighting> sightings = new ArrayList<>();
  private String service = "rds";
  private ReplicationKind kind = ReplicationKind.ASYNCHRONOUS;
  private final History<Duration> lag = new History<>(Duration.ofSeconds(2));
  private final List<Claim> claims = new ArrayList<>();
  private Duration lease = Duration.ZERO;
  private Duration interval = Duration.ofHours(1);
  private Duration seedingTime = Duration.ofMinutes(5);
  private Duration promotionTime = Duration.ofMinutes(1);
  private Optional<Duration> keeps = Optional.empty();
  private final History<Long> changing = new History<>(0L);
  private final History<Long> bandwidth = new History<>(Long.MAX_VALUE);
  private Duration standbyTime = Duration.ofSeconds(60);
  private Duration resizingTime = Duration.ofMinutes(5);
  private final History<Double> writesPerSecond = new History<>(10.0);

  FakeDataset(FakeCloud cloud, String name, Site primary) {
    this.cloud = cloud;
    this.name = name;
    this.primary = primary;
    copies.put(
        primary, new DataCopy(this, primary, cloud.zones(primary), 1, new DataCopy.Primary()));
  }

  /**
   * Sets the zones over which the primary site's copy is spread; all of the region's by default. With more than one, it
   * survives the loss of a zone without loss of data, after a short break (WP-51); with one, it goes down with it.
   *
   * @param where zones of the primary site, one at least; the first is the one that is written to
   * @throws IllegalArgumentException if there is none, or one is not a zone of the primary site
   */
  public FakeDataset zones(Site... where) {
    List<Site> zones = List.of(where);
    if (zones.isEmpty() || !cloud.zones(primary).containsAll(zones)) {
      throw new IllegalArgumentException("zones of '" + name + "' must be some of "
          + cloud.zones(primary) + ", but were " + zones);
    }
    copy(primary).zones(zones);
    return this;
  }

  /**
   * Sets the name of the service whose control plane changes this dataset; {@code rds} by default.
   *
   * @param apiName as the service's API spells it
   */
  public FakeDataset service(String apiName) {
    service = Objects.requireNonNull(apiName, "apiName");
    return this;
  }

  /** Makes its copies hold every write before it is acknowledged (WP-51), as long as both sites are up. */
  public FakeDataset synchronous() {
    kind = ReplicationKind.SYNCHRONOUS;
    return this;
  }

  /**
   * Makes its copies trail (WP-52). 2 seconds by default. Each copy's lag wavers between this and half as much again. When
   * called later, it is how a lag grows: from now on.
   *
   * @param behind the least lag; zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDataset asynchronous(Duration behind) {
    if (behind.isNegative()) {
      throw new IllegalArgumentException("lag of '" + name + "' must not be negative: " + behind);
    }
    kind = ReplicationKind.ASYNCHRONOUS;
    lag.setForGood(cloud.time().now(), behind);
    return this;
  }

  /**
   * Makes its copies backups that are taken from time to time. The first begins when the copying is set up; each is worth
   * something when it is complete, and then holds what was written until it began.
   *
   * @param every the time between two beginnings; positive
   * @throws IllegalArgumentException if it is not positive
   */
  public FakeDataset periodic(Duration every) {
    if (every.isZero() || every.isNegative()) {
      throw new IllegalArgumentException(
          "interval of the backups of '" + name + "' must be positive: " + every);
    }
    kind = ReplicationKind.PERIODIC;
    interval = every;
    return this;
  }

  /**
   * Sets how long a backup, or the first whole copy, takes; 5 minutes by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDataset seedingTime(Duration duration) {
    seedingTime = NotNegative.time("seedingTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how long it takes to promote a replica or to restore a backup; 1 minute by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDataset promotionTime(Duration duration) {
    promotionTime = NotNegative.time("promotionTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how much of it is changed while it can be written, from now on; nothing by default. It matters where its copies have a {@linkplain
   * #bandwidth bandwidth}, or the {@linkplain FakeLink#bandwidth link} that they are sent over.
   *
   * @param rate how much in a second
   */
  public FakeDataset changing(DataRate rate) {
    changing.setForGood(cloud.time().now(), rate.bytesPerSecond());
    return this;
  }

  /**
   * Sets how much can be sent to each of its trailing copies, from now on; without limit by default. What is changed faster, or while a
   * copy cannot be reached, is sent later and in its order (WP-50): the copy lags by the age of the oldest byte that was not sent, beside
   * {@linkplain #asynchronous its own lag}, and catches up by what the link can send more than is changed. How long the first copy and a
   * backup take stays as set.
   *
   * @param rate how much in a second
   */
  public FakeDataset bandwidth(DataRate rate) {
    bandwidth.setForGood(cloud.time().now(), rate.bytesPerSecond());
    return this;
  }

  /**
   * Makes its copies keep their earlier states for a while: a promotion that is to {@linkplain ActionContext#recoverTo recover to an
   * instant} then restores exactly that one, in the time of any promotion. By default a replica keeps its newest state alone, and
   * {@linkplain #periodic backups} are kept for ever.
   *
   * @param duration how long back; positive
   * @throws IllegalArgumentException if it is not positive
   */
  public FakeDataset keeps(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "what '" + name + "' keeps must be positive: " + duration + "; leave it out for nothing");
    }
    keeps = Optional.of(duration);
    return this;
  }

  /**
   * Sets how long the standby in another zone takes to go on after the loss of a zone; 1 minute by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDataset standbyTime(Duration duration) {
    standbyTime = NotNegative.time("standbyTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how long it takes to change the size of a copy; 5 minutes by default. It serves with its old size meanwhile.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDataset resizingTime(Duration duration) {
    resizingTime = NotNegative.time("resizingTime of '" + name + "'", duration);
    return this;
  }

  /**
   * Sets how much is written under full service, from now on; 10 writes a second by default.
   *
   * @param rate more than zero
   * @throws IllegalArgumentException if it is not positive
   */
  public FakeDataset writesPerSecond(double rate) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("writesPerSecond must be positive: " + rate);
    }
    writesPerSecond.setForGood(cloud.time().now(), rate);
    return this;
  }

  /**
   * Sets how much load the copy in a site can carry, in the unit of {@link FakeService#demand}; 1 by default, as is the
   * demand. It holds for a copy that is made later, too.
   *
   * @param site where
   * @param units zero or more
   * @throws IllegalArgumentException if it is negative, or there is no such site
   */
  public FakeDataset capacity(Site site, int units) {
    copy(site)
        .resize(
            NotNegative.amount("capacity of '" + name + "'", units),
            cloud.time().now(),
            Duration.ZERO);
    return this;
  }

  /**
   * Makes its writers write only while they hold a lease that they renew outside of their site (see {@code io.drkit.lease}), wherever
   * it has copies: cut off from the world or from one of those sites, or when another site took it over, they stop by themselves when
   * it has run out. Without a lease by default.
   *
   * @param duration how long a renewal lasts; positive
   * @throws IllegalArgumentException if it is not positive
   */
  public FakeDataset leased(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "the write lease of '" + name + "' must be positive: " + duration);
    }
    lease = duration;
    return this;
  }

  /** {@return the dataset's name} */
  public String name() {
    return name;
  }

  /** {@return the dataset as a plan sees it: copied from the direction's {@code from} to its {@code to}, and promoted there} */
  public Replicator replicator() {
    return new FakeReplicator(this);
  }

  /**
   * Returns the state in which nothing writes the copy in {@code from} any more. It needs that site.
   */
  public FailoverAction fenced() {
    return writersAre(true).back(before -> writersAre(false));
  }

  /**
   * Returns the state in which {@code to} holds the write lease, and that of {@code from} has run out: the fence that works while
   * {@code from} cannot be reached. It needs {@code to} alone. Writers of {@code to} may write as soon as it is asked for: only who waits
   * for this state keeps two from writing.
   *
   * @throws IllegalStateException when it is asked for, if the dataset is not {@linkplain #leased leased}
   */
  public FailoverAction leaseTaken() {
    return leaseTakenBy(ActionContext::to, Direction::to)
        .back(before -> leaseTakenBy(ActionContext::from, Direction::from));
  }

  private FakeAction leaseTakenBy(
      Function<ActionContext, Site> taker, Function<Direction, Site> where) {
    return new FakeAction(
        "the write lease of " + name + " is held on the other side",
        Repeatability.idempotent(),
        direction -> List.of(Need.data("lease", where.apply(direction))),
        context -> askLease(context, taker.apply(context), now -> {
          Optional<Claim> last = lastClaim(now);
          if (last.isEmpty() || !last.get().site().equals(taker.apply(context))) {
            return Progress.pending("it is held by the writers that are to stop");
          }
          Instant over = last.get().at().plus(lease).plus(LEASE_MARGIN);
          return now.isBefore(over)
              ? Progress.underway("the lease before may be in use until " + over)
              : Progress.reached(Evidence.of("the lease before ran out", over.toString()));
        }),
        context -> askLease(context, taker.apply(context), now -> {
          claims.add(new Claim(taker.apply(context), now));
          return Progress.reached();
        }));
  }

  private Progress askLease(ActionContext context, Site site, Request request) throws Exception {
    if (lease.isZero()) {
      throw new IllegalStateException(
          "the writers of '" + name + "' have no lease to be taken; say leased(...) first");
    }
    return cloud.ask(
        context, Need.data("lease", site), () -> request.at(cloud.time().now()));
  }

  private Optional<Claim> lastClaim(Instant instant) {
    return claims.stream()
        .filter(claim -> !claim.at().isAfter(instant))
        .reduce((earlier, later) -> later);
  }

  /** Whether the writers of a site may write, as far as their lease is concerned. */
  boolean leaseHeld(Site site, Instant instant) {
    if (lease.isZero()) {
      return true;
    }
    Instant over = instant.minus(lease);
    boolean cutOff = Stream.concat(
            cloud.outages().cutOffSince(site, instant).stream(),
            copies.keySet().stream()
                .flatMap(other -> cloud.outages().cutOffSince(site, other, instant).stream()))
        .anyMatch(since -> !since.isAfter(over));
    boolean taken = lastClaim(instant)
        .filter(claim -> !claim.site().equals(site) && !claim.at().isAfter(over))
        .isPresent();
    return !cutOff && !taken;
  }

  private FakeAction writersAre(boolean stopped) {
    return new FakeAction(
        "writers of " + name + (stopped ? " are stopped" : " go on"),
        Repeatability.idempotent(),
        direction -> List.of(control(direction.from())),
        context -> ask(
            context,
            context.from(),
            now -> copy(context.from()).fenced().at(now) == stopped
                ? Progress.reached()
                : Progress.pending(
                    name + " can" + (stopped ? "" : "not") + " be written in " + context.from())),
        context -> ask(context, context.from(), now -> {
          copy(context.from()).fenced().setForGood(now, stopped);
          return Progress.reached();
        }));
  }

  /**
   * Returns the state in which the copy in {@code to} can carry a load (WP-41 g).
   *
   * @param units in the unit of {@link FakeService#demand}
   */
  public FailoverAction resized(int units) {
    return new FakeAction(
        name + " can carry " + units + " units of load",
        Repeatability.idempotent(),
        direction -> List.of(control(direction.to())),
        context -> ask(context, context.to(), now -> {
          DataCopy copy = copy(context.to());
          int carries = copy.capacity(now);
          if (carries >= units) {
            return Progress.reached(Evidence.of("capacity", carries + " units"));
          }
          return copy.size() >= units
              ? Progress.underway(name + " is being resized")
              : Progress.pending(name + " can carry " + carries + " of " + units + " units");
        }),
        context -> ask(context, context.to(), now -> {
          copy(context.to()).resize(units, now, resizingTime);
          return Progress.reached();
        }));
  }

  /** {@return the state in which backups of the copy in {@code to} are taken there (WP-62)} */
  public FailoverAction backedUp() {
    return new FakeAction(
        name + " is backed up where it is written",
        Repeatability.idempotent(),
        direction -> List.of(control(direction.to())),
        context -> ask(
            context,
            context.to(),
            now -> copy(context.to()).backedUp().at(now)
                ? Progress.reached()
                : Progress.pending("no backups of " + name + " are taken in " + context.to())),
        context -> ask(context, context.to(), now -> {
          copy(context.to()).backedUp().setForGood(now, true);
          return Progress.reached();
        }));
  }

  /** What the cloud does when a request has arrived. */
  interface Request {
    Progress at(Instant now) throws Exception;
  }

  Progress ask(ActionContext context, Site site, Request request) throws Exception {
    return cloud.ask(context, control(site), () -> request.at(cloud.time().now()));
  }

  Need control(Site site) {
    return Need.control(service, site);
  }

  /** Rounded down to the second, as a service shows it: never later than the truth. */
  RecoveryPoint point(Instant completeUntil, String basis) {
    return RecoveryPoint.completeUntil(name, completeUntil.truncatedTo(ChronoUnit.SECONDS), basis);
  }

  DataCopy copy(Site site) {
    DataCopy known = copies.get(cloud.check(site));
    if (known == null) {
      known = new DataCopy(this, site, cloud.zones(site), 1, new DataCopy.Absent());
      copies.put(site, known);
    }
    return known;
  }

  List<DataCopy> copies() {
    return List.copyOf(copies.values());
  }

  List<DataCopy.Promotion> promotions() {
    return promotions;
  }

  /** The copies that runs took as they were, in order. */
  List<DataCopy.Sighting> sightings() {
    return sightings;
  }

  /** Remembers that a run took a copy as it was; once, however often it looks, unless another one was promoted in the meantime. */
  void seen(String run, DataCopy copy, Instant now) {
    if (!sightings.isEmpty()) {
      DataCopy.Sighting last = sightings.get(sightings.size() - 1);
      boolean since = promotions.stream().anyMatch(other -> other.at().isAfter(last.at()));
      if (last.copy() == copy && last.run().equals(run) && !since) {
        return;
      }
    }
    sightings.add(new DataCopy.Sighting(run, copy, now));
  }

  DataCopy.@Nullable Promotion promotion(DataCopy copy) {
    DataCopy.Promotion last = null;
    for (DataCopy.Promotion promotion : promotions) {
      if (promotion.copy() == copy) {
        last = promotion;
      }
    }
    return last;
  }

  /** The last promotion of a copy before an instant. */
  DataCopy.@Nullable Promotion promotion(DataCopy copy, Instant end) {
    DataCopy.Promotion last = null;
    for (DataCopy.Promotion promotion : promotions) {
      if (promotion.copy() == copy && promotion.at().isBefore(end)) {
        last = promotion;
      }
    }
    return last;
  }

  /** Whether what is sent to its copies can pile up. */
  boolean pilesUp() {
    return trails() && (!bandwidth.changes().isEmpty() || cloud.network().isNarrow());
  }

  boolean trails() {
    return kind == ReplicationKind.ASYNCHRONOUS;
  }

  History<Long> changing() {
    return changing;
  }

  History<Long> bandwidth() {
    return bandwidth;
  }

  /** Whether earlier states are kept at all. */
  boolean keepsStates() {
    return kind == ReplicationKind.PERIODIC || keeps.isPresent();
  }

  /** Whether an earlier state is kept still. */
  boolean keeps(Instant state, Instant now) {
    return keepsStates()
        && keeps.filter(back -> state.isBefore(now.minus(back))).isEmpty();
  }

  FakeCloud cloud() {
    return cloud;
  }

  ReplicationKind kind() {
    return kind;
  }

  /** Up to which write everything has arrived. A lag that is raised slows later writes only: what has arrived stays. */
  Instant arrivedAt(Instant instant) {
    Instant arrived = instant.minus(lag(instant));
    for (Instant change : lag.changes()) {
      if (!change.isAfter(instant)) {
        Instant before = change.minusNanos(1);
        Instant then = before.minus(lag(before));
        arrived = then.isAfter(arrived) ? then : arrived;
      }
    }
    return arrived;
  }

  /** Between the set lag and half as much again, and wavering by less than time passes. */
  private Duration lag(Instant instant) {
    long least = lag.at(instant).toNanos();
    long swing = Math.max(least, Duration.ofSeconds(1).toNanos());
    long elapsed = Duration.between(cloud.start(), instant).toNanos();
    long bucket = Math.floorDiv(elapsed, swing);
    double within = (double) Math.floorMod(elapsed, swing) / swing;
    double here = Chance.at(cloud.seed(), name, bucket);
    double next = Chance.at(cloud.seed(), name, bucket + 1);
    return Duration.ofNanos(least + (long) (least * 0.5 * (here + (next - here) * within)));
  }

  Duration interval() {
    return interval;
  }

  Duration seedingTime() {
    return seedingTime;
  }

  Duration promotionTime() {
    return promotionTime;
  }

  Duration standbyTime() {
    return standbyTime;
  }

  double writesPerSecond(Instant instant) {
    return writesPerSecond.at(instant);
  }

  void changes(Set<Instant> into) {
    if (!lease.isZero()) {
      for (Claim claim : claims) {
        into.add(claim.at());
        into.add(claim.at().plus(lease));
      }
      cloud.outages().strikes().forEach(strike -> into.add(strike.from().plus(lease)));
    }
    into.addAll(writesPerSecond.changes());
    into.addAll(changing.changes());
    into.addAll(bandwidth.changes());
    sightings.forEach(sighting -> into.add(sighting.at()));
    copies.values().forEach(copy -> copy.changes(into));
  }
}
