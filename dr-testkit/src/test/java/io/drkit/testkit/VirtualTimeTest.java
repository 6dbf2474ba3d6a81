package io.drkit.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private final VirtualTime time = VirtualTime.create();
  private final EventLoop loop = time.loop("orders");
  private final List<String> seen = new ArrayList<>();

  private void see(String what) {
    seen.add(what + " at " + Duration.between(NOON, time.now()).toMillis());
  }

  @Test
  void startsAtNoonOrWhereItIsToldTo() {
    Instant other = Instant.parse("2012-01-01T00:00:00Z");

    assertThat(time.now()).isEqualTo(NOON);
    assertThat(VirtualTime.startingAt(other).now()).isEqualTo(other);
    assertThat(time.uptime()).isZero();
  }

  @Test
  void tasksRunInTheOrderInWhichTheyAreDueAndThenInWhichTheyWereHandedIn() {
    loop.schedule(ofSeconds(2), () -> see("third"));
    loop.schedule(ofSeconds(1), () -> see("first"));
    time.loop("other").schedule(ofSeconds(1), () -> see("second"));

    time.advance(ofSeconds(3));

    assertThat(seen).containsExactly("first at 1000", "second at 1000", "third at 2000");
    assertThat(time.now()).isEqualTo(NOON.plusSeconds(3));
    assertThat(time.uptime()).isEqualTo(ofSeconds(3));
  }

  @Test
  void advancingRunsNothingThatIsDueLater() {
    loop.schedule(ofSeconds(2), () -> see("late"));

    time.advance(ofMillis(1999));
    assertThat(seen).isEmpty();

    time.advance(ofMillis(1));
    assertThat(seen).containsExactly("late at 2000");
  }

  @Test
  void whatATaskHandsInRunsInTheSameAdvance() {
    loop.schedule(ofSeconds(1), () -> time.schedule(ofSeconds(1), () -> see("inner")));

    time.advance(ofSeconds(2));

    assertThat(seen).containsExactly("inner at 2000");
  }

  @Test
  void aCancelledTaskDoesNotRun() {
    loop.schedule(ofSeconds(1), () -> see("cancelled")).cancel();

    time.advance(ofSeconds(2));

    assertThat(seen).isEmpty();
  }

  @Test
  void awaitingMakesTimePassUntilTheFutureIsDone() throws InterruptedException {
    CompletableFuture<String> future = new CompletableFuture<>();
    loop.schedule(Duration.ofDays(400), () -> future.complete("done"));
    loop.schedule(Duration.ofDays(401), () -> see("too late"));

    assertThat(loop.await(future)).isEqualTo("done");
    assertThat(time.now()).isEqualTo(NOON.plus(Duration.ofDays(400)));
    assertThat(seen).isEmpty();
  }

  @Test
  void awaitingWhatNothingCanCompleteSaysWhichLoopWaitsForWhat() {
    assertThatIllegalStateException()
        .isThrownBy(() -> loop.await(new CompletableFuture<>()))
        .withMessageContaining("loop 'orders' waits for")
        .withMessageContaining("Not completed")
        .withMessageContaining("nothing is left to happen");
  }

  @Test
  void awaitingAFailureThrowsItsCause() {
    CompletableFuture<String> future = new CompletableFuture<>();
    loop.schedule(ofSeconds(1), () -> future.completeExceptionally(new ArithmeticException("no")));

    assertThatThrownBy(() -> loop.await(future))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ArithmeticException.class);
  }

  @Test
  void anInterruptedThreadDoesNotGoOnWaiting() {
    loop.schedule(ofSeconds(1), () -> see("never"));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> loop.await(new CompletableFuture<>()))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("loop 'orders'");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCallRunsAtOnceAndItsResultArrivesAfterTheChargedTime() {
    loop.call(
        () -> {
          see("called");
          time.charge(ofMillis(300));
          see("charged");
          return "answer";
        },
        ofSeconds(1),
        (result, failure) -> see(result + " " + failure));
    loop.schedule(ofMillis(100), () -> see("meanwhile"));

    assertThat(time.now()).isEqualTo(NOON);
    time.advance(ofSeconds(2));

    assertThat(seen)
        .containsExactly("called at 0", "charged at 300", "meanwhile at 100", "answer null at 300");
  }

  @Test
  void aCallThatThrowsDeliversWhatItThrew() {
    loop.call(
        () -> {
          time.charge(ofMillis(20));
          throw new java.io.IOException("refused");
        },
        ofSeconds(1),
        (result, failure) -> see(String.valueOf(failure)));

    time.advance(ofSeconds(2));

    assertThat(seen).containsExactly("java.io.IOException: refused at 20");
  }

  @Test
  void aCallThatIsOverItsLimitIsInterruptedAndTimesOut() {
    loop.call(
        () -> {
          time.charge(ofMillis(900));
          time.charge(ofMillis(101));
          see("never");
          return "answer";
        },
        ofSeconds(1),
        (result, failure) -> see(String.valueOf(failure)));

    time.advance(ofSeconds(2));

    assertThat(seen)
        .containsExactly("java.util.concurrent.TimeoutException: no answer within PT1S at 1000");
  }

  @Test
  void anAnswerThatArrivesJustAtTheLimitCounts() {
    loop.call(
        () -> {
          time.charge(ofSeconds(1));
          return "answer";
        },
        ofSeconds(1),
        (result, failure) -> see(String.valueOf(result)));

    time.advance(ofSeconds(2));

    assertThat(seen).containsExactly("answer at 1000");
  }

  @Test
  void aCallThatHangsTimesOutEvenIfItSwallowsTheInterruption() {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    loop.call(
        () -> {
          try {
            throw time.hang();
          } catch (Throwable swallowed) {
            return "as if nothing had happened";
          }
        },
        ofSeconds(1),
        (result, failure) -> outcome.set(failure));

    time.advance(ofSeconds(1));

    assertThat(outcome.get()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void outsideOfACallChargedTimePassesAndAHangIsRefused() {
    time.charge(ofSeconds(5));

    assertThat(time.now()).isEqualTo(NOON.plusSeconds(5));
    assertThatIllegalStateException()
        .isThrownBy(time::hang)
        .withMessageContaining("outside of EventLoop.call");
  }

  @Test
  void aTaskMustNotBlock() {
    loop.schedule(Duration.ZERO, () -> time.charge(ofSeconds(1)));

    assertThatIllegalStateException()
        .isThrownBy(() -> time.advance(ofSeconds(1)))
        .withMessageContaining("charge(PT1S) was called from within a task");
  }

  @Test
  void aTaskMustNotAwait() {
    loop.schedule(
        Duration.ZERO,
        () -> assertThatIllegalStateException()
            .isThrownBy(() -> loop.await(new CompletableFuture<>()))
            .withMessageContaining("await(...) was called from within a task"));

    time.advance(Duration.ZERO);
  }

  @Test
  void timeIsNeverMovedBackwards() {
    Duration negative = ofSeconds(-1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.advance(negative))
        .withMessageContaining("PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.schedule(negative, () -> {}))
        .withMessageContaining("PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.charge(negative))
        .withMessageContaining("PT-1S");
  }

  @Test
  void aClosedLoopDropsItsTasksAndCallsAndLeavesOthersAlone() {
    EventLoop other = time.loop("other");
    loop.schedule(ofSeconds(1), () -> see("dropped"));
    loop.call(() -> "dropped", ofSeconds(1), (result, failure) -> see(result));
    other.schedule(ofSeconds(1), () -> see("kept"));

    loop.close();
    loop.close();
    loop.schedule(ofSeconds(1), () -> see("late")).cancel();
    loop.call(() -> "late", ofSeconds(1), (result, failure) -> see(result));
    time.advance(ofSeconds(2));

    assertThat(seen).containsExactly("kept at 1000");
    assertThatIllegalStateException()
        .isThrownBy(() -> loop.await(new CompletableFuture<>()))
        .withMessageContaining("but was closed");
  }

  @Test
  void aSecondThreadIsRefusedByName() throws InterruptedException {
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    Thread second = new Thread(
        () -> {
          try {
            time.now();
          } catch (IllegalStateException e) {
            refusal.set(e);
          }
        },
        "stranger");
    second.start();
    second.join();

    assertThat(refusal.get())
        .hasMessageContaining("belongs to thread '" + Thread.currentThread().getName() + "'")
        .hasMessageContaining("used by 'stranger'")
        .hasMessageContaining("an engine too whose time(...) it is");
  }
}
