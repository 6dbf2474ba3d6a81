package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.spi.ForwardingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  private static final class Reversed extends ForwardingContext {
    Reversed(ActionContext context) {
      super(context);
    }

    @Override
    protected ActionContext of(ActionContext other) {
      return new Reversed(other);
    }

    @Override
    public Direction direction() {
      return super.direction().reversed();
    }
  }
}
