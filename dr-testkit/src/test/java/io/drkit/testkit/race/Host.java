package io.drkit.testkit.race;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A machine with clocks of its own: its seconds are longer or shorter, its wall clock is wrong and jumps, and it sleeps. While
 * it sleeps, none of its tasks run; its uptime goes on (a stopped process) or stands still (a suspended machine).
 */
final class Host implements TimeSource {
  private final VirtualTime time;
  private final double rate;
  private Duration wrongBy;
  private final Duration began;
  private Duration lost = Duration.ZERO;
  private Duration sleepsUntil = Duration.ZERO;
  private boolean standsStill;
  private boolean inCall;
  private @Nullable Instant stoodStillAt;

  /**
   * Starts it.
   *
   * @param time the true time
   * @param rate how long its seconds are; 1.1 for a clock that is fast by a tenth
   * @param wrongBy by how much its wall clock is wrong
   */
  Host(VirtualTime time, double rate, Duration wrongBy) {
    this.time = time;
    this.rate = rate;
    this.wrongBy = wrongBy;
    this.began = time.uptime();
  }

  /**
   * Sleeps from now on. Does nothing if it sleeps already.
   *
   * @param suspended whether its uptime stands still in the meantime
   */
  void sleep(Duration duration, boolean suspended) {
    if (awake()) {
      sleepsUntil = time.uptime().plus(duration);
      standsStill = suspended;
      lost = suspended ? lost.plus(duration) : lost;
    }
  }

  boolean awake() {
    return time.uptime().compareTo(sleepsUntil) >= 0;
  }

  /** Whether a call runs now, which may take time. */
  boolean inCall() {
    return inCall;
  }

  void jump(Duration by) {
    wrongBy = wrongBy.plus(by);
  }

  /** Its wall clock shows the same instant from now on. */
  void standStill() {
    stoodStillAt = stoodStillAt == null ? now() : stoodStillAt;
  }

  /** Its wall clock is right again. */
  void setRight() {
    stoodStillAt = null;
    wrongBy = Duration.ZERO;
  }

  private Duration mine(Duration real) {
    return Duration.ofNanos((long) (real.toNanos() * rate));
  }

  private Duration real(Duration mine) {
    return Duration.ofNanos((long) Math.ceil(mine.toNanos() / rate));
  }

  @Override
  public Instant now() {
    Instant stood = stoodStillAt;
    return stood == null ? time.now().plus(wrongBy) : stood;
  }

  @Override
  public Duration uptime() {
    Duration yetToLose = awake() || !standsStill ? Duration.ZERO : sleepsUntil.minus(time.uptime());
    return mine(time.uptime().minus(began).minus(lost).plus(yetToLose));
  }

  @Override
  public EventLoop loop(String name) {
    EventLoop inner = time.loop(name);
    return new EventLoop() {
      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return inner.schedule(real(delay), () -> awake(task));
      }

      private void awake(Runnable task) {
        if (Host.this.awake()) {
          task.run();
        } else {
          inner.schedule(sleepsUntil.minus(time.uptime()), () -> awake(task));
        }
      }

      @Override
      public <T> void call(
          Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
        inner.call(
            () -> {
              inCall = true;
              try {
                return call.call();
              } finally {
                inCall = false;
              }
            },
            real(limit),
            (@Nullable T result, @Nullable Throwable error) ->
                awake(() -> done.accept(result, error)));
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
