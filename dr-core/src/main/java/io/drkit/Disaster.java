package io.drkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something that goes wrong in the world. One type serves everyone: an assessment asks what a plan survives, the testkit
 * makes it happen.
 */
public sealed interface Disaster {

  /**
   * Returns whether the disaster takes a need away.
   *
   * @param need what somebody depends on
   */
  default boolean takes(Need need) {
    return false;
  }

  /**
   * Returns whether what runs in a site stops.
   *
   * @param site where it runs
   */
  default boolean stops(Site site) {
    return false;
  }

  /**
   * Returns how many times longer than usual an answer takes.
   *
   * @param need what is asked
   * @return 1 if the disaster slows nothing down there
   */
  default double slowness(Need need) {
    return 1;
  }

  /** {@return where it happens; empty if it does not happen in a place} */
  default Optional<Site> place() {
    return Optional.empty();
  }

  /**
   * Returns this disaster, to happen later.
   *
   * @param delay how much later; zero or more
   * @throws IllegalArgumentException if it is negative
   */
  default Strike after(Duration delay) {
    return new Strike(this, delay, Optional.empty());
  }

  /**
   * Returns this disaster, to happen now and to end by itself.
   *
   * @param duration how long it lasts; positive
   * @throws IllegalArgumentException if it is not positive
   */
  default Strike lasting(Duration duration) {
    return after(Duration.ZERO).lasting(duration);
  }

  /** A disaster in a place. */
  sealed interface AtSite extends Disaster {
    /** {@return where it happens} */
    Site site();

    @Override
    default Optional<Site> place() {
      return Optional.of(site());
    }
  }

  /**
   * A disaster that happens at a time.
   *
   * @param disaster what happens
   * @param after how much later than now; zero or more
   * @param lasts how long it lasts; empty if it goes on until somebody ends it
   */
  record Strike(Disaster disaster, Duration after, Optional<Duration> lasts) {
    /** Checks the values. */
    public Strike {
      if (after.isNegative()) {
        throw new IllegalArgumentException("a disaster cannot strike " + after + " from now");
      }
      lasts.filter(time -> time.isNegative() || time.isZero()).ifPresent(time -> {
        throw new IllegalArgumentException("a disaster cannot last " + time);
      });
    }

    /**
     * Returns the same, ending by itself.
     *
     * @param duration how long it lasts; positive
     * @throws IllegalArgumentException if it is not positive
     */
    public Strike lasting(Duration duration) {
      return new Strike(disaster, after, Optional.of(duration));
    }

    @Override
    public String toString() {
      return disaster
          + (after.isZero() ? "" : " after " + after)
          + lasts.map(time -> " for " + time).orElse("");
    }
  }

  /**
   * Returns the loss of everything in a site: its data, its machines and its control planes, those included that serve
   * other sites from there (WP-4).
   *
   * @param site what is lost
   */
  static SiteLoss loss(Site site) {
    return new SiteLoss(site);
  }

  /**
   * Returns the loss of power of a set of machines (WP-60 a): they stop, all else in the site goes on, and others can be launched.
   *
   * @param site where they run
   * @param group the name of the group that they are of
   */
  static MachineLoss machineLoss(Site site, String group) {
    return new MachineLoss(site, group);
  }

  /**
   * Returns the loss of a site's control planes alone: what runs goes on, nothing can be changed.
   *
   * @param site where
   */
  static ControlPlaneLoss controlPlaneLoss(Site site) {
    return new ControlPlaneLoss(site);
  }

  /**
   * Returns the loss of a site's link to the rest of the world, such as that to its only internet provider (WP-60 b): nobody reaches
   * it, and what runs there goes on and may go on writing.
   *
   * @param site what cannot be reached
   */
  static LinkLoss linkLoss(Site site) {
    return new LinkLoss(site);
  }

