package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A copy that is made from time to time is made once more after the fence, and again until it is known to hold all that was
 * written before. Recovery points may be rounded down, and their clock may be ahead of ours: so only a copy counts that was
 * asked for after the fence.
 *
 * @param child the child plan whose fence it is
 */
record OnceMore(FailoverAction copy, Optional<String> child) implements FailoverAction {

  @Override
  public String describe() {
    return copy.describe() + ", made after the fence";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    Progress progress = copy.observe(context);
    if (!(progress instanceof Progress.Reached reached)) {
      return progress;
    }
    Optional<Instant> until =
        reached.evidence().recoveryPoint().flatMap(RecoveryPoint::completeUntil);
    Optional<Instant> needed =
        ((StepContext) context).fencedAt(child).map(fenced -> fenced.plus(RunClock.SKEW));
    boolean late = until.isPresent() && needed.isPresent() && !until.get().isBefore(needed.get());
    return context.applied() && late
        ? progress
        : Progress.pending("the last copy is complete until "
            + until.map(Instant::toString).orElse("nobody knows when")
            + ", and one from after the fence is needed");
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    copy.apply(context);
  }

  @Override
  public Repeatability repeatability() {
    return copy.repeatability();
  }

  @Override
  public Reversibility reversibility() {
    return copy.reversibility();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return copy.needs(direction);
  }

  @Override
  public Optional<Duration> estimate() {
    return copy.estimate();
  }
}
