package io.drkit.aws.s3;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.RunMode;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.FaultyHttp;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Tag;

@WithAwsEmulator
class S3BucketReplicatorTest {
  private static final String SOURCE = "receipts-east";
  private static final String COPY = "receipts-west";
  private static final int MIB = 1 << 20;

  private final AwsEmulator emulator;
  private final S3Client east;
  private final S3Client west;
  private final FaultyHttp http = new FaultyHttp();
  private final AwsClients clients;
  private final S3BucketReplicator receipts;

  S3BucketReplicatorTest(AwsEmulator emulator) {
    this.emulator = emulator;
    east = emulator.client(S3Client.builder(), "us-east-1");
    west = emulator.client(S3Client.builder(), "us-west-2");
    clients = Emulated.clients(emulator, http);
    receipts = builder().build();
  }

  private S3BucketReplicator.Builder builder() {
    return S3BucketReplicator.builder("receipts")
        .clients(clients)
        .every(Duration.ofMillis(1))
        .bucket(PerSite.at(EAST, SOURCE).and(WEST, COPY));
  }

  @BeforeEach
  void makeBuckets() {
    emulator.reset();
    east.createBucket(bucket -> bucket.bucket(SOURCE));
    west.createBucket(bucket -> bucket.bucket(COPY));
  }

  @AfterEach
  void closeClients() {
    clients.close();
    east.close();
    west.close();
  }

