package io.drkit.testkit.lease;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.WriteFence;
import io.drkit.lease.WriteLease;
import io.drkit.spi.EventLoop;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Workloads whose only fence is the write lease, moved by runs that die, in sites that are cut off: nobody writes beside another. */
@Tag("proof")
class FencedMovesTest {
  private static final int SEEDS = 2_000;
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  /** Where the engine runs and the register is. */
  private static final Site THIRD = Site.region("eu-west-1");

  private static final LeaseTiming TIMING = LeaseTiming.standard();

  /** A write as it was made: from its beginning to its end. */
  private record Write(Site site, long epoch, Instant from, Instant until) {}

  /** A workload in two sites under one lease, and somebody who moves it. */
  private static final class World {
    final VirtualTime time = VirtualTime.create();
    final Register register = new Register(time);
    final Journal journal = Journal.inMemory();
    final LeaseStore leases = LeaseStore.inMemory();
    final List<Write> writes = new ArrayList<>();
    final Random random;
    final Duration longest;

    @Nullable
    DrEngine engine;

    World(long seed, Duration longest) {
      this.random = new Random(seed);
      this.longest = longest;
    }

    DrEngine engine() {
      engine = DrEngine.builder()
          .journal(journal)
          .leases(leases)
          .time(time)
          .requestTimeLimit(ofSeconds(2))
          .build();
      return engine;
    }

    DrPlan plan() {
      // The fence is made anew for each process, which forgets what it saw.
      WriteFence fence = WriteFence.of("orders", register.from(THIRD), TIMING);
      DrPlanBuilder builder = DrPlan.builder("orders")
          .strategy(DrStrategy.WARM_STANDBY)
          .primary(EAST)
          .recovery(WEST)
          .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)))
          .prepare("a site may write", fence.established())
          .fence("nobody writes", fence.fenced())
          .redirect("the site that takes over writes", fence.granted());
      for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
        builder.waive(point, "not what the test is about");
      }
      return builder.build();
    }

    /** A service that writes all the time, each write as long as it pleases. */
    void serve(Site site) {
      WriteLease lease = WriteLease.open("orders", site, register.from(site), TIMING, time);
      write(lease, site, time.loop("service-" + site));
    }

    private void write(WriteLease lease, Site site, EventLoop loop) {
      loop.schedule(ofMillis(random.nextInt(2_000)), () -> {
        Instant from = time.now();
        long length = (long) (longest.toMillis() * random.nextDouble());
        if (lease.held()) {
          writes.add(new Write(site, lease.epoch(), from, from.plusMillis(length)));
        }
        write(lease, site, loop);
      });
    }

    List<String> overlaps() {
      List<String> found = new ArrayList<>();
      for (Write one : writes) {
        for (Write other : writes) {
          if (one.epoch() < other.epoch() && one.until().isAfter(other.from())) {
            found.add(one + " beside " + other);
          }
        }
      }
      return found;
    }

    /** Two moves, there and back, while sites are cut off and engines die. */
    void play() throws InterruptedException {
      engine().prepare(plan(), "deploy").await();
      serve(EAST);
      serve(EAST);
      serve(WEST);
      for (int move = 0; move < 2; move++) {
        register.latency(ofMillis(random.nextInt(450)));
        register.cutOff(EAST, random.nextBoolean());
        register.cutOff(WEST, random.nextInt(4) == 0);
        time.advance(ofMillis(random.nextInt(20_000)));
        DrRun run = engine().failover(plan(), Declaration.of("on-call"));
        while (random.nextInt(3) > 0) {
          time.advance(ofMillis(random.nextInt(15_000)));
          register.cutOff(EAST, random.nextBoolean());
          if (run.report().outcome() == Outcome.RUNNING && random.nextBoolean()) {
            engine.close();
            run = engine().resume(plan(), "on-call", List.of());
          }
        }
        RunReport moved = run.await();
        assertThat(moved.outcome()).as(moved.summary()).isEqualTo(Outcome.COMPLETED);
        register.cutOff(EAST, false);
        register.cutOff(WEST, false);
        time.advance(ofSeconds(30));
      }
    }
  }

  @Test
  void nobodyWritesBesideAnother() throws Exception {
    int written = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed, TIMING.longestWrite());
      world.play();
      assertThat(world.overlaps()).as("seed %d", seed).isEmpty();
      assertThat(world.writes.stream().map(Write::epoch).distinct().count())
          .as("seed %d: written in both sites", seed)
          .isGreaterThanOrEqualTo(2);
      written += world.writes.size();
    }
    assertThat(written).isGreaterThan(SEEDS * 10);
  }

  @Test
  void writesThatAreLongerThanAFenceWaitsForAreFoundByTheSameTest() {
    assertThat(IntStream.range(0, 100).filter(seed -> {
          World world = new World(seed, TIMING.longestWrite().multipliedBy(4));
          try {
            world.play();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return !world.overlaps().isEmpty();
        }))
        .isNotEmpty();
  }

  @Test
  void aFenceThatIsTakenBackLetsTheWritersGoOn() throws Exception {
    World world = new World(1, TIMING.longestWrite());
    world.engine().prepare(world.plan(), "deploy").await();
    world.serve(EAST);
    world.time.advance(ofSeconds(5));
    DrRun run = world.engine().failover(world.plan(), Declaration.of("ann"));
    while (run.report().step("nobody writes").requests() == 0) {
      world.time.advance(ofSeconds(1));
    }
    run.cancel(Instruction.by("ann").because("false alarm"));
    run.await();
    RunReport back = world
        .engine()
        .rollback(world.plan(), Instruction.by("ann").because("false alarm"))
        .await();

    assertThat(back.outcome()).isEqualTo(Outcome.COMPLETED);
    world.writes.clear();
    world.time.advance(ofSeconds(20));
    assertThat(world.writes).isNotEmpty().allMatch(write -> write.site().equals(EAST));
  }

  @Test
  void aFenceWithoutARegisterIsNoFence() throws Exception {
    World world = new World(1, TIMING.longestWrite());
    RunReport report =
        world.engine().failover(world.plan(), Declaration.of("ann")).await();

    assertThat(report.step("nobody writes").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.step("nobody writes").detail()).contains("prepare the plan first");
  }
}
