package io.drkit.testkit.contract;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A time source with something wrong in it. */
final class WrongTime implements TimeSource {

  /** What is wrong, and the test of the contract that fails for it at least. */
  enum Wrong {
    NOTHING(""),
    UPTIME_GOES_BACK("theUptimeNeverGoesBack"),
    TASKS_RUN_WHERE_THEY_ARE_HANDED_IN(
        "tasksRunInTheOrderInWhichTheyAreDueAndThenInWhichTheyWereHandedIn"),
    TASKS_RUN_EARLY("aTaskRunsWhenItsDelayIsOverAndNotBefore"),
    CANCELLED_TASKS_RUN("aCancelledTaskDoesNotRun"),
    OUTCOMES_ARE_HANDED_OVER_BY_OTHER_THREADS("noTwoTasksOfALoopRunAtOnce"),
    EXCEPTIONS_ARE_WRAPPED("aCallHandsOverItsResultOrItsException"),
    OUTCOMES_ARE_HANDED_OVER_TWICE("aCallHandsOverItsResultOrItsException"),
    LIMITS_ARE_IGNORED("aCallOverItsLimitIsInterruptedAndTimesOutOnce"),
    CALLS_HOLD_UP_TASKS("tasksRunWhileACallTakesItsTime"),
    FAILURES_LOSE_THEIR_CAUSE("aFailedFutureIsThrownWhereItIsWaitedFor"),
    INTERRUPTIONS_ARE_FORGOTTEN("anInterruptedThreadDoesNotGoOnWaiting"),
    CLOSED_LOOPS_GO_ON("aClosedLoopHandsNothingOverAndLeavesOthersAlone"),
    LOOPS_ARE_CLOSED_ALL_AT_ONCE("aClosedLoopHandsNothingOverAndLeavesOthersAlone"),
    A_LOOP_CANNOT_CLOSE_ITSELF("aTaskMayCloseItsOwnLoop");

    final String found;

    Wrong(String found) {
      this.found = found;
    }
  }

  private final VirtualTime virtual = VirtualTime.create();
  private final TimeSource right;
  private final Wrong wrong;
  private final List<EventLoop> loops = new ArrayList<>();
  private int looks;

  WrongTime(Wrong wrong) {
    this.wrong = wrong;
    // What other threads do takes a clock for any number of them.
    this.right =
        wrong == Wrong.OUTCOMES_ARE_HANDED_OVER_BY_OTHER_THREADS ? TimeSource.system() : virtual;
  }

  /** Takes time in a call. */
  void block(Duration duration) throws InterruptedException {
    if (right == virtual) {
      virtual.charge(duration);
    } else {
      new SystemTimeTest().block(duration);
    }
  }

  @Override
  public Instant now() {
    return right.now();
  }

  @Override
  public Duration uptime() {
    Duration uptime = right.uptime();
    return wrong == Wrong.UPTIME_GOES_BACK && ++looks % 2 == 0 ? uptime.minusSeconds(1) : uptime;
  }

  @Override
  public EventLoop loop(String name) {
    EventLoop loop = right.loop(name);
    loops.add(loop);
    return new WrongLoop(loop);
  }

  private final class WrongLoop implements EventLoop {
    private final EventLoop loop;
    private final List<Runnable> heldUp = new ArrayList<>();
    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private int calls;
    private boolean inTask;

    WrongLoop(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      switch (wrong) {
        case TASKS_RUN_WHERE_THEY_ARE_HANDED_IN -> {
          if (delay.isZero()) {
            task.run();
            return () -> {};
          }
          return loop.schedule(delay, task);
        }
        case TASKS_RUN_EARLY -> {
          return loop.schedule(delay.dividedBy(2), task);
        }
        case CANCELLED_TASKS_RUN -> {
          loop.schedule(delay, task);
          return () -> {};
        }
        case CALLS_HOLD_UP_TASKS -> {
          return loop.schedule(delay, calls == 0 ? task : () -> heldUp.add(task));
        }
        case A_LOOP_CANNOT_CLOSE_ITSELF -> {
          return loop.schedule(delay, () -> {
            inTask = true;
            task.run();
            inTask = false;
          });
        }
        default -> {
          return loop.schedule(delay, task);
        }
      }
    }

    @Override
    public <T> void call(
        Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
      switch (wrong) {
        case OUTCOMES_ARE_HANDED_OVER_BY_OTHER_THREADS ->
          asked.add(CompletableFuture.supplyAsync(() -> answer(call))
              .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(done));
        case EXCEPTIONS_ARE_WRAPPED ->
          loop.call(
              call,
              limit,
              (answer, failure) ->
                  done.accept(answer, failure == null ? null : new CompletionException(failure)));
        case OUTCOMES_ARE_HANDED_OVER_TWICE ->
          loop.call(call, limit, (answer, failure) -> {
            done.accept(answer, failure);
            done.accept(answer, failure);
          });
        case LIMITS_ARE_IGNORED -> loop.call(call, Duration.ofDays(1), done);
        case CALLS_HOLD_UP_TASKS -> {
          calls++;
          loop.call(call, limit, (answer, failure) -> {
            calls--;
            done.accept(answer, failure);
            heldUp.forEach(Runnable::run);
          });
        }
        default -> loop.call(call, limit, done);
      }
    }

    private static <T> T answer(Callable<T> call) {
      try {
        return call.call();
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws InterruptedException {
      if (wrong == Wrong.INTERRUPTIONS_ARE_FORGOTTEN && Thread.interrupted()) {
        return loop.await(future);
      }
      try {
        return loop.await(future);
      } catch (CompletionException e) {
        throw wrong == Wrong.FAILURES_LOSE_THEIR_CAUSE
            ? new CompletionException(e.getMessage(), null)
            : e;
      }
    }

    @Override
    public void close() {
      switch (wrong) {
        case CLOSED_LOOPS_GO_ON -> {
          // It takes tasks, and runs them.
        }
        case LOOPS_ARE_CLOSED_ALL_AT_ONCE -> loops.forEach(EventLoop::close);
        default -> {
          if (inTask) {
            throw new IllegalStateException("a loop cannot wait for the end of its own task");
          }
          loop.close();
        }
      }
    }
  }
}
