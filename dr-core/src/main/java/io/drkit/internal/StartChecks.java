package io.drkit.internal;

import io.drkit.Approval;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrPlan;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Repeatability;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What keeps a run from starting: each refusal is one sentence with what is wrong and what to do. */
final class StartChecks {
  private StartChecks() {}

  /** Only a plan that was mended may start anew beside a run that is not finished, and not to do twice what that one did. */
  static void refuseBeside(DrPlan plan, PlanLog log, RunState run, Direction direction) {
    if (!log.rollbackBegan(run.run()) && run.started().fingerprint().equals(plan.fingerprint())) {
      throw new RefusedException(at(plan) + "run " + run.run() + " was started at "
          + run.startedAt() + " and is not finished (" + run.outcome() + "); resume it");
    }
    for (StepState step : run.steps()) {
      boolean asked = step.generation > 0 || step.status == StepStatus.REACHED;
      if (asked
          && step.planned.dataset().isPresent()
          && !run.started().direction().to().equals(direction.to())) {
        throw new RefusedException(at(plan) + "run " + run.run() + " may have promoted '"
            + step.planned.dataset().get() + "' in " + run.started().direction().to()
            + ", and another promotion in " + direction.to()
            + " would make two to write to; go on to "
            + run.started().direction().to()
            + ", or fence it there and begin a journal of its own");
      }
      if (asked && plan.steps(RunMode.FAILOVER).stream().anyMatch(now -> sameUnsafe(now, step))) {
        throw new RefusedException(
            at(plan) + "step '" + step.name() + "' was asked for in run " + run.run()
                + " and must not be repeated; look at its target, then take the step out of the plan or raise its version");
      }
    }
  }

  /** A start token starts one run, even if that one is no longer in the journal. */
  static void refuseUsedToken(DrPlan plan, PlanLog log, Declaration declaration) {
    declaration.startToken().flatMap(log::usedFor).ifPresent(run -> {
      throw new RefusedException(at(plan) + "run " + run + " was started with the token '"
          + declaration.startToken().orElseThrow()
          + "' already; look at its report, or take another token if another run is wanted");
    });
  }

  /** A program that would move the workload to and fro is held off; people are not. */
  static void refuseBlocked(DrPlan plan, PlanLog log, Declaration declaration, Instant now) {
    Optional<Instant> from = log.lastMoveEnded().map(ended -> ended.plus(plan.blockPeriod()));
    if (declaration.automatic() && from.filter(now::isBefore).isPresent()) {
      throw new RefusedException(at(plan) + "a move ended less than its block period of "
          + plan.blockPeriod() + " ago; an automatic one is accepted from " + from.get()
          + " on, one that a person declares at any time");
    }
  }

  private static boolean sameUnsafe(Step now, StepState before) {
    return now.action().repeatability().kind() == Repeatability.Kind.UNSAFE
        && now.name().equals(before.name())
        && now.action().describe().equals(before.planned.wanted());
  }

  /** Where the workload runs by the journal. */
  static Site active(DrPlan plan, PlanLog log) {
    return log.movedTo().orElse(plan.primary());
  }

  /** From where to where a run moves the workload. */
  static Direction direction(DrPlan plan, PlanLog log, Declaration declaration, Instant now) {
    Site active = expectedActive(plan, log, declaration);
    refuseFuture(plan, declaration, now);
    refuseUnknownLosses(plan, declaration);
    declaration.recoverTo().ifPresent(wanted -> refusePointInTime(plan, wanted, now));
    List<Site> lost = declaration.lost();
    Site to = plan.sites().stream()
        .filter(site -> !site.equals(active) && !site.isInAny(lost))
        .findFirst()
        .orElseThrow(() -> new RefusedException(at(plan) + "every site but " + active
            + " is declared lost: " + lost
            + "; there is nowhere to go before one of them is back"));
    Direction direction = new Direction(active, to);
    checkLost(plan, lost, direction);
    boolean some = lost.stream().anyMatch(site -> site.isIn(active) || active.isIn(site));
    declaration
        .stopped()
        .filter(stopped -> !some)
        .ifPresent(stopped -> refuseNotLost(plan, active, lost, stopped));
    refuseStale(plan, log, direction, declaration);
    return direction;
  }

  private static void refuseFuture(DrPlan plan, Declaration declaration, Instant now) {
    refuseFuture(
        plan, declaration.since(), "since", now, "the instant at which the disruption began");
    refuseFuture(
        plan,
        declaration.stopped(),
        "stopped",
        now,
        "the latest instant at which a lost site may have written");
  }

