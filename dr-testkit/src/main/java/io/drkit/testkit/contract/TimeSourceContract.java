package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link TimeSource} and its {@link EventLoop}s must hold. It takes a second or two of a clock that cannot be made to
 * jump.
 */
@Timeout(60)
public abstract class TimeSourceContract {
  private static final Duration A_WHILE = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofSeconds(30);
  /** By a clock on the wall, whatever the time source is. */
  private static final Duration MEETING = Duration.ofMillis(100);

  private final List<EventLoop> loops = new ArrayList<>();

  /** For those who extend it. */
  protected TimeSourceContract() {}

  /** Returns the time source; the same one each time in a test. */
  protected abstract TimeSource time();

  /**
   * Takes time in a call, as something does that is waited for: it is called within {@link EventLoop#call} only.
   *
   * @param duration how much
   * @throws InterruptedException if the call is interrupted, which may be told by an error as well
   */
  protected abstract void block(Duration duration) throws InterruptedException;

  private EventLoop loop(String name) {
    EventLoop loop = time().loop(name);
    loops.add(loop);
    return loop;
  }

  /** Closes what the tests opened. */
  @AfterEach
  protected void closeLoops() {
    loops.forEach(EventLoop::close);
  }

  /** Lets a loop run for a while. */
  private static void pass(EventLoop loop, Duration duration) throws InterruptedException {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    loop.schedule(duration, () -> over.complete(true));
    loop.await(over);
  }

  /**
   * The uptime never goes back, whatever runs in between.
   *
   * @throws Exception fails the test
   */
  @Test
  public void theUptimeNeverGoesBack() throws Exception {
    EventLoop loop = loop("uptime");
    List<Duration> seen = new ArrayList<>(List.of(time().uptime()));
    for (int i = 0; i < 50; i++) {
      loop.schedule(Duration.ofMillis(i % 7), () -> seen.add(time().uptime()));
    }

    pass(loop, A_WHILE);

    seen.add(time().uptime());
    assertThat(seen).hasSize(52).isSorted();
    assertThat(seen.get(51).minus(seen.get(0))).isGreaterThanOrEqualTo(A_WHILE);
  }

  /**
   * Tasks run in the order in which they are due, and then in which they were handed in.
   *
   * @throws Exception fails the test
   */
  @Test
  public void tasksRunInTheOrderInWhichTheyAreDueAndThenInWhichTheyWereHandedIn() throws Exception {
    EventLoop loop = loop("order");
    List<String> ran = new ArrayList<>();
    // While this task has the loop, none of the others begins.
    loop.schedule(Duration.ZERO, () -> {
      loop.schedule(Duration.ofMillis(20), () -> ran.add("late"));
      loop.schedule(Duration.ZERO, () -> {
        ran.add("first");
        loop.schedule(Duration.ZERO, () -> ran.add("handed in by the first"));
      });
      loop.schedule(Duration.ZERO, () -> ran.add("second"));
    });

    pass(loop, A_WHILE);

    assertThat(ran).containsExactly("first", "second", "handed in by the first", "late");
  }

  /**
   * A task never runs before its delay is over.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aTaskRunsWhenItsDelayIsOverAndNotBefore() throws Exception {
    EventLoop loop = loop("delay");
    Duration begun = time().uptime();
    CompletableFuture<Duration> ran = new CompletableFuture<>();

    loop.schedule(A_WHILE, () -> ran.complete(time().uptime()));

    assertThat(loop.await(ran).minus(begun)).isGreaterThanOrEqualTo(A_WHILE);
  }

  /**
   * A task that was cancelled before it began does not run; cancelling it again, or one that ran, does nothing.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aCancelledTaskDoesNotRun() throws Exception {
    EventLoop loop = loop("cancel");
    List<String> ran = new ArrayList<>();
    CompletableFuture<EventLoop.Timer> handle = new CompletableFuture<>();
    loop.schedule(Duration.ZERO, () -> {
      EventLoop.Timer cancelled = loop.schedule(Duration.ofMillis(1), () -> ran.add("cancelled"));
      cancelled.cancel();
      cancelled.cancel();
      handle.complete(loop.schedule(Duration.ofMillis(1), () -> ran.add("not cancelled")));
    });

    pass(loop, A_WHILE);
    loop.await(handle).cancel();

    assertThat(ran).containsExactly("not cancelled");
  }

  /**
   * No two tasks of a loop run at once, what calls hand over included.
   *
   * @throws Exception fails the test
   */
  @Test
  public void noTwoTasksOfALoopRunAtOnce() throws Exception {
    EventLoop loop = loop("one at a time");
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<Boolean> all = new CompletableFuture<>();
    CountDownLatch met = new CountDownLatch(2);
    Runnable task = () -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      meet(met);
      running.decrementAndGet();
      if (done.incrementAndGet() == 200) {
        all.complete(true);
      }
    };
    for (int i = 0; i < 100; i++) {
      loop.schedule(Duration.ZERO, task);
      loop.call(() -> "answer", LONG, (answer, failure) -> task.run());
    }

    loop.await(all);

