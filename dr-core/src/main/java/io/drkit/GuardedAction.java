package io.drkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** See {@link FailoverAction#when}. */
record GuardedAction(String condition, Guard guard, FailoverAction action)
    implements FailoverAction {
  @Override
  public String describe() {
    return "when " + condition + ": " + action.describe();
  }

  /** What was asked for is seen through, whatever the guard says by then. */
  @Override
  public Progress observe(ActionContext context) throws Exception {
    return context.askedAt().isPresent() || guard.holds(context)
        ? action.observe(context)
        : Progress.reached(Evidence.of("not wanted, because it is not so that", condition));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    action.apply(context);
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
  public Optional<Rehearsal> rehearsal() {
    return action.rehearsal();
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return action.undo(before);
  }
}
