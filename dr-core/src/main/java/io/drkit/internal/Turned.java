package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Work;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A plan's action, asked for in the direction from which a run comes back: the fence of the site that was left, say. */
record Turned(FailoverAction action) implements FailoverAction {

  @Override
  public String describe() {
    return action.describe();
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    return action.observe(new Reversed(context));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    action.apply(new Reversed(context));
  }

  @Override
  public Repeatability repeatability() {
    return action.repeatability();
  }

  @Override
  public Reversibility reversibility() {
    return action.reversibility();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return action.needs(direction.reversed());
  }

  @Override
  public Optional<Duration> estimate() {
    return action.estimate();
  }

  private record Reversed(ActionContext context) implements ActionContext {
    @Override
    public String plan() {
      return context.plan();
    }

    @Override
    public String run() {
      return context.run();
    }

    @Override
    public String step() {
      return context.step();
    }

    @Override
    public RunMode mode() {
      return context.mode();
    }

    @Override
    public Direction direction() {
      return context.direction().reversed();
    }

    @Override
    public List<Site> lost() {
      return context.lost();
    }

    @Override
    public Optional<Instant> recoverTo() {
      return context.recoverTo();
    }

    @Override
    public String token(String part) {
      return context.token(part);
    }

    @Override
    public int generation() {
      return context.generation();
    }

    @Override
    public Optional<Instant> askedAt() {
      return context.askedAt();
    }

    @Override
    public boolean applied() {
      return context.applied();
    }

    @Override
    public long epoch() {
      return context.epoch();
    }

    @Override
    public Duration requestTimeLimit() {
      return context.requestTimeLimit();
    }

    @Override
    public TimeSource time() {
      return context.time();
    }

    @Override
    public Optional<Evidence> evidence(String earlier) {
      return context.evidence(earlier);
    }

    @Override
    public <T> T call(Need endpoint, Callable<T> call) throws Exception {
      return context.call(endpoint, call);
    }

    @Override
    public void work(Work work) {
      context.work((of) -> work.slice(new Reversed(of)));
    }
  }
}
