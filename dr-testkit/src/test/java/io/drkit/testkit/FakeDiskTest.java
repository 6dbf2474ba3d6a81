package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.Disaster;
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
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeDiskTest {
  private static final Site WEST = Site.region("us-west-2");
  private static final Duration LEASE = ofSeconds(60);
  private static final Duration LIMIT = ofSeconds(10);

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final VirtualTime time = cloud.time();
  private final FakeHost host = cloud.addHost("runner", WEST);
  private final Journal shared = Journal.inMemory();

  @Test
  void anAppendTakesItsTimeAndIsThereWhenItReturns() {
    Journal journal = host.disk().takes(ofSeconds(1)).journal(shared);
    time.schedule(
        ofSeconds(1).minusNanos(1),
        () -> assertThat(shared.read("orders").records()).isEmpty());
    journal.append("orders", 0, List.of("one"));

    assertThat(time.uptime()).isEqualTo(ofSeconds(1));
    assertThat(journal.read("orders").records()).containsExactly("one");
    assertThat(journal.read("orders", 1)).isEmpty();

    cloud.strike(Disaster.slowDisk("runner", 30).lasting(ofMinutes(1)));
    journal.compact("orders", 1, List.of("kept"));
    assertThat(time.uptime()).isEqualTo(ofSeconds(31));
    assertThat(shared.read("orders").records()).containsExactly("kept");
  }

  @Test
  void aTaskThatWaitsForTheDiskHoldsUpItsOwnLoopAlone() {
    Journal journal = host.disk().takes(ofSeconds(5)).journal(shared);
    List<String> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("runner");
    EventLoop other = host.time().loop("other");
    loop.schedule(ofSeconds(1), () -> {
      ran.add("begins at " + host.time().uptime());
      journal.append("orders", 0, List.of("one"));
      ran.add("goes on at " + host.time().uptime());
      assertThat(cloud.network().asker()).isEqualTo(WEST);
    });
    loop.schedule(ofSeconds(2), () -> ran.add("held up until " + time.uptime()));
    other.schedule(ofSeconds(3), () -> ran.add("another at " + time.uptime()));
    time.schedule(
        ofSeconds(4),
        () -> ran.add(
            "outside: " + cloud.network().asker() + shared.read("orders").records()));
    time.advance(ofSeconds(10));

    assertThat(ran)
        .containsExactly(
            "begins at PT1S",
            "another at PT3S",
            "outside: null[]",
            "goes on at PT6S",
            "held up until PT6S");
  }

  @Test
  void aFullDiskRefusesWhatIsWrittenAndGivesWhatIsThere() {
    Journal journal = host.disk().journal(shared);
    journal.append("orders", 0, List.of("one"));
    host.disk().full(true);

    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> journal.append("orders", 1, List.of("two")))
        .withMessageContaining("the disk of runner is full");
    assertThat(journal.read("orders").records()).containsExactly("one");
    host.disk().full(false);
    journal.append("orders", 1, List.of("two"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> host.disk().takes(ofSeconds(-1)))
        .withMessageContaining("the disk of runner");
  }

  /** A request that nothing but its runner's care keeps from overlapping with another's. */
  private record Request(long epoch, Duration from, Duration until) {}

  /** Servers of a service that knows no epochs. */
  private final class Server implements FailoverAction {
    private final List<Request> requests;
    private boolean runs;

    Server(List<Request> requests) {
      this.requests = requests;
    }

    @Override
    public String describe() {
      return "the server runs";
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Progress observe(ActionContext context) {
      return runs ? Progress.reached() : Progress.pending("not there");
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      context.call(Need.control("ec2", WEST), () -> {
        Duration from = time.uptime();
        requests.add(new Request(context.epoch(), from, from.plus(ofSeconds(8))));
        time.charge(ofSeconds(8));
        runs = true;
        return "";
      });
    }
  }

  private static DrPlan plan(FakeDiskTest world, List<Request> requests) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)));
    String before = "";
    for (int i = 0; i < 5; i++) {
      String after = before;
      String name = "server-" + i;
      builder.provision(
          name, world.new Server(requests), step -> after.isEmpty() ? step : step.after(after));
      before = name;
    }
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  private DrEngine engine(FakeHost on, LeaseTable table) {
    return DrEngine.builder()
        .journal(on.disk().journal(shared))
        .leases(LeaseStore.over(table, on.time(), LEASE))
        .time(on.time())
        .requestTimeLimit(LIMIT)
        .owner(on.name())
        .build();
  }

  @Test
  void aRunOnASlowDiskEndsOrIsTakenOverAndNoTwoRunnersAskAtOnce() {
    int takenOver = 0;
    for (long millis = 100; millis < 300_000; millis = millis * 3 / 2) {
      FakeDiskTest world = new FakeDiskTest();
      List<Request> requests = new ArrayList<>();
      DrPlan plan = plan(world, requests);
      LeaseTable table = LeaseTable.inMemory();
      FakeHost second = world.cloud.addHost("second", WEST);
      try (DrEngine slow = world.engine(world.host, table);
          DrEngine quick = world.engine(second, table)) {
        slow.failover(plan, Declaration.of("ann"));
        world.time.advance(ofSeconds(1));
        world.cloud.strike(Disaster.slowDisk("runner", millis / 2.0));
        for (int i = 0; i < 20; i++) {
          world.time.advance(ofMinutes(1));
          try {
            quick.resume(plan, "bob", List.of());
          } catch (DrException held) {
            // Held, or through.
          }
        }
        world.time.advance(ofHours(1));

        assertThat(quick.reports("orders").get(0).outcome())
            .as("%s ms", millis)
            .isEqualTo(Outcome.COMPLETED);
      }
      for (Request one : requests) {
        for (Request other : requests) {
          assertThat(one.epoch() < other.epoch() && one.until().compareTo(other.from()) > 0)
              .as("%s beside %s, %s ms", one, other, millis)
              .isFalse();
        }
      }
      takenOver += requests.stream().anyMatch(request -> request.epoch() > 1) ? 1 : 0;
    }
    assertThat(takenOver).isPositive();
  }
}
