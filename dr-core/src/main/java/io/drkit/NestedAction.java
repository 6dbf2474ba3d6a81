package io.drkit;

import io.drkit.spi.ForwardingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
  static final class Inside extends ForwardingContext {
    private final String child;

    Inside(String child, ActionContext context) {
      super(context);
      this.child = child;
    }

    @Override
    protected ActionContext of(ActionContext other) {
      return new Inside(child, other);
    }

    @Override
    public Optional<Evidence> evidence(String earlier) {
      return super.evidence(name(child, earlier));
    }
  }
}
