package io.drkit.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.DisasterSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan of this module's actions through all disasters, several at a time (reliability.md R16, R18, R26): nothing is launched twice, no
 * report claims what the copies do not hold, and the workload is where it was moved when all is over.
 */
@Tag("proof")
class AwsDayTest {
  private static final int SEEDS = 60;
  private static final int SEEDS_UNTIL_NOTICED = 5;
  private static final List<String> RARE = List.of(
      "a failover ends COMPLETED_WITH_EXCEPTIONS",
      "a failover ends FAILED",
      "a failover is resumed",
      "a fence is made good",
      "a fence is owed",
      "a loss is consented to",
      "a process dies",
      "an object is lost",
      "somebody hears: is declared lost",
      "somebody hears: refused the connection");

  private final Map<String, Integer> sightings = new TreeMap<>();

  @Test
  void nothingUnsafeHappensAndTheWorkloadRunsWhenItIsOver() {
    int seeds = Integer.getInteger("drkit.seeds", SEEDS);
    LongStream.range(0, seeds).parallel().forEach(this::live);

    System.out.println("seen in " + seeds + " days: " + sightings);
    if (seeds >= SEEDS) {
      assertThat(RARE)
          .allSatisfy(what -> assertThat(sightings.getOrDefault(what, 0))
              .as("%s in %s", what, sightings)
              .isGreaterThanOrEqualTo(5));
    }
  }

  static Stream<Mistake> mistakes() {
    return Mistake.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeInAnActionIsNoticed(Mistake mistake) {
    assertThat(LongStream.range(0, SEEDS_UNTIL_NOTICED).boxed())
        .as(mistake.name())
        .anyMatch(seed ->
            find(seed, AwsDay.schedule(seed), what -> {}, Optional.of(mistake)).isPresent());
  }

  private void live(long seed) {
    DisasterSchedule schedule = AwsDay.schedule(seed);
    find(seed, schedule, this::sighted, Optional.empty()).ifPresent(found -> {
      Optional<DisasterSchedule> smallest = schedule.smallestFailing(
          fewer -> find(seed, fewer, what -> {}, Optional.empty()).isPresent());
      throw new AssertionError(
          "fails already with: " + smallest.orElse(schedule) + "\n" + found.getMessage(), found);
    });
  }

  private synchronized void sighted(String what) {
    sightings.merge(what, 1, Integer::sum);
  }

  private static Optional<AssertionError> find(
      long seed, DisasterSchedule schedule, Consumer<String> sightings, Optional<Mistake> mistake) {
    try {
      new AwsDay(seed, sightings, mistake).live(schedule);
      return Optional.empty();
    } catch (AssertionError found) {
      return Optional.of(found);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the middle of seed " + seed, e);
    }
  }
}
