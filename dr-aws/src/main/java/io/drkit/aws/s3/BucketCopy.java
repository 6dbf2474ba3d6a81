package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;

/** The state in which the bucket that takes over holds a complete copy that is young enough. */
record BucketCopy(Buckets buckets, Duration every, boolean createBucket, CopySettings settings)
    implements FailoverAction {
  // Where buckets are created and configured from, wherever they lie (AWS Fault Isolation
  // Boundaries, "Global services").
  private static final Need BUCKET_CONTROL = Need.globalControl("s3", Site.region("us-east-1"));

  @Override
  public String describe() {
    return "a copy of " + buckets.dataset() + " no older than " + every
        + " is in its other bucket (" + buckets.names() + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String destination = buckets.destination(context.direction());
    var to = buckets.endpoint(context, context.to());
    var from = buckets.endpoint(context, context.from());
    Markers markers = buckets.markers(to, context.to());
    Optional<CopyMarker> copy = markers.copy();
    if (copy.isEmpty() && !markers.bucketExists()) {
      return createBucket
          ? Progress.pending("bucket " + destination + " does not exist yet")
          : Progress.blocked("bucket " + destination + " does not exist in " + context.to()
              + "; create it like its source, or call createBucket() on the replicator");
    }
    long own = markers.promotionNumber();
    long source = buckets.markers(from, context.from()).promotionNumber();
    if (own > source) {
      return Progress.blocked(promotedSince(destination, context));
    }
    if (copy.isEmpty()
        || copy.get().complete().isEmpty()
        || copy.get().sourcePromotion() != source
        || !copy.get().source().equals(buckets.names().get(context.from()))) {
      return Progress.pending("no complete copy is in " + destination + " yet");
    }
    CopyMarker.Complete last = copy.get().complete().get();
    boolean young = !last.until().isBefore(context.time().now().minus(every));
    // A pass that takes longer than copies may be old would otherwise never be enough.
    if (young || last.run().equals(context.run())) {
      return Progress.reached(Evidence.of("bucket", destination)
          .and("objects", Long.toString(last.objects()))
          .and("bytes", Long.toString(last.bytes()))
          .and(copy.get().recoveryPoint(buckets.dataset())));
    }
    return Progress.pending("the last complete copy in " + destination + " is of " + last.until());
  }

  static String promotedSince(String destination, ActionContext context) {
    return "bucket " + destination + " was promoted and is the one to write to; a copy from "
        + context.from() + " would overwrite what was written there since. Copy the other way, or"
        + " look at what it holds and remove its .drkit/ objects to make it a copy again";
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String destination = buckets.destination(context.direction());
    if (createBucket) {
      createIfAbsent(context, destination);
    }
    context.work(new CopyPass(buckets, settings));
  }

  private void createIfAbsent(ActionContext context, String destination) throws Exception {
    var control = buckets.clients().endpoint(Buckets.S3, Buckets.S3.control(context.to()), context);
    if (buckets.markers(control, context.to()).bucketExists()) {
      return;
    }
    String region = context.to().region().orElse(context.to()).name();
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(destination);
    if (!region.equals("us-east-1")) {
      request.createBucketConfiguration(location -> location.locationConstraint(region));
    }
    control.find(
        "create bucket " + destination,
        S3Client::createBucket,
        request.build(),
        "BucketAlreadyOwnedByYou");
    control.call(
        "keep versions in bucket " + destination,
        S3Client::putBucketVersioning,
        PutBucketVersioningRequest.builder()
            .bucket(destination)
            .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED))
            .build());
  }

  @Override
  public Repeatability repeatability() {
    // A pass copies only what is missing, and each request is conditional.
    return Repeatability.idempotent();
  }

  @Override
  public List<Need> needs(Direction direction) {
    List<Need> needs = new ArrayList<>(
        List.of(Buckets.S3.data(direction.from()), Buckets.S3.data(direction.to())));
    if (createBucket) {
      needs.add(Buckets.S3.control(direction.to()));
      needs.add(BUCKET_CONTROL);
    }
    return List.copyOf(needs);
  }
}
