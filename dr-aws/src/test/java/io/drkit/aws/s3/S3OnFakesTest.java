package io.drkit.aws.s3;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Outcome;
import io.drkit.PerSite;
import io.drkit.RecoveryPoint;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.aws.AwsClients;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.FakeAws;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/** The copies of buckets as they are, with the real engine, through the loss of a region in virtual time. */
class S3OnFakesTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final String SOURCE = "invoices-east";
  private static final String COPY = "invoices-west";
  private static final int MIB = 1 << 20;

  private FakeCloud cloud = FakeCloud.builder().build();
  private S3Client east = cloud.client(S3Client.class, "us-east-1");
  private S3Client west = cloud.client(S3Client.class, "us-west-2");
  private DrEngine engine = engine();
  private FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.BACKUP_AND_RESTORE);
  private final Map<String, Instant> written = new LinkedHashMap<>();

  private DrEngine engine() {
    return DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .build();
  }

  private void build(long seed) {
    engine.close();
    cloud = FakeCloud.builder().seed(seed).build();
    east = cloud.client(S3Client.class, "us-east-1");
    west = cloud.client(S3Client.class, "us-west-2");
    engine = engine();
    east.createBucket(bucket -> bucket.bucket(SOURCE));
    west.createBucket(bucket -> bucket.bucket(COPY));
  }

  private DrPlan plan(S3Client asksWest) {
    AwsClients clients = AwsClients.builder()
        .client(S3Client.class, EAST, east)
        .client(S3Client.class, WEST, asksWest)
        .build();
    S3BucketReplicator invoices = S3BucketReplicator.builder("invoices")
        .clients(clients)
        .bucket(PerSite.at(EAST, SOURCE).and(WEST, COPY))
        .every(ofMinutes(10))
        .concurrency(1)
        .multipart(6 * MIB, 5 * MIB)
        .build();
    orders = FakeApplication.orders(
        cloud, DrStrategy.BACKUP_AND_RESTORE, plan -> plan.replicator(invoices));
    return orders.plan();
  }

  @AfterEach
  void closeTheEngine() {
    engine.close();
  }

  private void write(String key) {
    east.putObject(
        object -> object.bucket(SOURCE).key(key), RequestBody.fromString("invoice " + key));
    written.put(key, cloud.time().now());
  }

  private String read(String key) {
    return west.getObjectAsBytes(object -> object.bucket(COPY).key(key)).asUtf8String();
  }

  private boolean copied(String key) {
    return west.listObjectsV2(list -> list.bucket(COPY).prefix(key)).contents().stream()
        .anyMatch(object -> object.key().equals(key));
  }

  @Test
  void theCopyIsPromotedAfterItsSourceWasLost() throws Exception {
    build(1);
    DrPlan plan = plan(west);
    for (int i = 0; i < 40; i++) {
      write("2030/" + i);
    }
    RunReport prepared = engine.prepare(plan, "nightly job").await();
    Instant ready = cloud.time().now();
    assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
    write("late");
    cloud.time().advance(ofMinutes(5));
    cloud.strike(Disaster.loss(EAST));
    cloud.time().advance(ofMinutes(2));

    RunReport report = engine.failover(plan, orders.declaration("on-call")).await();

    assertThat(report.step("promote invoices").status())
        .as(report.summary())
        .isEqualTo(StepStatus.REACHED);
    assertThat(report.step("promote invoices").evidence().facts()).containsEntry("objects", "40");
    assertThat(recoveryPoint(report).completeUntil().orElseThrow()).isBefore(ready);
    assertThat(read("2030/7")).isEqualTo("invoice 2030/7");
    assertThatThrownBy(() -> read("late")).isInstanceOf(NoSuchKeyException.class);
    assertThatThrownBy(() -> east.headBucket(bucket -> bucket.bucket(SOURCE)))
        .isNotInstanceOf(S3Exception.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aCopyThatWasTornOffIsNotClaimed(long seed) throws Exception {
    build(seed);
    DrPlan plan = plan(west);
    for (int i = 0; i < 20; i++) {
      write("a" + i);
    }
    engine.prepare(plan, "nightly job").await();
    cloud.time().advance(ofMinutes(20));
    for (int i = 0; i < 40; i++) {
      write("b" + i);
    }
    cloud.strike(Disaster.loss(EAST).after(ofMillis((long) (cloud.chance("when") * 6_000))));
    engine.prepare(plan, "nightly job").await();
    cloud.time().advance(ofMinutes(5));

    RunReport report = engine.failover(plan, orders.declaration("on-call")).await();

    assertThat(report.step("promote invoices").status())
        .as(report.summary())
        .isEqualTo(StepStatus.REACHED);
    Instant claimed = recoveryPoint(report).completeUntil().orElseThrow();
    for (Map.Entry<String, Instant> each : written.entrySet()) {
      if (each.getValue().isBefore(claimed)) {
        assertThat(read(each.getKey())).isEqualTo("invoice " + each.getKey());
      }
    }
  }

  @Test
  void anObjectWhoseUploadCouldNotBeGivenUpIsNotMissed() throws Exception {
    build(1);
    byte[] changed = new byte[11 * MIB];
    changed[0] = 1;
    DrPlan plan = plan(before(
        request -> request instanceof UploadPartCopyRequest part && part.partNumber() == 2, () -> {
          east.putObject(
              object -> object.bucket(SOURCE).key("large"), RequestBody.fromBytes(changed));
          FakeAws.of(cloud).deny("s3:AbortMultipartUpload");
        }));
    east.putObject(
        object -> object.bucket(SOURCE).key("large"), RequestBody.fromBytes(new byte[12 * MIB]));
    cloud.time().schedule(ofSeconds(30), () -> FakeAws.of(cloud).allow("s3:AbortMultipartUpload"));

    RunReport prepared = engine.prepare(plan, "nightly job").await();

    assertThat(prepared.outcome() == Outcome.COMPLETED)
        .as(prepared.summary())
        .isEqualTo(copied("large"));
    engine.prepare(plan, "next night").await();
    assertThat(west.getObjectAsBytes(object -> object.bucket(COPY).key("large")).asByteArray())
        .isEqualTo(changed);
    assertThat(west.listMultipartUploads(list -> list.bucket(COPY)).uploads()).isEmpty();
  }

  /** The client of the west, in front of which something happens once, just before a request. */
  private S3Client before(Predicate<Object> request, Runnable happens) {
    S3Client asked = west;
    boolean[] happened = {false};
    return (S3Client) Proxy.newProxyInstance(
        S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (self, method, given) -> {
          if (!happened[0] && given != null && given.length > 0 && request.test(given[0])) {
            happened[0] = true;
            happens.run();
          }
          try {
            return method.invoke(asked, given);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static RecoveryPoint recoveryPoint(RunReport report) {
    return report.step("promote invoices").evidence().recoveryPoint().orElseThrow();
  }
}
