package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceStatusInfo;
import software.amazon.awssdk.services.rds.model.Endpoint;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;
import software.amazon.awssdk.services.rds.model.Tag;

/** One DB instance: its settings, what is going on with it, and what data it has. */
final class Database {
  /** How long a replica goes without a word from its source before it says so (replica_net_timeout, wal_receiver_timeout). */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How long it looks as if nothing had been asked for, before a change begins. */
  private static final Duration BEGINS_IN = Duration.ofSeconds(10);

  private static final Duration DEFAULT_LAG = Duration.ofSeconds(1);

  /** How far a database's log is behind in the backups that it can be restored from (Amazon RDS User Guide). */
  private static final Duration LOG_UPLOAD = Duration.ofMinutes(5);

  final Site region;
  private final FakeCloud cloud;
  private final Instant asked;
  private final Instant visibleAt;
  private final String resourceId;
  private final NavigableMap<Instant, String> names = new TreeMap<>();
  private final NavigableMap<Instant, List<Site>> places = new TreeMap<>();
  private final List<Database> replicas = new ArrayList<>();
  private final Course course = new Course("available", this::doneAt);
  private final List<Tag> tags;
  private DBInstance settings;
  private PendingModifiedValues pending = PendingModifiedValues.builder().build();
  private @Nullable Instant created;
  private @Nullable Instant backedUpSince;
  private @Nullable Database source;
  private @Nullable Replication replication;
  private @Nullable Instant inherited;
  private boolean gone;

  /**
   * Is asked for.
   *
   * @param settings what it is made with; its name, status and such are told by the database itself
   */
  Database(FakeAws aws, Site region, String name, DBInstance settings, List<Tag> tags) {
    this.region = region;
    this.cloud = aws.cloud();
    this.asked = aws.now();
    this.resourceId = "db-" + aws.newId("", 26).toUpperCase(Locale.ROOT);
    this.visibleAt = aws.visibleAt(resourceId);
    this.settings = settings;
    this.tags = tags;
    names.put(asked, name);
    places.put(asked, placed());
  }

  /** Goes on until now. */
  Database settled(Instant now) {
    course.status(now);
    return this;
  }

  void create(Duration takes, Duration backup) {
    course.then(asked, "creating", takes, this::wasCreated);
    if (settings.backupRetentionPeriod() > 0) {
      course.then(asked, "backing-up", backup);
    }
  }

  /** Is made of other data: all that was written until an instant. */
  void inherit(Instant dataUntil) {
    inherited = dataUntil;
  }

  /** Is made as a replica, by a copy of its source that takes its time and is worth nothing if it is torn off. */
  void createAsReplicaOf(Database original, Duration takes) {
    source = original;
    original.replicas.add(this);
    Replication follows = new Replication(
        cloud,
        asked.plus(takes),
        DEFAULT_LAG,
        at -> original.runsAt(at)
            && runsAt(at)
            && cloud.answered(original.region, Need.data("rds", region), at),
        at -> cloud.stalled(original.name(), at));
    replication = follows;
    course.then(asked, "creating", takes, at -> {
      if (follows.heardFrom(asked, at)) {
        wasCreated(at);
      } else {
        course.stayAt("failed");
      }
    });
  }

  private void wasCreated(Instant at) {
    created = at;
    backedUpSince = settings.backupRetentionPeriod() > 0 ? at : null;
  }

  String name() {
    return names.lastEntry().getValue();
  }

  boolean hadName(String name, Instant at) {
    var then = names.floorEntry(at);
    return then != null && then.getValue().equals(name);
  }

  boolean claims(String name) {
    return !gone && (name().equals(name) || name.equals(pending.dbInstanceIdentifier()));
  }

  boolean isVisible(Instant now) {
    return !gone && !now.isBefore(visibleAt);
  }

  boolean isGone() {
    return gone;
  }

  String arn() {
    return "arn:aws:rds:" + region.name() + ":" + FakeAws.ACCOUNT + ":db:" + name();
  }