  private static void refuseFuture(
      DrPlan plan, Optional<Instant> said, String name, Instant now, String wanted) {
    said.filter(now::isBefore).ifPresent(instant -> {
      throw new RefusedException(at(plan) + name + " (" + instant + ") is in the future, it is "
          + now + " now; give " + wanted);
    });
  }

  /** What cannot come back as it was is told before anything is fenced, not when the writers have been stopped. */
  private static void refusePointInTime(DrPlan plan, Instant wanted, Instant now) {
    refuseFuture(
        plan, Optional.of(wanted), "recoverTo", now, "the last instant at which the data was good");
    if (plan.replicators().isEmpty()) {
      throw new RefusedException(at(plan) + "its data is to be recovered to " + wanted
          + ", but it has no dataset; leave recoverTo out");
    }
    List<String> newestOnly = plan.replicators().stream()
        .filter(replicator -> !replicator.recoversToPointInTime())
        .map(Replicator::dataset)
        .toList();
    if (!newestOnly.isEmpty()) {
      throw new RefusedException(at(plan) + "its data is to be recovered to " + wanted
          + ", but the replicators of " + newestOnly
          + " know only the newest state; restore these by hand, with a plan that does not promote"
          + " them, or leave recoverTo out and take the newest");
    }
  }

  /** A name that was mistyped would accept nothing, and nobody would notice before the run asks. */
  private static void refuseUnknownLosses(DrPlan plan, Declaration declaration) {
    List<String> datasets = plan.replicators().stream().map(Replicator::dataset).toList();
    List<String> unknown = declaration.acceptedLosses().stream()
        .filter(accepted -> !datasets.contains(accepted))
        .toList();
    if (!unknown.isEmpty()) {
      throw new RefusedException(at(plan) + "the declaration accepts the loss of " + unknown
          + ", but the plan has "
          + (datasets.isEmpty()
              ? "no dataset; accept none"
              : "only the datasets " + datasets + "; name those of which more may be lost"));
    }
  }

  /** Nobody consents to what they asked for themselves: an approval may need more people than are left. */
  static void refuseMissingPeople(DrPlan plan, RunStarted started) {
    String by = started.declaration().by();
    for (PlannedStep step : started.steps()) {
      Approval approval = step.approval().orElse(null);
      if (approval == null || approval.members().isEmpty() || step.stage() == Stage.COMMIT) {
        continue;
      }
      List<String> others =
          approval.members().stream().filter(member -> !member.equals(by)).toList();
      if (others.size() < approval.needed()) {
        throw new RefusedException(at(plan) + "step '" + step.name() + "' needs the approval of "
            + approval.needed() + " of '" + approval.group() + "', and only " + others
            + " can give it, because " + by
            + " asks for the run; let somebody else ask for it, or name more members");
      }
    }
  }

  private static Site expectedActive(DrPlan plan, PlanLog log, Declaration declaration) {
    Site active = active(plan, log);
    declaration.expectedActive().filter(site -> !site.equals(active)).ifPresent(site -> {
      throw new RefusedException(at(plan) + "the workload runs in " + active + ", not in " + site
          + " as the declaration expects; look at the last run and decide again");
    });
    return active;
  }

  /** What a site holds that the workload has left is from before that, until copies flowed back there. */
  private static void refuseStale(
      DrPlan plan, PlanLog log, Direction direction, Declaration declaration) {
    List<String> datasets = plan.replicators().stream().map(Replicator::dataset).toList();
    if (log.wasLeft(direction.to(), "")
        && !log.copiesFlowed(direction)
        && !declaration.acceptedLosses().containsAll(datasets)) {
      throw new RefusedException(at(plan) + "what " + direction.to() + " holds of " + datasets
          + " is from before the workload left it, and no copies have flowed there since; prepare"
          + " the plan first, or, if it is all that is left, accept the loss of each by name");
    }
  }

  /** From where to where copies have to flow before a move. */
  static Direction preparing(DrPlan plan, PlanLog log, Optional<Site> wanted) {
    Site active = active(plan, log);
    Site to = wanted.orElseGet(() ->
        plan.sites().stream().filter(site -> !site.equals(active)).findFirst().orElseThrow());
    if (!plan.sites().contains(to) || to.equals(active)) {
      throw new RefusedException(at(plan) + "cannot prepare " + to + " to take over from " + active
          + "; it has to be another one of " + plan.sites());
    }
    return new Direction(active, to);
  }

