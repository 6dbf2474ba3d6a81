package io.drkit.internal;

import io.drkit.Approval;
import io.drkit.ApprovalRequest.Subject;
import io.drkit.CommitWindow;
import io.drkit.CommitWindow.AtLimit;
import io.drkit.Evidence;
import io.drkit.RecoveryPoint;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.RunRolledBack;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a run needs people's consent for: steps that say so, and promotions that lose more than the RPO allows. */
final class Consents {
  private final RunState state;
  private final LossBound bound;

  Consents(RunState state) {
    this.state = state;
    this.bound = new LossBound(state);
  }

  /** How long an open request is still open. A wall clock that was set back makes it no longer than it was. */
  static Duration left(Ask ask, Instant wallClock) {
    Duration whole = Duration.between(ask.askedAt, ask.request.expiresAt());
    Duration left = Duration.between(wallClock, ask.request.expiresAt());
    return left.isNegative() ? Duration.ZERO : left.compareTo(whole) > 0 ? whole : left;
  }

  /** People decide while the fences are being applied; what is no emergency waits until there is something to decide on. */
  boolean due(StepState step, OpenSteps open) {
    boolean emergency =
        step.planned.stage() != Stage.PREPARE && step.planned.stage() != Stage.COMMIT;
    return emergency || open.ready(step);
  }

  /** Asks for the consent that a step needs before it starts. */
  ApprovalRequested toStart(StepState step, Instant now) {
    Approval approval = step.planned.approval().orElseThrow();
    return new ApprovalRequested(
        step.name(),
        step.planned.stage() == Stage.COMMIT ? Subject.COMMIT : Subject.STEP,
        approval.group(),
        approval.needed(),
        approval.members(),
        now.plus(approval.timeLimit().orElse(patience(step))),
        step.planned
            .dataset()
            .map(dataset -> lossSoFar(step, dataset))
            .orElse("none by this step itself"));
  }

  /**
   * Asks whether a promotion may lose what it would.
   *
   * @param after how long after the start of the run that is
   */
  ApprovalRequested toLose(StepState step, Evidence before, Duration after, Instant now) {
    return new ApprovalRequested(
        step.name(),
        Subject.LOSS,
        "whoever answers for the data",
        1,
        List.of(),
        now.plus(patience(step)),
        inWords(step, before, after));
  }

  /**
   * Whether a promotion may lose what it would by the evidence from before.
   *
   * @param after how long after the start of the run it is asked for
   */
  boolean granted(StepState step, Evidence before, Duration after) {
    if (step.planned.dataset().isEmpty()) {
      return true;
    }
    if (mustLoseNothing(step)) {
      return before.recoveryPoint().filter(point -> bound.holdsAll(step, point)).isPresent();
    }
    if (state.lossAccepted(step)) {
      return true;
    }
    boolean accepted =
        step.ask != null && step.ask.request.subject() == Subject.LOSS && step.ask.granted();
    return accepted
        || loss(step, before, after)
            .filter(loss -> loss.compareTo(state.objective(step).rpo()) <= 0)
            .isPresent();
  }

  /** Whether a loss is waited away rather than consented to. */
  boolean mustLoseNothing(StepState step) {
    return state.mode(step).planned();
  }

  /**
   * A promotion cannot be taken back: the first one of a planned move waits until none can fail for what its copy lacks, but for those
   * whose loss somebody is asked for, and those that wait for a promotion themselves. The others can catch up whatever becomes of each
   * other, so that no two promotions ever wait for each other, in whichever order children move.
   */
  boolean everyCopyCaughtUp(StepState promotion, Predicate<String> caughtUp) {
    return promotion.planned.dataset().isEmpty()
        || !state.mode().planned()
        || firstPromotions().stream()
            .filter(step -> step.status != StepStatus.FAILED)
            .map(StepState::name)
            .allMatch(caughtUp);
  }

