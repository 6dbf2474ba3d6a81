package io.drkit.testkit.blunder;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.Seeds;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes are made in a plan and in the actions of a team, and the checks that the testkit gives to everyone notice each of them: within
 * a thousand seeds, with no more than three disasters left of what made it show (reliability.md R25).
 */
@Tag("proof")
class BlunderTest {
  private static final int SEEDS = 1_000;

  static Stream<Blunder> blunders() {
    return Blunders.ALL.stream();
  }

  @Test
  void aPlanWithoutABlunderIsFoundFaultWithOnNoDay() throws InterruptedException {
    Seeds.each(SEEDS, seed -> {
      Throwable found = noticed(seed, Blunder.NONE, ShopDay.schedule(seed));
      if (found != null) {
        throw new AssertionError(ShopDay.schedule(seed) + ": " + found.getMessage(), found);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("blunders")
  void isNoticed(Blunder blunder) {
    for (long seed = 0; seed < SEEDS; seed++) {
      if (noticed(seed, blunder, ShopDay.schedule(seed)) != null) {
        shrunk(seed, blunder);
        return;
      }
    }
    throw new AssertionError(blunder + " is not noticed in " + SEEDS + " seeds");
  }

  private static void shrunk(long seed, Blunder blunder) {
    Optional<DisasterSchedule> smallest = ShopDay.schedule(seed)
        .smallestFailing(schedule -> noticed(seed, blunder, schedule) != null);
    DisasterSchedule schedule = smallest.orElseThrow();
    Throwable found = noticed(seed, blunder, schedule);
    System.out.printf(
        "%s: found with %d seeds, by %s: %s%n", blunder, seed + 1, schedule, firstLines(found));
    assertThat(schedule.strikes()).hasSizeLessThanOrEqualTo(3);
    assertThat(found).isNotNull();
    assertThat(String.valueOf(found)).contains(blunder.noticedBy());
  }

  private static String firstLines(@Nullable Throwable found) {
    return String.valueOf(found)
        .lines()
        .takeWhile(line -> !line.startsWith("Timeline"))
        .map(line -> line.replaceFirst("java.lang.[A-Za-z]*: ?", ""))
        .filter(line -> !line.isBlank())
        .collect(Collectors.joining(" / "));
  }

  private static @Nullable Throwable noticed(
      long seed, Blunder blunder, DisasterSchedule schedule) {
    try {
      new ShopDay(seed, blunder).live(schedule);
      return null;
    } catch (AssertionError | RuntimeException found) {
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
