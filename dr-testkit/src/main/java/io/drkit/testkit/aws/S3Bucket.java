package io.drkit.testkit.aws;

import io.drkit.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ReplicationConfiguration;

/** A bucket and all versions of what is in it. */
final class S3Bucket {
  final String name;
  final Site region;
  final Instant created;
  final Map<String, S3Upload> uploads = new LinkedHashMap<>();
  /** What is on its way to other buckets, in the order in which it was written. */
  final List<S3Replication.Underway> underway = new ArrayList<>();
  /** Null for a bucket that is not replicated. */
  @Nullable
  ReplicationConfiguration replication;
  /** Null for a bucket that never kept versions. */
  @Nullable
  BucketVersioningStatus versioning;

  /** The versions of each key, the youngest first. */
  private final NavigableMap<String, List<S3Version>> versions =
      new TreeMap<>(S3Bucket::compareKeys);

  /** Which versions and uploads there ever were, and in which order they came: a page of them goes on behind one that is gone. */
  private final Map<String, Integer> turns = new HashMap<>();

  private int nextTurn;

  S3Bucket(String name, Site region, Instant created) {
    this.name = name;
    this.region = region;
    this.created = created;
  }

  /** Compares by the bytes of UTF-8, as S3 orders keys. */
  static int compareKeys(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      if (one.charAt(i) != other.charAt(i)) {
        return Integer.compare(rank(one.charAt(i)), rank(other.charAt(i)));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** Code points beyond U+FFFF come last in UTF-8; in Java's strings their surrogates come before U+E000. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }

  /** Remembers that a version or an upload came. */
  void came(String key, String id) {
    turns.put(id + " of " + key, nextTurn++);
  }

  /** When it came, in the order of all; nothing if there never was one. */
  Optional<Integer> turn(String key, String id) {
    return Optional.ofNullable(turns.get(id + " of " + key));
  }

  boolean isEmpty() {
    return versions.isEmpty();
  }

  boolean keepsVersions() {
    return versioning == BucketVersioningStatus.ENABLED;
  }

  /** The youngest version of a key, which may be a delete marker. */
  Optional<S3Version> current(String key) {
    List<S3Version> all = versions.get(key);
    return all == null ? Optional.empty() : Optional.of(all.get(0));
  }

  Optional<S3Version> version(String key, String id) {
    return versions.getOrDefault(key, List.of()).stream()
        .filter(version -> version.id().equals(id))
        .findFirst();
  }

  /** Adds a version as the current one; it takes the place of one of the same id. */
  void add(S3Version version) {
    remove(version.key(), version.id());
    versions.computeIfAbsent(version.key(), unused -> new ArrayList<>()).add(0, version);
    came(version.key(), version.id());
  }

  /** Changes a version where it is. */
  void replace(S3Version changed) {
    List<S3Version> all = versions.getOrDefault(changed.key(), List.of());
    all.replaceAll(version -> version.id().equals(changed.id()) ? changed : version);
  }

  /** Removes a version for good; does nothing if there is none of that id. */
  void remove(String key, String id) {
    List<S3Version> all = versions.getOrDefault(key, List.of());
    if (!all.isEmpty() && all.removeIf(version -> version.id().equals(id)) && all.isEmpty()) {
      versions.remove(key);
    }
  }

  /** The current objects in the order of their keys, from one key on. */
  Stream<S3Version> objects(String from) {
    return versions.tailMap(from, true).values().stream()
        .map(all -> all.get(0))
        .filter(version -> !version.deleted());
  }

  /** All versions and delete markers in the order of their keys, the youngest of a key first, from one key on. */
  Stream<S3Version> versions(String from) {
    return versions.tailMap(from, true).values().stream().flatMap(List::stream);
  }
}
