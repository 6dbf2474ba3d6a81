package io.drkit.spi;

import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that happened in a run. A run is the fold of its events: nothing else is known of it. Immutable. */
public sealed interface RunEvent {

  /**
   * A run was started.
   *
   * @param mode what it is for
   * @param fingerprint the plan's fingerprint
   * @param strategy the plan's strategy
   * @param objective the plan's objective
   * @param direction from where to where
   * @param declaration who declared what
   * @param steps the steps of the run in the plan's order
   * @param unfenced the reason why the plan has no fence; empty if it has one
   * @param undoes the run that it takes back, if it does
   * @param commit how long people may look before a move of the plan is kept, if they may
   * @param sites the plan's sites
   * @param failback when the plan may go back
   * @param planSteps the plan's own steps, whether they are of this run or not
   * @param children the plan's children, nested ones too
   */
  record RunStarted(
      RunMode mode,
      String fingerprint,
      DrStrategy strategy,
      RecoveryObjective objective,
      Direction direction,
      Declaration declaration,
      List<PlannedStep> steps,
      Optional<String> unfenced,
      Optional<String> undoes,
      Optional<CommitWindow> commit,
      List<Site> sites,
      Optional<Failback> failback,
      List<PlannedStep> planSteps,
      List<PlannedChild> children)
      implements RunEvent {}

  /**
   * A child plan as it was planned when the run was started.
   *
   * @param path its name, after that of the child that it is of, if it is of one
   * @param strategy its strategy
   * @param objective its objective
   * @param unfenced the reason why it has no fence; empty if it has one
   * @param failback when it may go back
   */
  record PlannedChild(
      String path,
      DrStrategy strategy,
      RecoveryObjective objective,
      Optional<String> unfenced,
      Failback failback) {}

  /**
   * A step as it was planned when the run was started.
   *
   * @param name its name
   * @param stage its stage
   * @param wanted the wanted state
   * @param after the steps that it waits for
   * @param required whether the run fails if it does
   * @param dataset the dataset that it promotes, if it does
   * @param approval whose consent it needs, if it does
   * @param repeatability what may be done about a request whose outcome nobody knows
   * @param reversibility whether what it brings about can be taken back
   * @param because why it stands where it does in the graph, if that had to be said
   * @param child the path of the child plan that it is of; empty for a step of the plan itself
   */
  record PlannedStep(
      String name,
      Stage stage,
      String wanted,
      List<String> after,
      boolean required,
      Optional<String> dataset,
      Optional<Approval> approval,
      Optional<Repeatability> repeatability,
      Optional<Reversibility> reversibility,
      Optional<String> because,
      Optional<String> child) {}

  /** What tells a process how much time passed before it began to run something. */
  enum Clock {
    /** Its steady clock: it wrote itself what stands before. */
    STEADY,
    /** Nothing: its wall clock, or that of a process before it, is behind what was written by more than two hosts' clocks may differ. */
    NONE
  }

  /**
   * A process began to run it: the first one, or one that took over. Its epoch is that of the record.
   *
   * @param owner the process and its host
   * @param by who asked for it
   * @param lost sites that were declared lost in addition, or again
   * @param stopped until when these may have acknowledged writes; empty if nobody said so
   * @param clock what else than the wall clock there is to tell how much time passed before
   * @param requestTimeLimit how long a request of it may go on at most, even after its process died; a successor asks for
   *     nothing before that
   */
  record RunnerBegan(
      String owner,
      String by,
      List<Site> lost,
      Optional<Instant> stopped,
      Optional<Clock> clock,
      Optional<Duration> requestTimeLimit)
      implements RunEvent {}

  /**
   * All that a step waits for is done.
   *
   * @param step its name
   */
  record StepStarted(String step) implements RunEvent {}

  /**
   * The state is about to be asked for. Durable before it is.
   *
   * @param step its name
   * @param generation how often the state was asked for and settled before, counting from 1
   * @param before the state from before
   */
  record StepIntended(String step, int generation, Evidence before) implements RunEvent {}

  /**
   * The request was accepted.
   *
   * @param step its name
   * @param generation which request
   */
  record StepApplied(String step, int generation) implements RunEvent {}

  /**
   * A call failed, or its outcome is not known.
   *
   * @param step its name
   * @param call which call: observe, apply or work
   * @param error what was seen
   */
  record CallFailed(String step, String call, String error) implements RunEvent {}

  /**
   * The state was seen.
   *
   * @param step its name
   * @param evidence what shows it
   */
  record StepReached(String step, Evidence evidence) implements RunEvent {}

  /**
   * The step was given up.
   *
   * @param step its name
   * @param reason why
   * @param effectPossible whether a request of it may yet take effect
   */
  record StepFailed(String step, String reason, boolean effectPossible) implements RunEvent {}

  /**
   * A fence cannot be proven because its site is declared lost.
   *
   * @param step its name
   * @param reason what could not be done
   */
  record StepOwed(String step, String reason) implements RunEvent {}