  /**
   * Returns a storm of requests upon a site's control planes, which refuse a share of everybody's.
   *
   * @param site where
   * @param share how much they refuse; above 0, at most 1
   * @throws IllegalArgumentException if the share is not one
   */
  static Throttling throttling(Site site, double share) {
    return new Throttling(site, share);
  }

  /**
   * Returns a gray failure: everything in a site answers, but late.
   *
   * @param site where
   * @param factor how many times longer a request takes; more than 1
   * @throws IllegalArgumentException if the factor is not more
   */
  static Slowness slowness(Site site, double factor) {
    return new Slowness(site, factor);
  }

  /**
   * Returns that no machine can be launched any more, because everybody launches them there now. Those that run go on.
   *
   * @param site a region or a zone
   */
  static NoCapacity noCapacity(Site site) {
    return new NoCapacity(site);
  }

  /**
   * Returns that a dataset's copies receive nothing any more, and nobody is told.
   *
   * @param dataset the dataset's name
   * @throws IllegalArgumentException if it is blank
   */
  static ReplicationStall replicationStall(String dataset) {
    return new ReplicationStall(dataset);
  }

  /**
   * Returns that data goes bad from then on, by a virus in core services over several sites (WP-60 c) or by a user's error (WP-60 d): what
   * is written is bad, replication carries it along to every copy, and backups that begin later hold it, too. Its end heals nothing:
   * only what is {@linkplain Declaration#recoverTo recovered} to before it is clean.
   *
   * @param dataset the name of the dataset that goes bad
   * @param more the names of further ones
   * @throws IllegalArgumentException if one is blank
   */
  static Corruption corruption(String dataset, String... more) {
    return new Corruption(Stream.concat(Stream.of(dataset), Stream.of(more)).toList());
  }

  /**
   * Returns that the copy of a dataset in one site is damaged, and nobody is told before it is used: bits that rotted, a backup that
   * cannot be read. What is written stays as it is.
   *
   * @param dataset the dataset's name
   * @param site where the copy is; one that is written to itself is not damaged
   * @throws IllegalArgumentException if the name is blank
   */
  static CorruptReplica corruptReplica(String dataset, Site site) {
    return new CorruptReplica(dataset, site);
  }

  /** {@return that the credentials of whoever runs the plan are not accepted any more, by no control plane anywhere} */
  static ExpiredCredentials expiredCredentials() {
    return new ExpiredCredentials();
  }

  /**
   * Returns a cut in one direction, as a wrong route or rule makes it: whoever runs in one site gets no answer from another. What the
   * other asks of the first is answered, and so is what is asked from elsewhere. For a cut both ways, let two happen.
   *
   * @param from who gets no answer
   * @param to what cannot be reached from there
   * @throws IllegalArgumentException if one of the two lies in the other
   */
  static Partition partition(Site from, Site to) {
    return new Partition(from, to);
  }

  /**
   * Returns that connections to a site are half open: what is asked of it from outside arrives and takes effect, and the answer never
   * comes.
   *
   * @param site whose answers are lost
   */
  static HalfOpen halfOpen(Site site) {
    return new HalfOpen(site);
  }

  /**
   * Returns a bad line: a share of what is sent into a site or out of it is lost, be it a request or its answer.
   *
   * @param site where
   * @param share how much is lost each way; above 0 and below 1
   * @throws IllegalArgumentException if the share is not one
   */
  static LossyLink lossyLink(Site site, double share) {
    return new LossyLink(site, share);
  }

  /**
   * Returns that the wall clock of a host is wrong, as after a bad answer of its time service. How long it has been up is still
   * counted right.
   *
   * @param host the host's name
   * @param by how far it is ahead of what it was; behind if negative
   * @throws IllegalArgumentException if the name is blank, or the clock does not move
   */
  static ClockJump clockJump(String host, Duration by) {
    return new ClockJump(host, by);
  }

