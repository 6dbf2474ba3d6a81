package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.DrException;
import io.drkit.Progress;
import io.drkit.Work;
import io.drkit.aws.AwsEndpoint;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One pass over a bucket: the listings of source and destination are read side by side, and what the destination lacks is
 * copied, some seconds at a time. Only when all of it is there does the destination's marker say so.
 */
final class CopyPass implements Work {
  /** How many copies are waiting at most before more is listed. */
  private static final int ENOUGH = 2_000;

  private final Buckets buckets;
  private final CopyQueue queue;
  private @Nullable Pass pass;
  private long objects;
  private long bytes;

  /**
   * What is known once the pass has begun.
   *
   * @param until what was written until then will be in the copy
   * @param marker the destination's marker, by which another writer would be noticed
   */
  private record Pass(
      Instant until,
      CopyMarker marker,
      ObjectListing sourceListing,
      ObjectListing destinationListing) {}

  CopyPass(Buckets buckets, CopySettings settings) {
    this.buckets = buckets;
    this.queue = new CopyQueue(settings);
  }

  @Override
  public Progress slice(ActionContext context) throws Exception {
    // Half of the limit for beginning requests; the other half for those that have begun.
    Duration end = context.time().uptime().plus(context.requestTimeLimit().dividedBy(2));
    String source = buckets.names().get(context.from());
    String destination = buckets.destination(context.direction());
    var from = buckets.endpoint(context, context.from());
    var to = buckets.endpoint(context, context.to());
    Markers markers = buckets.markers(to, context.to());
    Pass now = pass;
    if (now == null) {
      Optional<Pass> begun = begin(context, from, to, markers);
      if (begun.isEmpty()) {
        return Progress.blocked("bucket " + destination + " holds objects of its own and keeps no"
            + " versions; copying into it could destroy them: turn versioning on, or empty it");
      }
      now = begun.get();
      pass = now;
    }
    while (context.time().uptime().compareTo(end) < 0) {
      boolean all = enqueue(now, from, to);
      // After the listing and before the copies: what was listed is then from before a promotion,
      // and what an application
      // writes after it is no longer what the copies expect to replace.
      if (markers.promotionNumber() > now.marker().sourcePromotion()) {
        return Progress.blocked(BucketCopy.promotedSince(destination, context));
      }
      if (queue.isEmpty() && all) {
        return finish(context, now, markers);
      }
      queue.work(from, to, source, destination, () -> context.time().uptime().compareTo(end) < 0);
    }
    return Progress.underway(objects + " objects of " + source + " looked at, " + queue.copied()
        + " copied, " + queue.size() + " requests to do");
  }

  /** Returns nothing if copying would destroy what the destination holds. */
  private Optional<Pass> begin(
      ActionContext context, AwsEndpoint<S3Client> from, AwsEndpoint<S3Client> to, Markers markers)
      throws Exception {
    String source = buckets.names().get(context.from());
    String destination = buckets.names().get(context.to());
    Instant ours = context.time().now();
    HeadBucketResponse head = from.call(
        "look at bucket " + source,
        S3Client::headBucket,
        HeadBucketRequest.builder().bucket(source).build());
    Instant until = earlier(ours, serverTime(head));
    long sourcePromotion = buckets.markers(from, context.from()).promotionNumber();
    Optional<CopyMarker> before = markers.copy();
    ObjectListing destinationListing = new ObjectListing(destination);
    boolean sameSource = before.isPresent() && before.get().source().equals(source);
    if (sameSource && before.get().sourcePromotion() == sourcePromotion) {
      return Optional.of(
          new Pass(until, before.get(), new ObjectListing(source), destinationListing));
    }
    // What a bucket held of its own before it became a copy must stay readable, as older versions.
    if (destinationListing.peek(to).isPresent() && !Buckets.keepsVersions(to, destination)) {
      return Optional.empty();
    }
    CopyMarker marker = new CopyMarker(
        source, sourcePromotion, sameSource ? before.get().complete() : Optional.empty(), "");
    marker = written(
        markers, marker, markers.write(marker, before.map(CopyMarker::tag).orElse(null)));
    return Optional.of(new Pass(until, marker, new ObjectListing(source), destinationListing));
  }

  /** Lists on until there is enough to do; returns whether everything was listed. */
  private boolean enqueue(Pass now, AwsEndpoint<S3Client> from, AwsEndpoint<S3Client> to)
      throws Exception {
    while (queue.size() < ENOUGH) {
      Optional<S3Object> source = now.sourceListing().peek(from);
      if (source.isEmpty()) {
        return true;
      }
      Optional<S3Object> copy =
          skipTo(now.destinationListing(), to, source.get().key());
      if (copy.isEmpty() || !SameContent.listed(source.get(), copy.get())) {
        queue.add(source.get(), copy);
      }
      objects++;
      bytes += source.get().size();
      now.sourceListing().take();
    }
    return false;
  }

  /** Passes over what only the destination has; returns its object of that key, if it has one. */
  private static Optional<S3Object> skipTo(
      ObjectListing listing, AwsEndpoint<S3Client> s3, String key) throws Exception {
    while (true) {
      Optional<S3Object> next = listing.peek(s3);
      int order =
          next.map(object -> ObjectListing.compareKeys(object.key(), key)).orElse(1);
      if (order >= 0) {
        return order == 0 ? next : Optional.empty();
      }
      listing.take();
    }
  }

  private Progress finish(ActionContext context, Pass now, Markers markers) throws Exception {
    // What vanished from the source during the pass is not missing from the copy.
    CopyMarker.Complete complete = new CopyMarker.Complete(
        now.until(), objects - queue.vanished(), bytes - queue.vanishedBytes(), context.run());
    CopyMarker marker = new CopyMarker(
        now.marker().source(), now.marker().sourcePromotion(), Optional.of(complete), "");
    written(markers, marker, markers.write(marker, now.marker().tag()));
    return Progress.reached();
  }

  private static CopyMarker written(Markers markers, CopyMarker wanted, Optional<String> tag)
      throws Exception {
    if (tag.isPresent()) {
      return new CopyMarker(
          wanted.source(), wanted.sourcePromotion(), wanted.complete(), tag.get());
    }
    // Refused: because of another writer, or because an answer was lost and the SDK asked again.
    Optional<CopyMarker> there = markers.copy();
    if (there.isPresent() && there.get().lines().equals(wanted.lines())) {
      return there.get();
    }
    throw new DrException("another process copies into the same bucket: its marker changed while"
        + " this copy went on; let one process prepare the plan");
  }

  private static Instant serverTime(HeadBucketResponse head) {
    Optional<String> date = head.sdkHttpResponse().firstMatchingHeader("Date");
    try {
      return date.map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
          .orElse(Instant.MAX);
    } catch (DateTimeException e) {
      return Instant.MAX;
    }
  }

  /** A clock of ours that is ahead must not make the copy look younger than it is. */
  private static Instant earlier(Instant ours, Instant theirs) {
    return theirs.isBefore(ours) ? theirs : ours;
  }
}