  String status(Instant now) {
    return course.status(now);
  }

  DBInstance settings() {
    return settings;
  }

  List<Tag> tags() {
    return tags;
  }

  Optional<Database> source() {
    return Optional.ofNullable(source);
  }

  List<Database> replicas(Instant now) {
    return replicas.stream()
        .filter(replica -> replica.settled(now).source == this && !replica.gone)
        .toList();
  }

  Optional<Replication> replication() {
    return Optional.ofNullable(replication);
  }

  /** Whether what runs of it ran at an instant, and was reached by what it copies to or from. */
  boolean runsAt(Instant at) {
    var then = places.floorEntry(at);
    List<Site> where = then == null ? places.firstEntry().getValue() : then.getValue();
    return where.stream().anyMatch(place -> cloud.answered(Need.data("rds", place), at));
  }

  /** When something is done that needs it to run: not while the zone is lost in which it is, or both of its zones. */
  Optional<Instant> doneAt(Instant from, Duration takes) {
    return placed().stream()
        .map(place -> cloud.doneAt(place, from, takes))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private List<Site> placed() {
    List<String> names = new ArrayList<>();
    names.add(settings.availabilityZone());
    if (Boolean.TRUE.equals(settings.multiAZ())) {
      names.add(settings.secondaryAvailabilityZone());
    }
    List<Site> zones =
        cloud.zones(region).stream().filter(zone -> names.contains(zone.name())).toList();
    return zones.isEmpty() ? List.of(region) : zones;
  }

  /** Until when it has all that was written to what it was made of; to itself if that was nothing. */
  Instant dataUntil(Instant now) {
    if (source != null && replication != null) {
      return replication.at(now).dataUntil();
    }
    return inherited == null ? now : inherited;
  }

  /** Until when a snapshot that is made now has all that was written. */
  Instant snapshotUntil(Instant now) {
    return source == null ? now : dataUntil(now);
  }

  /** The seconds that CloudWatch is told at an instant; nothing if it is told nothing. */
  @Nullable
  Double lagAt(Instant at) {
    if (replication == null || !replication.goesOnAt(at) || !runsAt(at)) {
      return null;
    }
    Replication.Reach reach = replication.at(at);
    Duration lag = Duration.between(reach.dataUntil(), at);
    boolean countsSilence =
        settings.engine().startsWith("mysql") || settings.engine().startsWith("mariadb");
    if (countsSilence && reach.silentSince().isPresent()) {
      Instant silent = reach.silentSince().get();
      if (!at.isBefore(silent.plus(SILENCE))) {
        return -1.0;
      }
      lag = Duration.between(reach.dataUntil(), silent);
    }
    return lag.toNanos() / 1e9;
  }

  void promote(Instant now, int retention, Duration modifying, Duration rebooting) {
    end(now);
    settings = settings.toBuilder().backupRetentionPeriod(retention).build();
    course
        .then(now, "modifying", modifying, unused -> source = null)
        .then(now, "rebooting", rebooting, at -> backedUpSince = retention > 0 ? at : null);
  }

  private void end(Instant now) {
    if (replication != null) {
      inherited = replication.at(now).dataUntil();
      replication.end(now);
    }
  }

  /** Changes what takes no time, in the way that the request says. */
  void change(DBInstance to) {
    settings = to;
  }

  void plan(PendingModifiedValues changes) {
    pending = changes;
  }

  PendingModifiedValues pending() {
    return pending;
  }

  /**
   * Makes the planned changes.
   *
   * @param standby the zone of a standby, if there is to be one
   */
  void makeChanges(
      Instant now,
      Duration modifying,
      Duration renaming,
      Optional<String> standby,
      Runnable renamed) {
    PendingModifiedValues changes = pending;
    if (!changes.equals(PendingModifiedValues.builder().build())) {
      course.then(now, "available", BEGINS_IN);
    }
    if (!changes.toBuilder()
        .dbInstanceIdentifier(null)
        .build()
        .equals(PendingModifiedValues.builder().build())) {
      course.then(now, "modifying", modifying, at -> made(changes, standby, at));
    }
    String name = changes.dbInstanceIdentifier();
    if (name != null) {
      course.then(now, "renaming", renaming, at -> {
        names.put(at, name);
        pending = pending.toBuilder().dbInstanceIdentifier(null).build();
        renamed.run();
      });
    }
  }

  private void made(PendingModifiedValues changes, Optional<String> standby, Instant at) {
    DBInstance.Builder now = settings.toBuilder();
    if (changes.dbInstanceClass() != null) {
      now.dbInstanceClass(changes.dbInstanceClass());
    }
    if (changes.allocatedStorage() != null) {
      now.allocatedStorage(changes.allocatedStorage());
    }
    if (changes.multiAZ() != null) {
      now.multiAZ(changes.multiAZ());
      now.secondaryAvailabilityZone(standby.orElse(null));
    }
    if (changes.backupRetentionPeriod() != null) {
      now.backupRetentionPeriod(changes.backupRetentionPeriod());
      backedUpSince = changes.backupRetentionPeriod() > 0 ? at : null;
    }
    settings = now.build();
    places.put(at, placed());
    pending = PendingModifiedValues.builder()
        .dbInstanceIdentifier(pending.dbInstanceIdentifier())
        .build();
  }

  void backUp(Instant now, Duration takes) {
    course.then(now, "backing-up", takes);
  }

  void delete(Instant now, Duration takes) {
    end(now);
    course.stayAt("available");
    course.then(now, "deleting", takes, unused -> gone = true);
  }

  /** The instants between which it can be restored to any one; empty if it makes no backups. */
  Optional<Instant> restorableFrom() {
    return Optional.ofNullable(backedUpSince);
  }

  Instant restorableUntil(Instant now) {
    return now.minus(LOG_UPLOAD).truncatedTo(ChronoUnit.SECONDS);
  }

  /** As DescribeDBInstances shows it. */
  DBInstance shown(Instant now) {
    String status = status(now);
    DBInstance.Builder shown = settings.toBuilder()
        .dbInstanceIdentifier(name())
        .dbInstanceArn(arn())
        .dbiResourceId(resourceId)
        .dbInstanceStatus(status)
        .instanceCreateTime(created)
        .tagList(tags)
        .pendingModifiedValues(pending)
        .readReplicaDBInstanceIdentifiers(replicas(now).stream()
            .map(replica -> replica.region.equals(region) ? replica.name() : replica.arn())
            .toList());
    if (source != null) {
      shown
          .readReplicaSourceDBInstanceIdentifier(
              source.region.equals(region) ? source.name() : source.arn())
          .statusInfos(replicationStatus(now, status));
    }
    if (created == null) {
      shown.endpoint((Endpoint) null);
    } else {
      shown.endpoint(Endpoint.builder()
          .address(name() + ".c"
              + resourceId.substring(resourceId.length() - 11).toLowerCase(Locale.ROOT) + "."
              + region.name() + ".rds.amazonaws.com")
          .port(settings.dbInstancePort())
          .build());
    }
    if (backedUpSince != null && !restorableUntil(now).isBefore(backedUpSince)) {
      shown.latestRestorableTime(restorableUntil(now));
    }
    return shown.build();
  }

  private List<DBInstanceStatusInfo> replicationStatus(Instant now, String status) {
    if (replication == null || !replication.goesOnAt(now) || !status.equals("available")) {
      return List.of();
    }
    DBInstanceStatusInfo.Builder info =
        DBInstanceStatusInfo.builder().statusType("read replication");
    if (replication.lacksItsSource()) {
      return List.of(info.normal(false).status("terminated").build());
    }
    Optional<Instant> silent = replication.at(now).silentSince();
    return List.of(
        silent.isPresent() && !now.isBefore(silent.get().plus(SILENCE))
            ? info.normal(false)
                .status("error")
                .message("The replica has not heard from its source since " + silent.get())
                .build()
            : info.normal(true).status("replicating").build());
  }
}
