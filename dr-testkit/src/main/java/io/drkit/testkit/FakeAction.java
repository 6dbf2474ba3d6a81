package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import java.util.List;
import java.util.function.Function;

/** A wanted state of the fake cloud. */
record FakeAction(
    String describe,
    Repeatability repeatability,
    Function<Direction, List<Need>> dependsOn,
    Observation observation,
    Effect effect)
    implements FailoverAction {

  @Override
  public Progress observe(ActionContext context) throws Exception {
    return observation.observe(context);
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    effect.apply(context);
  }

  @Override
  public List<Need> needs(Direction direction) {
    return dependsOn.apply(direction);
  }
}