  /** The way back to the primary site. */
  static Direction failback(DrPlan plan, PlanLog log, Declaration declaration, Instant now) {
    refuseFuture(plan, declaration, now);
    refuseUnknownLosses(plan, declaration);
    Site active = expectedActive(plan, log, declaration);
    if (active.equals(plan.primary())) {
      throw new RefusedException(at(plan) + "the workload runs in its primary site, " + active
          + "; there is no way back, but switchover moves it on");
    }
    return new Direction(active, plan.primary());
  }

  static void checkLost(DrPlan plan, List<Site> lost, Direction direction) {
    for (Site site : lost) {
      if (plan.sites().stream().noneMatch(known -> known.isIn(site) || site.isIn(known))) {
        throw new RefusedException(at(plan) + "the site " + site
            + " is declared lost, but the plan has only " + plan.sites());
      }
      if (direction.to().isIn(site)) {
        throw new RefusedException(
            at(plan) + "the run goes to " + direction.to()
                + ", which cannot be declared lost in it; roll it back, or wait until that site is back");
      }
    }
  }

  /** A planned move loses nothing: what it promotes has to hold all that was written until its fences, and it has to know until when. */
  static void refuseBehind(DrPlan plan, RunState run, Instant wallClock) {
    boolean mayPromote = run.mode().planned()
        && run.steps().stream()
            .anyMatch(step -> step.planned.dataset().isPresent()
                && step.status != StepStatus.REACHED
                && !step.effectPossible());
    if (mayPromote && run.clock().behind(wallClock)) {
      throw new RefusedException(at(plan) + "the clock of this host says " + wallClock
          + ", and run " + run.run() + " was last written at "
          + run.clock().last().at()
          + ", so that nobody can tell what its copies must hold, which a planned move has to know;"
          + " set the clock right, go on from another host, or wait until then if the clock of"
          + " the host that wrote it was ahead");
    }
  }

  /** As long as nobody can tell when a planned move was started, its fences prove nothing. */
  static void refuseUntold(DrPlan plan, Optional<RunState> untold) {
    untold.ifPresent(run -> {
      throw new RefusedException(at(plan) + "nobody can tell how long ago run " + run.run()
          + " was, because clocks were set back or are behind, and a planned move has to know what"
          + " its copies must hold; fail over instead, which asks what may be lost");
    });
  }

  /** While an earlier failover stood still, the site may have come back: until now it wrote, if nobody says until when. */
  static Declaration lostOnceMore(
      PlanLog log, Declaration declaration, Direction direction, Instant now) {
    boolean lost = direction.from().isInAny(declaration.lost());
    return lost && declaration.stopped().isEmpty() && !log.unfinishedFailovers().isEmpty()
        ? declaration.stopped(now)
        : declaration;
  }

  /** Until when a site wrote is said of one that is lost, and of a time that is over. */
  static void checkStopped(
      DrPlan plan, RunState run, List<Site> lost, Instant stopped, Instant now) {
    Site from = run.started().direction().from();
    if (!run.started().mode().moves()) {
      throw new RefusedException(at(plan) + "stopped (" + stopped + ") says until when " + from
          + " wrote, but run " + run.run() + " is a " + run.started().mode()
          + ", which loses nothing; leave it out");
    }
    refuseNotLost(plan, from, lost, stopped);
    refuseFuture(
        plan,
        Optional.of(stopped),
        "stopped",
        now,
        "the latest instant at which it may have written");
    run.started().declaration().since().filter(stopped::isBefore).ifPresent(since -> {
      throw new RefusedException(at(plan) + "stopped (" + stopped + ") is before since (" + since
          + "), with which the run was declared; a service is disrupted no later than its site"
          + " stops");
    });
  }

  private static void refuseNotLost(DrPlan plan, Site from, List<Site> lost, Instant stopped) {
    if (!from.isInAny(lost)) {
      throw new RefusedException(at(plan) + "stopped (" + stopped + ") says until when " + from
          + " wrote, which is not among the sites that are declared lost: " + lost
          + "; name it there as well");
    }
  }

  private static String abbreviated(String fingerprint) {
    return fingerprint.substring(0, Math.min(12, fingerprint.length()));
  }

