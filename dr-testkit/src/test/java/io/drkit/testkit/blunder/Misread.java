package io.drkit.testkit.blunder;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.spi.ForwardingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An action that reads something else out of its run than what that says. */
final class Misread {
  private Misread() {}

  static FailoverAction going(FailoverAction action, UnaryOperator<Direction> way) {
    return reading(action, context -> new Elsewhere(context, way));
  }

  static FailoverAction toTheNewestState(FailoverAction action) {
    return reading(action, Newest::new);
  }

  private static FailoverAction reading(
      FailoverAction action, UnaryOperator<ActionContext> misread) {
    return new Altered(
        action,
        context -> action.observe(misread.apply(context)),
        context -> action.apply(misread.apply(context)));
  }

  private static final class Elsewhere extends ForwardingContext {
    private final UnaryOperator<Direction> way;

    Elsewhere(ActionContext context, UnaryOperator<Direction> way) {
      super(context);
      this.way = way;
    }

    @Override
    protected ActionContext of(ActionContext other) {
      return new Elsewhere(other, way);
    }

    @Override
    public Direction direction() {
      return way.apply(super.direction());
    }
  }

  private static final class Newest extends ForwardingContext {
    Newest(ActionContext context) {
      super(context);
    }

    @Override
    protected ActionContext of(ActionContext other) {
      return new Newest(other);
    }

    @Override
    public Optional<Instant> recoverTo() {
      return Optional.empty();
    }
  }
}
