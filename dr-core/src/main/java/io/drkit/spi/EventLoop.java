package io.drkit.spi;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One order of tasks, of which no two run at once. Tasks that are due at the same time run in the order in which they were
 * handed in. A task must not block; what may block is a {@linkplain #call call}.
 */
public interface EventLoop extends AutoCloseable {

  /**
   * Runs a task on the loop after a delay.
   *
   * @param delay how long to wait; zero for as soon as what was handed in before has run
   * @param task the task; it must not throw
   * @return a handle that keeps the task from running if it has not begun
   */
  Timer schedule(Duration delay, Runnable task);

  /**
   * Makes a call that may block, off the loop, and hands its outcome to the loop exactly once: the result, the exception,
   * or a {@link java.util.concurrent.TimeoutException} as soon as the limit has passed. A call that is over its limit is
   * interrupted, and what comes of it later is dropped.
   *
   * @param call the call
   * @param limit how long to wait for it
   * @param done receives the result, or else the exception
   * @param <T> the result's type
   */
  <T> void call(
      Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done);

  /**
   * Waits for a future that is completed on this loop. Under virtual time, this is what makes time pass. Must not be
   * called on the loop itself.
   *
   * @param future what to wait for
   * @param <T> the result's type
   * @return the future's result
   * @throws InterruptedException if the waiting thread is interrupted
   * @throws java.util.concurrent.CompletionException if the future failed
   */
  <T> T await(CompletableFuture<T> future) throws InterruptedException;

  /** A task that is due later. */
  @FunctionalInterface
  interface Timer {
    /** Keeps the task from running if it has not begun; else does nothing. */
    void cancel();
  }

  /**
   * Drops all tasks and interrupts all calls; nothing is handed to the loop any more. Waits for the task that runs just now,
   * unless it is that task which closes the loop. Does nothing when called again.
   */
  @Override
  void close();
}
