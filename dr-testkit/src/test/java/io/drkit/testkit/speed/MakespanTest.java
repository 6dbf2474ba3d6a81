package io.drkit.testkit.speed;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Stage;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.Seeds;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.speed.Graph.Task;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long runs take next to the shortest time possible (performance.md P6a). The engine sets no limit to the steps that go on
 * side by side, so that Graham's bound for any order of work is the shortest time itself: the longest path through the plan.
 */
@Tag("proof")
class MakespanTest {
  private static final int PLANS = 1_000;
  /** Ten seconds, and a fifth of jitter. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(12);

  private final Queue<Double> ratios = new ConcurrentLinkedQueue<>();

  /** A state that is reached a while after it was asked for, and can be seen from then on. */
  private static final class Wanted implements FailoverAction {
    private final Task task;
    private final VirtualTime time;
    /** Whether the request itself takes all of the time. */
    private final boolean blocking;

    private boolean asked;
    private Duration reachedAt = Duration.ZERO;

    Wanted(Task task, VirtualTime time, boolean blocking) {
      this.task = task;
      this.time = time;
      this.blocking = blocking;
    }

    @Override
    public String describe() {
      return task.name() + " is there";
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Progress observe(ActionContext context) {
      if (!asked) {
        return Progress.pending("not there", loss());
      }
      return time.uptime().compareTo(reachedAt) >= 0
          ? Progress.reached()
          : Progress.underway("on its way");
    }

    private Evidence loss() {
      return task.stage() == Stage.PROMOTE
          ? Evidence.of(RecoveryPoint.completeUntil(task.dataset(), time.now(), "its lag"))
          : Evidence.none();
    }

    @Override
    public void apply(ActionContext context) {
      asked = true;
      reachedAt = time.uptime().plus(task.takes());
      if (blocking) {
        time.charge(task.takes());
      }
    }
  }

  private static Duration makespan(VirtualTime time, DrPlan plan) throws InterruptedException {
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(time)
        .requestTimeLimit(Duration.ofHours(1))
        // Nobody tells the run anything.
        .lookInterval(Duration.ofDays(365))
        .build()) {
      Duration began = time.uptime();
      Outcome outcome = engine.failover(plan, Declaration.of("on-call")).await().outcome();
      assertThat(outcome).isEqualTo(Outcome.COMPLETED);
      return time.uptime().minus(began);
    }
  }

  @Test
  void noPlanTakesLongerThanItsLongestPath() throws Exception {
    Seeds.each(PLANS, seed -> {
      VirtualTime time = VirtualTime.create();
      Graph graph = Graph.of(seed);
      DrPlan plan = graph.plan(task -> new Wanted(task, time, true));
      Duration shortest = graph.longestPath(plan, Duration.ZERO);
      Duration makespan = makespan(time, plan);

      assertThat(makespan).isEqualTo(shortest);
      ratios.add((double) makespan.toNanos() / shortest.toNanos());
    });

    assertThat(mean("requests take the time")).isLessThanOrEqualTo(1.05);
  }

  @Test
  void lookingFromTimeToTimeCostsAtMostAnIntervalForEachStepOfAPath() throws Exception {
    Seeds.each(PLANS, seed -> {
      VirtualTime time = VirtualTime.create();
      Graph graph = Graph.of(seed);
      DrPlan plan = graph.plan(task -> new Wanted(task, time, false));
      Duration shortest = graph.longestPath(plan, Duration.ZERO);
      Duration makespan = makespan(time, plan);

      assertThat(makespan).isBetween(shortest, graph.longestPath(plan, LONGEST_POLL));
      ratios.add((double) makespan.toNanos() / shortest.toNanos());
    });

    assertThat(mean("states are looked for")).isGreaterThan(1);
  }

  private double mean(String what) {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double mean = Arrays.stream(sorted).average().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "makespan / longest path of %d plans, %s: mean %.4f, p99 %.4f, max %.4f%n",
        sorted.length,
        what,
        mean,
        sorted[sorted.length * 99 / 100],
        sorted[sorted.length - 1]);
    return mean;
  }
}