  /**
   * A request that must not be repeated has an outcome that nobody knows.
   *
   * @param step its name
   * @param reason what is known
   */
  record StepInDoubt(String step, String reason) implements RunEvent {}

  /**
   * The intent of a request came to nothing: the request was not sent, so that nothing can come of it.
   *
   * @param step its name
   * @param generation which request
   */
  record IntentWithdrawn(String step, int generation) implements RunEvent {}

  /**
   * The step needs somebody's consent before it goes on.
   *
   * @param step its name
   * @param subject what is to be consented to
   * @param group who is asked
   * @param needed how many have to consent
   * @param members who may; empty for anybody but the one who asked for the run
   * @param expiresAt when the step fails if they have not consented
   * @param loss what would be lost by what is known when it is asked
   */
  record ApprovalRequested(
      String step,
      ApprovalRequest.Subject subject,
      String group,
      int needed,
      List<String> members,
      Instant expiresAt,
      String loss)
      implements RunEvent {}

  /**
   * What a person told a run to do, from any process that reaches the journal. Written under the epoch of the runner that
   * it is meant for; its wall-clock time is that of another process and measures nothing.
   */
  sealed interface Command extends RunEvent {
    /** {@return who} */
    String by();

    /** {@return why} */
    String reason();
  }

  /**
   * No step starts and nothing is asked for until it is continued; the world is still observed.
   *
   * @param by who
   * @param reason why
   */
  record RunPaused(String by, String reason) implements Command {}

  /**
   * A paused run goes on.
   *
   * @param by who
   * @param reason why
   */
  record RunContinued(String by, String reason) implements Command {}

  /**
   * The run ends as soon as no call is under way.
   *
   * @param by who
   * @param reason why
   */
  record RunCancelled(String by, String reason) implements Command {}

  /**
   * The run ends as soon as no call is under way, and is taken back if nothing was promoted.
   *
   * @param by who
   * @param reason why
   */
  record RunRolledBack(String by, String reason) implements Command {}

  /**
   * A planned move becomes an unplanned one, or the other way round.
   *
   * @param mode what it becomes
   * @param lost sites that are declared lost in addition
   * @param by who
   * @param reason why
   */
  record RunSwitched(RunMode mode, List<Site> lost, String by, String reason) implements Command {}

  /**
   * A step of a planned move goes on as one of an unplanned move does, or the other way round.
   *
   * @param step its name
   * @param mode what it goes on as
   * @param by who
   * @param reason why
   */
  record StepSwitched(String step, RunMode mode, String by, String reason) implements Command {}

  /**
   * The run goes on without the step.
   *
   * @param step its name
   * @param by who
   * @param reason why
   */
  record StepSkipped(String step, String by, String reason) implements Command {}

  /**
   * A step that failed is tried again.
   *
   * @param step its name
   * @param by who
   * @param reason why
   */
  record StepRetried(String step, String by, String reason) implements Command {}

  /**
   * Somebody consented to what was asked for the step.
   *
   * @param step its name
   * @param by who
   * @param reason why
   */
  record StepApproved(String step, String by, String reason) implements Command {}

  /**
   * Somebody refused what was asked for the step; the step fails.
   *
   * @param step its name
   * @param by who
   * @param reason why
   */
  record StepDeclined(String step, String by, String reason) implements Command {}

  /**
   * Somebody looked what became of a request that was in doubt.
   *
   * @param step its name
   * @param decision what was found
   * @param by who
   * @param reason why, best with what was seen
   */
  record StepDecided(String step, Decision decision, String by, String reason) implements Command {}

  /**
   * No run of any plan in this journal starts anything until the lever is released.
   *
   * @param by who
   * @param reason why
   */
  record LeverPulled(String by, String reason) implements Command {}

  /**
   * The runs of this journal may go on.
   *
   * @param by who
   * @param reason why
   */
  record LeverReleased(String by, String reason) implements Command {}

  /**
   * Nothing more can be done in this run by itself.
   *
   * @param outcome how it ended
   */
  record RunEnded(Outcome outcome) implements RunEvent {}

  /**
   * The oldest runs were taken out of the journal. This record stands in their place, as the first one of the log: it holds what
   * they mean for the runs to come.
   *
   * @param runs how many runs there were, with those of earlier compactions
   * @param until when the last one of them had ended
   * @param movedTo the site that the workload was moved to by the last one of them
   * @param left the sites that it left before
   * @param startTokens the start tokens that were used; none of them starts another run
   * @param by who asked for it
   */
  record HistoryCompacted(
      int runs,
      Instant until,
      Site movedTo,
      List<Site> left,
      List<UsedToken> startTokens,
      String by)
      implements RunEvent {}

  /**
   * A start token, and what it was used for.
   *
   * @param token the token
   * @param run the run that was started with it
   */
  record UsedToken(String token, String run) {}
}
