package io.drkit.spi;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.Need;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The run as an action within another action sees it: as that one does, but for what a subclass sees otherwise. For actions that wrap
 * others. Like what it passes on to, it is for one call, and not thread-safe.
 */
public abstract class ForwardingContext implements ActionContext {
  private final ActionContext context;

  /**
   * A view.
   *
   * @param context what the outer action was given
   */
  protected ForwardingContext(ActionContext context) {
    this.context = context;
  }

  /**
   * Returns the same view of another moment of the run, for work that is done in slices.
   *
   * @param other what the outer action is given then
   */
  protected abstract ActionContext of(ActionContext other);

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
  public Optional<Evidence> evidence(String step) {
    return context.evidence(step);
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    return context.call(endpoint, call);
  }

  @Override
  public void work(Work work) {
    context.work(later -> work.slice(of(later)));
  }
}
