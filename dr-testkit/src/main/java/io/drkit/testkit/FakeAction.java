package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A wanted state of the fake cloud. */
record FakeAction(
    String describe,
    Repeatability repeatability,
    Function<Direction, List<Need>> dependsOn,
    Observation observation,
    Effect effect,
    Reversibility reversibility,
    Function<Evidence, Optional<FailoverAction>> back)
    implements FailoverAction {

  FakeAction(
      String describe,
      Repeatability repeatability,
      Function<Direction, List<Need>> dependsOn,
      Observation observation,
      Effect effect) {
    this(
        describe,
        repeatability,
        dependsOn,
        observation,
        effect,
        Reversibility.COMPENSABLE,
        before -> Optional.empty());
  }

  /** This action with a way back, by what was journaled before it was asked for. */
  FakeAction back(Function<Evidence, FailoverAction> way) {
    return new FakeAction(
        describe,
        repeatability,
        dependsOn,
        observation,
        effect,
        Reversibility.REVERSIBLE,
        before -> Optional.of(way.apply(before)));
  }

  /** This action as one that cannot be taken back. */
  FakeAction oneWay() {
    return new FakeAction(
        describe, repeatability, dependsOn, observation, effect, Reversibility.ONE_WAY, back);
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return back.apply(before);
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
  public List<Need> needs(Direction direction) {
    return dependsOn.apply(direction);
  }
}
