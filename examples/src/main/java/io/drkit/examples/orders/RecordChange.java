package io.drkit.examples.orders;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A change of Route 53's records that says what it means for the users when it cannot be made, and what to do. Route 53's
 * answers go on without its control plane; its records cannot be changed without it.
 */
record RecordChange(FailoverAction change) implements FailoverAction {
  @Override
  public String describe() {
    return change.describe();
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    try {
      return change.observe(context);
    } catch (EndpointUnavailableException silence) {
      throw explained(silence);
    }
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    try {
      change.apply(context);
    } catch (EndpointUnavailableException silence) {
      throw explained(silence);
    }
  }

  private static EndpointUnavailableException explained(EndpointUnavailableException silence) {
    return new EndpointUnavailableException(
        silence.endpoint(),
        "traffic was not moved, because Route 53's records cannot be changed while its control plane"
            + " in " + silence.endpoint().site() + " does not answer: resume when it answers again,"
            + " or move traffic by a switch that needs no control plane",
        silence);
  }

  @Override
  public Repeatability repeatability() {
    return change.repeatability();
  }

  @Override
  public Reversibility reversibility() {
    return change.reversibility();
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return change.undo(before).map(RecordChange::new);
  }

  @Override
  public List<Need> needs(Direction direction) {
    return change.needs(direction);
  }

  @Override
  public Optional<Duration> estimate() {
    return change.estimate();
  }
}
