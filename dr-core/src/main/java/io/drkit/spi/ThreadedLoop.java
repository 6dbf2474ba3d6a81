package io.drkit.spi;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A loop on one daemon thread, with a thread for each call in flight. */
final class ThreadedLoop implements EventLoop {
  private final ScheduledThreadPoolExecutor loop;
  private final ExecutorService calls;
  private volatile @Nullable Thread loopThread;

  ThreadedLoop(String name) {
    ThreadFactory threads = daemon(name + "-loop");
    loop = new ScheduledThreadPoolExecutor(1, task -> loopThread = threads.newThread(task));
    loop.setRemoveOnCancelPolicy(true);
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    calls = Executors.newCachedThreadPool(daemon(name + "-call"));
  }

  private static ThreadFactory daemon(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    try {
      Future<?> due = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> due.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  @Override
  public <T> void call(
      Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
    Call<T> running = new Call<>(call, limit, done);
    try {
      running.start();
    } catch (RejectedExecutionException closed) {
      running.timer.cancel();
    }
  }

  /** A call in flight. Its fields are touched on the loop only, but for the thread that it runs on. */
  private final class Call<T> {
    private final Callable<T> call;
    private final BiConsumer<@Nullable T, @Nullable Throwable> done;
    private final FutureTask<?> task = new FutureTask<>(this::run, null);
    private final Timer timer;
    private boolean delivered;

    Call(Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
      this.call = call;
      this.done = done;
      this.timer = schedule(limit, () -> {
        task.cancel(true);
        deliver(null, new TimeoutException("no answer within " + limit));
      });
    }

    void start() {
      calls.execute(task);
    }

    private void run() {
      T result = null;
      Throwable failure = null;
      try {
        result = call.call();
      } catch (Throwable t) {
        failure = t;
      }
      T returned = result;
      Throwable thrown = failure;
      schedule(Duration.ZERO, () -> deliver(returned, thrown));
    }

    private void deliver(@Nullable T result, @Nullable Throwable failure) {
      if (!delivered) {
        delivered = true;
        timer.cancel();
        done.accept(result, failure);
      }
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  @Override
  public void close() {
    loop.shutdownNow();
    calls.shutdownNow();
    if (Thread.currentThread() == loopThread) {
      // Closing interrupts the loop's own thread, which has to end what it is at.
      Thread.interrupted();
      return;
    }
    try {
      // A task of the loop does not block for long, and must not go on after this.
      if (!loop.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a task of the loop blocks; what may block must be a call");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
