package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.util.List;
import java.util.Optional;

/**
 * The state in which the bucket that takes over is the one to write to. S3 has nothing to ask for: the state is a marker,
 * written after the objects were counted, which makes copies from the old side refuse to go on.
 */
record BucketPromotion(Buckets buckets) implements FailoverAction {
  @Override
  public String describe() {
    return "the bucket of " + buckets.dataset() + " in the recovery site is the one to write to ("
        + buckets.names() + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String bucket = buckets.names().get(context.to());
    Markers markers = buckets.markers(buckets.endpoint(context, context.to()), context.to());
    Optional<CopyMarker> copy = markers.copy();
    Optional<PromotionMarker> promotion = markers.promotion();
    if (copy.isEmpty() && promotion.isEmpty() && !markers.bucketExists()) {
      return Progress.blocked("bucket " + bucket + " does not exist in " + context.to()
          + "; nothing was ever copied there: restore the dataset from elsewhere");
    }
    if (promotion.isPresent()
        && promotion.get().number() > copy.map(CopyMarker::sourcePromotion).orElse(-1L)) {
      return Progress.reached(Evidence.of("bucket", bucket)
          .and("objects", Long.toString(promotion.get().objects()))
          .and("promotedAt", promotion.get().at().toString())
          .and(promotion.get().recoveryPoint(buckets.dataset())));
    }
    return Progress.pending(
        "bucket " + bucket + " is a copy",
        Evidence.of("bucket", bucket).and(recoveryPoint(buckets, bucket, copy)));
  }

  static RecoveryPoint recoveryPoint(Buckets buckets, String bucket, Optional<CopyMarker> copy) {
    return copy.map(marker -> marker.recoveryPoint(buckets.dataset()))
        .orElseGet(() -> RecoveryPoint.unknown(
            buckets.dataset(), "bucket " + bucket + " holds no sign of a complete copy"));
  }

  @Override
  public void apply(ActionContext context) {
    context.work(new CountPass(buckets));
  }

  @Override
  public Repeatability repeatability() {
    // The marker is written conditionally: of two promotions one wins, and the other one observes
    // it.
    return Repeatability.idempotent();
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.ONE_WAY;
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Buckets.S3.data(direction.to()));
  }
}
