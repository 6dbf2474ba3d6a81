package io.drkit.testkit;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time of a cloud, of which each task and each answer passes a gate that runs it, counts it, or keeps it back. */
final class GatedTime implements TimeSource {
  private final VirtualTime time;
  private final Consumer<Runnable> gate;

  GatedTime(VirtualTime time, Consumer<Runnable> gate) {
    this.time = time;
    this.gate = gate;
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Duration uptime() {
    return time.uptime();
  }

  @Override
  public EventLoop loop(String name) {
    EventLoop inner = time.loop(name);
    return new EventLoop() {
      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return inner.schedule(delay, () -> gate.accept(task));
      }

      @Override
      public <T> void call(
          Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        inner.call(
            call,
            limit,
            (@Nullable T result, @Nullable Throwable error) ->
                gate.accept(() -> done.accept(result, error)));
      }

      @Override
      public <T> T await(CompletableFuture<T> future) throws InterruptedException {
        return inner.await(future);
      }

      @Override
      public void close() {
        inner.close();
      }
    };
  }
}
