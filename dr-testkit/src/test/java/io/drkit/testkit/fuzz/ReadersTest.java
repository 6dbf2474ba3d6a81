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
import io.drkit.testkit.Seeds;
import io.drkit.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What others wrote is read, however bad it is, and nothing is thrown but what is documented (reliability.md R23). The generator knows
 * the structure of its input and takes a seed, which a failure names.
 */
@Tag("proof")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadersTest {
  private static final int CASES = 10_000;
  private static final Path GOLDEN = Path.of("src/test/resources/io/drkit/testkit/history");

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

    Cases.eachAlone("records", CASES, DrException.class::isInstance, mutations -> {
      List<String> records = mutations.lines(mutations.one(logs)).stream()
          .map(line -> line.replaceAll("[\r\n]", " "))
          .toList();
      Journal journal = Journal.inMemory();
      if (!records.isEmpty()) {
        journal.append("orders", 0, records);
      }
      read(journal);
    });
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

    Cases.eachAlone("journal files", CASES, DrException.class::isInstance, mutations -> {
      Path own = Files.createDirectories(
          directory.resolve("thread-" + Thread.currentThread().getId()));
      Files.write(own.resolve("journal.log"), mutations.bytes(mutations.one(files)));
      try (FileJournal journal = FileJournal.at(own)) {
        assertThat(journal.plan()).isNotNull();
        assertThat(journal.read("orders")).isNotNull();
      }
    });
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
  void aSiteIsNamedOrRefused() {
    Cases.each(
        "sites",
        CASES,
        IllegalArgumentException.class::isInstance,
        mutations -> Site.region(mutations.text("us-east-1")));
  }
}
