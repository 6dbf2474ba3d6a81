package io.drkit.testkit.aws;

import io.drkit.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplicationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;

/** How what is written to a bucket reaches another one later: from when that was set on, and while both regions are there and nothing stalls. */
final class S3Replication {
  private static final String ARN = "arn:aws:s3:::";
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final FakeS3 s3;

  S3Replication(FakeS3 s3) {
    this.s3 = s3;
  }

  /** A version that is on its way. */
  record Underway(String key, String id, String destination, Instant due) {}

  PutBucketReplicationResponse put(PutBucketReplicationRequest request) {
    s3.modelled(request, "Bucket ReplicationConfiguration ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    if (!bucket.keepsVersions()) {
      throw s3.invalidRequest(
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    }
    for (ReplicationRule rule : request.replicationConfiguration().rules()) {
      check(rule);
    }
    bucket.replication = request.replicationConfiguration();
    return PutBucketReplicationResponse.builder().build();
  }

  private void check(ReplicationRule rule) {
    checkMembers(rule, "ID Priority Prefix Filter Status Destination DeleteMarkerReplication");
    checkMembers(rule.destination(), "Bucket");
    if (rule.filter() != null) {
      checkMembers(rule.filter(), "Prefix");
      checkSays(rule, "DeleteMarkerReplication");
      checkSays(rule, "Priority");
    }
    S3Bucket destination = s3.named(destination(rule))
        .orElseThrow(() -> s3.invalidRequest("Destination bucket must exist."));
    if (!destination.keepsVersions()) {
      throw s3.invalidRequest("Destination bucket must have versioning enabled.");
    }
  }

  /** A rule with a filter is of the configuration's newer version, which has to say more. */
  private void checkSays(ReplicationRule rule, String member) {
    if (!Members.given(rule).contains(member)) {
      throw s3.invalidRequest(
          member + " must be specified for this version of Cross Region Replication configuration"
              + " schema. Please refer to S3 Developer Guide for more information.");
    }
  }

  private void checkMembers(SdkPojo of, String names) {
    Set<String> modelled = Set.of(names.split(" ", -1));
    for (String member : Members.given(of)) {
      if (!modelled.contains(member)) {
        throw s3.notModelled("putBucketReplication with " + member);
      }
    }
  }

  private static String destination(ReplicationRule rule) {
    String arn = rule.destination().bucket();
    return arn.startsWith(ARN) ? arn.substring(ARN.length()) : arn;
  }

  GetBucketReplicationResponse get(GetBucketReplicationRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    S3Bucket bucket = s3.bucket(request);
    if (bucket.replication == null) {
      throw s3.refused(
          404,
          "ReplicationConfigurationNotFoundError",
          "The replication configuration was not found");
    }
    return GetBucketReplicationResponse.builder()
        .replicationConfiguration(bucket.replication)
        .build();
  }

  DeleteBucketReplicationResponse delete(DeleteBucketReplicationRequest request) {
    s3.modelled(request, "Bucket ExpectedBucketOwner");
    s3.bucket(request).replication = null;
    return DeleteBucketReplicationResponse.builder().build();
  }

  /** Sends a version that was just written on its way, if a rule is about it. */
  void send(S3Bucket bucket, S3Version version) {
    Set<String> destinations = destinations(bucket, version);
    if (destinations.isEmpty()) {
      return;
    }
    // One time for each key, so that its versions arrive in their order.
    Duration lag = s3.aws.replicationLag(bucket.name + "/" + version.key());
    bucket.replace(version.replicated("PENDING"));
    for (String destination : destinations) {
      bucket.underway.add(
          new Underway(version.key(), version.id(), destination, s3.now().plus(lag)));
    }
    s3.aws.time().schedule(lag, () -> deliver(bucket));
  }

  /** Where a version goes: to each destination of which the rule of highest priority that is about its key takes it there. */
  private static Set<String> destinations(S3Bucket bucket, S3Version version) {
    List<ReplicationRule> rules = bucket.replication == null
        ? List.of()
        : bucket.replication.rules().stream()
            .filter(rule -> isAbout(rule, version.key()))
            .sorted(Comparator.comparingInt(S3Replication::priority).reversed())
            .toList();
    Map<String, ReplicationRule> first = new LinkedHashMap<>();
    rules.forEach(rule -> first.putIfAbsent(destination(rule), rule));
    first.values().removeIf(rule -> version.deleted() && !takesMarkers(rule));
    return first.keySet();
  }

  private static int priority(ReplicationRule rule) {
    return rule.priority() == null ? 0 : rule.priority();
  }

  private static boolean isAbout(ReplicationRule rule, String key) {
    String prefix =
        rule.filter() == null ? Members.text(rule, "Prefix") : rule.filter().prefix();
    return rule.status() == ReplicationRuleStatus.ENABLED
        && key.startsWith(Objects.requireNonNullElse(prefix, ""));
  }

  private static boolean takesMarkers(ReplicationRule rule) {
    return rule.deleteMarkerReplication() != null
        && rule.deleteMarkerReplication().status() == DeleteMarkerReplicationStatus.ENABLED;
  }

  private void deliver(S3Bucket from) {
    boolean again = false;
    for (Underway each : new ArrayList<>(from.underway)) {
      if (each.due().isAfter(s3.now())) {
        continue;
      }
      Optional<S3Bucket> to = s3.named(each.destination());
      if (to.isPresent() && !flows(from, to.get())) {
        again = true;
        continue;
      }
      from.underway.remove(each);
      from.version(each.key(), each.id()).ifPresent(version -> arrive(from, to, version));
    }
    if (again) {
      s3.aws.time().schedule(AGAIN, () -> deliver(from));
    }
  }

  private static void arrive(S3Bucket from, Optional<S3Bucket> to, S3Version version) {
    boolean arrives = to.isPresent() && to.get().keepsVersions();
    if (arrives) {
      to.get().add(version.replicated("REPLICA"));
    }
    boolean failed = !arrives || version.replication().filter("FAILED"::equals).isPresent();
    boolean more = from.underway.stream()
        .anyMatch(each -> each.key().equals(version.key()) && each.id().equals(version.id()));
    // It is completed when it is in all of its destinations, and failed as soon as it is missing in
    // one.
    from.replace(version.replicated(failed ? "FAILED" : more ? "PENDING" : "COMPLETED"));
  }

  private boolean flows(S3Bucket from, S3Bucket to) {
    Need there = Need.data(s3.service(), to.region);
    return s3.aws.cloud().answers(Need.data(s3.service(), from.region))
        && s3.aws.cloud().answers(there)
        && s3.aws.cloud().answers(from.region, there)
        && !s3.aws.cloud().stalled(from.name, s3.now());
  }
}
