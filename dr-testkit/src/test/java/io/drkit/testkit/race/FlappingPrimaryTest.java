package io.drkit.testkit.race;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RefusedException;
import io.drkit.Repeatability;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.Seeds;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Sites that come and go, and a watchdog that moves the workload whenever its site is down (reliability.md R15, I9). */
class FlappingPrimaryTest {
  private static final int SEEDS = 1_000;
  private static final int LOOKS = 30;
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** A move as it really was. */
  private record Move(boolean automatic, Instant from, Instant until) {}

  private static DrPlan plan(UnaryOperator<DrPlanBuilder> options) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)))
        .provision("web", new Web());
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return options.apply(builder).build();
  }

  /** Asked for once in each run, and there at the next look. */
  private static final class Web implements FailoverAction {
    private String askedBy = "";

    @Override
    public String describe() {
      return "web tier runs";
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Progress observe(ActionContext context) {
      return askedBy.equals(context.run()) ? Progress.reached() : Progress.pending("not there");
    }

    @Override
    public void apply(ActionContext context) {
      askedBy = context.run();
    }
  }

  private static DrEngine engine(Journal journal, LeaseStore leases, TimeSource time) {
    return DrEngine.builder()
        .journal(journal)
        .leases(leases)
        .time(time)
        .owner("watchdog")
        .build();
  }

  /** A day of one seed. */
  private static final class Day {
    final Random random;
    final VirtualTime time = VirtualTime.create();
    final Host host = new Host(time, 1, Duration.ZERO);
    final Journal journal = Journal.inMemory();
    final LeaseStore leases = LeaseStore.inMemory();
    final Duration block;
    final DrPlan plan;
    final Duration flap;
    final List<Move> moves = new ArrayList<>();
    Site active = EAST;
    int blocked;

    Day(long seed) {
      random = new Random(seed);
      flap = ofSeconds(1L + random.nextInt(random.nextBoolean() ? 120 : 7_200));
      boolean standard = random.nextInt(3) == 0;
      block = standard ? DrPlan.DEFAULT_BLOCK_PERIOD : ofSeconds(random.nextInt(10_800));
      plan = plan(builder -> standard ? builder : builder.blockPeriod(block));
    }

    /** One of the two works at any time. */
    boolean down(Site site) {
      long periods = time.uptime().dividedBy(flap);
      return (periods % 2 == 0) != site.equals(EAST);
    }

    void pass() throws InterruptedException {
      Duration between = ofSeconds(1L + random.nextInt(900));
      for (int look = 0; look < LOOKS; look++) {
        time.advance(between);
        if (random.nextInt(12) == 0) {
          // Backwards, in the middle of a block or before one.
          host.jump(ofMinutes(-random.nextInt(180)));
        }
        if (down(active)) {
          boolean automatic = random.nextInt(12) > 0;
          move(automatic ? Declaration.automatic("watchdog") : Declaration.of("ann"));
        }
      }
    }

    /** A process of its own: what it knows of the moves before, it knows from the journal. */
    private void move(Declaration declaration) throws InterruptedException {
      Instant from = time.now();
      try (DrEngine engine = engine(journal, leases, host)) {
        RunReport report = engine.failover(plan, declaration).await();
        assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
        active = report.direction().to();
        moves.add(new Move(declaration.automatic(), from, time.now()));
      } catch (RefusedException e) {
        assertThat(declaration.automatic()).as("%s", e.getMessage()).isTrue();
        assertThat(e).hasMessageContaining("an automatic one is accepted from");
        blocked++;
      }
    }
  }

  @Test
  void noWatchdogMovesTheWorkloadTwiceWithinABlockPeriod() throws Exception {
    AtomicInteger automatic = new AtomicInteger();
    AtomicInteger blocked = new AtomicInteger();
    Seeds.each(SEEDS, seed -> {
      Day day = new Day(seed);
      day.pass();
      for (int i = 1; i < day.moves.size(); i++) {
        Move move = day.moves.get(i);
        if (move.automatic()) {
          automatic.incrementAndGet();
          assertThat(Duration.between(day.moves.get(i - 1).until(), move.from()))
              .as("before %s", move)
              .isGreaterThanOrEqualTo(day.block);
        }
      }
      blocked.addAndGet(day.blocked);
    });

    assertThat(blocked.get()).as("refused").isGreaterThan(Seeds.many(SEEDS));
    assertThat(automatic.get()).as("later ones").isGreaterThan(Seeds.many(SEEDS) / 2);
  }

  private final VirtualTime time = VirtualTime.create();
  private final Journal journal = Journal.inMemory();
  private final DrEngine engine = engine(journal, LeaseStore.inMemory(), time);

  @Test
  void theRefusalNamesTheInstantFromWhichItIsAccepted() throws Exception {
    DrPlan plan = plan(builder -> builder.blockPeriod(ofMinutes(10)));
    Instant ended = engine
        .failover(plan, Declaration.automatic("watchdog"))
        .await()
        .endedAt()
        .orElseThrow();
    time.advance(ofMinutes(10).minus(ofNanos(1)).minus(Duration.between(ended, time.now())));

    assertThatThrownBy(() -> engine.failover(plan, Declaration.automatic("watchdog")))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "plan 'orders': a move ended less than its block period of PT10M ago; an automatic one is"
                + " accepted from " + ended.plus(ofMinutes(10))
                + " on, one that a person declares at any time");

    time.advance(ofNanos(1));
    assertThat(engine.failover(plan, Declaration.automatic("watchdog")).await().declaration())
        .matches(Declaration::automatic);
  }

  @Test
  void aPersonIsNeverBlockedButBlocksTheWatchdog() throws Exception {
    DrPlan plan = plan(UnaryOperator.identity());
    engine.failover(plan, Declaration.automatic("watchdog")).await();
    RunReport back = engine.failover(plan, Declaration.of("ann")).await();
    time.advance(ofHours(1).minus(ofNanos(1)));

    assertThat(back.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThatThrownBy(() -> engine.failover(plan, Declaration.automatic("watchdog")))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void preparingIsNoMove() throws Exception {
    DrPlan plan = plan(UnaryOperator.identity());
    engine.prepare(plan, "deploy").await();

    assertThat(engine.failover(plan, Declaration.automatic("watchdog")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }
}
