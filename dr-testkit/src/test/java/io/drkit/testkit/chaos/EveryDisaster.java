package io.drkit.testkit.chaos;

import static java.time.Duration.ofMinutes;

import io.drkit.Disaster;
import io.drkit.DrStrategy;
import io.drkit.Site;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a seed makes of a day on which anything can go wrong. In most of the days the primary region is lost or cut off, for a while or
 * over and over, and more than that happens: to sites everywhere, in half of the days to networks and the host that runs the plan, in
 * half to data, in half to machines.
 */
record EveryDisaster(long seed) {
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());

  DrStrategy strategy() {
    return STRATEGIES.get((int) Math.floorMod(seed / 4, (long) STRATEGIES.size()));
  }

  private boolean networks() {
    return Math.floorMod(seed / 16, 2L) == 1;
  }

  private boolean data() {
    return Math.floorMod(seed / 32, 2L) == 1;
  }

  private boolean machines() {
    return Math.floorMod(seed / 64, 2L) == 1;
  }

  /** Lives the day with a schedule, and returns what it left behind. */
  ChaosDay live(DisasterSchedule schedule, Sightings sightings) throws InterruptedException {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    ChaosDay day = new ChaosDay(runner(cloud), cloud, strategy(), sightings);
    day.live(schedule);
    return day;
  }

  /** Where the plan runs: in the primary region, in the recovery region, or on a laptop. */
  private Optional<FakeHost> runner(FakeCloud cloud) {
    if (!networks()) {
      return Optional.empty();
    }
    return Optional.of(
        switch ((int) (cloud.chance("where the plan runs") * 3)) {
          case 0 -> cloud.addHost("runner", cloud.sites().get(0));
          case 1 -> cloud.addHost("runner", cloud.sites().get(1));
          default -> cloud.addHost("runner");
        });
  }

  DisasterSchedule schedule() {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    runner(cloud);
    FakeApplication.orders(cloud, strategy());
    DisasterSchedule all =
        primary(cloud).with(DisasterSchedule.random(seed, cloud, ChaosDay.DISASTERS, 4));
    if (networks()) {
      all = all.with(DisasterSchedule.networks(seed, cloud, ChaosDay.DISASTERS, 3));
    }
    if (data()) {
      all = all.with(DisasterSchedule.of(ofData(cloud)));
    }
    return machines() ? all.with(DisasterSchedule.of(ofMachines(cloud))) : all;
  }

  private static Disaster.Strike ofMachines(FakeCloud cloud) {
    Site where = cloud.sites().get(cloud.chance("whose machines stop") < 0.5 ? 0 : 1);
    double when = cloud.chance("when machines stop") * ChaosDay.DISASTERS.toMillis();
    return Disaster.machineLoss(where, "orders-web")
        .after(Duration.ofMillis((long) when))
        .lasting(ofMinutes(5 + (long) (cloud.chance("how long machines stop") * 55)));
  }

  private DisasterSchedule primary(FakeCloud cloud) {
    if (seed % 4 == 0) {
      return DisasterSchedule.of();
    }
    Site east = cloud.sites().get(0);
    Disaster first = seed % 4 == 1 ? Disaster.linkLoss(east) : Disaster.loss(east);
    Duration lasts = ofMinutes(20 + Math.floorMod(seed, 60L));
    return cloud.chance("whether it flaps") < 0.2
        ? DisasterSchedule.flapping(first, lasts.dividedBy(4), lasts.dividedBy(8), 4)
        : DisasterSchedule.of(first.lasting(lasts));
  }

  private static Disaster.Strike ofData(FakeCloud cloud) {
    double what = cloud.chance("what goes bad");
    double where = cloud.chance("where it goes bad");
    String one = where < 0.5 ? "orders-db" : "receipts";
    Disaster bad = what < 0.3
        ? Disaster.corruption("orders-db", "receipts")
        : what < 0.7
            ? Disaster.corruption(one)
            : Disaster.corruptReplica(one, cloud.sites().get(1));
    double when = cloud.chance("when it goes bad") * ChaosDay.DISASTERS.toMillis();
    return bad.after(Duration.ofMillis((long) when)).lasting(ofMinutes(1));
  }
}
