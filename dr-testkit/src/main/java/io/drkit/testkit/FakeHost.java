package io.drkit.testkit;

import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A machine in a fake cloud from which somebody asks: a runner's server, an operator's laptop, an application's. It has clocks of its
 * own, which may be wrong, and a disk, which may be slow; and what it reaches depends on where it is. An engine whose time source is
 * {@link #time} runs here, and all of its requests come from here.
 *
 * <p>While its site is lost the host stands still, and goes on afterwards as if nothing had been: the worst that a process which was
 * taken for dead can do. Not thread-safe.
 */
public final class FakeHost {
  private final FakeCloud cloud;
  private final String name;
  private final @Nullable Site site;
  private final FakeDisk disk;
  private final HostTime time = new HostTime();
  private final List<HostLoop> loops = new ArrayList<>();
  private double rate = 1;
  /** When the clocks were last set, by the true time and by theirs. */
  private Instant setAt;

  private Instant wall;
  private Duration uptime = Duration.ZERO;

  FakeHost(FakeCloud cloud, String name, @Nullable Site site) {
    this.cloud = cloud;
    this.name = name;
    this.site = site;
    this.disk = new FakeDisk(cloud.network(), this);
    this.setAt = cloud.time().now();
    this.wall = setAt;
  }

  /** {@return the host's name} */
  public String name() {
    return name;
  }

  /** {@return where it is; nothing if it is outside of every site of the cloud} */
  public Optional<Site> site() {
    return Optional.ofNullable(site);
  }

  /** {@return the clocks of this host, and the place where its calls run: what an engine on this host is built with} */
  public TimeSource time() {
    return time;
  }

  /** {@return the host's disk} */
  public FakeDisk disk() {
    return disk;
  }

  /**
   * Sets how wrong the wall clock is. It is right by default, and again with zero.
   *
   * @param ahead how far it is ahead of the truth; behind if negative
   */
  public FakeHost skew(Duration ahead) {
    set();
    wall = setAt.plus(ahead);
    return this;
  }

  /**
   * Makes the wall clock jump, as when somebody sets it. How long the host has been up is counted on as before.
   *
   * @param by how far ahead; back if negative
   */
  public FakeHost jump(Duration by) {
    set();
    wall = wall.plus(by);
    return this;
  }

  /**
   * Sets how fast both clocks go from now on; right by default.
   *
   * @param secondsInASecond for example 1.01 for a clock that gains a second in a hundred; positive
   * @throws IllegalArgumentException if it is not positive
   */
  public FakeHost drift(double secondsInASecond) {
    if (!(secondsInASecond > 0) || Double.isInfinite(secondsInASecond)) {
      throw new IllegalArgumentException(
          "the clocks of " + name + " must go forward: " + secondsInASecond);
    }
    set();
    rate = secondsInASecond;
    return this;
  }

  /**
   * Does something as this host does it: what is asked of the cloud is asked from here.
   *
   * @param what what to do
   * @return what it returns
   * @throws Exception what it throws
   */
  public <T> T ask(Callable<T> what) throws Exception {
    return cloud.network().as(this, what);
  }

  private void set() {
    Instant now = cloud.time().now();
    Duration since = mine(Duration.between(setAt, now));
    wall = wall.plus(since);
    uptime = uptime.plus(since);
    setAt = now;
  }

  private Duration sinceSet() {
    return mine(Duration.between(setAt, cloud.time().now()));
  }

  private Duration mine(Duration real) {
    return rate == 1 ? real : Duration.ofNanos((long) (real.toNanos() * rate));
  }

  private Duration real(Duration mine) {
    return rate == 1 ? mine : Duration.ofNanos((long) Math.ceil(mine.toNanos() / rate));
  }

  private boolean up() {
    return site == null || cloud.outages().up(site, cloud.time().now());
  }

  /** Goes on if its site is back. */
  void wake() {
    if (up()) {
      List.copyOf(loops).forEach(HostLoop::runWaiting);
    }
  }

  private void wakeWhenBack() {
    Instant now = cloud.time().now();
    cloud
        .outages()
        .upAgain(Objects.requireNonNull(site), now)
        .ifPresent(back -> cloud.time().schedule(Duration.between(now, back), this::wake));
  }

  FakeCloud cloud() {
    return cloud;
  }

  @Override
  public String toString() {
    return name + (site == null ? "" : " in " + site);
  }

  /** The cloud that a time source belongs to, if that is known. */
  static Optional<VirtualTime> trueTime(TimeSource source) {
    if (source instanceof VirtualTime virtual) {
      return Optional.of(virtual);
    }
    return source instanceof HostTime time
        ? Optional.of(time.host().cloud().time())
        : Optional.empty();
  }

  private final class HostTime implements TimeSource {
    FakeHost host() {
      return FakeHost.this;
    }

    @Override
    public Instant now() {
      return wall.plus(sinceSet()).plus(cloud.network().jumped(FakeHost.this));
    }

    @Override
    public Duration uptime() {
      return uptime.plus(sinceSet());
    }

    @Override
    public EventLoop loop(String loop) {
      HostLoop opened = new HostLoop(cloud.time().loop(name + ": " + loop));
      loops.add(opened);
      return opened;
    }

    @Override
    public String toString() {
      return "the clocks of " + FakeHost.this;
    }
  }

  /** Runs its tasks one after the other, none while its host stands still, and none while one of them waits for the disk. */
  private final class HostLoop implements EventLoop {
    private final EventLoop inner;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    HostLoop(EventLoop inner) {
      this.inner = inner;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      Waiting handedIn = new Waiting(task);
      Timer timer = inner.schedule(real(delay), () -> run(handedIn));
      return () -> {
        handedIn.cancelled = true;
        timer.cancel();
      };
    }

    @Override
    public <T> void call(
        Callable<T> call, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
      inner.call(
          () -> ask(call),
          real(limit),
          (@Nullable T result, @Nullable Throwable error) ->
              run(new Waiting(() -> done.accept(result, error))));
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws InterruptedException {
      return inner.await(future);
    }

    private void run(Waiting task) {
      waiting.add(task);
      runWaiting();
    }

    private void runWaiting() {
      while (!busy && !closed && up() && !waiting.isEmpty()) {
        Waiting next = waiting.remove();
        if (!next.cancelled) {
          run(next.task);
        }
      }
      // Its site may have been lost while a task waited for the disk.
      if (!busy && !waiting.isEmpty()) {
        wakeWhenBack();
      }
    }

    private void run(Runnable task) {
      busy = true;
      try {
        ask(() -> {
          task.run();
          return true;
        });
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a task threw what no task can throw", e);
      } finally {
        busy = false;
      }
    }

    @Override
    public void close() {
      closed = true;
      waiting.clear();
      loops.remove(this);
      inner.close();
    }
  }

  /** A task that is due. */
  private static final class Waiting {
    private final Runnable task;
    private boolean cancelled;

    Waiting(Runnable task) {
      this.task = task;
    }
  }
}
