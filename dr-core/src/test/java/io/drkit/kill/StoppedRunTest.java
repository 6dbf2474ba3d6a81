package io.drkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrEngine;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.file.FileJournal;
import io.drkit.kill.FencedRegister.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real processes race for one plan; whichever is about to ask for something, or has asked, may be stopped right then, for half a lease to three of
 * them, and goes on as if nothing had been (reliability.md R10, I6, I7).
 */
@Tag("proof")
@Timeout(300)
class StoppedRunTest {
  private static final int STOPS = Integer.getInteger("drkit.stops", 100);
  private static final int STOPS_OF_ONE_PLAN = 5;
  private static final int AT_THE_SAME_TIME = 5;

  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger plans = new AtomicInteger();
  private final AtomicInteger takeovers = new AtomicInteger();
  private final AtomicInteger staleFenced = new AtomicInteger();
  private final AtomicInteger staleOpen = new AtomicInteger();

  @TempDir
  Path directory;

  @Test
  void oneEpochWinsAndWhatIsStaleIsRefused() throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(AT_THE_SAME_TIME);
    List<Future<?>> all = new ArrayList<>();
    for (int lane = 0; lane < AT_THE_SAME_TIME; lane++) {
      all.add(lanes.submit(() -> {
        while (stops.get() < STOPS) {
          onePlan(plans.getAndIncrement());
        }
        return null;
      }));
    }
    try {
      for (Future<?> lane : all) {
        lane.get();
      }
    } finally {
      lanes.shutdownNow();
    }
    System.out.println("StoppedRunTest: " + stops + " stops of " + plans + " plans, " + takeovers
        + " takeovers, " + staleFenced + " stale writes refused, " + staleOpen
        + " sent by a process that was stopped between its last look and the sending");
    assertThat(takeovers.get()).isGreaterThan(STOPS / 4);
    assertThat(staleFenced.get()).isPositive();
  }

  private void onePlan(int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    AtomicInteger left = new AtomicInteger(STOPS_OF_ONE_PLAN);
    AtomicInteger until = new AtomicInteger(random.nextInt(12));
    try (FencedRegister register = new FencedRegister(pid -> {
      if (until.getAndDecrement() == 0 && left.getAndDecrement() > 0) {
        long delay;
        synchronized (random) {
          delay = (long) (StoppedProcess.LEASE.toMillis() * (0.5 + 2.5 * random.nextDouble()));
          until.set(random.nextInt(12));
        }
        stops.incrementAndGet();
        StoppedProcess.signal(pid, "STOP");
        CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS)
            .execute(() -> StoppedProcess.signal(pid, "CONT"));
      }
    })) {
      Path journal = directory.resolve("plan-" + seed);
      StoppedProcess one = StoppedProcess.start(journal, register.port(), "one");
      StoppedProcess other = StoppedProcess.start(journal, register.port(), "other");
      try {
        assertThat(one.exit()).isZero();
        assertThat(other.exit()).isZero();
      } finally {
        one.kill();
        other.kill();
      }
      check(journal, register.writes());
    }
  }

  private void check(Path journal, List<Write> writes) {
    try (DrEngine engine = StoppedProcess.engine(journal, "onlooker")) {
      List<RunReport> reports = engine.reports("orders");
      assertThat(reports).singleElement().matches(report -> report.outcome() == Outcome.COMPLETED);
    }
    long began = 0;
    long ended = 0;
    for (String line : FileJournal.at(journal).read("orders").records()) {
      began += line.contains("\"RunnerBegan\"") ? 1 : 0;
      ended += line.contains("\"RunEnded\"") ? 1 : 0;
    }
    assertThat(ended).as("ends, all of one epoch").isEqualTo(1);
    takeovers.addAndGet(Math.toIntExact(began - 1));
    assertThat(writes)
        .filteredOn(write -> write.fenced() && write.stale())
        .allMatch(write -> !write.accepted());
    assertThat(writes).filteredOn(write -> !write.stale()).allMatch(Write::accepted);
    long fenced =
        writes.stream().filter(write -> write.fenced() && write.stale()).count();
    long open =
        writes.stream().filter(write -> !write.fenced() && write.stale()).count();
    staleFenced.addAndGet(Math.toIntExact(fenced));
    staleOpen.addAndGet(Math.toIntExact(open));
    assertThat(fenced + open)
        .as(
            "stale requests: those that were on their way to be sent when their process was stopped")
        .isLessThanOrEqualTo((long) STOPS_OF_ONE_PLAN * StoppedProcess.CHAINS);
  }
}
