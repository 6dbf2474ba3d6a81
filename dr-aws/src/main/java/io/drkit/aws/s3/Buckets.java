package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.PerSite;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.AwsService;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;

/** The buckets of one dataset, and how they are asked. */
record Buckets(AwsClients clients, String dataset, PerSite<String> names) {
  static final AwsService<S3Client> S3 =
      AwsService.regional("s3", S3Client.class, S3Client::builder, Buckets::address);

  /** An address of one's own has no room for a bucket's name in front of it. */
  private static void address(S3ClientBuilder builder, boolean overridden) {
    builder.forcePathStyle(overridden);
  }

  AwsEndpoint<S3Client> endpoint(ActionContext context, Site site) {
    return clients.endpoint(S3, S3.data(site), context);
  }

  /** Returns what the bucket of a site says about itself, read and written through an endpoint of that site. */
  Markers markers(AwsEndpoint<S3Client> s3, Site site) {
    return new Markers(s3, names.get(site), dataset);
  }

  static boolean keepsVersions(AwsEndpoint<S3Client> s3, String bucket) throws Exception {
    return s3.call(
                "look whether bucket " + bucket + " keeps versions",
                S3Client::getBucketVersioning,
                GetBucketVersioningRequest.builder().bucket(bucket).build())
            .status()
        == BucketVersioningStatus.ENABLED;
  }

  /** Returns the bucket that is copied into. */
  String destination(Direction direction) {
    String to = names.get(direction.to());
    if (to.equals(names.get(direction.from()))) {
      throw new IllegalArgumentException("dataset '" + dataset + "': " + direction.from() + " and "
          + direction.to() + " share the bucket " + to + "; a copy needs a bucket of its own");
    }
    return to;
  }
}
