package io.drkit.testkit.aws;

import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.Tag;

/** A snapshot of a DB instance, with the settings that a new one is restored with. */
final class DatabaseSnapshot {
  private final Site region;
  private final String name;
  private final DBInstance of;
  private final Instant taken;
  private final Instant dataUntil;
  private final Instant visibleAt;
  private final List<Tag> tags;
  private final Course course;

  /**
   * Is begun.
   *
   * @param doneAt when what takes some time from an instant on is done, where the snapshot is made
   */
  DatabaseSnapshot(
      FakeAws aws,
      Site region,
      String name,
      DBInstance of,
      Instant dataUntil,
      List<Tag> tags,
      BiFunction<Instant, Duration, Optional<Instant>> doneAt) {
    this.region = region;
    this.name = name;
    this.of = of;
    this.taken = aws.now();
    this.dataUntil = dataUntil;
    this.visibleAt = aws.visibleAt(region.name() + " snapshot " + name);
    this.tags = tags;
    this.course = new Course("available", doneAt);
  }

  Course course() {
    return course;
  }

  void make(Duration takes) {
    course.then(taken, "creating", takes);
  }

  String name() {
    return name;
  }

  DBInstance of() {
    return of;
  }

  Instant dataUntil() {
    return dataUntil;
  }

  Instant taken() {
    return taken;
  }

  List<Tag> tags() {
    return tags;
  }

  boolean isVisible(Instant now) {
    return !now.isBefore(visibleAt);
  }

  DBSnapshot shown(Instant now) {
    String status = course.status(now);
    return DBSnapshot.builder()
        .dbSnapshotIdentifier(name)
        .dbSnapshotArn("arn:aws:rds:" + region.name() + ":" + FakeAws.ACCOUNT + ":snapshot:" + name)
        .dbInstanceIdentifier(of.dbInstanceIdentifier())
        .dbiResourceId(of.dbiResourceId())
        .snapshotType("manual")
        .status(status)
        .percentProgress(status.equals("available") ? 100 : 0)
        .snapshotCreateTime(taken)
        .originalSnapshotCreateTime(taken)
        .instanceCreateTime(of.instanceCreateTime())
        .engine(of.engine())
        .engineVersion(of.engineVersion())
        .allocatedStorage(of.allocatedStorage())
        .availabilityZone(of.availabilityZone())
        .masterUsername(of.masterUsername())
        .encrypted(of.storageEncrypted())
        .kmsKeyId(of.kmsKeyId())
        .storageType(of.storageType())
        .tagList(tags)
        .build();
  }
}
