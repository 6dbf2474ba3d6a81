package io.drkit.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrStrategy;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All disasters, several at a time, against the four strategies (reliability.md R16, R26): safe always, and alive when they are over. */
@Tag("proof")
class EveryDisasterTest {
  private static final int SEEDS = 10_000;
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());
  private static final List<String> RARE = List.of(
      "a failover ends COMPLETED",
      "a failover ends COMPLETED_WITH_EXCEPTIONS",
      "a failover ends FAILED",
      "a failover is resumed",
      "a fence is owed",
      "a loss is consented to",
      "a start is refused",
      "a step fails for expired credentials",
      "a step fails for throttling",
      "a step fails for want of room",
      "an RPO is missed",
      "an RTO is missed");

  @Test
  void nothingUnsafeHappensAndTheServiceIsBackWhenItIsOver() throws Exception {
    Sightings sightings = new Sightings();
    Seeds.each(SEEDS, seed -> {
      try {
        live(seed, ChaosDay.schedule(seed, world(seed)), sightings);
      } catch (AssertionError found) {
        Optional<DisasterSchedule> smallest =
            ChaosDay.schedule(seed, world(seed)).smallestFailing(schedule -> fails(seed, schedule));
        throw new AssertionError(
            "fails already with: " + smallest.orElseThrow() + "\n" + found.getMessage(), found);
      }
    });

    if (Seeds.enough(SEEDS)) {
      assertThat(RARE)
          .allSatisfy(what -> assertThat(sightings.of(what))
              .as("%s in %s", what, sightings)
              .isGreaterThanOrEqualTo(10));
    }
  }

  private static FakeCloud world(long seed) {
    return new ChaosDay(seed, strategy(seed), new Sightings()).cloud();
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
    new ChaosDay(seed, strategy(seed), sightings).live(schedule);
  }

  private static DrStrategy strategy(long seed) {
    return STRATEGIES.get((int) Math.floorMod(seed / 4, (long) STRATEGIES.size()));
  }
}
