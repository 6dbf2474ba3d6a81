package io.drkit.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Compaction;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Retention;
import io.drkit.RunReport;
import io.drkit.file.FileJournal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.history.GoldenJournals.Story;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Journals that an earlier version of the library wrote. */
class GoldenJournalTest {
  private static final List<Outcome> OPEN =
      List.of(Outcome.RUNNING, Outcome.FAILED, Outcome.CANCELLED);

  @TempDir
  Path directory;

  private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2030-03-01T12:00:00Z"));
  private final DrPlan plan = new Town(time).plan(0);
  private List<String> told = List.of();

  private DrEngine engine(String golden) throws IOException, URISyntaxException {
    return engine(golden, time);
  }

  private DrEngine engine(String golden, VirtualTime time) throws IOException, URISyntaxException {
    URL found = Objects.requireNonNull(GoldenJournalTest.class.getResource(golden), golden);
    Path from = Path.of(found.toURI());
    told = Files.readAllLines(from.resolve("told.txt"));
    Files.copy(from.resolve("journal.log"), directory.resolve("journal.log"));
    return DrEngine.builder()
        .journal(FileJournal.at(directory))
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
  }

  private static RunReport last(DrEngine engine) {
    List<RunReport> all = engine.reports("orders");
    return all.get(all.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void aJournalOfFormatOneIsReportedAsItWasThen(Story story) throws Exception {
    // An outage that goes on counts to now, and they were told when they were written.
    VirtualTime then = VirtualTime.startingAt(Instant.parse("2030-01-01T12:00:00Z"));
    DrEngine engine = engine("format-1/" + story.directory(), then);

    assertThat(engine.reports("orders").stream().map(GoldenJournals::told).toList())
        .isEqualTo(told)
        .isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aJournalOfFormatOneIsGoneOnWithInItsFormat(Story story) throws Exception {
    DrEngine engine = engine("format-1/" + story.directory());
    RunReport before = last(engine);

    DrRun run = OPEN.contains(before.outcome())
        ? engine.resume(plan, "bob", List.of())
        : engine.prepare(plan, "bob");
    RunReport after = run.await();

    assertThat(after.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(after.run().equals(before.run())).isEqualTo(OPEN.contains(before.outcome()));
    assertThat(Files.readAllLines(directory.resolve("journal.log")).get(0))
        .startsWith("drkit-journal 1 ");
  }

  @Test
  void aTokenThatAnEarlierVersionUsedStartsNothing() throws Exception {
    DrEngine engine = engine("format-1/" + Story.FAILED_OVER.directory());

    assertThat(engine
            .failover(plan, Declaration.of("bob").startToken("incident 7"))
            .id())
        .isEqualTo(last(engine).run());
    assertThat(engine.reports("orders")).hasSize(told.size());
  }

  @Test
  void aJournalOfFormatOneCanBeCompacted() throws Exception {
    DrEngine engine = engine("format-1/" + Story.THERE_AND_BACK.directory());

    Compaction done = engine.compact("orders", "bob", Retention.of(Duration.ofDays(1)));

    assertThat(done.removed()).isEqualTo(1);
    assertThat(done.until()).contains(Instant.parse("2030-01-01T12:00:10.629Z"));
    assertThat(GoldenJournals.told(last(engine))).isEqualTo(told.get(1));
    assertThat(engine.compact("orders", "bob", Retention.of(Duration.ofDays(1))).removed())
        .isZero();
  }

  @Test
  void aCompactedJournalIsReportedAndGoneOnWith() throws Exception {
    DrEngine engine = engine("format-2/compacted");
    assertThat(GoldenJournals.told(last(engine))).isEqualTo(told.get(0));

    // That us-west-2 was left is known from the runs that are gone.
    assertThatThrownBy(() -> engine.failover(plan, Declaration.of("bob")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no copies have flowed there since");
    RunReport after = engine.prepare(plan, "bob").await();

    assertThat(after.run()).startsWith("r3-");
    assertThat(after.outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aJournalIsNotCompactedWhileARunIsNotFinished() throws Exception {
    DrEngine engine = engine("format-1/" + Story.LEFT_ALONE.directory());
    assertThatThrownBy(() -> engine.compact("orders", "bob", Retention.of(Duration.ofDays(1))))
        .isInstanceOf(RefusedException.class)
        .hasMessageMatching("plan 'orders': run r1-.* has not ended; wait for it, or resume it");
    engine.resume(plan, "bob", List.of());

    assertThatThrownBy(() -> engine.compact("orders", "bob", Retention.of(Duration.ofDays(1))))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("it is being run by");
  }

  @Test
  void aJournalIsNotCompactedWhileAFailoverIsNotFinished() throws Exception {
    DrEngine engine = engine("format-1/" + Story.FAILED.directory());

    assertThatThrownBy(() -> engine.compact("orders", "bob", Retention.of(Duration.ofDays(1))))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is a failover that is not finished (FAILED); resume it");
  }
}
