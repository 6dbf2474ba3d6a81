package io.drkit.testkit;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A clock that nobody waits for: time jumps from one task to the next, in the order of what is due first, and of what was
 * handed in first where two are due at once. A day takes as long as the work that is done in it.
 *
 * <p>Everything runs on the one thread that created it. A {@linkplain EventLoop#call call} runs at once; the time that
 * fakes {@linkplain #charge charge} to it decides when its outcome is delivered. While it runs, {@link #now} shows the
 * charged time; when it has returned, time goes on from where the call began, because the tasks in between have not run
 * yet. Wall clock and uptime move together.
 *
 * <p>Not thread-safe, by design: a second thread would bring back the chance that virtual time is there to remove. Its use
 * is refused. Each method throws {@link IllegalStateException} for that reason, and says which two threads met.
 */
public final class VirtualTime implements TimeSource {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  /** Whose call runs on a thread; null outside of calls. */
  private static final ThreadLocal<@Nullable VirtualTime> CALLING = new ThreadLocal<>();

  private final Thread thread = Thread.currentThread();
  private final Instant start;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private Instant now;
  private long sequence;
  private boolean inTask;
  private @Nullable Call call;
  private boolean taken;

  private VirtualTime(Instant start) {
    this.start = start;
    this.now = start;
  }

  /** {@return a clock that shows noon in UTC on the first day of 2030} */
  public static VirtualTime create() {
    return startingAt(NOON);
  }

  /**
   * Returns a clock.
   *
   * @param instant what it shows at first
   */
  public static VirtualTime startingAt(Instant instant) {
    return new VirtualTime(Objects.requireNonNull(instant, "instant"));
  }

  /** Makes this the clock of a cloud, which no other can be: else nobody would notice that things of two are mixed. */
  void take() {
    if (taken) {
      throw new IllegalStateException("this virtual time is that of another cloud already;"
          + " leave time(...) out, and each cloud has a clock of its own");
    }
    taken = true;
  }

  @Override
  public Instant now() {
    checkThread();
    Call running = call;
    return running == null ? now : running.now;
  }

  @Override
  public Duration uptime() {
    return Duration.between(start, now());
  }

  @Override
  public EventLoop loop(String name) {
    checkThread();
    return new VirtualLoop(name);
  }

  /**
   * Makes time pass, and runs what becomes due on the way.
   *
   * @param duration how much; zero runs what is due now
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if it is called from a task or a call, which have no time of their own to spend
   */
  public void advance(Duration duration) {
    checkThread();
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "time moves forward only, but was to be advanced by " + duration);
    }
    checkOutside("advance(" + duration + ")");
    Instant until = now.plus(duration);
    while (runNext(until)) {
      // What ran may have handed in more.
    }
    now = until;
  }

  /**
   * Has something happen in the world later. From within a call, later counts from the charged time.
   *
   * @param delay how much later; zero for as soon as what is due now has run
   * @param event what happens
   * @return a handle that keeps it from happening if it has not begun
   * @throws IllegalArgumentException if the delay is negative
   */
  public EventLoop.Timer schedule(Duration delay, Runnable event) {
    return enqueue(null, delay, event);
  }

  /**
   * Makes the running call take longer: the blocking half of a fake. A call whose charged time exceeds its limit is
   * interrupted right here, by an error that only the loop catches. Outside of tasks and calls, time {@linkplain #advance
   * passes} instead, as for any caller who waits.
   *
   * @param duration how much longer
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException in a task that is no call: a task must not block
   */
  public void charge(Duration duration) {
    checkThread();
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a call cannot take less than no time: " + duration);
    }
    Call running = call;
    if (running == null) {
      VirtualTime calling = CALLING.get();
      if (calling != null && calling != this) {
        throw new IllegalStateException(
            "time of another cloud was asked for within a call; give the"
                + " engine time() of the cloud whose clients and things the plan asks");
      }
      checkOutside("charge(" + duration + ")");
      advance(duration);
      return;
    }
    running.charge(duration);
  }

  /**
   * Makes the running call take for ever: its caller hears of it when the call's limit has passed.
   *
   * @return nothing; the type lets a caller write {@code throw time.hang()}
   * @throws IllegalStateException outside of a call, where nothing would ever end the waiting
   */
  public Error hang() {
    checkThread();
    Call running = call;
    if (running == null) {
      throw new IllegalStateException(
          "hang() was called outside of EventLoop.call(...), where no limit would ever end it");
    }
    throw running.interrupt();
  }

  /**
   * Makes a task take time in its middle, while the world goes on: its loop must keep back what it handed in itself. In a call, and
   * outside of tasks, it is what {@link #charge} is.
   */
  void block(Duration duration) {
    if (call != null || !inTask) {
      charge(duration);
      return;
    }
    Instant until = now.plus(duration);
    while (runNext(until)) {
      // Others, who may block as well: then this one goes on after them.
    }
    inTask = true;
    now = until.isAfter(now) ? until : now;
  }

  private boolean runNext(@Nullable Instant until) {
    Task next = tasks.peek();
    while (next != null && next.cancelled) {
      tasks.remove();
      next = tasks.peek();
    }
    if (next == null || (until != null && next.due.isAfter(until))) {
      return false;
    }
    tasks.remove();
    now = next.due;
    inTask = true;
    try {
      next.action.run();
    } finally {
      inTask = false;
    }
    return true;
  }

  private Task enqueue(@Nullable VirtualLoop loop, Duration delay, Runnable action) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a task cannot be due " + delay + " from now");
    }
    Task task = new Task(now().plus(delay), sequence++, loop, action);
    tasks.add(task);
    return task;
  }

  private void checkThread() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "virtual time belongs to thread '" + thread.getName() + "', but was used by '"
              + Thread.currentThread().getName() + "'; it runs everything on one thread, and an"
              + " engine too whose time(...) it is");
    }
  }

  private void checkOutside(String method) {
    if (inTask || call != null) {
      throw new IllegalStateException(
          method + " was called from within a task or a call; only what blocks inside of "
              + "EventLoop.call(...) may take time there, with charge(...)");
    }
  }

  /** Something that is due at an instant. */
  private static final class Task implements EventLoop.Timer, Comparable<Task> {
    private final Instant due;
    private final long sequence;
    private final @Nullable VirtualLoop loop;
    private final Runnable action;
    private boolean cancelled;

    Task(Instant due, long sequence, @Nullable VirtualLoop loop, Runnable action) {
      this.due = due;
      this.sequence = sequence;
      this.loop = loop;
      this.action = action;
    }

    /** By what is due first, and then by what was handed in first. */
    @Override
    public int compareTo(Task other) {
      int byDue = due.compareTo(other.due);
      return byDue == 0 ? Long.compare(sequence, other.sequence) : byDue;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** A call that is running now. */
  private static final class Call {
    private final Duration limit;
    private Duration charged = Duration.ZERO;
    private Instant now;
    private boolean interrupted;

    Call(Instant began, Duration limit) {
      this.limit = limit;
      this.now = began;
    }

    void charge(Duration duration) {
      Duration sum = charged.plus(duration);
      if (sum.compareTo(limit) > 0) {
        throw interrupt();
      }
      charged = sum;
      now = now.plus(duration);
    }

    Interrupted interrupt() {
      interrupted = true;
      now = now.plus(limit.minus(charged));
      charged = limit;
      return new Interrupted();
    }
  }

  /** Leaves a call that is over its limit. An error, so that no {@code catch (Exception e)} takes it for an answer. */
  private static final class Interrupted extends Error {
    private static final long serialVersionUID = 1;

    Interrupted() {
      super("the call is over its limit", null, false, false);
    }
  }

  private final class VirtualLoop implements EventLoop {
    private final String name;
    private boolean closed;

    VirtualLoop(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      checkThread();
      return closed ? () -> {} : enqueue(this, delay, task);
    }

    @Override
    public <T> void call(
        Callable<T> callable, Duration limit, BiConsumer<@Nullable T, @Nullable Throwable> done) {
      checkThread();
      if (closed) {
        return;
      }
      Call outer = call;
      VirtualTime calling = CALLING.get();
      Call running = new Call(now(), limit);
      T result = null;
      Throwable failure = null;
      call = running;
      CALLING.set(VirtualTime.this);
      try {
        result = callable.call();
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        call = outer;
        CALLING.set(calling);
      }
      if (running.interrupted) {
        // Whatever the callable made of the interruption: its caller was told already.
        result = null;
        failure = new TimeoutException("no answer within " + limit);
      }
      T returned = result;
      Throwable thrown = failure;
      schedule(running.charged, () -> done.accept(returned, thrown));
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws InterruptedException {
      checkThread();
      checkOutside("await(...)");
      while (!future.isDone()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while loop '" + name + "' was awaited");
        }
        if (!runNext(null)) {
          throw new IllegalStateException("loop '" + name + "' waits for " + future + " at " + now
              + (closed ? ", but was closed" : ", but nothing is left to happen")
              + "; what it waits for must be completed by a task of virtual time");
        }
      }
      try {
        return future.get();
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause());
      }
    }

    @Override
    public void close() {
      checkThread();
      closed = true;
      tasks.removeIf(task -> task.loop == this);
    }
  }
}