  /**
   * Returns that the disk of a host takes longer for each write.
   *
   * @param host the host's name
   * @param factor how many times longer; more than 1
   * @throws IllegalArgumentException if the name is blank, or the factor is not more
   */
  static SlowDisk slowDisk(String host, double factor) {
    return new SlowDisk(host, factor);
  }

  /**
   * Everything in a site is lost.
   *
   * @param site what is lost
   */
  record SiteLoss(Site site) implements AtSite {
    @Override
    public boolean takes(Need need) {
      return need.site().isIn(site);
    }

    @Override
    public boolean stops(Site other) {
      return other.isIn(site);
    }

    @Override
    public String toString() {
      return "loss of " + site;
    }
  }

  /**
   * The control planes of a site are lost.
   *
   * @param site where
   */
  record ControlPlaneLoss(Site site) implements AtSite {
    @Override
    public boolean takes(Need need) {
      return need.plane() == Need.Plane.CONTROL && need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "loss of the control planes in " + site;
    }
  }

  /**
   * A site cannot be reached, and goes on.
   *
   * @param site what cannot be reached
   */
  record LinkLoss(Site site) implements AtSite {
    @Override
    public boolean takes(Need need) {
      return need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "loss of the link to " + site;
    }
  }

  /**
   * Control planes refuse a share of the requests.
   *
   * @param site where
   * @param share above 0, at most 1
   */
  record Throttling(Site site, double share) implements AtSite {
    /** Checks the share. */
    public Throttling {
      if (!(share > 0) || share > 1) {
        throw new IllegalArgumentException(
            "the share of throttled requests must be above 0 and at most 1: " + share);
      }
    }

    @Override
    public boolean takes(Need need) {
      return share >= 1 && concerns(need);
    }

    /**
     * Returns whether a share of the requests is refused there.
     *
     * @param need what is asked
     */
    public boolean concerns(Need need) {
      return need.plane() == Need.Plane.CONTROL && need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "throttling of " + share + " in " + site;
    }
  }

  /**
   * Everything in a site answers late.
   *
   * @param site where
   * @param factor more than 1
   */
  record Slowness(Site site, double factor) implements AtSite {
    /** Checks the factor. */
    public Slowness {
      if (!(factor > 1)) {
        throw new IllegalArgumentException(
            "what is slow takes more than its usual time, but the factor is " + factor);
      }
    }

    @Override
    public double slowness(Need need) {
      return need.site().isIn(site) ? factor : 1;
    }

    @Override
    public String toString() {
      return "slowness by " + factor + " in " + site;
    }
  }

  /**
   * A set of machines stops.
   *
   * @param site a region, a zone, or a place of one's own
   * @param group the name of the group that they are of
   */
  record MachineLoss(Site site, String group) implements AtSite {
    /** Checks the name. */
    public MachineLoss {
      if (group.isBlank()) {
        throw new IllegalArgumentException("the name of a group of machines must not be blank");
      }
    }

    @Override
    public String toString() {
      return "loss of the machines of " + group + " in " + site;
    }
  }

  /**
   * No machine can be launched.
   *
   * @param site a region or a zone
   */
  record NoCapacity(Site site) implements AtSite {
    @Override
    public String toString() {
      return "no capacity in " + site;
    }
  }

  /**
   * Copies receive nothing any more.
   *
   * @param dataset the dataset's name
   */
  record ReplicationStall(String dataset) implements Disaster {
    /** Checks the name. */
    public ReplicationStall {
      if (dataset.isBlank()) {
        throw new IllegalArgumentException(
            "name the dataset whose copies receive nothing any more");
      }
    }

    @Override
    public String toString() {
      return "stall of the copies of " + dataset;
    }
  }

  /**
   * What is written is bad, and replicated as it is.
   *
   * @param datasets the datasets' names; one at least
   */
  record Corruption(List<String> datasets) implements Disaster {
    /** Checks the names. */
    public Corruption {
      datasets = datasets.stream().distinct().toList();
      if (datasets.isEmpty() || datasets.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("name the datasets that go bad: " + datasets);
      }
    }

