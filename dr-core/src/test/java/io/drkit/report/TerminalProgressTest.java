package io.drkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ApprovalRequest;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.spi.EventLoop;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
  private final StringBuilder out = new StringBuilder();
  private final StoppedTime time = new StoppedTime();
  private final TerminalProgress progress = new TerminalProgress(out, time);

  @Test
  void tellsARunStepByStep() {
    happens(0, runStarted());
    happens(0, new RunEvent.StepStarted("stop web"));
    happens(0, new RunEvent.StepIntended("stop web", 1, Evidence.none()));
    happens(1, new RunEvent.StepApplied("stop web", 1));
    time.seconds = 2;
    progress.onProgress("orders", "stop web", Progress.underway(50, "1 of 2 stopped"));
    happens(4, new RunEvent.StepReached("stop web", Evidence.none()));
    happens(4, new RunEvent.StepStarted("promote orders-db"));
    happens(7, new RunEvent.CallFailed("promote orders-db", "observe", "no\nanswer"));
    happens(
        64,
        new RunEvent.StepFailed("promote orders-db", "rds in us-west-2 does not answer", false));
    happens(64, new RunEvent.RunEnded(Outcome.FAILED));

    assertThat(out).hasToString("""
            12:00:00Z  run orders-1 of plan 'orders': failover us-east-1 -> us-west-2, 2 steps
            12:00:00Z  stop web           started
            12:00:00Z  stop web           asks for it
            12:00:02Z  stop web           50 % 1 of 2 stopped
            12:00:04Z  stop web           reached after 4 s
            12:00:04Z  promote orders-db  started
            12:00:07Z  promote orders-db  observe failed: no answer
            12:01:04Z  promote orders-db  FAILED after 1 min: rds in us-west-2 does not answer
            12:01:04Z  run orders-1 ended: FAILED
            """);
  }

  @Test
  void repeatsNothingThatDidNotChange() {
    for (int i = 0; i < 3; i++) {
      progress.onProgress("orders", "start web", Progress.underway("1 of 2 runs"));
    }
    progress.onProgress("orders", "start web", Progress.underway("2 of 2 run"));

    assertThat(out.toString().lines())
        .containsExactly(
            "12:00:00Z  start web                 1 of 2 runs",
            "12:00:00Z  start web                 2 of 2 run");
  }

  @Test
  void tellsAPercentageByTenths() {
    for (int percent = 0; percent <= 100; percent++) {
      progress.onProgress("orders", "copy", Progress.underway(percent, percent + " objects"));
    }

    assertThat(out.toString().lines())
        .hasSize(11)
        .contains("12:00:00Z  copy                      90 % 90 objects");
  }

  @Test
  void tellsWhatIsMissingAndWhatCannotBeTold() {
    progress.onProgress("orders", "copy", Progress.pending("3 of 5 objects missing"));
    progress.onProgress("orders", "copy", Progress.unknown("s3 does not answer"));

    assertThat(out.toString())
        .contains("not there: 3 of 5 objects missing\n", "cannot tell: s3 does not answer\n");
  }

  @Test
  void leavesToTheEventsWhatTheySay() {
    progress.onProgress("orders", "copy", Progress.reached());
    progress.onProgress("orders", "copy", Progress.blocked("no bucket"));

    assertThat(out).isEmpty();
  }

  @Test
  void stepsOfTheSameNameInTwoPlansAreTwo() {
    progress.onProgress("orders", "copy", Progress.underway("half"));
    progress.onProgress("billing", "copy", Progress.underway("half"));

    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void shoutsWhatAPersonMustNotMiss() {
    happens(0, new RunEvent.StepOwed("stop web", "us-east-1 is declared lost"));
    happens(0, new RunEvent.StepInDoubt("page", "the process ended meanwhile"));
    happens(0, new RunEvent.StepFailed("page", "no time left", true));

    assertThat(out.toString())
        .contains(
            "OWED: us-east-1 is declared lost\n",
            "IN DOUBT: the process ended meanwhile\n",
            "FAILED: no time left (a request may yet take effect)\n");
  }

  @Test
  void tellsWhoIsAskedAndUntilWhen() {
    happens(
        0,
        new RunEvent.ApprovalRequested(
            "promote",
            ApprovalRequest.Subject.LOSS,
            "db owners",
            2,
            List.of(),
            Reports.NOON.plusSeconds(450).plusMillis(5),
            "how much cannot be told"));

    assertThat(out)
        .hasToString("12:00:00Z  promote                   ASKS 'db owners' for consent by 2 until"
            + " 2026-11-23T12:07:30Z; loss: how much cannot be told\n");
  }

  @Test
  void tellsWhatPeopleToldTheRun() {
    happens(0, new RunEvent.RunPaused("ann", "the vendor is on the phone"));
    happens(0, new RunEvent.RunContinued("ann", ""));
    happens(0, new RunEvent.RunSwitched(RunMode.FAILOVER, List.of(), "ann", "it died"));
    happens(0, new RunEvent.StepSwitched("promote", RunMode.SWITCHOVER, "ann", "it works"));
    happens(0, new RunEvent.StepApproved("promote", "bob", ""));
    happens(0, new RunEvent.StepDeclined("promote", "bob", "too much"));
    happens(0, new RunEvent.StepSkipped("launch web", "bob", "by hand"));
    happens(0, new RunEvent.StepRetried("launch web", "bob", ""));
    happens(0, new RunEvent.StepDecided("page", Decision.NO_EFFECT, "bob", "they slept"));
    happens(0, new RunEvent.RunRolledBack("ann", "no orders"));
    happens(0, new RunEvent.RunCancelled("ann", ""));
    happens(0, new RunEvent.LeverPulled("ann", "not told to a run"));

    assertThat(out.toString().lines().map(line -> line.substring(11).replaceAll(" {2,}", " ")))
        .containsExactly(
            "run orders-1 paused by ann: the vendor is on the phone",
            "run orders-1 goes on, told by ann",
            "run orders-1 is a failover now, told by ann: it died",
            "promote goes on as in a switchover, told by ann: it works",
            "promote approved by bob",
            "promote declined by bob: too much",
            "launch web skipped by bob: by hand",
            "launch web tried again, told by bob",
            "page decided as NO_EFFECT by bob: they slept",
            "run orders-1 is to be rolled back, told by ann: no orders",
            "run orders-1 cancelled by ann");
  }

  @Test
  void namesTheProcessThatTookARunOver() {
    progress.onEvent(
        "orders",
        new RunRecord(
            9,
            "orders-1",
            2,
            Reports.NOON,
            Duration.ZERO,
            new RunEvent.RunnerBegan(
                "process 12",
                "on-call",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
    happens(
        0,
        new RunEvent.RunnerBegan(
            "process 11",
            "on-call",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    assertThat(out)
        .hasToString(
            "12:00:00Z  run orders-1 of plan 'orders' goes on in process 12, by on-call\n");
  }

  @Test
  void aSecondRequestIsCalledOne() {
    happens(0, new RunEvent.StepIntended("start web", 2, Evidence.none()));

    assertThat(out.toString()).endsWith("asks for it again\n");
  }

  @Test
  void showsEachLineAtOnceEvenIfTheOutputHoldsItBack() {
    var bytes = new ByteArrayOutputStream();
    var held = new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));

    new TerminalProgress(held, time).onProgress("orders", "copy", Progress.underway("half"));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("half\n");
  }

  @Test
  void anOutputThatFailsIsTold() {
    var broken = new TerminalProgress(new BrokenWriter(), time);

    assertThatThrownBy(() -> broken.onProgress("orders", "copy", Progress.underway("half")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("could not be written");
  }

  private void happens(long second, RunEvent event) {
    Instant at = Reports.NOON.plusSeconds(second);
    progress.onEvent("orders", new RunRecord(0, "orders-1", 1, at, Duration.ZERO, event));
  }

  private static RunEvent runStarted() {
    return new RunEvent.RunStarted(
        RunMode.FAILOVER,
        "ab",
        DrStrategy.PILOT_LIGHT,
        RecoveryObjective.rto(Duration.ofMinutes(30)).rpo(Duration.ofHours(1)),
        new Direction(Reports.EAST, Reports.WEST),
        Declaration.of("on-call"),
        List.of(planned("stop web", Stage.FENCE), planned("promote orders-db", Stage.PROMOTE)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static RunEvent.PlannedStep planned(String name, Stage stage) {
    return new RunEvent.PlannedStep(
        name,
        stage,
        "",
        List.of(),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static final class StoppedTime implements TimeSource {
    private long seconds;

    @Override
    public Instant now() {
      return Reports.NOON.plusSeconds(seconds);
    }

    @Override
    public Duration uptime() {
      return Duration.ofSeconds(seconds);
    }

    @Override
    public EventLoop loop(String name) {
      throw new UnsupportedOperationException("nothing runs here");
    }
  }

  private static final class BrokenWriter extends Writer {
    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      throw new IOException("Broken pipe");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
