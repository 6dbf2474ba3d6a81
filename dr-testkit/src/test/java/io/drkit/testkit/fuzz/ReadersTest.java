package io.drkit.testkit.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.RefusedException;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Seeds;
import io.drkit.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What others wrote is read, however bad it is, and nothing is thrown but what is documented (reliability.md R23). The generator knows
 * the structure of its input and takes a seed, which a failure names.
 */
@Tag("proof")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadersTest {
  private static final int CASES = 10_000;
  private static final Path GOLDEN = Path.of("src/test/resources/io/drkit/testkit/history");

  /** What is tried with the mutations of a seed. */
  private interface Case {
    void with(Mutations mutations) throws Exception;
  }

  /** Tries them one after the other, in a world that they share. */
  private static void each(String reader, Case tried, Class<? extends Throwable> documented) {
    Cases cases = new Cases(reader, tried, documented);
    for (long seed = 0; seed < Seeds.many(CASES); seed++) {
      cases.with(seed);
    }
    cases.finish();
  }

  /** Tries them on all cores, each in a world of its own. */
  private static void eachAlone(String reader, Case tried, Class<? extends Throwable> documented)
      throws InterruptedException {
    Cases cases = new Cases(reader, tried, documented);
    Seeds.each(CASES, cases::with);
    cases.finish();
  }

  private static final class Cases {
    private final String reader;
    private final Case tried;
    private final Class<? extends Throwable> documented;
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();

    Cases(String reader, Case tried, Class<? extends Throwable> documented) {
      this.reader = reader;
      this.tried = tried;
      this.documented = documented;
    }

    void with(long seed) {
      long began = System.nanoTime();
      try {
        tried.with(new Mutations(seed));
      } catch (Throwable thrown) {
        if (!documented.isInstance(thrown)) {
          throw new AssertionError(reader + ", seed " + seed + ": " + thrown, thrown);
        }
        assertThat(thrown.getMessage()).as("%s, seed %d", reader, seed).isNotBlank();
        refused.incrementAndGet();
      }
      longest.accumulateAndGet(System.nanoTime() - began, Math::max);
    }

    void finish() {
      System.out.printf(
          "%s: %d cases, %d refused, the longest took %d ms%n",
          reader, Seeds.many(CASES), refused.get(), longest.get() / 1_000_000);
      assertThat(refused.get())
          .as("%s: cases that are refused", reader)
          .isBetween(1, Seeds.many(CASES) - 1);
    }
  }

  private static List<Path> goldenJournals() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files.filter(file -> file.endsWith("journal.log")).sorted().toList();
    }
  }

  @Test
  void aJournalWithBadRecordsIsRefusedByTheEngine(@TempDir Path directory) throws Exception {
    List<List<String>> logs = new ArrayList<>();
    for (Path golden : goldenJournals()) {
      Path copy = Files.createDirectory(directory.resolve("golden-" + logs.size()));
      Files.copy(golden, copy.resolve("journal.log"));
      try (FileJournal journal = FileJournal.at(copy)) {
        logs.add(journal.read("orders").records());
      }
    }

    eachAlone(
        "records",
        mutations -> {
          List<String> records = mutations.lines(mutations.one(logs)).stream()
              .map(line -> line.replaceAll("[\r\n]", " "))
              .toList();
          Journal journal = Journal.inMemory();
          if (!records.isEmpty()) {
            journal.append("orders", 0, records);
          }
          read(journal);
        },
        DrException.class);
  }

  /** What a user asks of a journal without running anything. */
  private static void read(Journal journal) {
    try (DrEngine engine = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(VirtualTime.create())
        .owner("fuzz")
        .build()) {
      engine.reports("orders").forEach(report -> assertThat(report.summary()).isNotBlank());
      try {
        assertThat(engine.control("orders").approvals()).isNotNull();
      } catch (RefusedException noRun) {
        assertThat(noRun.getMessage()).startsWith("plan 'orders'");
      }
    }
  }

  @Test
  void aDamagedJournalFileIsRefused(@TempDir Path directory) throws Exception {
    List<byte[]> files = new ArrayList<>();
    for (Path golden : goldenJournals()) {
      files.add(Files.readAllBytes(golden));
    }

    eachAlone(
        "journal files",
        mutations -> {
          Path own = Files.createDirectories(
              directory.resolve("thread-" + Thread.currentThread().getId()));
          Files.write(own.resolve("journal.log"), mutations.bytes(mutations.one(files)));
          try (FileJournal journal = FileJournal.at(own)) {
            assertThat(journal.plan()).isNotNull();
            assertThat(journal.read("orders")).isNotNull();
          }
        },
        DrException.class);
  }

  @Test
  void aLeaseFileThatSaysAnythingIsTakenOver(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("orders.lease");
    FileLeaseStore leases = FileLeaseStore.at(directory);

    for (long seed = 0; seed < Seeds.many(CASES) / 20; seed++) {
      Mutations mutations = new Mutations(seed);
      Files.write(file, mutations.bytes(mutations.text("operator at host 7\n").getBytes(UTF_8)));

      leases.holder("orders").ifPresent(owner -> assertThat(owner).hasSizeLessThan(1_000));
      leases.tryAcquire("orders", "fuzz").orElseThrow().close();
    }
  }

  @Test
  @SuppressWarnings("deprecation") // The header as it was, which many still send.
  void aFakeRefusesBadTokensAndHeadersAsTheServiceDoes() {
    FakeCloud cloud = FakeCloud.builder().build();
    S3Client s3 = cloud.client(S3Client.class, "us-east-1");
    Ec2Client ec2 = cloud.client(Ec2Client.class, "us-east-1");
    s3.createBucket(bucket -> bucket.bucket("invoices"));
    for (int i = 0; i < 3; i++) {
      String key = "2030/" + i;
      s3.putObject(object -> object.bucket("invoices").key(key), RequestBody.fromString("invoice"));
    }
    String objects =
        s3.listObjectsV2(list -> list.bucket("invoices").maxKeys(1)).nextContinuationToken();
    String images = ec2.describeImages(list -> list.maxResults(5)).nextToken();

    each(
        "tokens and headers",
        mutations -> {
          switch (mutations.upTo(5)) {
            case 0 ->
              s3.listObjectsV2(
                  list -> list.bucket("invoices").continuationToken(mutations.text(objects)));
            case 1 ->
              ec2.describeImages(list ->
                  list.maxResults(5).nextToken(mutations.text(images == null ? "NQ==" : images)));
            case 2 ->
              s3.putObject(
                  put ->
                      put.bucket("invoices").key("tagged").tagging(mutations.text("a=b&c%20d=e+f")),
                  RequestBody.fromString("invoice"));
            case 3 ->
              s3.getObjectAsBytes(
                  get -> get.bucket("invoices").key("2030/1").range(mutations.text("bytes=1-3")));
            case 4 ->
              s3.copyObject(copy -> copy.copySource(mutations.text("invoices/2030%2F1"))
                  .destinationBucket("invoices")
                  .destinationKey("copy"));
            default ->
              s3.getObjectAsBytes(
                  get -> get.bucket(mutations.text("invoices")).key(mutations.text("2030/1")));
          }
        },
        SdkException.class);
  }

  @Test
  void aSiteIsNamedOrRefused() {
    each(
        "sites",
        mutations -> Site.region(mutations.text("us-east-1")),
        IllegalArgumentException.class);
  }
}
