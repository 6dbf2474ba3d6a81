package io.drkit.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Need;
import io.drkit.Site;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.RefusedByCloudException;
import io.drkit.testkit.Timeline;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class GameDayExtensionTest {
  private static final List<String> SEEN = new ArrayList<>();

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  private static EngineExecutionResults run(Class<?> tests, String method) {
    for (var candidate : tests.getDeclaredMethods()) {
      if (candidate.getName().equals(method)) {
        return EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(tests, candidate))
            .execute();
      }
    }
    throw new IllegalArgumentException(method);
  }

  private static List<String> displayNames(EngineExecutionResults results) {
    return results.testEvents().started().stream()
        .map(Event::getTestDescriptor)
        .map(descriptor -> descriptor.getDisplayName())
        .toList();
  }

  @Test
  void aGameDayRunsForEachStrategyDisasterAndSeed() {
    EngineExecutionResults results = run(Days.class, "severalOfEach");

    results.testEvents().assertStatistics(stats -> stats.started(8).succeeded(8));
    assertThat(displayNames(results))
        .containsExactly(
            "PILOT_LIGHT, NONE, seed 5",
            "PILOT_LIGHT, NONE, seed 6",
            "PILOT_LIGHT, ZONE_LOSS, seed 5",
            "PILOT_LIGHT, ZONE_LOSS, seed 6",
            "MULTI_SITE, NONE, seed 5",
            "MULTI_SITE, NONE, seed 6",
            "MULTI_SITE, ZONE_LOSS, seed 5",
            "MULTI_SITE, ZONE_LOSS, seed 6");
  }

  @Test
  void byDefaultEachStrategyLosesItsRegionOnce() {
    assertThat(displayNames(run(Days.class, "byDefault")))
        .containsExactly(
            "BACKUP_AND_RESTORE, PRIMARY_REGION_LOSS, seed 1",
            "PILOT_LIGHT, PRIMARY_REGION_LOSS, seed 1",
            "WARM_STANDBY, PRIMARY_REGION_LOSS, seed 1",
            "MULTI_SITE, PRIMARY_REGION_LOSS, seed 1");
  }

  @Test
  void everyParameterIsOfTheSameWorld() {
    run(Days.class, "everyParameter")
        .testEvents()
        .assertStatistics(stats -> stats.started(1).succeeded(1));
    assertThat(SEEN).containsExactly("same world");
  }

  @Test
  void theDisasterStrikesAtAnInstantThatTheSeedDecides() {
    run(Days.class, "whenItStrikes").testEvents().assertStatistics(stats -> stats.succeeded(3));
    run(Days.class, "whenItStrikes").testEvents().assertStatistics(stats -> stats.succeeded(3));

    assertThat(SEEN).hasSize(6);
    assertThat(SEEN.subList(0, 3)).doesNotHaveDuplicates().isEqualTo(SEEN.subList(3, 6));
  }

  @Test
  void aComposedAnnotationIsAGameDay() {
    assertThat(displayNames(run(Days.class, "composed")))
        .containsExactly("WARM_STANDBY, NONE, seed 1");
  }

  @Test
  void aFailureBringsItsSeedAndTimelineAlong() {
    run(Days.class, "fails")
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(
                message("the test itself"),
                suppressed(
                    0,
                    instanceOf(GameDayRecord.class),
                    message(text -> text.startsWith("PILOT_LIGHT, PRIMARY_REGION_LOSS, seed 9\n")
                        && text.contains("  reached  replicate orders-db\n")
                        && text.contains("  loss of us-east-1\n"))))));
  }

  @Test
  void moreDisastersAreShrunkToThoseThatMakeTheTestFail() {
    run(Days.class, "bearsNoThrottling")
        .testEvents()
        .assertThatEvents()
        .haveAtLeastOne(event(finishedWithFailure(
            message("throttled"),
            suppressed(
                0,
                instanceOf(GameDayRecord.class),
                message(text -> text.contains("\nbeside the first disaster: ")
                    && text.matches(
                        "(?s).*\nit fails with no more than: throttling of [^,\n]*\n.*"))))));
  }

  @Test
  void disastersThatMakeTheTestFailInAnotherWayAreNotTakenForThoseThatAreNeeded() {
    assertThat(run(Days.class, "bearsNeitherThrottlingNorExpiry").testEvents().failed().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> result.getThrowable().orElseThrow())
            .filter(IllegalStateException.class::isInstance)
            .map(failed -> failed.getSuppressed()[0].getMessage()))
        .isNotEmpty()
        .allMatch(
            text -> text.matches("(?s).*\nit fails with no more than: throttling of [^,\n]*\n.*"));
  }

  @Test
  void whatTakesMoreThanAGameDayIsNotPlayedAgain() {
    run(Days.class, "takesMore")
        .testEvents()
        .assertThatEvents()
        .haveAtLeastOne(event(finishedWithFailure(suppressed(
            0, message(text -> text.contains("it fails with no more than: (not tried"))))));
  }

  @Test
  void aBrokenInvariantFailsTheTestThatPassed() {
    run(Days.class, "leavesTheRunAlone")
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(
                instanceOf(AssertionError.class),
                message(text -> text.contains("an invariant does not hold")
                    && text.contains("has not ended; await it in the test")),
                suppressed(0, message(text -> text.contains("seed 1"))))));
  }

  @Test
  void aSplitBrainFailsTheTest() {
    run(Days.class, "healsTheOldPrimary")
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(message(text -> text.contains("split brain: orders-db")))));
  }

  @Test
  void aTestThatFailsIsToldWhichInvariantsWereBrokenAsWell() {
    run(Days.class, "healsTheOldPrimaryAndFails")
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(
                message("the test itself"),
                suppressed(
                    0,
                    message(text -> text.startsWith("MULTI_SITE, PRIMARY_REGION_LOSS, seed 1\n")
                        && text.contains(
                            "\nan invariant does not hold: split brain: orders-db"))))));
  }

  @Test
  void noSeedAtAllIsMisuse() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(NoSeeds.class))
        .execute()
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(message("@GameDay on never: seeds must be 1 or more: 0"))));
  }

  @Test
  void noStrategyAndNoDisasterAreMisuse() {
    for (String method : List.of("noStrategy", "noDisaster")) {
      run(Idle.class, method)
          .containerEvents()
          .assertThatEvents()
          .haveExactly(
              1,
              event(finishedWithFailure(message("@GameDay on " + method
                  + ": name one strategy and one disaster at least, or leave them out"))));
    }
  }

  @Test
  void aParameterOfAnotherKindIsLeftToOthers() {
    run(Days.class, "strange")
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1, event(finishedWithFailure(message(text -> text.contains("No ParameterResolver")))));
  }

  @GameDay(strategy = DrStrategy.WARM_STANDBY, disaster = GameDayDisaster.NONE)
  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
  @interface Quiet {}

  /** Run by the tests above only: its name does not end in Test, and some of it fails on purpose. */
  static class Days {
    @GameDay(
        strategy = {DrStrategy.PILOT_LIGHT, DrStrategy.MULTI_SITE},
        disaster = {GameDayDisaster.NONE, GameDayDisaster.ZONE_LOSS},
        seed = 5,
        seeds = 2)
    void severalOfEach() {}

    @GameDay
    void byDefault() {}

    @Quiet
    void composed() {}

    @GameDay(strategy = DrStrategy.PILOT_LIGHT)
    void everyParameter(
        FakeApplication orders,
        FakeCloud cloud,
        VirtualTime time,
        DrPlan plan,
        DrEngine engine,
        Timeline timeline) {
      boolean same = orders.cloud() == cloud
          && cloud.time() == time
          && orders.plan() == plan
          && engine.reports(plan.name()).size() == 1
          && timeline.toString().contains("loss of us-east-1");
      SEEN.add(same ? "same world" : "worlds apart");
    }

    @GameDay(strategy = DrStrategy.PILOT_LIGHT, seeds = 3)
    void whenItStrikes(FakeApplication orders, VirtualTime time) {
      Instant struck = orders.declaration("test").since().orElseThrow();
      assertThat(struck).isEqualTo(time.now());
      SEEN.add(struck.toString());
    }

    @GameDay(strategy = DrStrategy.PILOT_LIGHT, seed = 9)
    void fails() {
      throw new AssertionError("the test itself");
    }

    @GameDay(strategy = DrStrategy.PILOT_LIGHT)
    void leavesTheRunAlone(DrEngine engine, FakeApplication orders) {
      engine.failover(orders.plan(), orders.declaration("test"));
    }

    @GameDay(strategy = DrStrategy.MULTI_SITE)
    void healsTheOldPrimary(DrEngine engine, FakeApplication orders, FakeCloud cloud)
        throws InterruptedException {
      engine.failover(orders.plan(), orders.declaration("test")).await();
      cloud.heal(orders.primary());
      cloud.time().advance(Duration.ofSeconds(1));
    }

    @GameDay(strategy = DrStrategy.MULTI_SITE)
    void healsTheOldPrimaryAndFails(DrEngine engine, FakeApplication orders, FakeCloud cloud)
        throws InterruptedException {
      healsTheOldPrimary(engine, orders, cloud);
      throw new AssertionError("the test itself");
    }

    @GameDay(
        strategy = DrStrategy.PILOT_LIGHT,
        disaster = GameDayDisaster.NONE,
        more = 4,
        seeds = 20)
    void bearsNoThrottling(FakeCloud cloud) {
      for (int minute = 0; minute < 150; minute++) {
        cloud.time().advance(Duration.ofMinutes(1));
        for (Site site : cloud.sites()) {
          try {
            cloud.request(Need.control("ec2", site), Duration.ofSeconds(1), () -> "done");
          } catch (RefusedByCloudException refused) {
            if (refused.reason() == RefusedByCloudException.Reason.THROTTLED) {
              throw new AssertionError("throttled");
            }
          } catch (Exception borne) {
            SEEN.add(String.valueOf(borne.getMessage()));
          }
        }
      }
    }

    @GameDay(
        strategy = DrStrategy.PILOT_LIGHT,
        disaster = GameDayDisaster.NONE,
        more = 4,
        seeds = 40)
    void bearsNeitherThrottlingNorExpiry(FakeCloud cloud) {
      boolean expired = false;
      boolean throttled = false;
      for (int minute = 0; minute < 150; minute++) {
        cloud.time().advance(Duration.ofMinutes(1));
        for (Site site : cloud.sites()) {
          try {
            cloud.request(Need.control("ec2", site), Duration.ofSeconds(1), () -> "done");
          } catch (RefusedByCloudException refused) {
            throttled |= refused.reason() == RefusedByCloudException.Reason.THROTTLED;
            expired |= refused.reason() == RefusedByCloudException.Reason.CREDENTIALS_EXPIRED;
          } catch (Exception borne) {
            SEEN.add(String.valueOf(borne.getMessage()));
          }
        }
      }
      if (throttled) {
        throw new IllegalStateException("throttled");
      }
      assertThat(expired).isFalse();
    }

    @GameDay(strategy = DrStrategy.PILOT_LIGHT, more = 1)
    void takesMore(TestInfo info) {
      throw new AssertionError(info.getDisplayName());
    }

    @GameDay(strategy = DrStrategy.PILOT_LIGHT)
    void strange(StringBuilder other) {}
  }

  /** Run by a test above only. */
  static class Idle {
    @GameDay(strategy = {})
    void noStrategy() {}

    @GameDay(disaster = {})
    void noDisaster() {}
  }

  /** Run by a test above only. */
  static class NoSeeds {
    @GameDay(seeds = 0)
    void never() {}
  }
}
