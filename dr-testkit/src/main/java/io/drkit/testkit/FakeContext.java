package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Work;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A run's view on one step without an engine: for tests of a single action, which is asked by hand.
 *
 * <pre>{@code
 * FakeContext context = FakeContext.of(cloud.time(), EAST, WEST).lost(EAST);
 * assertThat(action.observe(context).kind()).isEqualTo(Progress.Kind.PENDING);
 * context.apply(action);
 * context.bringAbout(action);
 * assertThat(context.called()).containsExactly(Need.control("rds", WEST));
 * }</pre>
 *
 * <p>It has no circuit breaker, interrupts no call and repeats none. Not thread-safe.
 */
public final class FakeContext implements ActionContext {
  private static final int MOST_LOOKS = 400;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

  private final TimeSource time;
  private final Direction direction;
  private final List<Site> lost = new ArrayList<>();
  private final List<Need> called = new ArrayList<>();
  private final List<Need> refused = new ArrayList<>();
  private final Map<String, Evidence> evidence = new LinkedHashMap<>();
  private String run = "run-1";
  private String step = "step";
  private RunMode mode = RunMode.FAILOVER;
  private Duration limit = Duration.ofSeconds(10);
  private int generation = 1;
  private Optional<Instant> recoverTo = Optional.empty();
  private Duration ahead = Duration.ZERO;
  private Optional<Instant> askedAt = Optional.empty();
  private boolean applied;
  private @Nullable Work work;

  private FakeContext(TimeSource time, Direction direction) {
    this.time = Objects.requireNonNull(time, "time");
    this.direction = direction;
  }

  /**
   * Returns the view of an unplanned failover that has just begun, in which nothing was declared lost.
   *
   * @param time the run's clock
   * @param from the site that is left
   * @param to the site that takes over
   */
  public static FakeContext of(TimeSource time, Site from, Site to) {
    return new FakeContext(time, new Direction(from, to));
  }

  /**
   * Returns the same step of the same run as another process sees it that has taken over: what was asked for is journaled, and
   * nothing else is known.
   */
  public FakeContext takenOver() {
    FakeContext other = new FakeContext(time, direction);
    other.lost.addAll(lost);
    other.evidence.putAll(evidence);
    other.run = run;
    other.step = step;
    other.mode = mode;
    other.limit = limit;
    other.recoverTo = recoverTo;
    other.ahead = ahead;
    other.generation = generation;
    other.askedAt = askedAt;
    return other;
  }

  /**
   * Declares sites lost: calls to them are refused from now on.
   *
   * @param sites the sites
   */
  public FakeContext lost(Site... sites) {
    lost.addAll(List.of(sites));
    return this;
  }

  /**
   * Names the run; {@code run-1} unless named. Its tokens follow from the name.
   *
   * @param id the run's id
   */
  public FakeContext run(String id) {
    run = Objects.requireNonNull(id, "id");
    return this;
  }

