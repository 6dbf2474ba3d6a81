package io.drkit.testkit.race;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.testkit.Seeds;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two to five processes that all want to run one plan, on machines whose clocks are wrong, that sleep, and that are cut off
 * from the lease and the journal (reliability.md R10, R12, R13; I6, I7, I13).
 */
@Tag("proof")
class RacingRunnersTest {
  private static final int SEEDS = 5_000;
  private static final Duration LEASE = ofSeconds(60);
  private static final Duration LIMIT = ofSeconds(10);
  /** How fast or slow a clock may be: by a tenth. */
  private static final double DRIFT = 0.1;

  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** A request that nothing but the runner's own care keeps from overlapping with another's. */
  private record Request(String what, long epoch, Duration from, Duration until) {}

  private static final class World {
    final VirtualTime time = VirtualTime.create();
    final LeaseTable table = LeaseTable.inMemory();
    final Journal journal = Journal.inMemory();
    final List<Operator> processes = new ArrayList<>();
    final List<Request> requests = new ArrayList<>();
    final Set<String> done = new HashSet<>();
    final Random random;
    final DrEngine onlooker = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
    int refused;

    World(long seed) {
      this.random = new Random(seed);
      int many = 2 + random.nextInt(4);
      for (int i = 0; i < many; i++) {
        processes.add(new Operator(this, "process-" + i));
      }
    }

    Duration upTo(Duration most) {
      return ofMillis((long) (most.toMillis() * random.nextDouble()));
    }

