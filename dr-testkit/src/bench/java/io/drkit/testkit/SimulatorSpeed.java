package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How fast the simulator is on one thread: events of an empty handler beside those of a plain heap, and the standard scenario with the
 * real engine in it. Each is measured some times over, in turn; the median counts. Prints a table. Results: BENCHMARKS.md.
 *
 * <p>The standard scenario is two regions of three zones, fifty components of which each is asked for its health once a second, a lease
 * that is renewed, thirty disasters an hour, and a failover when the primary region is lost in the middle of the hour.
 */
public final class SimulatorSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int EVENTS = 3_000_000;
  private static final int TIMERS = 1_000;
  private static final int COMPONENTS = 50;
  private static final int FAULTS = 30;
  private static final int ROUNDS = 5;

  private SimulatorSpeed() {}

  /** Measures. Give the number of hours of the standard scenario in a round; 20 by default. */
  public static void main(String[] arguments) throws InterruptedException {
    int hours = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
    List<Double> heap = new ArrayList<>();
    List<Double> empty = new ArrayList<>();
    List<Double> full = new ArrayList<>();
    List<Double> faster = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    double perVirtualSecond = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      double plain = plainHeap();
      double nothing = emptyHandler();
      long events = 0;
      long began = System.nanoTime();
      long beganWorking = THREADS.getCurrentThreadCpuTime();
      for (int hour = 0; hour < hours; hour++) {
        events += standardHour(hour);
      }
      double took = seconds(System.nanoTime() - began);
      double worked = seconds(THREADS.getCurrentThreadCpuTime() - beganWorking);
      if (round > 0) {
        // The first one warms up.
        heap.add(plain);
        empty.add(nothing);
        full.add(events / took);
        faster.add(hours * 3_600 / took);
        alone.add(hours * 3_600 / worked);
      }
      perVirtualSecond = events / (hours * 3_600.0);
    }
    System.out.println("| what | median | least, most |");
    System.out.println("|---|---|---|");
    print("plain heap, empty handler, million events/s", heap, 1e6);
    print("virtual time, empty handler, million events/s", empty, 1e6);
    print("standard scenario, million events/s", full, 1e6);
    print("standard scenario, times faster than the clock", faster, 1);
    print("the same by the time that its thread had a core", alone, 1);
    System.out.printf(Locale.ROOT, "events per virtual second: %.1f%n", perVirtualSecond);
  }

  private static void print(String what, List<Double> figures, double unit) {
    Collections.sort(figures);
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.2f | %,.2f, %,.2f |%n",
        what,
        figures.get(figures.size() / 2) / unit,
        figures.get(0) / unit,
        figures.get(figures.size() - 1) / unit);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** What a simulator costs at least: a heap of instants, from which the next is taken and put back later. */
  private static double plainHeap() {
    PriorityQueue<long[]> tasks =
        new PriorityQueue<>((one, other) -> Long.compare(one[0], other[0]));
    for (int i = 0; i < TIMERS; i++) {
      tasks.add(new long[] {i});
    }
    long began = System.nanoTime();
    for (int i = 0; i < EVENTS; i++) {
      long[] next = tasks.remove();
      next[0] += 1_000 + next[0] % 7;
      tasks.add(next);
    }
    return EVENTS / seconds(System.nanoTime() - began);
  }

  private static double emptyHandler() {
    VirtualTime time = VirtualTime.create();
    long[] events = {0};
    for (int i = 0; i < TIMERS; i++) {
      Duration every = Duration.ofNanos(1_000 + i % 7);
      time.schedule(every, new Runnable() {
        @Override
        public void run() {
          events[0]++;
          time.schedule(every, this);
        }
      });
    }
    long began = System.nanoTime();
    while (events[0] < EVENTS) {
      time.advance(Duration.ofNanos(100_000));
    }
    return events[0] / seconds(System.nanoTime() - began);
  }

  /** Lives an hour of the standard scenario, and tells how many events it had. */
  private static long standardHour(long seed) throws InterruptedException {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.WARM_STANDBY);
    AtomicLong events = new AtomicLong();
    GatedTime time = new GatedTime(cloud.time(), task -> {
      events.incrementAndGet();
      task.run();
    });
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.over(LeaseTable.inMemory(), time, ofSeconds(60)))
        .time(time)
        .seed(seed)
        .owner("benchmark")
        .build()) {
      engine.prepare(orders.plan(), "benchmark").await();
      long before = events.get();
      Duration began = cloud.time().uptime();
      EventLoop checks = time.loop("health checks");
      for (int component = 0; component < COMPONENTS; component++) {
        check(cloud, checks, component);
      }
      faults(cloud, seed);
      cloud.time().advance(ofMinutes(30));
      cloud.strike(Disaster.loss(orders.primary()));
      // A disaster may hold it up for longer than the hour; it is not waited for.
      DrRun run = engine.failover(
          orders.plan(),
          Declaration.of("benchmark").since(cloud.time().now()).lost(orders.primary()));
      cloud.time().advance(ofHours(1).minus(cloud.time().uptime().minus(began)));
      if (run.report().steps().isEmpty()) {
        throw new IllegalStateException("seed " + seed + ": " + run.report());
      }
      return events.get() - before;
    }
  }

  /** Asks a component for its health once a second. */
  private static void check(FakeCloud cloud, EventLoop loop, int component) {
    List<Site> sites = cloud.sites();
    Site region = sites.get(component % sites.size());
    List<Site> zones = cloud.zones(region);
    Need health = Need.data("component-" + component, zones.get(component % zones.size()));
    loop.schedule(ofSeconds(1), new Runnable() {
      @Override
      public void run() {
        loop.call(
            () -> {
              try {
                return cloud.request(health, ofMillis(800), () -> true);
              } catch (EndpointUnavailableException down) {
                return false;
              }
            },
            ofMillis(900),
            (@Nullable Boolean healthy, @Nullable Throwable failure) -> {
              if (failure != null && !(failure instanceof TimeoutException)) {
                throw new IllegalStateException("no health check fails like this", failure);
              }
            });
        loop.schedule(ofSeconds(1), this);
      }
    });
  }

  /** Thirty disasters in the hour, of every kind but the one that makes the run useless: the loss of both regions. */
  private static void faults(FakeCloud cloud, long seed) {
    for (int i = 0; i < FAULTS; i++) {
      DisasterSchedule one = DisasterSchedule.random(seed * FAULTS + i, cloud, ofHours(1), 1);
      Disaster.Strike strike = one.strikes().get(0);
      cloud.strike(strike.disaster().after(strike.after()).lasting(ofSeconds(60)));
    }
  }
}
