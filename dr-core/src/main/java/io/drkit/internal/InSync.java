package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All copies have flowed for a while without a break. Since when they do is known to this process alone: whoever takes the
 * run over sees them stand for the whole time again.
 */
final class InSync implements FailoverAction {
  private final List<Replicator> replicators;
  private final Duration window;
  private Optional<Duration> since = Optional.empty();

  InSync(List<Replicator> replicators, Duration window) {
    this.replicators = replicators;
    this.window = window;
  }

  @Override
  public String describe() {
    return "copies of " + replicators.stream().map(Replicator::dataset).toList()
        + " flow without a break for " + window;
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    // Counted from before the look: what was seen was so at some time after it.
    Duration now = context.time().uptime();
    for (Replicator replicator : replicators) {
      Optional<String> trouble = trouble(replicator, context);
      if (trouble.isPresent()) {
        restart(Optional.empty());
        return Progress.underway(trouble.get() + "; the time begins anew when it does");
      }
    }
    Duration stood = now.minus(restart(Optional.of(now)));
    return stood.compareTo(window) >= 0
        ? Progress.reached(Evidence.of("stood for", stood.toString()))
        : Progress.underway("copies flow for " + stood + " of " + window);
  }

  private static Optional<String> trouble(Replicator replicator, ActionContext context)
      throws Exception {
    ReplicationStatus status;
    try {
      status = replicator.status(context);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return Optional.of("the copy of " + replicator.dataset() + " cannot be looked at ("
          + Errors.describe(e) + ")");
    }
    if (status.state() != ReplicationStatus.State.FLOWING) {
      return Optional.of("the copy of " + replicator.dataset() + " does not flow (" + status.state()
          + ", " + status.detail() + ")");
    }
    return status.recoveryPoint().completeUntil().isEmpty()
        ? Optional.of("the recovery point of " + replicator.dataset() + " is not known ("
            + status.recoveryPoint().basis() + ")")
        : Optional.empty();
  }

  private synchronized Duration restart(Optional<Duration> from) {
    since = from.isEmpty() ? from : since.or(() -> from);
    return since.orElse(Duration.ZERO);
  }

  @Override
  public void apply(ActionContext context) {
    throw new IllegalStateException("it is never asked for");
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  /** Looking changes nothing. */
  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }
}
