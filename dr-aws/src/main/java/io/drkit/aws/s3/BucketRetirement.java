package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsEndpoint;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;

/**
 * The state in which copying into the bucket of the direction's {@code to} destroys nothing: it keeps versions, so that
 * what is overwritten stays as an old version.
 */
record BucketRetirement(Buckets buckets) implements FailoverAction {

  @Override
  public String describe() {
    return "what bucket " + buckets.names() + " held when it was left is kept as old versions";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String bucket = buckets.destination(context.direction());
    AwsEndpoint<S3Client> s3 = buckets.endpoint(context, context.to());
    if (!buckets.markers(s3, context.to()).bucketExists()) {
      return Progress.reached();
    }
    return Buckets.keepsVersions(s3, bucket)
        ? Progress.reached(Evidence.of("kept as", "old versions in " + bucket))
        : Progress.pending("bucket " + bucket + " does not keep versions");
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String bucket = buckets.destination(context.direction());
    buckets
        .clients()
        .endpoint(Buckets.S3, Buckets.S3.control(context.to()), context)
        .call(
            "keep versions in bucket " + bucket,
            S3Client::putBucketVersioning,
            PutBucketVersioningRequest.builder()
                .bucket(bucket)
                .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED))
                .build());
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Buckets.S3.data(direction.to()), Buckets.S3.control(direction.to()));
  }
}
