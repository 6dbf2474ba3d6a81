package io.drkit.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemTimeSourceTest {
  private final EventLoop loop = TimeSource.system().loop("test");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void tasksRunOnOneThreadInTheOrderInWhichTheyWereHandedIn() throws Exception {
    List<String> ran = new ArrayList<>();
    CompletableFuture<List<String>> done = new CompletableFuture<>();
    for (int i = 0; i < 5; i++) {
      String name = "task " + i;
      loop.schedule(Duration.ZERO, () -> ran.add(name));
    }
    loop.schedule(Duration.ZERO, () -> done.complete(List.copyOf(ran)));

    assertThat(loop.await(done)).containsExactly("task 0", "task 1", "task 2", "task 3", "task 4");
  }

  @Test
  void aCancelledTaskDoesNotRun() throws Exception {
    List<String> ran = new ArrayList<>();
    CompletableFuture<List<String>> done = new CompletableFuture<>();
    // While this task has the loop, the one that it cancels cannot begin.
    loop.schedule(Duration.ZERO, () -> {
      loop.schedule(Duration.ofMillis(1), () -> ran.add("cancelled")).cancel();
      loop.schedule(Duration.ofMillis(20), () -> done.complete(List.copyOf(ran)));
    });

    assertThat(loop.await(done)).isEmpty();
  }

  @Test
  void aCallHandsItsResultOrItsExceptionToTheLoop() throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    loop.call(
        () -> Thread.currentThread().getName(),
        Duration.ofSeconds(30),
        (name, error) -> result.complete(name));
    loop.call(
        () -> {
          throw new IOException("no route");
        },
        Duration.ofSeconds(30),
        (nothing, error) -> failure.complete(error));

    assertThat(loop.await(result)).startsWith("test-call");
    assertThat(loop.await(failure)).isInstanceOf(IOException.class).hasMessage("no route");
  }

  @Test
  void aCallOverItsLimitIsInterruptedAndToldOnce() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    List<String> told = new ArrayList<>();
    loop.call(
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.complete(true);
          }
          return "late";
        },
        Duration.ofSeconds(1),
        (result, error) -> {
          told.add("told");
          failure.complete(error);
        });

    assertThat(loop.await(failure))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("no answer within PT1S");
    assertThat(loop.await(interrupted)).isTrue();
    CompletableFuture<List<String>> after = new CompletableFuture<>();
    loop.schedule(Duration.ofMillis(20), () -> after.complete(List.copyOf(told)));
    assertThat(loop.await(after)).hasSize(1);
  }

  @Test
  void aFailedFutureIsThrownWhereItIsWaitedFor() {
    CompletableFuture<String> failed = CompletableFuture.failedFuture(new IOException("disk full"));

    assertThatThrownBy(() -> loop.await(failed))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("disk full");
  }

  @Test
  void aClosedLoopTakesNothingMoreAndDoesNotThrow() {
    loop.close();
    loop.schedule(Duration.ZERO, () -> {}).cancel();
    loop.call(() -> "never", Duration.ofSeconds(1), (result, error) -> {
      throw new AssertionError("handed to a closed loop");
    });
    loop.close();
  }

  @Test
  void theMonotonicClockGoesForward() {
    Duration before = TimeSource.system().uptime();

    assertThat(TimeSource.system().uptime()).isGreaterThanOrEqualTo(before);
    assertThat(TimeSource.system().now()).isNotNull();
  }
}