    DrPlan plan() {
      DrPlanBuilder builder = DrPlan.builder("orders")
          .strategy(DrStrategy.PILOT_LIGHT)
          .primary(EAST)
          .recovery(WEST)
          .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)));
      for (int i = 0; i < 12; i++) {
        builder.provision("server-" + i, new Server("server-" + i));
      }
      for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
        builder.waive(point, "not what the test is about");
      }
      return builder.build();
    }

    /** A server whose service knows no epochs; half of the requests take effect late or lose their answer. */
    private final class Server implements FailoverAction {
      private final String name;

      Server(String name) {
        this.name = name;
      }

      @Override
      public String describe() {
        return name + " runs";
      }

      @Override
      public Repeatability repeatability() {
        return Repeatability.idempotent();
      }

      @Override
      public Progress observe(ActionContext context) {
        time.charge(upTo(ofMillis(500)));
        return done.contains(name) ? Progress.reached() : Progress.pending("not there");
      }

      @Override
      public void apply(ActionContext context) throws Exception {
        context.call(Need.control("ec2", WEST), () -> {
          Duration from = time.uptime();
          Duration length = upTo(LIMIT.multipliedBy(6).dividedBy(5));
          Duration on = length.compareTo(LIMIT) < 0 ? length : LIMIT;
          requests.add(new Request(name, context.epoch(), from, from.plus(on)));
          time.charge(length);
          if (random.nextInt(4) == 0) {
            done.add(name);
          }
          return "";
        });
      }
    }

    void play() throws InterruptedException {
      for (int round = 0; round < 10; round++) {
        for (Operator process : processes) {
          process.mishap();
        }
        time.advance(upTo(LEASE));
        Operator any = processes.get(random.nextInt(processes.size()));
        if (any.host.awake() && !ended()) {
          any.run();
        }
      }
      processes.forEach(Operator::recover);
      time.advance(LEASE.multipliedBy(12));
      for (int attempt = 0; !ended() && attempt < 20; attempt++) {
        processes.get(attempt % processes.size()).run();
        time.advance(ofMinutes(10));
      }
      RunReport last = report().orElseThrow(() -> new AssertionError("nobody ever started"));
      assertThat(last.outcome()).as(last.summary()).isEqualTo(Outcome.COMPLETED);
    }

    private boolean ended() {
      return report().filter(report -> report.outcome() == Outcome.COMPLETED).isPresent();
    }

    private Optional<RunReport> report() {
      List<RunReport> reports = onlooker.reports("orders");
      return reports.isEmpty() ? Optional.empty() : Optional.of(reports.get(reports.size() - 1));
    }

    List<String> overlaps() {
      List<String> found = new ArrayList<>();
      for (Request one : requests) {
        for (Request other : requests) {
          if (one.epoch() < other.epoch() && one.until().compareTo(other.from()) > 0) {
            found.add(one + " beside " + other);
          }
        }
      }
      return found;
    }
  }

  /** A process on a host of its own, behind a network of its own. */
  private static final class Operator {
    private final World world;
    private final String name;
    private final Host host;
    private final DrEngine engine;
    private boolean withoutJournal;
    private boolean withoutLeases;

    Operator(World world, String name) {
      this.world = world;
      this.name = name;
      double rate = 1 + DRIFT * (2 * world.random.nextDouble() - 1);
      this.host = new Host(world.time, rate, world.upTo(Duration.ofHours(2)).minusHours(1));
      this.engine = engine(LeaseStore.over(new DistantTable(), host, LEASE));
    }

    void mishap() {
      switch (world.random.nextInt(9)) {
        case 0, 1 ->
          world.time.schedule(
              world.upTo(LEASE),
              () -> host.sleep(
                  world.upTo(LEASE.multipliedBy(world.random.nextBoolean() ? 1 : 10)),
                  world.random.nextBoolean()));
        case 2 -> withoutJournal = true;
        case 3, 4 -> withoutLeases = true;
        case 5 -> wrongClock();
        case 6, 7 -> recover();
        default -> {
          // Nothing happens to it.
        }
      }
    }

    private void wrongClock() {
      switch (world.random.nextInt(6)) {
        case 0 -> host.jump(Duration.ofDays(1));
        case 1 -> host.jump(Duration.ofDays(-1));
        case 2 -> host.jump(world.upTo(ofMinutes(10)).negated());
        // A leap second that this clock takes, and the others do not.
        case 3 -> host.jump(ofSeconds(world.random.nextBoolean() ? 1 : -1));
        case 4 -> host.standStill();
        default -> host.setRight();
      }
    }

    void recover() {
      withoutJournal = false;
      withoutLeases = false;
    }

    /** Starts the run, or takes it over. */
    void run() {
      try {
        if (world.journal.read("orders").records().isEmpty()) {
          engine.failover(world.plan(), Declaration.of(name));
        } else {
          engine.resume(world.plan(), name, List.of());
        }
      } catch (DrException expected) {
        world.refused++;
      }
    }

    private DrEngine engine(LeaseStore leases) {
      return DrEngine.builder()
          .journal(new Journal() {
            @Override
            public void append(String plan, long position, List<String> records) {
              reach();
              world.journal.append(plan, position, records);
            }

            @Override
            public Log read(String plan) {
              reach();
              return world.journal.read(plan);
            }

            private void reach() {
              if (withoutJournal) {
                throw new JournalException("the journal cannot be reached from " + name);
              }
            }
          })
          .leases(leases)
          .time(host)
          .requestTimeLimit(LIMIT)
          .owner(name)
          .build();
    }

    /** The table behind this process's network: requests take time, get lost, and lose their answers. */
    private final class DistantTable implements LeaseTable {
      @Override
      public Entry read(String plan) {
        pass();
        Entry entry = world.table.read(plan);
        pass();
        return entry;
      }

      @Override
      public boolean replace(String plan, Entry expected, Entry next) {
        pass();
        boolean replaced = world.table.replace(plan, expected, next);
        pass();
        return replaced;
      }

      private void pass() {
        if (host.inCall()) {
          world.time.charge(world.upTo(ofMillis(300)));
        }
        if (withoutLeases || world.random.nextInt(20) == 0) {
          throw new DrException("the leases cannot be reached from " + name);
        }
      }
    }
  }

  @Test
  void requestsOfTwoRunnersNeverOverlap() throws Exception {
    AtomicLong takeovers = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    Seeds.each(SEEDS, seed -> {
      World world = new World(seed);
      world.play();
      assertThat(world.overlaps()).isEmpty();
      takeovers.addAndGet(
          world.requests.stream().mapToLong(Request::epoch).distinct().count() - 1);
      refused.addAndGet(world.refused);
    });
    assertThat(takeovers.get()).isGreaterThan(Seeds.many(SEEDS) / 2);
    assertThat(refused.get()).isGreaterThan(Seeds.many(SEEDS));
  }
}
