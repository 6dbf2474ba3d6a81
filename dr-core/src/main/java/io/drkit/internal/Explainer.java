package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.EndpointUnavailableException;
import io.drkit.Explanation;
import io.drkit.Explanation.Change;
import io.drkit.Explanation.ExplainedStep;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.spi.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at every step of a failover, one after the other, and applies none. */
final class Explainer {
  private final DrPlan plan;
  private final StepContext.Shared shared;
  private final List<Site> lost;
  private final EventLoop loop;
  private final Iterator<Step> open;
  private final List<ExplainedStep> explained = new ArrayList<>();
  private final CompletableFuture<Explanation> done = new CompletableFuture<>();

  private Explainer(DrPlan plan, StepContext.Shared shared, List<Site> lost, EventLoop loop) {
    this.plan = plan;
    this.shared = shared;
    this.lost = lost;
    this.loop = loop;
    this.open = plan.steps(RunMode.FAILOVER).iterator();
  }

  static Explanation explain(DrPlan plan, StepContext.Shared shared, List<Site> lost)
      throws InterruptedException {
    try (EventLoop loop = shared.time().loop("drkit-explain-" + plan.name())) {
      Explainer explainer = new Explainer(plan, shared, lost, loop);
      loop.schedule(Duration.ZERO, explainer::next);
      return loop.await(explainer.done);
    }
  }

  private void next() {
    if (!open.hasNext()) {
      done.complete(
          new Explanation(plan.name(), plan.fingerprint(), shared.direction(), explained));
      return;
    }
    Step step = open.next();
    StepContext context = new StepContext(
        shared,
        new StepContext.View(RunMode.FAILOVER, lost, Map.of(), Map.of(), Map.of()),
        step.name());
    loop.call(
        () -> step.action().observe(context), shared.requestTimeLimit(), (progress, error) -> {
          context.over(error);
          explained.add(explained(step, context, progress, error));
          next();
        });
  }

  private ExplainedStep explained(
      Step step, StepContext context, @Nullable Progress progress, @Nullable Throwable error) {
    Change change;
    String detail;
    boolean reached = progress != null && progress.kind() == Progress.Kind.REACHED;
    if (!reached && context.missingEvidence().isPresent()) {
      change = Change.KNOWN_LATER;
      detail = "known after '" + context.missingEvidence().get() + "'";
    } else if (step.stage() == Stage.VERIFY
        && progress != null
        && progress.kind() == Progress.Kind.UNDERWAY) {
      change = Change.KNOWN_LATER;
      detail = "checked then; now: " + progress.detail();
    } else if (error instanceof EndpointUnavailableException unavailable
        && unavailable.siteDeclaredLost()) {
      change = Change.BLOCKED;
      detail = step.stage() == Stage.FENCE
          ? "would be owed: " + error.getMessage()
          : Errors.describe(error);
    } else if (progress == null) {
      change = Change.UNKNOWN;
      detail = Errors.describe(error != null ? error : new DrException("observe returned null"));
    } else {
      Optional<String> later = later(step, progress);
      if (later.isPresent()) {
        return explained(step, Change.BLOCKED, later.get());
      }
      change = switch (progress.kind()) {
        case PENDING -> Change.APPLY;
        case UNDERWAY, REACHED -> Change.NONE;
        case BLOCKED -> Change.BLOCKED;
        case UNKNOWN -> Change.UNKNOWN;
      };
      detail = progress.detail();
    }
    return explained(step, change, detail);
  }

  /** Why the run would not promote what it sees. */
  private Optional<String> later(Step step, Progress progress) {
    Optional<String> dataset = plan.dataset(step.name());
    if (dataset.isEmpty() || shared.recoverTo().isEmpty()) {
      return Optional.empty();
    }
    if (progress instanceof Progress.Pending pending) {
      Optional<RecoveryPoint> point = pending.before().recoveryPoint();
      return PointInTime.kept(shared.recoverTo(), point)
          ? Optional.empty()
          : Optional.of(PointInTime.before(dataset.get(), shared.recoverTo().get(), point));
    }
    if (progress instanceof Progress.Reached reached) {
      Optional<RecoveryPoint> point = reached.evidence().recoveryPoint();
      return PointInTime.kept(shared.recoverTo(), point)
          ? Optional.empty()
          : Optional.of(PointInTime.after(dataset.get(), shared.recoverTo().get(), point));
    }
    return Optional.empty();
  }

  private ExplainedStep explained(Step step, Change change, String detail) {
    return new ExplainedStep(
        step.name(),
        step.stage(),
        step.action().describe(),
        plan.predecessors(step.name()),
        step.required(),
        step.reversibility(),
        step.because(),
        change,
        detail);
  }
}