  /**
   * The last promotion for whose failure a planned move promotes nothing: one that failed before any was asked for. The others do not wait
   * out their own time limits for it, because the writers are stopped meanwhile. Once one was asked for, the others go on without it.
   */
  Optional<StepState> failedBeforeAny(StepState promotion) {
    boolean mayPromoteNothing = promotion.planned.dataset().isPresent()
        && state.mode().planned()
        && state.steps().stream()
            .filter(step -> step.planned.dataset().isPresent())
            .noneMatch(step -> step.effectPossible() || step.status == StepStatus.REACHED);
    if (!mayPromoteNothing) {
      return Optional.empty();
    }
    return firstPromotions().stream()
        .filter(step -> step.status == StepStatus.FAILED && step.planned.required())
        .max(Comparator.comparing(step -> step.endedAfter));
  }

  /** The promotions that were not asked for, and wait for none that was not. */
  private List<StepState> firstPromotions() {
    List<StepState> open = state.steps().stream()
        .filter(step -> step.planned.dataset().isPresent()
            && !step.effectPossible()
            && step.status != StepStatus.REACHED
            && step.status != StepStatus.SKIPPED)
        .toList();
    Set<String> later =
        new RunGraph(state).waiting(open.stream().map(StepState::name).toList());
    return open.stream()
        .filter(step -> mustLoseNothing(step) && !later.contains(step.name()))
        .toList();
  }

  /** What a run asks people for just now, in the order of its steps. */
  static List<Ask> open(RunState run) {
    return run.steps().stream()
        .filter(step -> step.status == StepStatus.WAITING || step.status == StepStatus.RUNNING)
        .flatMap(step -> Optional.ofNullable(step.ask).stream())
        .filter(ask -> !ask.granted())
        .toList();
  }

  /** Whether a request is open until somebody answers it, however late that is. */
  static boolean staysOpen(RunState run, StepState step) {
    return step.planned.stage() == Stage.COMMIT && atLimit(run) == AtLimit.NONE;
  }

  boolean overdue(StepState step, StepMonitor monitor, Duration now) {
    return !staysOpen(state, step) && now.compareTo(monitor.askUntil) >= 0;
  }

  private static AtLimit atLimit(RunState run) {
    return run.started().commit().map(CommitWindow::atLimit).orElse(AtLimit.NONE);
  }

  /** What becomes of a step that nobody consented to in time. */
  RunEvent atLimit(StepState step) {
    String decided = "nobody decided within the commit window's "
        + state.started().commit().map(CommitWindow::limit).orElse(Duration.ZERO);
    return switch (step.planned.stage() == Stage.COMMIT ? atLimit(state) : AtLimit.NONE) {
      case NONE -> new StepFailed(step.name(), expired(step), false);
      case COMMIT -> new StepApproved(step.name(), "the plan", decided);
      case ROLLBACK -> new RunRolledBack("the plan", decided);
    };
  }

  /** Why a step fails that nobody consented to in time. */
  String expired(StepState step) {
    Ask ask = Objects.requireNonNull(step.ask);
    return ask.request.subject() == Subject.LOSS
        ? "nobody accepted the loss until " + ask.request.expiresAt() + ": " + ask.request.loss()
            + "; resume and approve it, or wait for a younger recovery point"
        : "the approval by '" + ask.request.group() + "' was not given until "
            + ask.request.expiresAt() + " (" + ask.given().size() + " of " + ask.request.needed()
            + ")";
  }

  private Duration patience(StepState step) {
    return state.objective(step).rto().dividedBy(4);
  }

  private Optional<Duration> loss(StepState step, Evidence before, Duration after) {
    return before.recoveryPoint().flatMap(point -> bound.with(step, point, after));
  }

  private String inWords(StepState step, Evidence before, Duration after) {
    String dataset = "'" + step.planned.dataset().orElseThrow() + "'";
    return loss(step, before, after)
        .map(loss -> "everything written to " + dataset + " after "
            + before.recoveryPoint().flatMap(RecoveryPoint::completeUntil).orElseThrow()
            + " would be lost, which is more than the RPO of "
            + state.objective(step).rpo()
            + bound
                .askedOfPeople(step)
                .map(" ("::concat)
                .map(text -> text + ")")
                .orElse(""))
        .orElseGet(() -> "how much of " + dataset + " would be lost cannot be told"
            + before.recoveryPoint().map(point -> " (" + point.basis() + ")").orElse(""));
  }

  private String lossSoFar(StepState step, String dataset) {
    return "what '" + dataset + "' lacks when it is promoted; above the RPO of "
        + state.objective(step).rpo() + " it is asked for once more";
  }
}