  static String at(DrPlan plan) {
    return "plan '" + plan.name() + "': ";
  }

  /** A run goes on with the very plan that it was started with. */
  static void refuseOtherPlan(DrPlan plan, RunState run) {
    if (!run.started().fingerprint().equals(plan.fingerprint())) {
      throw new RefusedException(at(plan) + "run " + run.run()
          + " was started with another plan (fingerprint "
          + abbreviated(run.started().fingerprint()) + ", this one has "
          + abbreviated(plan.fingerprint()) + "): " + PlanDifference.between(run.started(), plan)
          + "; resume it with the plan that it was started with, or fail over with the mended one");
    }
  }

  /** A switchover needs a site that works on either side, and writers that can be stopped. */
  static void forSwitchover(DrPlan plan, Declaration declaration) {
    if (!declaration.lost().isEmpty()) {
      throw new RefusedException(at(plan) + "a planned move loses nothing, but "
          + declaration.lost() + " is declared lost; fail over instead");
    }
    declaration.recoverTo().ifPresent(wanted -> {
      throw new RefusedException(at(plan) + "a planned move loses nothing, but its data is to be"
          + " recovered to " + wanted + "; fail over instead");
    });
    if (plan.unfenced().isPresent()) {
      throw new RefusedException(at(plan)
          + "a planned move has to stop the writers first, but the plan fences none ("
          + plan.unfenced().get() + "); add a fence");
    }
    plan.children()
        .forEach((path, child) -> child.unfenced().ifPresent(reason -> {
          throw new RefusedException(at(plan)
              + "a planned move has to stop the writers first, but the child '" + path
              + "' fences none ("
              + reason + "); add a fence");
        }));
  }

  /** A rehearsal that tries nothing would look like one that works. */
  static void forRehearsal(DrPlan plan) {
    if (plan.steps(RunMode.FAILOVER).stream()
        .allMatch(step -> step.action().rehearsal().isEmpty())) {
      throw new RefusedException(at(plan)
          + "none of its steps has an isolated variant, so there is nothing to rehearse; give their"
          + " actions a rehearsal()");
    }
  }

  /** What was promoted is not taken back: what is written there since would be lost. */
  static void forRollback(DrPlan plan, PlanLog log, RunState run) {
    if (!run.started().mode().moves()
        || run.outcome() == Outcome.COMPLETED
        || run.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS) {
      throw new RefusedException(at(plan) + "the last run, " + run.run() + ", is a "
          + run.started().mode() + " that is " + run.outcome()
          + "; only a failover or switchover that is not finished can be rolled back, and failback brings"
          + " home what was moved");
    }
    refuseOtherPlan(plan, run);
    cannotRollBack(run).ifPresent(why -> {
      throw new RefusedException(at(plan) + "run " + run.run() + " " + why);
    });
    // An earlier run that was not finished, with a plan that was mended since, may have gone a way
    // without return, too.
    for (RunState unfinished : log.unfinishedFailovers()) {
      wentOneWay(unfinished).ifPresent(why -> {
        throw new RefusedException(at(plan) + "run " + unfinished.run() + " " + why);
      });
    }
  }

  /** Why a run cannot be taken back by what it did; empty if it can. */
  static Optional<String> cannotRollBack(RunState run) {
    return run.steps().stream()
        .filter(step -> step.status == StepStatus.IN_DOUBT)
        .findFirst()
        .map(step -> "has the step '" + step.name() + "' in doubt; decide what became of it first")
        .or(() -> wentOneWay(run));
  }

  private static Optional<String> wentOneWay(RunState run) {
    return run.steps().stream()
        .filter(step -> step.effectPossible() || step.status == StepStatus.REACHED)
        .flatMap(step -> step.planned.dataset().stream())
        .findFirst()
        .map(dataset -> "may have promoted '" + dataset + "' in "
            + run.started().direction().to()
            + ", which cannot be taken back; resume it, and go back later with the data")
        .or(() -> run.steps().stream()
            .filter(StartChecks::cannotBeUndone)
            .findFirst()
            .map(step -> "asked for step '" + step.name()
                + "', which may have taken effect and cannot be taken back; resume it"));
  }

  /** What a failback prepares is not taken back with its move. */
  private static boolean cannotBeUndone(StepState step) {
    return step.planned.reversibility().equals(Optional.of(Reversibility.ONE_WAY))
        && step.planned.stage() != Stage.PREPARE
        && step.effectPossible();
  }
}
