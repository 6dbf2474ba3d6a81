package io.drkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Decision;
import io.drkit.DrEngine;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.Repeatability.Kind;
import io.drkit.RunReport;
import io.drkit.RunReport.StepReport;
import io.drkit.StepStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that run one failover after another, each killed up to five times on the way. */
@Timeout(600)
@Tag("proof")
class KilledRunTest {
  private static final int KILLS = 200;
  private static final int KILLS_OF_ONE_PLAN = 5;
  private static final int AT_THE_SAME_TIME = 2;

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger midRun = new AtomicInteger();
  private final AtomicInteger plans = new AtomicInteger();
  private final AtomicInteger doubts = new AtomicInteger();

  @TempDir
  Path directory;

  @Test
  void whatIsPromisedHoldsUnderRealKills() {
    List<CompletableFuture<Void>> lanes =
        List.of(CompletableFuture.runAsync(this::lane), CompletableFuture.runAsync(this::lane));
    assertThat(lanes).hasSize(AT_THE_SAME_TIME);
    lanes.forEach(CompletableFuture::join);

    System.out.println("KilledRunTest: " + kills + " kills of " + plans + " plans, " + midRun
        + " of them while the run went on, " + doubts + " requests in doubt");
    assertThat(midRun.get()).isGreaterThan(KILLS * 3 / 4);
    assertThat(doubts.get()).isPositive();
  }

  private void lane() {
    try {
      while (kills.get() < KILLS) {
        onePlan(plans.getAndIncrement());
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void onePlan(int seed) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Path journal = directory.resolve("plan-" + seed);
    try (Ledger ledger = new Ledger()) {
      Outcome outcome = Outcome.RUNNING;
      for (int killed = 0; outcome != Outcome.COMPLETED; ) {
        KilledProcess process = KilledProcess.start(journal, ledger.port());
        if (killed < KILLS_OF_ONE_PLAN) {
          arm(ledger, process, random);
        } else {
          ledger.around(() -> {}, () -> {});
        }
        String output = process.output();
        ledger.drain();
        assertUnsafeAtMostOnce(ledger, seed);
        outcome = outcome(journal);
        if (process.wasKilled()) {
          killed++;
          kills.incrementAndGet();
          midRun.addAndGet(outcome == Outcome.RUNNING ? 1 : 0);
        } else {
          assertThat(output).as("seed %s", seed).isEqualTo(outcome.toString());
        }
        assertThat(outcome)
            .as("seed %s", seed)
            .isIn(Outcome.RUNNING, Outcome.COMPLETED, Outcome.IN_DOUBT);
        if (outcome == Outcome.IN_DOUBT) {
          decide(ledger, journal);
        }
      }
      assertEverythingWasDoneAsPromised(ledger, seed);
    }
  }

  /** Kills a process at the effect of one of its next requests: before, after, or some time later, whatever it does then. */
  private void arm(Ledger ledger, KilledProcess process, SplittableRandom random) {
    AtomicInteger left = new AtomicInteger(random.nextInt(16));
    long microseconds = random.nextLong(30_000);
    Runnable no = () -> {};
    switch (random.nextInt(4)) {
      case 0 -> ledger.around(() -> onZero(left, process::kill), no);
      case 1 -> ledger.around(no, () -> onZero(left, process::kill));
      default ->
        ledger.around(
            no,
            () -> onZero(
                left,
                () -> CompletableFuture.delayedExecutor(microseconds, TimeUnit.MICROSECONDS)
                    .execute(process::kill)));
    }
  }

  private static void onZero(AtomicInteger left, Runnable action) {
    if (left.getAndDecrement() == 0) {
      action.run();
    }
  }

  private static Outcome outcome(Path journal) {
    try (DrEngine engine = KilledProcess.engine(journal)) {
      List<RunReport> reports = engine.reports("orders");
      return reports.isEmpty() ? Outcome.RUNNING : reports.get(0).outcome();
    }
  }

  /** A person looks at each target that is in doubt. */
  private void decide(Ledger ledger, Path journal) {
    try (DrEngine engine = KilledProcess.engine(journal)) {
      RunReport report = engine.reports("orders").get(0);
      for (StepReport step : report.steps()) {
        if (step.status() == StepStatus.IN_DOUBT) {
          doubts.incrementAndGet();
          assertThat(report.problems()).anyMatch(text -> text.contains("'" + step.name() + "'"));
          engine
              .control("orders")
              .decide(
                  step.name(),
                  ledger.effects(step.name()) > 0 ? Decision.TOOK_EFFECT : Decision.NO_EFFECT,
                  Instruction.by("ann").because("the ledger was looked at"));
        }
      }
    }
  }

  private static void assertUnsafeAtMostOnce(Ledger ledger, int seed) {
    KilledProcess.steps().forEach((step, kind) -> {
      if (kind == Kind.UNSAFE) {
        assertThat(ledger.effects(step)).as("%s, seed %s", step, seed).isLessThan(2);
      }
    });
  }

  private static void assertEverythingWasDoneAsPromised(Ledger ledger, int seed) {
    for (Map.Entry<String, Kind> step : KilledProcess.steps().entrySet()) {
      int effects = ledger.effects(step.getKey());
      if (step.getValue() == Kind.IDEMPOTENT) {
        assertThat(effects).as("%s, seed %s", step, seed).isPositive();
      } else {
        assertThat(effects).as("%s, seed %s", step, seed).isEqualTo(1);
      }
    }
  }
}
