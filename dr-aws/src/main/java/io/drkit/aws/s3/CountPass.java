package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Work;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a bucket holds, then promotes it. Fewer objects than the last complete copy had means that some were removed
 * since: the bucket is promoted all the same, because there is no better one, but with a recovery point that nobody knows.
 */
final class CountPass implements Work {
  private final Buckets buckets;
  private @Nullable ObjectListing listing;
  private long objects;

  CountPass(Buckets buckets) {
    this.buckets = buckets;
  }

  @Override
  public Progress slice(ActionContext context) throws Exception {
    String bucket = buckets.names().get(context.to());
    ObjectListing counted = listing == null ? new ObjectListing(bucket) : listing;
    listing = counted;
    Duration end = context.time().uptime().plus(context.requestTimeLimit().dividedBy(2));
    var s3 = buckets.endpoint(context, context.to());
    while (context.time().uptime().compareTo(end) < 0) {
      if (counted.peek(s3).isEmpty()) {
        return promote(context, buckets.markers(s3, context.to()), bucket);
      }
      objects += counted.takePage();
    }
    return Progress.underway(objects + " objects of " + bucket + " counted");
  }

  private Progress promote(ActionContext context, Markers markers, String bucket) throws Exception {
    Optional<CopyMarker> copy = markers.copy();
    Optional<PromotionMarker> before = markers.promotion();
    RecoveryPoint point = point(bucket, copy);
    long number = 1
        + Math.max(
            copy.map(CopyMarker::sourcePromotion).orElse(0L),
            before.map(PromotionMarker::number).orElse(0L));
    markers.write(
        new PromotionMarker(
            number,
            context.time().now(),
            context.run(),
            objects,
            point.completeUntil(),
            point.basis(),
            ""),
        before.map(PromotionMarker::tag).orElse(null));
    // Written by us or, just before us, by somebody else: observing tells.
    return Progress.reached();
  }

  private RecoveryPoint point(String bucket, Optional<CopyMarker> copy) {
    Optional<CopyMarker.Complete> complete = copy.flatMap(CopyMarker::complete);
    if (complete.isPresent() && objects < complete.get().objects()) {
      return RecoveryPoint.unknown(
          buckets.dataset(),
          "bucket " + bucket + " holds " + objects + " objects, but the copy of "
              + complete.get().until() + " had " + complete.get().objects()
              + ": objects were removed since");
    }
    return BucketPromotion.recoveryPoint(buckets, bucket, copy);
  }
}
