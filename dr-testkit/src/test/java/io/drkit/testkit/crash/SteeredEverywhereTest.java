package io.drkit.testkit.crash;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ApprovalRequest;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A person cancels, pauses, skips or declines at every operation of a run: before and after each append, during each request
 * and each look. The run stops at the next safe point, and can be gone on with (reliability.md R20).
 */
@Tag("proof")
@Timeout(300)
class SteeredEverywhereTest {
  private static final Instruction TOLD = Instruction.by("ann").because("she says so");
  private static final Duration LOOK = ofSeconds(1);
  private static final Duration LIMIT = ofSeconds(30);

  /** One run to which something is said at one of its operations. */
  private abstract static class Case {
    final Story story;
    final Addressed process;
    Instant saidAt = Instant.MAX;

    @Nullable
    RunReport report;

    Case(Blueprint blueprint, int operation) {
      story = new Story(blueprint);
      process = new Addressed(operation, this::say);
    }

    abstract void says(RunControl run);

    void live() throws InterruptedException {
      report = story.live(process).orElseThrow();
    }

    private boolean say() {
      saidAt = story.time().now();
      DrEngine onlooker = DrEngine.builder()
          .journal(story.log().openedBy(Fate.KIND))
          .leases(LeaseStore.inMemory())
          .time(story.time())
          .build();
      return say(() -> says(onlooker.control("orders")));
    }

    int requests() {
      return Blueprint.TWENTY_STEPS.wishes().stream()
          .mapToInt(wish -> story.world().requests(wish.name()))
          .sum();
    }

    boolean say(Runnable command) {
      try {
        command.run();
        return true;
      } catch (DrException refused) {
        // It came before the run was there, or after it had ended.
        return false;
      }
    }

    @Override
    public String toString() {
      return "said at " + process.last() + ", " + story;
    }
  }

  /** No step starts and no intent is written between two commands. */
  private static void assertNothingBegan(Case one, String from, String until) {
    boolean held = false;
    for (String line : one.story.log().lines()) {
      String event = Lines.event(line);
      held = event.equals(from) || (held && !event.equals(until));
      boolean began = event.equals("StepIntended") || event.equals("StepStarted");
      assertThat(held && began).as("%s, %s", line, one).isFalse();
    }
  }

  @Test
  void aCancelledRunStopsAtTheNextSafePointAndCanBeGoneOnWith() throws Exception {
    int heard = 0;
    boolean goesOn = true;
    for (int operation = 0; goesOn; operation++) {
      Case one = new Case(Blueprint.TWENTY_STEPS, operation) {
        @Override
        void says(RunControl run) {
          run.cancel(TOLD);
        }
      };
      one.live();
      goesOn = one.process.cameThatFar();
      if (one.process.heard()) {
        heard++;
        assertThat(one.report.outcome())
            .as("%s", one)
            .isIn(
                Outcome.CANCELLED,
                Outcome.IN_DOUBT,
                Outcome.COMPLETED,
                Outcome.COMPLETED_WITH_EXCEPTIONS);
        assertThat(one.report.endedAt().orElseThrow())
            .as("%s", one)
            .isBeforeOrEqualTo(one.saidAt.plus(LOOK).plus(LIMIT));
        assertNothingBegan(one, "RunCancelled", "RunnerBegan");
      }
      RunReport last = one.story.finish();
      assertThat(one.story.world().wrongs()).as("%s", one).isEmpty();
      boolean through = one.report.outcome() == Outcome.COMPLETED
          || one.report.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS;
      if (!through || !one.process.heard()) {
        // A run whose service was back when it was cancelled is not gone on with.
        one.story.check(last);
      }
    }
    assertThat(heard).isGreaterThan(150);
  }

  @Test
  void aPausedRunAsksForNothingUntilItIsContinued() throws Exception {
    int heard = 0;
    boolean goesOn = true;
    for (int operation = 0; goesOn; operation++) {
      int[] requests = new int[3];
      Case one = new Case(Blueprint.TWENTY_STEPS, operation) {
        @Override
        void says(RunControl run) {
          run.pause(TOLD);
          story.time().schedule(LOOK.multipliedBy(2), () -> requests[0] = requests());
          story.time().schedule(ofMinutes(5), () -> {
            requests[1] = requests();
            requests[2] = say(() -> run.continueRun(TOLD)) ? 1 : 0;
          });
        }
      };
      one.live();
      goesOn = one.process.cameThatFar();
      heard += one.process.heard() ? 1 : 0;
      if (requests[2] > 0) {
        assertThat(requests[1]).as("requests, %s", one).isEqualTo(requests[0]);
      }
      one.story.check(one.story.finish());
    }
    assertThat(heard).isGreaterThan(150);
  }

  @Test
  void aStepIsSkippedOrAbandonedAndTheRunGoesOn() throws Exception {
    int heard = 0;
    boolean goesOn = true;
    for (int operation = 0; goesOn; operation++) {
      Case one = new Case(Blueprint.TWENTY_STEPS, operation) {
        @Override
        void says(RunControl run) {
          run.abandon("page the vendor", TOLD);
        }
      };
      one.live();
      goesOn = one.process.cameThatFar();
      heard += one.process.heard() ? 1 : 0;
      one.story.check(one.story.finish());
    }
    assertThat(heard).isGreaterThan(30);
  }

  @Test
  void aStepThatIsDeclinedOrNotAnsweredFailsAndIsAskedForAgain() throws Exception {
    int heard = 0;
    int timedOut = 0;
    boolean goesOn = true;
    for (int operation = 0; goesOn; operation++) {
      Case one = new Case(Blueprint.ASKED_STEPS, operation) {
        @Override
        void says(RunControl run) {
          ApprovalRequest first = run.approvals().stream()
              .findFirst()
              .orElseThrow(() -> new DrException("nothing is asked"));
          run.decline(first, TOLD);
        }
      };
      one.live();
      goesOn = one.process.cameThatFar();
      heard += one.process.heard() ? 1 : 0;
      timedOut += one.process.heard() ? 0 : 1;
      assertThat(one.report.outcome()).as("%s", one).isEqualTo(Outcome.FAILED);
      assertThat(one.story.world().requests("switch the names")).as("%s", one).isZero();
      one.story.consent();
      one.story.check(one.story.finish());
    }
    assertThat(heard).isGreaterThan(20);
    assertThat(timedOut).isPositive();
  }
}