    @Override
    public String toString() {
      return "corruption of " + String.join(" and ", datasets);
    }
  }

  /**
   * One copy is damaged.
   *
   * @param dataset the dataset's name
   * @param site where the copy is
   */
  record CorruptReplica(String dataset, Site site) implements AtSite {
    /** Checks the name. */
    public CorruptReplica {
      if (dataset.isBlank()) {
        throw new IllegalArgumentException("name the dataset whose copy is damaged");
      }
    }

    @Override
    public String toString() {
      return "damage of the copy of " + dataset + " in " + site;
    }
  }

  /** Nobody's credentials are accepted any more. */
  record ExpiredCredentials() implements Disaster {
    @Override
    public boolean takes(Need need) {
      return need.plane() == Need.Plane.CONTROL;
    }

    @Override
    public String toString() {
      return "expiry of the credentials";
    }
  }

  /**
   * One site gets no answer from another.
   *
   * @param from who gets no answer
   * @param to what cannot be reached from there
   */
  record Partition(Site from, Site to) implements Disaster {
    /** Checks that these are two places. */
    public Partition {
      if (from.isIn(to) || to.isIn(from)) {
        throw new IllegalArgumentException(
            "a cut is between two places, but was from " + from + " to " + to);
      }
    }

    /** Returns whether the need lies in {@code to}: the worst case, which is that it is asked for from {@code from}. */
    @Override
    public boolean takes(Need need) {
      return need.site().isIn(to);
    }

    /**
     * Returns whether one site gets no answer from another.
     *
     * @param asker who asks
     * @param asked who is asked
     */
    public boolean cuts(Site asker, Site asked) {
      return asker.isIn(from) && asked.isIn(to);
    }

    @Override
    public Optional<Site> place() {
      return Optional.of(to);
    }

    @Override
    public String toString() {
      return "cut from " + from + " to " + to;
    }
  }

  /**
   * What is asked of a site is done and never answered.
   *
   * @param site whose answers are lost
   */
  record HalfOpen(Site site) implements AtSite {
    @Override
    public boolean takes(Need need) {
      return need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "half-open connections to " + site;
    }
  }

  /**
   * A share of requests and answers is lost.
   *
   * @param site where
   * @param share above 0 and below 1
   */
  record LossyLink(Site site, double share) implements AtSite {
    /** Checks the share. */
    public LossyLink {
      if (!(share > 0) || share >= 1) {
        throw new IllegalArgumentException("the share that is lost must be above 0 and below 1: "
            + share + "; where all is lost it is a linkLoss");
      }
    }

    @Override
    public String toString() {
      return "loss of " + share + " of what passes the link to " + site;
    }
  }

  /**
   * A host's wall clock is wrong.
   *
   * @param host the host's name
   * @param by how far it is ahead of what it was; behind if negative
   */
  record ClockJump(String host, Duration by) implements Disaster {
    /** Checks the name and the jump. */
    public ClockJump {
      if (host.isBlank() || by.isZero()) {
        throw new IllegalArgumentException(
            "name the host whose clock jumps, and how far: '" + host + "' by " + by);
      }
    }

    @Override
    public String toString() {
      return "jump of the clock of " + host + " by " + by;
    }
  }

  /**
   * A host's disk takes longer.
   *
   * @param host the host's name
   * @param factor more than 1
   */
  record SlowDisk(String host, double factor) implements Disaster {
    /** Checks the name and the factor. */
    public SlowDisk {
      if (host.isBlank() || !(factor > 1)) {
        throw new IllegalArgumentException("name the host whose disk is slow, and how many times"
            + " longer a write takes, more than 1: '" + host + "' by " + factor);
      }
    }

    @Override
    public String toString() {
      return "slow disk of " + host + " by " + factor;
    }
  }
}