  /**
   * Names the step.
   *
   * @param name the step's name
   */
  public FakeContext step(String name) {
    step = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets what the run is for; {@link RunMode#FAILOVER} unless set.
   *
   * @param of what it is for
   */
  public FakeContext mode(RunMode of) {
    mode = Objects.requireNonNull(of, "of");
    return this;
  }

  /**
   * Sets the instant to which data is to be recovered; the newest state unless set.
   *
   * @param instant nothing written after it is wanted
   */
  public FakeContext recoverTo(Instant instant) {
    recoverTo = Optional.of(instant);
    return this;
  }

  /**
   * Sets the wall clock of the process that runs the step ahead of the world's; right unless set.
   *
   * @param by how far; behind if negative
   */
  public FakeContext clockAhead(Duration by) {
    ahead = Objects.requireNonNull(by, "by");
    return this;
  }

  /**
   * Sets how long a request may take; 10 seconds unless set.
   *
   * @param duration the limit
   */
  public FakeContext requestTimeLimit(Duration duration) {
    limit = Objects.requireNonNull(duration, "duration");
    return this;
  }

  /**
   * Gives the run an earlier step that found something out.
   *
   * @param earlier the step's name
   * @param found what it found
   */
  public FakeContext evidence(String earlier, Evidence found) {
    evidence.put(earlier, found);
    return this;
  }

  /** Begins the next generation, as the engine does when the request before it is settled. */
  public void nextGeneration() {
    generation++;
    applied = false;
  }

  /**
   * Asks for a state once, as the engine does, and does the work to its end that this hands over.
   *
   * @param action the state
   * @throws AssertionError if the work is blocked
   * @throws Exception what the action throws
   */
  public void apply(FailoverAction action) throws Exception {
    work = null;
    askedAt = Optional.of(time().now());
    action.apply(this);
    applied = true;
    Work handedOver = work;
    while (handedOver != null) {
      Progress slice = handedOver.slice(this);
      if (slice.kind() == Progress.Kind.BLOCKED) {
        throw new AssertionError(
            "the work of '" + action.describe() + "' is blocked: " + slice.detail());
      }
      if (slice.kind() != Progress.Kind.UNDERWAY) {
        return;
      }
    }
  }

  /**
   * Brings a state about: observes it, asks for it if it is pending, and observes it until it is reached. Between two looks half a
   * minute of {@link VirtualTime} passes; other clocks are left alone.
   *
   * @param action the state
   * @return what shows that it is reached
   * @throws AssertionError if it is blocked, or not reached in the end
   * @throws Exception what the action throws
   */
  public Evidence bringAbout(FailoverAction action) throws Exception {
    Progress seen = action.observe(this);
    if (seen.kind() == Progress.Kind.PENDING) {
      apply(action);
    }
    for (int look = 0; look < MOST_LOOKS; look++) {
      seen = action.observe(this);
      if (seen instanceof Progress.Reached reached) {
        return reached.evidence();
      }
      if (seen.kind() == Progress.Kind.BLOCKED) {
        break;
      }
      if (time instanceof VirtualTime virtual) {
        virtual.advance(BETWEEN_LOOKS);
      }
    }
    throw new AssertionError("'" + action.describe() + "' is not reached: " + seen);
  }

  /** {@return what was called so far, in order} */
  public List<Need> called() {
    return List.copyOf(called);
  }

  /** {@return what was not called because its site was declared lost, in order} */
  public List<Need> refused() {
    return List.copyOf(refused);
  }

  /** Forgets what was called and refused so far. */
  public void forget() {
    called.clear();
    refused.clear();
  }

  @Override
  public String plan() {
    return "orders";
  }

  @Override
  public String run() {
    return run;
  }

  @Override
  public String step() {
    return step;
  }

  @Override
  public RunMode mode() {
    return mode;
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public List<Site> lost() {
    return List.copyOf(lost);
  }

  @Override
  public Optional<Instant> recoverTo() {
    return recoverTo;
  }

  @Override
  public String token(String part) {
    return Integer.toHexString((run + step).hashCode()) + "-" + Integer.toHexString(part.hashCode())
        + "-" + generation;
  }

  @Override
  public int generation() {
    return generation;
  }

  @Override
  public Optional<Instant> askedAt() {
    return askedAt;
  }

  @Override
  public boolean applied() {
    return applied;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public Duration requestTimeLimit() {
    return limit;
  }

  @Override
  public TimeSource time() {
    return ahead.isZero() ? time : new Ahead(time, ahead);
  }

  @Override
  public Optional<Evidence> evidence(String earlier) {
    return Optional.ofNullable(evidence.get(earlier));
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    if (!endpoint.global() && endpoint.site().isInAny(lost)) {
      refused.add(endpoint);
      throw EndpointUnavailableException.declaredLost(endpoint);
    }
    called.add(endpoint);
    return call.call();
  }

  @Override
  public void work(Work slices) {
    work = Objects.requireNonNull(slices, "slices");
  }

  /** A clock that is wrong. */
  private record Ahead(TimeSource right, Duration by) implements TimeSource {
    @Override
    public Instant now() {
      return right.now().plus(by);
    }

    @Override
    public Duration uptime() {
      return right.uptime();
    }

    @Override
    public EventLoop loop(String name) {
      return right.loop(name);
    }
  }
}