  private static void put(S3Client s3, String bucket, String key, String content) {
    s3.putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(content));
  }

  private static String get(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(object -> object.bucket(bucket).key(key)).asUtf8String();
  }

  private static void keepVersions(S3Client s3, String bucket) {
    s3.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
  }

  @Test
  void everyObjectIsCopiedAndTheCopySaysHowFarItGoes() throws Exception {
    for (int i = 0; i < 40; i++) {
      put(east, SOURCE, "2026/" + i, "receipt " + i);
    }
    put(east, SOURCE, "träger/ß & é+\uD83D\uDE80", "odd key");
    Instant before = Instant.now();

    Evidence evidence = Crossing.westward("run-1").bringAbout(receipts.established());

    for (int i = 0; i < 40; i++) {
      assertThat(get(west, COPY, "2026/" + i)).isEqualTo("receipt " + i);
    }
    assertThat(get(west, COPY, "träger/ß & é+\uD83D\uDE80")).isEqualTo("odd key");
    assertThat(evidence.facts())
        .containsEntry("objects", "41")
        .containsEntry("bytes", String.valueOf(10 * 9 + 30 * 10 + 7));
    assertThat(evidence.recoveryPoint().orElseThrow().completeUntil().orElseThrow())
        .isBetween(before.minusSeconds(2), before.plusSeconds(2));
  }

  @Test
  void aSecondCopyCopiesOnlyWhatIsNew() throws Exception {
    put(east, SOURCE, "a", "1");
    put(east, SOURCE, "b", "2");
    Crossing.westward("run-1").bringAbout(receipts.established());
    http.forget();

    Crossing.westward("run-2").bringAbout(receipts.established());
    assertThat(http.count(FaultyHttp::copies)).isZero();

    put(east, SOURCE, "c", "3");
    put(east, SOURCE, "a", "1, changed");
    Crossing.westward("run-3").bringAbout(receipts.established());
    assertThat(http.count(FaultyHttp::copies)).isEqualTo(2);
    assertThat(get(west, COPY, "a")).isEqualTo("1, changed");
    assertThat(get(west, COPY, "c")).isEqualTo("3");
  }

  @Test
  void aCopyThatIsYoungEnoughIsNotMadeAgain() throws Exception {
    S3BucketReplicator hourly = builder().every(Duration.ofHours(1)).build();
    Crossing.westward("run-1").bringAbout(hourly.established());

    Progress seen = hourly.established().observe(Crossing.westward("run-2"));
    assertThat(seen.kind()).isEqualTo(Progress.Kind.REACHED);

    FakeContext later = Crossing.westward("run-3").clockAhead(Duration.ofMinutes(61));
    assertThat(hourly.established().observe(later).kind()).isEqualTo(Progress.Kind.PENDING);
  }

  @Test
  void aCopyThatIsAskedForAgainIsMadeAgainHoweverYoungTheLastOneIs() throws Exception {
    S3BucketReplicator hourly = builder().every(Duration.ofHours(1)).build();
    FakeContext planned = Crossing.westward("run-1").mode(RunMode.SWITCHOVER);
    planned.bringAbout(hourly.established());
    put(east, SOURCE, "late", "written since");

    planned.apply(hourly.established());

    assertThat(hourly.established().observe(planned).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(west.listObjectsV2(list -> list.bucket(COPY)).contents())
        .anyMatch(object -> object.key().equals("late"));
  }

  @Test
  void aBucketThatWasLeftKeepsVersionsBeforeItIsCopiedInto() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    put(west, COPY, "a", "what was left");
    put(east, SOURCE, "a", "what is copied");

    assertThat(context.bringAbout(receipts.retired()).facts()).containsKey("kept as");
    context.bringAbout(receipts.established());

    assertThat(get(west, COPY, "a")).isEqualTo("what is copied");
    assertThat(west.listObjectVersions(list -> list.bucket(COPY).prefix("a")).versions())
        .hasSize(2);
  }

  @Test
  void aClockThatIsAheadDoesNotMakeTheCopyYounger() throws Exception {
    FakeContext ahead = Crossing.westward("run-1").clockAhead(Duration.ofHours(3));

    Evidence evidence = ahead.bringAbout(receipts.established());

    assertThat(evidence.recoveryPoint().orElseThrow().completeUntil().orElseThrow())
        .isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void anObjectThatChangesWhileItIsCopiedArrivesWhole() throws Exception {
    put(east, SOURCE, "a", "old");
    http.before(FaultyHttp::copies, () -> put(east, SOURCE, "a", "new and longer"));

    Crossing.westward("run-1").bringAbout(receipts.established());

    assertThat(get(west, COPY, "a")).isEqualTo("new and longer");
  }

  @Test
  void anObjectThatVanishesWhileItIsCopiedIsNotMissed() throws Exception {
    put(east, SOURCE, "a", "1");
    put(east, SOURCE, "b", "2");
    http.before(
        request -> FaultyHttp.copies(request) && request.encodedPath().endsWith("/a"),
        () -> east.deleteObject(object -> object.bucket(SOURCE).key("a")));

    Evidence evidence = Crossing.westward("run-1").bringAbout(receipts.established());

    assertThat(evidence.facts()).containsEntry("objects", "1");
  }

  @Test
  void whatIsDeletedAtTheSourceStaysInTheCopy() throws Exception {
    put(east, SOURCE, "a", "1");
    Crossing.westward("run-1").bringAbout(receipts.established());
    east.deleteObject(object -> object.bucket(SOURCE).key("a"));

    Crossing.westward("run-2").bringAbout(receipts.established());

    assertThat(get(west, COPY, "a")).isEqualTo("1");
  }

  @Test
  void anAnswerThatIsLostDoesNotStopTheCopy() throws Exception {
    put(east, SOURCE, "a", "1");
    http.loseAnswerOf(FaultyHttp::copies);

    Evidence evidence = Crossing.westward("run-1").bringAbout(receipts.established());

    assertThat(evidence.facts()).containsEntry("objects", "1");
    assertThat(get(west, COPY, "a")).isEqualTo("1");
  }

  @Test
  void aLostAnswerAboutTheMarkerDoesNotStopTheCopy() throws Exception {
    put(east, SOURCE, "a", "1");
    http.loseAnswerOf(request -> request.method() == SdkHttpMethod.PUT
        && request.encodedPath().endsWith("/.drkit/receipts/copy"));

    Evidence evidence = Crossing.westward("run-1").bringAbout(receipts.established());

    assertThat(evidence.facts()).containsEntry("objects", "1");
  }

  @Test
  void whatSomebodyElseWroteToTheCopyMeanwhileIsNotOverwritten() {
    put(east, SOURCE, "a", "from the east");
    http.before(FaultyHttp::copies, () -> put(west, COPY, "a", "from an application"));

    assertThatThrownBy(() -> Crossing.westward("run-1").bringAbout(receipts.established()))
        .isInstanceOf(DrException.class)
        .hasMessageContaining("somebody else wrote object 'a' to bucket receipts-west");
    assertThat(get(west, COPY, "a")).isEqualTo("from an application");
  }

  @Test
  void aLargeObjectIsCopiedInPartsWithAllThatBelongsToIt() throws Exception {
    S3BucketReplicator inParts = builder().multipart(6 * MIB, 5 * MIB).build();
    byte[] content = new byte[12 * MIB];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 + i / MIB);
    }
    east.putObject(
        object -> object
            .bucket(SOURCE)
            .key("large")
            .contentType("application/pdf")
            .metadata(Map.of("owner", "orders"))
            .tagging("class=tax"),
        RequestBody.fromBytes(content));

    Crossing.westward("run-1").bringAbout(inParts.established());

    assertThat(west.getObjectAsBytes(object -> object.bucket(COPY).key("large")).asByteArray())
        .isEqualTo(content);
    HeadObjectResponse head = west.headObject(object -> object.bucket(COPY).key("large"));
    assertThat(head.contentType()).isEqualTo("application/pdf");
    assertThat(head.metadata()).containsEntry("owner", "orders");
    assertThat(west.getObjectTagging(object -> object.bucket(COPY).key("large")).tagSet())
        .containsExactly(Tag.builder().key("class").value("tax").build());

    http.forget();
    Crossing.westward("run-2").bringAbout(inParts.established());
    assertThat(http.count(FaultyHttp::copies)).isZero();
  }

  @Test
  void aLargeObjectThatChangesBetweenItsPartsIsNoMixture() throws Exception {
    S3BucketReplicator inParts =
        builder().multipart(6 * MIB, 5 * MIB).concurrency(1).build();
    byte[] changed = new byte[11 * MIB];
    changed[0] = 1;
    east.putObject(
        object -> object.bucket(SOURCE).key("large"), RequestBody.fromBytes(new byte[12 * MIB]));
    http.before(
        request -> FaultyHttp.copies(request)
            && request.rawQueryParameters().containsKey("partNumber")
            && request.firstMatchingRawQueryParameter("partNumber").orElse("").equals("2"),
        () -> east.putObject(
            object -> object.bucket(SOURCE).key("large"), RequestBody.fromBytes(changed)));

    Crossing.westward("run-1").bringAbout(inParts.established());

    assertThat(west.getObjectAsBytes(object -> object.bucket(COPY).key("large")).asByteArray())
        .isEqualTo(changed);
    assertThat(west.listMultipartUploads(uploads -> uploads.bucket(COPY)).uploads())
        .isEmpty();
  }

  @Test
  void theUploadThatADeadProcessLeftIsCleanedUp() throws Exception {
    S3BucketReplicator inParts = builder().multipart(6 * MIB, 5 * MIB).build();
    east.putObject(
        object -> object.bucket(SOURCE).key("large"), RequestBody.fromBytes(new byte[7 * MIB]));
    west.createMultipartUpload(upload -> upload.bucket(COPY).key("large"));

    Crossing.westward("run-1").bringAbout(inParts.established());

    assertThat(west.listMultipartUploads(uploads -> uploads.bucket(COPY)).uploads())
        .isEmpty();
  }

  @Test
  void promotingNeedsTheRecoveryRegionOnly() throws Exception {
    put(east, SOURCE, "a", "1");
    Evidence copied = Crossing.westward("run-1").bringAbout(receipts.established());
    emulator.lose("us-east-1");
    FakeContext failover = Crossing.westward("run-2").lost(EAST);

    Progress before = receipts.promoted().observe(failover);
    Evidence promoted = failover.bringAbout(receipts.promoted());

    assertThat(((Progress.Pending) before).before().recoveryPoint())
        .isEqualTo(copied.recoveryPoint());
    assertThat(promoted.recoveryPoint()).isEqualTo(copied.recoveryPoint());
    assertThat(promoted.facts()).containsEntry("bucket", COPY).containsEntry("objects", "1");
    assertThat(failover.called()).containsOnly(Need.data("s3", WEST));
    assertThat(receipts.promoted().needs(failover.direction()))
        .containsExactly(Need.data("s3", WEST));
  }

  @Test
  void aBucketWithoutACompleteCopyIsPromotedWithALossThatNobodyKnows() throws Exception {
    put(west, COPY, "a", "1");

    Evidence promoted = Crossing.westward("run-1").bringAbout(receipts.promoted());

    assertThat(promoted.recoveryPoint().orElseThrow().completeUntil()).isEmpty();
    assertThat(promoted.recoveryPoint().orElseThrow().basis())
        .isEqualTo("bucket receipts-west holds no sign of a complete copy");
  }

  @Test
  void objectsThatAreMissingFromTheCopyMakeTheLossUnknown() throws Exception {
    put(east, SOURCE, "a", "1");
    put(east, SOURCE, "b", "2");
    Crossing.westward("run-1").bringAbout(receipts.established());
    west.deleteObject(object -> object.bucket(COPY).key("a"));

    Evidence promoted = Crossing.westward("run-2").bringAbout(receipts.promoted());

    assertThat(promoted.recoveryPoint().orElseThrow().completeUntil()).isEmpty();
    assertThat(promoted.recoveryPoint().orElseThrow().basis())
        .startsWith("bucket receipts-west holds 1 objects, but the copy of ")
        .endsWith(" had 2: objects were removed since");
  }

  @Test
  void aPromotionIsFoundAgainWithItsRecoveryPoint() throws Exception {
    put(east, SOURCE, "a", "1");
    Crossing.westward("run-1").bringAbout(receipts.established());
    Evidence first = Crossing.westward("run-2").bringAbout(receipts.promoted());
    put(west, COPY, "b", "written after the promotion");

    Progress again = receipts.promoted().observe(Crossing.westward("run-3"));

    assertThat(again).isEqualTo(Progress.reached(first));
  }

  @Test
  void nothingIsCopiedIntoABucketThatWasPromoted() throws Exception {
    put(east, SOURCE, "a", "1");
    Crossing.westward("run-1").bringAbout(receipts.established());
    Crossing.westward("run-2").bringAbout(receipts.promoted());
    put(west, COPY, "a", "written after the promotion");
    http.forget();

    Progress seen = receipts.established().observe(Crossing.westward("run-3"));

    assertThat(seen.kind()).isEqualTo(Progress.Kind.BLOCKED);
    assertThat(seen.detail()).startsWith("bucket receipts-west was promoted and is the one to");
    assertThatThrownBy(() -> Crossing.westward("run-3").apply(receipts.established()))
        .hasMessageContaining("was promoted");
    assertThat(http.count(FaultyHttp::copies)).isZero();
    assertThat(get(west, COPY, "a")).isEqualTo("written after the promotion");
  }

  @Test
  void aCopyUnderWayStopsWhenItsBucketIsPromoted() throws Exception {
    put(east, SOURCE, "a", "1");
    Crossing.westward("run-1").bringAbout(receipts.established());
    put(east, SOURCE, "a", "2");
    http.before(request -> request.firstMatchingRawQueryParameter("list-type").isPresent(), () -> {
      try {
        Crossing.westward("run-2").bringAbout(receipts.promoted());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      put(west, COPY, "a", "written after the promotion");
    });

    assertThatThrownBy(() -> Crossing.westward("run-3").bringAbout(receipts.established()));

    assertThat(get(west, COPY, "a")).isEqualTo("written after the promotion");
  }

  @Test
  void rolesGoBackAndForth() throws Exception {
    keepVersions(east, SOURCE);
    keepVersions(west, COPY);
    put(east, SOURCE, "a", "1");
    Crossing.westward("run-1").bringAbout(receipts.established());
    Crossing.westward("run-2").bringAbout(receipts.promoted());
    put(west, COPY, "a", "2");

    Crossing.eastward("run-3").bringAbout(receipts.established());
    assertThat(get(east, SOURCE, "a")).isEqualTo("2");
    Evidence back = Crossing.eastward("run-4").bringAbout(receipts.promoted());
    assertThat(back.facts()).containsEntry("bucket", SOURCE);
    put(east, SOURCE, "a", "3");

    Progress stale = receipts.established().observe(Crossing.eastward("run-5"));
    assertThat(stale.kind()).isEqualTo(Progress.Kind.BLOCKED);
    Crossing.westward("run-6").bringAbout(receipts.established());
    assertThat(get(west, COPY, "a")).isEqualTo("3");
    assertThat(receipts.promoted().observe(Crossing.westward("run-7")).kind())
        .isEqualTo(Progress.Kind.PENDING);
  }

  @Test
  void whatABucketHeldOfItsOwnIsNotBuriedWithoutVersions() throws Exception {
    put(east, SOURCE, "a", "from the east");
    put(west, COPY, "a", "its own");

    assertThatThrownBy(() -> Crossing.westward("run-1").bringAbout(receipts.established()))
        .hasMessageContaining("bucket receipts-west holds objects of its own and keeps no versions")
        .hasMessageContaining("turn versioning on, or empty it");
    assertThat(get(west, COPY, "a")).isEqualTo("its own");

    keepVersions(west, COPY);
    Crossing.westward("run-2").bringAbout(receipts.established());
    assertThat(get(west, COPY, "a")).isEqualTo("from the east");
    assertThat(west.listObjectVersions(list -> list.bucket(COPY).prefix("a")).versions())
        .hasSize(2);
  }

  @Test
  void aMissingBucketBlocksUnlessItMayBeMade() throws Exception {
    PerSite<String> names = PerSite.at(EAST, SOURCE).and(WEST, "receipts-new");
    put(east, SOURCE, "a", "1");

    Progress blocked =
        builder().bucket(names).build().established().observe(Crossing.westward("run-1"));
    assertThat(blocked)
        .isEqualTo(Progress.blocked("bucket receipts-new does not exist in us-west-2; create it"
            + " like its source, or call createBucket() on the replicator"));

    Crossing.westward("run-2")
        .bringAbout(builder().bucket(names).createBucket().build().established());
    assertThat(get(west, "receipts-new", "a")).isEqualTo("1");
    assertThat(west.getBucketVersioning(bucket -> bucket.bucket("receipts-new")).status())
        .isEqualTo(BucketVersioningStatus.ENABLED);
  }

  @Test
  void promotingABucketThatDoesNotExistIsBlocked() throws Exception {
    Progress seen = builder()
        .bucket(PerSite.at(EAST, SOURCE).and(WEST, "receipts-none"))
        .build()
        .promoted()
        .observe(Crossing.westward("run-1"));

    assertThat(seen.kind()).isEqualTo(Progress.Kind.BLOCKED);
    assertThat(seen.detail()).startsWith("bucket receipts-none does not exist in us-west-2");
  }

  @Test
  void theStatusTellsHowTheCopyStands() throws Exception {
    S3BucketReplicator hourly = builder().every(Duration.ofHours(1)).build();
    FakeContext now = Crossing.westward("run-1");
    ReplicationStatus none = hourly.status(now);
    now.bringAbout(hourly.established());
    ReplicationStatus fresh = hourly.status(now);
    ReplicationStatus old =
        hourly.status(Crossing.westward("run-1").clockAhead(Duration.ofHours(3)));
    now.bringAbout(hourly.promoted());
    ReplicationStatus promoted = hourly.status(now);

    assertThat(none.state()).isEqualTo(ReplicationStatus.State.ABSENT);
    assertThat(none.lag()).isEmpty();
    assertThat(fresh.state()).isEqualTo(ReplicationStatus.State.FLOWING);
    assertThat(fresh.lag().orElseThrow()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
    assertThat(old.state()).isEqualTo(ReplicationStatus.State.STALLED);
    assertThat(promoted.state()).isEqualTo(ReplicationStatus.State.PROMOTED);
    assertThat(hourly.kind()).isEqualTo(ReplicationKind.PERIODIC);
  }

  @Test
  void aBucketIsNotCopiedOntoItself() {
    S3BucketReplicator same =
        builder().bucket(PerSite.everywhere("receipts-east")).build();

    assertThatThrownBy(() -> same.established().observe(Crossing.westward("run-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dataset 'receipts': us-east-1 and us-west-2 share the bucket receipts-east;"
            + " a copy needs a bucket of its own");
  }
}
