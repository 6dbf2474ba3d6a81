package io.drkit.testkit.blunder;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.util.List;
import java.util.function.Function;

/** An action of which one half is somebody's own code. */
record Altered(FailoverAction action, Observation observation, Effect effect)
    implements FailoverAction {

  static Altered observing(FailoverAction action, Observation observation) {
    return new Altered(action, observation, action::apply);
  }

  static Altered applying(FailoverAction action, Effect effect) {
    return new Altered(action, action::observe, effect);
  }

  /** An action that says of its state what somebody makes of the truth. */
  static Altered saying(FailoverAction action, Function<Progress, Progress> words) {
    return observing(action, context -> words.apply(action.observe(context)));
  }

  @Override
  public String describe() {
    return action.describe();
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    return observation.observe(context);
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    effect.apply(context);
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
}
