package io.drkit;

import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** An action of a child plan in the whole: what it calls an earlier step is one of its own plan. */
record NestedAction(String child, FailoverAction action) implements FailoverAction {

  /** The name that a child's step, or a child of it, has in the whole. */
  static String name(String child, String own) {
    return child + "/" + own;
  }

  @Override
  public String describe() {
    return action.describe();
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    return action.observe(new Inside(child, context));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    action.apply(new Inside(child, context));
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
    return action.needs(direction);
  }

  @Override
  public Optional<Duration> estimate() {
    return action.estimate();
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return action.undo(before).map(this::inside);
  }

  @Override
  public Optional<Rehearsal> rehearsal() {
    return action
        .rehearsal()
        .map(variant -> new Rehearsal(inside(variant.action()), inside(variant.cleanUp())));
  }

  private FailoverAction inside(FailoverAction other) {
    return new NestedAction(child, other);
  }

  /** The run as an action of the child sees it. Its own step keeps the whole's name, by which targets tell steps apart. */
  record Inside(String child, ActionContext context) implements ActionContext {
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
      return context.direction();
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
      return context.evidence(name(child, earlier));
    }

    @Override
    public <T> T call(Need endpoint, Callable<T> call) throws Exception {
      return context.call(endpoint, call);
    }

    @Override
    public void work(Work work) {
      context.work(of -> work.slice(new Inside(child, of)));
    }
  }
}
