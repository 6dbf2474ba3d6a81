package io.drkit.aws.s3;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.PerSite;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.aws.AwsClients;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bucket whose objects this process copies to a bucket in the other region from time to time, for where S3's own
 * replication is not set up (WP-12, WP-54). Prefer S3 replication where you can have it: it trails by seconds and needs no
 * process. Immutable and thread-safe.
 *
 * <p><b>What a copy holds.</b> A pass lists the source and copies, on the side of S3, every object that the destination
 * lacks or holds with other content: data, metadata, tags and storage class, not access control lists, old versions or
 * object locks. When it is through, everything that had been written until its listing began is in the destination; that
 * instant is the recovery point. What is deleted at the source stays in the destination, so that a deletion by mistake
 * does no harm; expire such objects with a lifecycle rule if they must go.
 *
 * <p><b>What it never does.</b> It never overwrites an object that somebody else wrote to the destination since it looked;
 * it never copies into a bucket that was promoted after the source was; and it overwrites what a bucket held before it
 * became a copy only if that bucket keeps versions.
 *
 * <p><b>Going back.</b> Before a bucket that was left is copied into, it is made to keep versions: what it held stays as old
 * versions of its objects.
 *
 * <p><b>What it leaves in the destination</b>: two small text objects below {@code .drkit/}, one about the last complete
 * copy and one about the last promotion. Objects below {@code .drkit/} are not copied.
 *
 * <p><b>Calls</b> (all on S3's data plane of the two regions): HeadBucket, ListObjectsV2, HeadObject, GetObject and
 * PutObject of the two text objects, CopyObject, and for objects above 128 MiB ListMultipartUploads, GetObjectTagging,
 * CreateMultipartUpload, UploadPartCopy, CompleteMultipartUpload, AbortMultipartUpload. GetBucketVersioning before the first
 * copy into a bucket that is not empty; CreateBucket and PutBucketVersioning if {@link Builder#createBucket} was called.
 * A promotion and the status ask the recovery region only.
 */
public final class S3BucketReplicator implements Replicator {
  private final String dataset;
  private final PerSite<String> bucket;
  private final Buckets buckets;
  private final Duration every;
  private final FailoverAction established;
  private final FailoverAction promoted;

  private S3BucketReplicator(Builder builder, AwsClients clients, PerSite<String> bucket) {
    this.dataset = builder.dataset;
    this.bucket = bucket;
    this.every = builder.every;
    this.buckets = new Buckets(clients, dataset, bucket);
    this.established = new BucketCopy(
        buckets,
        every,
        builder.createBucket,
        new CopySettings(builder.concurrency, builder.multipartAbove, builder.partSize));
    this.promoted = new BucketPromotion(buckets);
  }

  /**
   * Begins a replicator.
   *
   * @param dataset the dataset's name, unique in a plan: letters, digits, dots, dashes and underscores
   * @throws IllegalArgumentException if it holds anything else
   */
  public static Builder builder(String dataset) {
    return new Builder(dataset);
  }

  @Override
  public String dataset() {
    return dataset;
  }

  @Override
  public ReplicationKind kind() {
    return ReplicationKind.PERIODIC;
  }

  @Override
  public FailoverAction established() {
    return established;
  }

  @Override
  public FailoverAction retired() {
    return new BucketRetirement(buckets);
  }

  @Override
  public FailoverAction promoted() {
    return promoted;
  }

  @Override
  public ReplicationStatus status(ActionContext context) throws Exception {
    Markers markers = buckets.markers(buckets.endpoint(context, context.to()), context.to());
    Optional<CopyMarker> copy = markers.copy();
    if (copy.isEmpty()) {
      String detail = markers.bucketExists()
          ? "no copy was ever made into " + bucket.get(context.to())
          : "bucket " + bucket.get(context.to()) + " does not exist";
      return ReplicationStatus.of(
          ReplicationStatus.State.ABSENT,
          RecoveryPoint.unknown(dataset, detail),
          context.time().now(),
          detail);
    }
    RecoveryPoint point = copy.get().recoveryPoint(dataset);
    return ReplicationStatus.of(
        state(copy.get(), markers.promotion(), context.time().now()),
        point,
        context.time().now(),
        point.basis());
  }

  private ReplicationStatus.State state(
      CopyMarker copy, Optional<PromotionMarker> promotion, Instant now) {
    if (promotion.isPresent() && promotion.get().number() > copy.sourcePromotion()) {
      return ReplicationStatus.State.PROMOTED;
    }
    if (copy.complete().isEmpty()) {
      return ReplicationStatus.State.ABSENT;
    }
    // One missed turn is bad luck; two are a copy that has stopped.
    Instant oldest = now.minus(every.multipliedBy(2));
    return copy.complete().get().until().isBefore(oldest)
        ? ReplicationStatus.State.STALLED
        : ReplicationStatus.State.FLOWING;
  }

  @Override
  public String toString() {
    return "S3BucketReplicator[" + dataset + ", " + bucket + "]";
  }

  /** Collects what a replicator needs. Not thread-safe. */
  public static final class Builder {
    private final String dataset;
    private @Nullable AwsClients clients;
    private @Nullable PerSite<String> bucket;
    private Duration every = Duration.ofMinutes(15);
    private boolean createBucket;
    private int concurrency = 16;
    private long multipartAbove = 128L << 20;
    private long partSize = 64L << 20;

    private Builder(String dataset) {
      if (!dataset.matches("[A-Za-z0-9._-]{1,64}")) {
        throw new IllegalArgumentException(
            "a dataset's name must be 1 to 64 letters, digits, dots, dashes or underscores: '"
                + dataset + "'; it names objects in the bucket");
      }
      this.dataset = dataset;
    }

    /**
     * Sets the clients to ask with.
     *
     * @param with never closed by the replicator
     */
    public Builder clients(AwsClients with) {
      clients = Objects.requireNonNull(with, "with");
      return this;
    }

    /**
     * Sets the bucket of each site.
     *
     * @param names the buckets' names; they differ from site to site
     */
    public Builder bucket(PerSite<String> names) {
      bucket = Objects.requireNonNull(names, "names");
      return this;
    }

    /**
     * Sets how old the last complete copy may be before {@code prepare} makes another one; 15 minutes by default. Call
     * {@code prepare} at least that often: the data that a disaster can cost is this and the time that a pass takes.
     *
     * @param age positive
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder every(Duration age) {
      if (age.isZero() || age.isNegative()) {
        throw new IllegalArgumentException("every must be positive: " + age);
      }
      every = age;
      return this;
    }

    /**
     * Lets the replicator create the destination bucket, with versions kept, if it does not exist. Without this call a
     * missing bucket blocks the step: a bucket of production's policies is better made by what made the first one.
     */
    public Builder createBucket() {
      createBucket = true;
      return this;
    }

    /**
     * Sets how many objects are copied at a time; 16 by default. With 1, they are copied on the engine's thread that does
     * the step and no thread is started, as tests in virtual time need it.
     *
     * @param requests from 1 to 256
     * @throws IllegalArgumentException if it is not
     */
    public Builder concurrency(int requests) {
      if (requests < 1 || requests > 256) {
        throw new IllegalArgumentException("concurrency must be from 1 to 256: " + requests);
      }
      concurrency = requests;
      return this;
    }

    Builder multipart(long above, long size) {
      multipartAbove = above;
      partSize = size;
      return this;
    }

    /**
     * Builds the replicator.
     *
     * @throws IllegalStateException if the clients or the buckets are missing
     */
    public S3BucketReplicator build() {
      if (clients == null) {
        throw new IllegalStateException("S3BucketReplicator '" + dataset
            + "': call clients(...) before build(), for example with AwsClients.builder().build()");
      }
      if (bucket == null) {
        throw new IllegalStateException("S3BucketReplicator '" + dataset
            + "': call bucket(...) before build(), for example with PerSite.at(site, name)");
      }
      return new S3BucketReplicator(this, clients, bucket);
    }
  }
}
