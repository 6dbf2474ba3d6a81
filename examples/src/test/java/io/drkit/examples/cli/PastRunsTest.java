package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import io.drkit.report.JsonReport;
import io.drkit.report.TextReport;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code runs} and {@code report} make of a journal that holds a preparation and a failover. */
class PastRunsTest {
  @TempDir
  Path folder;

  /** Long ago by the clock of this machine, which is the one of the command. */
  private final FakeCloud cloud = FakeCloud.builder()
      .time(VirtualTime.startingAt(Instant.parse("2020-01-01T12:00:00Z")))
      .build();

  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);

  private RunReport prepared;
  private RunReport failedOver;

  @BeforeEach
  void aPreparationAndAFailoverAreInTheJournal() throws Exception {
    try (FileJournal journal = FileJournal.at(folder.resolve("journal"));
        DrEngine engine = DrEngine.builder()
            .journal(journal)
            .leases(FileLeaseStore.at(folder.resolve("journal")))
            .time(cloud.time())
            .build()) {
      prepared = engine.prepare(orders.plan(), "test").await();
      failedOver = engine.failover(orders.plan(), orders.declaration("test")).await();
    }
    assertThat(orders.plan().name()).isEqualTo(Orders.PLAN);
  }

  private RunReport movedBack() throws Exception {
    cloud.time().advance(Duration.ofDays(1));
    try (FileJournal journal = FileJournal.at(folder.resolve("journal"));
        DrEngine engine = DrEngine.builder()
            .journal(journal)
            .leases(FileLeaseStore.at(folder.resolve("journal")))
            .time(cloud.time())
            .build()) {
      return engine.failback(orders.plan(), orders.declaration("test")).await();
    }
  }

  @Test
  void runsListsThemTheOldestFirst() {
    Result result = runs("journal");

    assertThat(result.code()).isEqualTo(0);
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("RUN ");
    assertThat(lines.get(1)).startsWith(prepared.run()).contains("prepare ", "COMPLETED");
    assertThat(lines.get(2))
        .startsWith(failedOver.run())
        .contains("failover ", "COMPLETED", " min ");
  }

  @Test
  void reportTellsTheLastRun() {
    Result result = report();

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out()).isEqualTo(TextReport.of(failedOver));
  }

  @Test
  void reportTellsTheRunThatWasNamed() {
    assertThat(report(prepared.run()).out()).isEqualTo(TextReport.of(prepared));
  }

  @Test
  void reportIsJsonWhenAskedFor() {
    assertThat(report("--json").out())
        .isEqualTo(JsonReport.of(failedOver) + System.lineSeparator());
  }

  @Test
  void aRunThatIsNotThereIsRefusedWithThoseThatAre() {
    Result result = report("r9-none");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo("drkit: there is no run 'r9-none' in " + folder.resolve("journal") + "; it has ["
            + prepared.run() + ", " + failedOver.run() + "]\n");
  }

  @Test
  void compactKeepsWhatIsNeededAndSaysSo() throws Exception {
    byte[] before = Files.readAllBytes(folder.resolve("journal/journal.log"));

    Result result = compact("1h");

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out())
        .isEqualTo(
            "kept all 2 runs: only what ended longer ago than that, up to the last completed move but"
                + " one, is taken out\n");
    assertThat(folder.resolve("journal/journal.log")).hasBinaryContent(before);
  }

  @Test
  void compactTakesOutWhatIsBehindALaterMove() throws Exception {
    RunReport back = movedBack();

    Result result = compact("1h");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo("took out 2 runs, the last of which ended at "
            + failedOver.endedAt().orElseThrow()
            + ", and kept 1; what was there is archived beside the journal\n");
    assertThat(runs("journal").out().lines().skip(1))
        .singleElement()
        .asString()
        .startsWith(back.run());
    assertThat(report().out()).isEqualTo(TextReport.of(back));
    assertThat(folder.resolve("journal")).isDirectoryContaining("glob:**/journal-0-*.log");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0d", "400", "a year", "-1d", "1w"})
  void compactRefusesWhatIsNoAge(String age) {
    Result result = compact(age);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'" + age + "' is no age; write it like 400d or 36h");
  }

  private Result compact(String age) {
    return Result.of("compact", "--journal", folder.resolve("journal").toString(), "--keep", age);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs", "report"})
  void aDirectoryWithoutAJournalIsNamedAndLeftAlone(String command) {
    Path nowhere = folder.resolve("nowhere");

    Result result = Result.of(command, "--journal", nowhere.toString());

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("drkit: there is no journal in " + nowhere
            + "; name the directory that the failover was run with\n");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void aDamagedJournalIsAnErrorAndNeverAShorterList() throws Exception {
    Path log = folder.resolve("journal/journal.log");
    Files.writeString(log, Files.readString(log).replaceFirst("us-west-2", "us-west-3"));

    Result result = runs("journal");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("drkit: ").contains(log.toString());
  }

  @Test
  void aJournalOfAnotherPlanIsRefused() {
    try (FileJournal other = FileJournal.at(folder.resolve("other"))) {
      other.append("billing", 0, List.of("{}"));
    }

    Result result = runs("other");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("billing", "orders");
  }

  private Result runs(String directory) {
    return Result.of("runs", "--journal", folder.resolve(directory).toString());
  }

  private Result report(String... more) {
    String[] arguments = {"report", "--journal", folder.resolve("journal").toString()};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Result.of(all);
  }
}