    assertThat(most).hasValue(1);
  }

  /** The first one stays for a moment, so that whoever runs beside it meets it. */
  private static void meet(CountDownLatch met) {
    boolean first = met.getCount() == 2;
    met.countDown();
    if (first) {
      try {
        met.await(MEETING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * A call hands over what it returned, or what it threw, once.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aCallHandsOverItsResultOrItsException() throws Exception {
    EventLoop loop = loop("call");
    List<String> told = new ArrayList<>();
    CompletableFuture<Boolean> both = new CompletableFuture<>();
    loop.schedule(Duration.ZERO, () -> {
      loop.call(() -> "answer", LONG, (answer, failure) -> {
        told.add(answer + ", " + failure);
        both.complete(told.size() == 2);
      });
      told.add("asked");
    });
    loop.await(both);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    loop.call(
        () -> {
          throw new IOException("no route");
        },
        LONG,
        (answer, failure) -> {
          assertThat(answer).isNull();
          thrown.complete(failure);
        });

    assertThat(told).containsExactly("asked", "answer, null");
    assertThat(loop.await(thrown)).isInstanceOf(IOException.class).hasMessage("no route");
  }

  /**
   * A call that is over its limit is interrupted, is told to have timed out, neither earlier nor twice, and what comes of it later
   * is dropped.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aCallOverItsLimitIsInterruptedAndTimesOutOnce() throws Exception {
    EventLoop loop = loop("limit");
    AtomicBoolean wentOn = new AtomicBoolean();
    AtomicInteger told = new AtomicInteger();
    Duration begun = time().uptime();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CompletableFuture<Duration> at = new CompletableFuture<>();
    loop.call(
        () -> {
          block(LONG);
          wentOn.set(true);
          return "late";
        },
        A_WHILE,
        (answer, failure) -> {
          told.incrementAndGet();
          at.complete(time().uptime());
          end.complete(failure);
        });

    assertThat(loop.await(end))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining(A_WHILE.toString());
    assertThat(loop.await(at).minus(begun)).isGreaterThanOrEqualTo(A_WHILE).isLessThan(LONG);
    pass(loop, A_WHILE);
    assertThat(told).hasValue(1);
    assertThat(wentOn).isFalse();
  }

  /**
   * While a call takes its time, the loop's tasks run.
   *
   * @throws Exception fails the test
   */
  @Test
  public void tasksRunWhileACallTakesItsTime() throws Exception {
    EventLoop loop = loop("meanwhile");
    List<String> order = new ArrayList<>();
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    loop.call(
        () -> {
          block(Duration.ofMillis(200));
          return "answer";
        },
        LONG,
        (answer, failure) -> {
          order.add("answer");
          answered.complete(true);
        });
    loop.schedule(Duration.ofMillis(1), () -> order.add("task"));

    loop.await(answered);

    assertThat(order).containsExactly("task", "answer");
  }

  /** What is waited for and fails is thrown to whoever waits, as the cause. */
  @Test
  public void aFailedFutureIsThrownWhereItIsWaitedFor() {
    EventLoop loop = loop("failure");
    CompletableFuture<String> future = new CompletableFuture<>();
    loop.schedule(Duration.ZERO, () -> future.completeExceptionally(new IOException("disk full")));

    assertThatThrownBy(() -> loop.await(future))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("disk full");
  }

  /** A thread that is interrupted does not go on waiting. */
  @Test
  public void anInterruptedThreadDoesNotGoOnWaiting() {
    EventLoop loop = loop("interruption");
    loop.schedule(LONG, () -> {});
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> loop.await(new CompletableFuture<String>()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  /**
   * A closed loop drops its tasks and the outcomes of its calls, takes nothing more, and leaves other loops alone.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aClosedLoopHandsNothingOverAndLeavesOthersAlone() throws Exception {
    EventLoop loop = loop("closed");
    EventLoop other = loop("other");
    List<String> ran = new ArrayList<>();
    // Not due before the loop is closed, however busy the machine is.
    Duration later = Duration.ofSeconds(1);
    loop.schedule(later, () -> ran.add("task"));
    loop.call(
        () -> {
          block(later);
          return "answer";
        },
        LONG,
        (answer, failure) -> ran.add("outcome"));

    loop.close();
    loop.close();
    loop.schedule(Duration.ZERO, () -> ran.add("task after the end")).cancel();
    loop.call(() -> "answer", LONG, (answer, failure) -> ran.add("outcome after the end"));

    CompletableFuture<String> goesOn = new CompletableFuture<>();
    other.schedule(later.plus(A_WHILE), () -> goesOn.complete("it does"));
    assertThat(other.await(goesOn)).isEqualTo("it does");
    assertThat(ran).isEmpty();
  }

  /**
   * A task may close its own loop.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aTaskMayCloseItsOwnLoop() throws Exception {
    EventLoop loop = loop("closes itself");
    EventLoop other = loop("other");
    List<String> ran = new ArrayList<>();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    loop.schedule(Duration.ZERO, () -> {
      loop.schedule(Duration.ZERO, () -> ran.add("after the end"));
      loop.close();
      closed.complete(true);
    });

    other.schedule(A_WHILE, () -> {});
    assertThat(loop.await(closed)).isTrue();
    pass(other, A_WHILE);
    assertThat(ran).isEmpty();
  }
}
