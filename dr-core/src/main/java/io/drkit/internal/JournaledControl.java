package io.drkit.internal;

import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Decision;
import io.drkit.DrException;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunControl;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.RunEvent.Command;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.RunRolledBack;
import io.drkit.spi.RunEvent.RunSwitched;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepDecided;
import io.drkit.spi.RunEvent.StepDeclined;
import io.drkit.spi.RunEvent.StepRetried;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunEvent.StepSwitched;
import io.drkit.spi.RunRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The levers of a run: each checks what is told against the journal, and appends it if nobody else appended meanwhile. */
final class JournaledControl implements RunControl {
  /** A runner writes a few records a second; who loses so many races in a row does not race but errs. */
  private static final int TRIES = 100;

  private final JournaledEngine.Settings settings;
  private final RecordCodec codec;
  private final String plan;
  private final Optional<String> only;

  /**
   * Creates the levers.
   *
   * @param only the run that they are for; empty for the plan's last run, whichever that is
   */
  JournaledControl(
      JournaledEngine.Settings settings, RecordCodec codec, String plan, Optional<String> only) {
    this.settings = settings;
    this.codec = codec;
    this.plan = plan;
    this.only = only;
  }

  @Override
  public void pause(Instruction told) {
    append(new RunPaused(told.by(), told.reason()), run -> {
      inProgress(run);
      refuseIf(run.paused(), run, "is paused already; continue it when it is to go on");
    });
  }

  @Override
  public void continueRun(Instruction told) {
    append(new RunContinued(told.by(), told.reason()), run -> {
      inProgress(run);
      refuseIf(!run.paused(), run, "is not paused; its report tells what it waits for");
    });
  }

  @Override
  public void cancel(Instruction told) {
    append(new RunCancelled(told.by(), told.reason()), run -> {
      inProgress(run);
      refuseIf(
          run.cancelled().isPresent(),
          run,
          "is cancelled already; it ends when no call is under way");
    });
  }

  @Override
  public void commit(Instruction told) {
    append(new StepApproved(CommitWindow.STEP, told.by(), told.reason()), run -> {
      inProgress(run);
      Optional<StepState> commit =
          run.find(CommitWindow.STEP).filter(found -> found.planned.stage() == Stage.COMMIT);
      refuseIf(commit.isEmpty(), run, "has no commit window; its move is kept when it is verified");
      StepState step = commit.orElseThrow();
      refuseIf(
          step.status != StepStatus.WAITING,
          run,
          "does not wait to be committed: that step is " + step.status
              + "; its report tells what it waits for");
      Ask ask = step.ask;
      if (ask == null) {
        throw refused(run, "is not verified yet; its move can be committed when it is");
      }
      refuseIf(ask.granted(), run, "is committed already; its report tells when it is through");
    });
  }

  @Override
  public void rollback(Instruction told) {
    requireReason(told, "the run is taken back");
    append(new RunRolledBack(told.by(), told.reason()), run -> {
      inProgress(run);
      refuseIf(
          !run.mode().moves(),
          run,
          "is a " + run.mode() + ", which moves nothing; cancel it to end it");
      refuseIf(
          run.cancelled().isPresent(),
          run,
          "is being ended already; roll it back when it has ended");
      StartChecks.cannotRollBack(run).ifPresent(why -> {
        throw refused(run, why);
      });
    });
  }

  @Override
  public void switchTo(RunMode mode, Instruction told, Site... lost) {
    requireReason(told, "the run becomes a " + mode);
    append(new RunSwitched(mode, List.of(lost), told.by(), told.reason()), run -> {
      inProgress(run);
      ModeSwitch.check(run, mode, List.of(lost)).ifPresent(why -> {
        throw refused(run, why);
      });
    });
  }

  @Override
  public void switchStep(String step, RunMode mode, Instruction told) {
    requireReason(told, "step '" + step + "' goes on as one of a " + mode);
    append(new StepSwitched(step, mode, told.by(), told.reason()), run -> {
      inProgress(run);
      ModeSwitch.check(run, step(run, step), mode).ifPresent(why -> {
        throw refused(run, why);
      });
    });
  }

  @Override
  public void skip(String step, Instruction told) {
    skip(step, told, false);
  }

  @Override
  public void abandon(String step, Instruction told) {
    skip(step, told, true);
  }

  private void skip(String step, Instruction told, boolean effectKnownPossible) {
    requireReason(told, "step '" + step + "' is skipped");
    append(new StepSkipped(step, told.by(), told.reason()), run -> {
      inProgress(run);
      StepState state = step(run, step);
      refuseIf(
          state.status == StepStatus.REACHED
              || state.status == StepStatus.OWED
              || state.status == StepStatus.SKIPPED,
          run,
          "is past step '" + step + "', which is " + state.status + "; there is nothing to skip");
      refuseIf(
          !effectKnownPossible && state.effectPossible(),
          run,
          "asked for step '" + step
              + "' already, which may yet take effect; abandon it to go on all the same");
    });
  }

  @Override
  public void retry(String step, Instruction told) {
    append(new StepRetried(step, told.by(), told.reason()), run -> {
      inProgress(run);
      StepState state = step(run, step);
      refuseIf(
          state.status != StepStatus.FAILED,
          run,
          "cannot retry step '" + step + "', which is " + state.status
              + " and not FAILED; its report tells what it waits for");
      refuseIf(run.cancelled().isPresent(), run, "is being cancelled; resume it to go on");
    });
  }

