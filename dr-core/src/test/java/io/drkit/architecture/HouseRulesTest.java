package io.drkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HouseRulesTest {
  private static final JavaClasses OFFENDERS =
      new ClassFileImporter().importPackagesOf(HouseRulesTest.class);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instantNow",
        "dateInAZone",
        "reference",
        "millis",
        "nanos",
        "systemClock",
        "date",
        "sleep",
        "unitSleep",
        "timeout",
      })
  void aClockOfTheMachineIsFound(String method) {
    assertThat(violations("time comes from TimeSource alone")).contains("." + method + "()");
  }

  @Test
  void aClockThatWasHandedOverIsNone() {
    assertThat(violations("time comes from TimeSource alone")).doesNotContain("handedOver(");
  }

  @Test
  void theSystemTimeSourceMayLookAtTheClock() {
    assertThat(violations("time comes from TimeSource alone")).doesNotContain("SystemTimeSource");
  }

  @ParameterizedTest
  @ValueSource(strings = {"math", "random", "splittable", "threadLocal", "uuid"})
  void chanceWithoutASeedIsFound(String method) {
    assertThat(violations("chance is seeded")).contains("." + method + "()");
  }

  @Test
  void chanceWithASeedIsAllowed() {
    assertThat(violations("chance is seeded")).doesNotContain("seeded(");
  }

  @Test
  void printingIsFoundInALibraryOnly() {
    assertThat(violations("nothing is printed")).contains("out()", "err()", "trace(");
    assertThat(HouseRules.program()).doesNotContainKey("nothing is printed");
  }

  @Test
  void anObjectStreamIsFound() {
    assertThat(violations("no object streams")).contains("ReadsObjects.read(");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {RegionUtils.class, RegionHelper.class, RegionManager.class, RegionImpl.class})
  void aNameThatSaysNothingIsFound(Class<?> type) {
    assertThat(violations("names say what a class is")).contains(type.getSimpleName());
  }

  private static String violations(String name) {
    ArchRule rule = Objects.requireNonNull(HouseRules.library().get(name), name);
    EvaluationResult result = rule.evaluate(OFFENDERS);
    return String.join("\n", result.getFailureReport().getDetails());
  }

  @SuppressWarnings("unused")
  private static final class LooksAtTheClock {
    Object instantNow() {
      return Instant.now();
    }

    Object dateInAZone() {
      return LocalDate.now(ZoneId.of("UTC"));
    }

    Supplier<Instant> reference() {
      return Instant::now;
    }

    long millis() {
      return System.currentTimeMillis();
    }

    LongSupplier nanos() {
      return System::nanoTime;
    }

    Clock systemClock() {
      return Clock.systemUTC();
    }

    @SuppressWarnings("JavaUtilDate")
    Object date() {
      return new Date();
    }

    void sleep() throws InterruptedException {
      Thread.sleep(1);
    }

    void unitSleep() throws InterruptedException {
      TimeUnit.SECONDS.sleep(1);
    }

    CompletableFuture<String> timeout() {
      return new CompletableFuture<String>().orTimeout(1, TimeUnit.SECONDS);
    }

    Object handedOver(Clock clock) {
      return ZonedDateTime.now(clock);
    }
  }

  @SuppressWarnings("unused")
  private static final class SystemTimeSource {
    Instant now() {
      return Instant.now();
    }

    static final class Waiter {
      void await() throws InterruptedException {
        Thread.sleep(1);
      }
    }
  }

  @SuppressWarnings("unused")
  private static final class ThrowsDice {
    double math() {
      return Math.random();
    }

    Random random() {
      return new Random();
    }

    SplittableRandom splittable() {
      return new SplittableRandom();
    }

    int threadLocal() {
      return ThreadLocalRandom.current().nextInt();
    }

    UUID uuid() {
      return UUID.randomUUID();
    }

    SplittableRandom seeded(long seed) {
      return new SplittableRandom(seed);
    }
  }

  @SuppressWarnings({"unused", "SystemOut"})
  private static final class Prints {
    void out() {
      System.out.println();
    }

    void err() {
      System.err.println();
    }

    void trace(Exception exception) {
      exception.printStackTrace();
    }
  }

  @SuppressWarnings({"unused", "BanSerializableRead"})
  private static final class ReadsObjects {
    Object read(InputStream in) throws IOException, ClassNotFoundException {
      return new ObjectInputStream(in).readObject();
    }
  }

  private static final class RegionUtils {}

  private static final class RegionHelper {}

  private static final class RegionManager {}

  private static final class RegionImpl {}
}
