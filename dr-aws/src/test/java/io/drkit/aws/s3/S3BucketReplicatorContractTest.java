package io.drkit.aws.s3;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static java.time.Duration.ofMinutes;

import io.drkit.Disaster;
import io.drkit.PerSite;
import io.drkit.Replicator;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Emulated;
import io.drkit.aws.FaultyHttp;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.aws.FakeAws;
import io.drkit.testkit.contract.ReplicaUnderTest;
import io.drkit.testkit.contract.ReplicatorContract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Copies of a bucket, on the fakes and over HTTP. No difference between the two is known. */
class S3BucketReplicatorContractTest {
  private static final String SOURCE = "invoices-east";
  private static final String COPY = "invoices-west";

  @Nested
  class OnFakes extends ReplicatorContract {
    @Override
    protected ReplicaUnderTest world() {
      return new FakeBuckets();
    }
  }

  @Nested
  @WithAwsEmulator
  class OverHttp extends ReplicatorContract {
    private final EmulatedBuckets buckets;

    OverHttp(AwsEmulator emulator) {
      emulator.reset();
      buckets = new EmulatedBuckets(emulator);
    }

    @Override
    protected ReplicaUnderTest world() {
      return buckets;
    }

    @AfterEach
    void bringTheRegionsBack() {
      buckets.close();
    }
  }

  /** A bucket that users write to now and then, and an empty one. */
  private abstract static class TwoBuckets implements ReplicaUnderTest {
    final VirtualTime time;
    final S3Client east;
    final S3Client west;
    final AwsClients clients;
    private final Map<String, Instant> written = new LinkedHashMap<>();
    private boolean lost;

    TwoBuckets(VirtualTime time, S3Client east, S3Client west, AwsClients clients) {
      this.time = time;
      this.east = east;
      this.west = west;
      this.clients = clients;
      east.createBucket(bucket -> bucket.bucket(SOURCE));
      west.createBucket(bucket -> bucket.bucket(COPY));
      write();
    }

    private void write() {
      String key = "2030/" + written.size();
      east.putObject(
          object -> object.bucket(SOURCE).key(key), RequestBody.fromString("invoice " + key));
      written.put(key, time.now());
    }

    @Override
    public final Replicator replicator() {
      return S3BucketReplicator.builder("invoices")
          .clients(clients)
          .bucket(PerSite.at(EAST, SOURCE).and(WEST, COPY))
          .every(ofMinutes(15))
          .concurrency(1)
          .build();
    }

    @Override
    public final FakeContext context() {
      return FakeContext.of(time, EAST, WEST);
    }

    @Override
    public final FakeContext back() {
      return FakeContext.of(time, WEST, EAST);
    }

    @Override
    public final Instant now() {
      return time.now();
    }

    @Override
    public final void pass(Duration duration) {
      Duration half = duration.dividedBy(2);
      time.advance(half);
      if (!lost) {
        write();
      }
      time.advance(duration.minus(half));
    }

    @Override
    public final void loseSource() {
      lost = true;
      takeAway();
    }

    @Override
    public final void healSource() {
      bringBack();
    }

    abstract void takeAway();

    abstract void bringBack();

    @Override
    public final Optional<Instant> completeUntil() {
      var copies = contents(west, COPY);
      return Optional.of(written.entrySet().stream()
          .filter(each -> !copies.containsKey(each.getKey()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseGet(this::now));
    }

    @Override
    public final Object heldAtSource() {
      return contents(east, SOURCE);
    }

    private static Map<String, String> contents(S3Client s3, String bucket) {
      Map<String, String> contents = new TreeMap<>();
      s3.listObjectsV2(list -> list.bucket(bucket).prefix("2030/"))
          .contents()
          .forEach(object -> contents.put(
              object.key(),
              s3.getObjectAsBytes(get -> get.bucket(bucket).key(object.key())).asUtf8String()));
      return contents;
    }
  }

  private static final class FakeBuckets extends TwoBuckets {
    private final FakeCloud cloud;

    FakeBuckets() {
      this(FakeCloud.builder().seed(4).whenLost(FakeCloud.WhenLost.REFUSE).build());
    }

    private FakeBuckets(FakeCloud cloud) {
      super(
          cloud.time(),
          cloud.client(S3Client.class, "us-east-1"),
          cloud.client(S3Client.class, "us-west-2"),
          AwsClients.builder()
              .credentials(AnonymousCredentialsProvider.create())
              .client(S3Client.class, EAST, cloud.client(S3Client.class, "us-east-1"))
              .client(S3Client.class, WEST, cloud.client(S3Client.class, "us-west-2"))
              .build());
      this.cloud = cloud;
    }

    @Override
    void takeAway() {
      cloud.strike(Disaster.loss(EAST));
    }

    @Override
    void bringBack() {
      cloud.heal(EAST);
    }

    @Override
    public void silence() {
      FakeAws.of(cloud).deny("s3:GetObject");
    }
  }

  /** The copies' clock begins with the emulator's, and is passed by hand: what the emulator says of the time is older. */
  private static final class EmulatedBuckets extends TwoBuckets {
    private final AwsEmulator emulator;

    EmulatedBuckets(AwsEmulator emulator) {
      super(
          VirtualTime.startingAt(Instant.now()),
          emulator.client(S3Client.builder(), "us-east-1"),
          emulator.client(S3Client.builder(), "us-west-2"),
          Emulated.clients(emulator, new FaultyHttp()));
      this.emulator = emulator;
    }

    @Override
    void takeAway() {
      emulator.lose("us-east-1");
    }

    @Override
    void bringBack() {
      emulator.restore("us-east-1");
    }

    @Override
    public void silence() {
      emulator.lose("us-west-2");
    }

    void close() {
      emulator.restore("us-east-1");
      emulator.restore("us-west-2");
      clients.close();
      east.close();
      west.close();
    }
  }
}
