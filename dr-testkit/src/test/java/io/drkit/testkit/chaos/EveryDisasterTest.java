package io.drkit.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All disasters, several at a time, against the four strategies (reliability.md R16, R26): safe always, and alive when they are over. */
@Tag("proof")
class EveryDisasterTest {
  private static final int SEEDS = 10_000;
  private static final List<String> RARE = List.of(
      "a day ends with data that is bad for good",
      "a failover ends COMPLETED",
      "a failover ends COMPLETED_WITH_EXCEPTIONS",
      "a failover ends FAILED",
      "a failover is resumed",
      "a fence is owed",
      "a failover brings back what was there before it went bad",
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
      EveryDisaster day = new EveryDisaster(seed);
      DisasterSchedule schedule = day.schedule();
      schedule.strikes().forEach(strike -> sightings.saw(name(strike.disaster())));
      try {
        day.live(schedule, sightings);
      } catch (AssertionError found) {
        Optional<DisasterSchedule> smallest = schedule.smallestFailing(fewer -> fails(day, fewer));
        throw new AssertionError(
            "fails already with: " + smallest.orElseThrow() + "\n" + found.getMessage(), found);
      }
    });

    if (Seeds.enough(SEEDS)) {
      assertThat(kinds(Disaster.class))
          .as("each kind of disaster strikes: %s", sightings)
          .allSatisfy(kind -> assertThat(sightings.of(kind)).as(kind).isGreaterThanOrEqualTo(500));
      assertThat(RARE)
          .allSatisfy(what -> assertThat(sightings.of(what))
              .as("%s in %s", what, sightings)
              .isGreaterThanOrEqualTo(10));
    }
  }

  private static String name(Disaster disaster) {
    return disaster.getClass().getSimpleName();
  }

  private static Stream<String> kinds(Class<?> of) {
    return of.isSealed()
        ? Stream.of(of.getPermittedSubclasses()).flatMap(EveryDisasterTest::kinds)
        : Stream.of(of.getSimpleName());
  }

  private static boolean fails(EveryDisaster day, DisasterSchedule schedule) {
    try {
      day.live(schedule, new Sightings());
      return false;
    } catch (AssertionError found) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