  @Override
  public List<ApprovalRequest> approvals() {
    RunState run = run(read());
    if (run.outcome() != Outcome.RUNNING) {
      return List.of();
    }
    return Consents.open(run).stream()
        .map(ask -> new ApprovalRequest(
            run.run(),
            run.started().fingerprint(),
            ask.request.step(),
            ask.request.subject(),
            ask.request.group(),
            ask.request.needed(),
            ask.request.members(),
            ask.given(),
            ask.request.expiresAt(),
            ask.request.loss()))
        .toList();
  }

  @Override
  public void approve(ApprovalRequest request, Instruction told) {
    append(new StepApproved(request.step(), told.by(), told.reason()), run -> {
      Ask ask = asked(run, request);
      refuseIf(
          request.subject() == ApprovalRequest.Subject.STEP && told.by().equals(run.requestedBy()),
          run,
          "was asked for by " + told.by() + ", who cannot approve it, too; somebody else has to");
      refuseIf(!ask.mayBeGivenBy(told.by(), run.requestedBy()), run, notAMember(ask, told));
      refuseIf(
          ask.given().contains(told.by()),
          run,
          "has the approval of " + told.by() + " already; another one is needed");
    });
  }

  @Override
  public void decline(ApprovalRequest request, Instruction told) {
    append(new StepDeclined(request.step(), told.by(), told.reason()), run -> {
      Ask ask = asked(run, request);
      List<String> members = ask.request.members();
      refuseIf(!members.isEmpty() && !members.contains(told.by()), run, notAMember(ask, told));
    });
  }

  private static String notAMember(Ask ask, Instruction told) {
    return "asks '" + ask.request.group() + "', " + ask.request.members() + ", and " + told.by()
        + " is not one of them; one of them has to answer";
  }

  /** The open request that an answer is meant for. */
  private Ask asked(RunState run, ApprovalRequest request) {
    refuseIf(
        !run.started().fingerprint().equals(request.fingerprint()),
        run,
        "was started with another plan than the one that was approved; look at its requests again");
    refuseIf(
        !run.run().equals(request.run()),
        run,
        "is the last one, and the request is of run " + request.run()
            + "; look at its requests again");
    inProgress(run);
    StepState step = step(run, request.step());
    Ask ask = step.ask;
    boolean waits = step.status == StepStatus.WAITING || step.status == StepStatus.RUNNING;
    if (ask == null
        || !waits
        || ask.granted()
        || ask.request.subject() != request.subject()
        || !ask.request.expiresAt().equals(request.expiresAt())
        || !ask.request.loss().equals(request.loss())
        || (!Consents.staysOpen(run, step)
            && !settings.time().now().isBefore(ask.request.expiresAt()))) {
      throw refused(
          run,
          "does not wait for this approval of step '" + request.step()
              + "' (any more); look at its requests again");
    }
    return ask;
  }

  @Override
  public void decide(String step, Decision decision, Instruction told) {
    requireReason(told, "it is decided what became of step '" + step + "'");
    append(new StepDecided(step, decision, told.by(), told.reason()), run -> {
      StepState state = step(run, step);
      refuseIf(
          state.status != StepStatus.IN_DOUBT,
          run,
          "has no doubt about step '" + step + "', which is " + state.status
              + "; there is nothing to decide");
    });
  }

  /** Appends a command to the journal as it was when the command was found to fit. */
  private void append(Command command, Consumer<RunState> check) {
    for (int tries = 0; tries < TRIES; tries++) {
      PlanLog log = read();
      RunState run = run(log);
      check.accept(run);
      RunRecord entry = settings.record(log.size(), run.run(), run.epoch(), command);
      try {
        settings.journal().append(plan, log.size(), List.of(codec.write(entry)));
        return;
      } catch (JournalConflictException somebodyWasFaster) {
        // The command is checked again against what was appended.
      }
    }
    throw new DrException("plan '" + plan + "': the journal was written to by others in each of "
        + TRIES + " tries; try again");
  }

  private PlanLog read() {
    return PlanLog.read(settings.journal(), codec, plan);
  }

  private RunState run(PlanLog log) {
    RunState last = log.last()
        .orElseThrow(() -> new RefusedException(
            "plan '" + plan + "' has no run in this journal; check the plan's name, or start one"));
    if (only.isPresent() && !only.get().equals(last.run())) {
      throw new RefusedException("run " + only.get() + " of plan '" + plan
          + "' is over; its last run is " + last.run() + "; steer that one");
    }
    return last;
  }

  private void inProgress(RunState run) {
    boolean through =
        run.outcome() == Outcome.COMPLETED || run.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS;
    refuseIf(
        run.outcome() != Outcome.RUNNING,
        run,
        "has ended (" + run.outcome() + "); "
            + (through ? "its report tells what it did" : "resume goes on with it"));
  }

  private StepState step(RunState run, String step) {
    return run.steps().stream()
        .filter(state -> state.name().equals(step))
        .findFirst()
        .orElseThrow(() -> refused(
            run,
            "has no step '" + step + "'; it has "
                + run.steps().stream().map(StepState::name).toList()));
  }

  private void requireReason(Instruction told, String what) {
    if (told.reason().isEmpty()) {
      throw new RefusedException(
          "plan '" + plan + "': say why " + what + "; the reason is written to the journal");
    }
  }

  private void refuseIf(boolean wrong, RunState run, String why) {
    if (wrong) {
      throw refused(run, why);
    }
  }

  private RefusedException refused(RunState run, String why) {
    return new RefusedException("run " + run.run() + " of plan '" + plan + "' " + why);
  }
}
