package io.drkit.aws;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A step's context without an engine: what the engine does with one step, call by call and without waiting. */
public final class FakeContext implements ActionContext {
  /** The site that the tests leave. */
  public static final Site EAST = Site.region("us-east-1");

  /** The site that takes over in the tests. */
  public static final Site WEST = Site.region("us-west-2");

  private static final int MOST_LOOKS = 50;

  private RunMode mode = RunMode.FAILOVER;
  private final String run;
  private String step = "step";
  private final Direction direction;
  private final List<Site> lost = new ArrayList<>();
  private final List<Need> called = new ArrayList<>();
  private int generation = 1;
  private boolean applied;
  private Optional<Instant> askedAt = Optional.empty();
  private Duration ahead = Duration.ZERO;
  private Duration limit = Duration.ofSeconds(10);
  private @Nullable Work work;

  /**
   * Makes the context of a run.
   *
   * @param run the run's id
   * @param direction from where to where
   */
  public FakeContext(String run, Direction direction) {
    this.run = run;
    this.direction = direction;
  }

  /** {@return the context of a run from east to west} */
  public static FakeContext westward(String run) {
    return new FakeContext(run, new Direction(EAST, WEST));
  }

  /** {@return the context of a run from west to east} */
  public static FakeContext eastward(String run) {
    return new FakeContext(run, new Direction(WEST, EAST));
  }

  /** Declares a site lost. */
  public FakeContext lose(Site site) {
    lost.add(site);
    return this;
  }

  /** Sets this process's clock ahead of everybody else's. */
  public FakeContext clockAhead(Duration by) {
    ahead = by;
    return this;
  }

  /** Sets the engine's time limit for a call. */
  public FakeContext limit(Duration of) {
    limit = of;
    return this;
  }

  /** Begins the next generation, as the engine does once the request before it is settled. */
  public void nextGeneration() {
    generation++;
    applied = false;
  }

  /** {@return what was called so far, in order} */
  public List<Need> called() {
    return called;
  }

  /** Asks for the state once, and does the work that this hands over. */
  public void apply(FailoverAction action) throws Exception {
    work = null;
    askedAt = Optional.of(time().now());
    action.apply(this);
    applied = true;
    Work handedOver = work;
    while (handedOver != null) {
      Progress slice = handedOver.slice(this);
      if (slice.kind() == Progress.Kind.BLOCKED) {
        throw new AssertionError("the work is blocked: " + slice.detail());
      }
      if (slice.kind() != Progress.Kind.UNDERWAY) {
        return;
      }
    }
  }

  /** Brings the state about: observes, asks if it is pending, observes until it is reached. */
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
    }
    throw new AssertionError("not reached: " + action.describe() + " is " + seen);
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

  /** Names the step. */
  public FakeContext step(String name) {
    step = name;
    return this;
  }

  /** The run moves a workload that works. */
  public FakeContext planned() {
    mode = RunMode.SWITCHOVER;
    return this;
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
    return lost;
  }

  @Override
  public Optional<Instant> recoverTo() {
    return Optional.empty();
  }

  @Override
  public String token(String part) {
    return Integer.toHexString((run + part + generation).hashCode());
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
    return new ShiftedTime(ahead);
  }

  @Override
  public Optional<Evidence> evidence(String earlier) {
    return Optional.empty();
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    if (!endpoint.global() && lost.stream().anyMatch(endpoint.site()::isIn)) {
      throw EndpointUnavailableException.declaredLost(endpoint);
    }
    called.add(endpoint);
    return call.call();
  }

  @Override
  public void work(Work slices) {
    work = slices;
  }

  /** The machine's clock, wrong by as much as a test says. */
  private record ShiftedTime(Duration ahead) implements TimeSource {
    @Override
    public Instant now() {
      return TimeSource.system().now().plus(ahead);
    }

    @Override
    public Duration uptime() {
      return TimeSource.system().uptime();
    }

    @Override
    public EventLoop loop(String name) {
      return TimeSource.system().loop(name);
    }
  }
}
