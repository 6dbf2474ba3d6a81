package io.drkit.testkit.chaos;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.DrStrategy;
import io.drkit.Site;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import io.drkit.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Cuts in one direction, half-open connections, bad lines and slow disks, against plans that run on a host in the recovery region, in
 * the primary one or on a laptop (reliability.md R16, R18): safe always, and alive when they are over. Wrong clocks are left to {@link
 * EveryDisasterTest}: a report's instants are those of its clock, and cannot be held against the true ones.
 */
@Tag("proof")
class NetworkDaysTest {
  private static final int SEEDS = 500;
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());

  @Test
  void nothingUnsafeHappensAndTheServiceIsBackWhenItIsOver() throws Exception {
    Sightings sightings = new Sightings();
    Map<String, AtomicInteger> struck = new ConcurrentHashMap<>();
    Seeds.each(SEEDS, seed -> {
      DisasterSchedule schedule = schedule(seed);
      schedule
          .strikes()
          .forEach(strike -> struck
              .computeIfAbsent(
                  strike.disaster().getClass().getSimpleName(), unseen -> new AtomicInteger())
              .incrementAndGet());
      try {
        live(seed, schedule, sightings);
      } catch (AssertionError found) {
        Optional<DisasterSchedule> smallest = schedule.smallestFailing(fewer -> fails(seed, fewer));
        throw new AssertionError(
            "fails already with: " + smallest.orElseThrow() + "\n" + found.getMessage(), found);
      }
    });

    if (Seeds.enough(SEEDS)) {
      assertThat(struck).containsKeys("Partition", "HalfOpen", "LossyLink", "SlowDisk");
      assertThat(sightings.of("a failover ends COMPLETED_WITH_EXCEPTIONS"))
          .as("%s", sightings)
          .isGreaterThanOrEqualTo(10);
      assertThat(sightings.of("a failover is resumed"))
          .as("%s", sightings)
          .isGreaterThanOrEqualTo(10);
    }
  }

  private static FakeHost runner(FakeCloud cloud) {
    return switch ((int) (cloud.chance("where the plan runs") * 3)) {
      case 0 -> cloud.addHost("runner", cloud.sites().get(0));
      case 1 -> cloud.addHost("runner", cloud.sites().get(1));
      default -> cloud.addHost("runner");
    };
  }

  /** In half of the days a region's link or a region is lost, too. */
  private static DisasterSchedule schedule(long seed) {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    runner(cloud);
    Site east = cloud.sites().get(0);
    List<Disaster.Strike> strikes = new ArrayList<>();
    if (seed % 4 < 2) {
      Disaster first = seed % 4 == 0 ? Disaster.linkLoss(east) : Disaster.loss(east);
      strikes.add(first.lasting(ofMinutes(20 + Math.floorMod(seed, 60L))));
    }
    DisasterSchedule.networks(seed, cloud, ofMinutes(90), 4).strikes().stream()
        .filter(strike -> !(strike.disaster() instanceof Disaster.ClockJump))
        .forEach(strikes::add);
    return new DisasterSchedule(strikes);
  }

  private static boolean fails(long seed, DisasterSchedule schedule) {
    try {
      live(seed, schedule, new Sightings());
      return false;
    } catch (AssertionError found) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void live(long seed, DisasterSchedule schedule, Sightings sightings)
      throws InterruptedException {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    DrStrategy strategy = STRATEGIES.get((int) Math.floorMod(seed / 4, (long) STRATEGIES.size()));
    new ChaosDay(Optional.of(runner(cloud)), cloud, strategy, sightings).live(schedule);
  }
}
