package io.drkit;

import java.util.List;

/**
 * The levers of the plan's last run, for any process that can reach its journal: neither the plan's code nor the runner's
 * host is needed. Each instruction is appended to the journal against the state that it was checked with, and the runner
 * heeds it at its next look, a second later at most by default. What does not fit the run as it stands is refused and
 * leaves it as it was. Thread-safe.
 *
 * <p>Every method throws {@link RefusedException} if the plan has no run, or if the run has ended, but for {@link #decide},
 * which fits a run that ended in doubt, too, and {@link #approvals}, which is empty then.
 */
public interface RunControl {

  /**
   * Holds the run: no step starts and nothing is asked for. What was asked for goes on in the world and is still observed;
   * the steps' time limits stand still.
   *
   * @param instruction who and why
   * @throws RefusedException if it is paused already
   */
  void pause(Instruction instruction);

  /**
   * Lets a paused run go on.
   *
   * @param instruction who and why
   * @throws RefusedException if it is not paused
   */
  void continueRun(Instruction instruction);

  /**
   * Ends the run at the next safe point: no step starts, and calls under way are awaited. A planned move that has promoted
   * nothing is then {@linkplain #rollback taken back} by itself, so that its writers go on; of any other run nothing is taken
   * back, and it can be resumed.
   *
   * @param instruction who and why
   * @throws RefusedException if it is cancelled already
   */
  void cancel(Instruction instruction);

  /**
   * Keeps a move that is in its {@link CommitWindow}: the run goes on when every required state was seen to hold once more.
   *
   * @param instruction who and why
   * @throws RefusedException if the run does not wait to be committed
   */
  void commit(Instruction instruction);

  /**
   * Ends the run at the next safe point and takes it back: a run of the mode {@link RunMode#ROLLBACK} follows by itself, as
   * {@link DrEngine#rollback} would start it, and {@link RunReport#rolledBackBy} tells which. If a promotion, or another
   * step that is {@link Reversibility#ONE_WAY}, was asked for before the run could be ended, it is cancelled only.
   *
   * @param instruction who and why; a reason is required
   * @throws RefusedException if the run moves nothing, may have promoted a copy (going back needs the data to flow back first)
   *     or taken another step that is {@link Reversibility#ONE_WAY}, a step of it is in doubt, it is being ended already, or no
   *     reason is given
   */
  void rollback(Instruction instruction);

  /**
   * Makes a planned move an unplanned one while it goes on, or the other way round. To {@link RunMode#FAILOVER}, because the
   * site that is left has died meanwhile: the run waits for its copies no longer, and a promotion that loses more than the RPO
   * allows asks for consent, whatever the declaration accepted before. To {@link RunMode#SWITCHOVER}, because that site turned
   * out to work: nothing is promoted before the copies hold all that was written. What was asked for already goes on.
   *
   * @param mode {@link RunMode#FAILOVER} or {@link RunMode#SWITCHOVER}
   * @param instruction who and why; a reason is required
   * @param lost sites that are now declared lost; none for a switchover
   * @throws RefusedException if the run moves nothing, is of that kind already, has no site left to go to, no reason is given,
   *     or, for a switchover, if a promotion was asked for already, the site that is left is declared lost, or the plan fences
   *     no writer; for a failover out of a failback, if no copies have flowed back yet
   */
  void switchTo(RunMode mode, Instruction instruction, Site... lost);

  /**
   * Lets one step of a planned move go on as in an unplanned one, or the other way round, while the rest of the run stays what it is.
   * A promotion as in a {@link RunMode#FAILOVER} waits for its copy no longer, and asks for consent if it loses more than the RPO allows,
   * whatever the declaration accepted before; it still waits until the other copies have caught up. As in a {@link
   * RunMode#SWITCHOVER}, it waits until its copy holds all that was written. Any other step's action is told the mode.
   *
   * @param step the step's name
   * @param mode {@link RunMode#FAILOVER} or {@link RunMode#SWITCHOVER}
   * @param instruction who and why; a reason is required
   * @throws RefusedException if the run moves nothing, the step was asked for already or goes on so, no reason is given, or, as in a
   *     switchover, if the site that is left is declared lost or the plan fences no writer
   */
  void switchStep(String step, RunMode mode, Instruction instruction);

  /**
   * Lets the run go on without a step. What waits for it starts; the report shows who skipped it and why.
   *
   * @param step the step's name
   * @param instruction who and why; a reason is required
   * @throws RefusedException if there is no such step, it is done, no reason is given, or it was asked for already: then
   *     what it asked for may yet take effect, and {@link #abandon} says that this is known
   */
  void skip(String step, Instruction instruction);

  /**
   * Lets the run go on without a step that was asked for already. Its effect stays possible, and the report says so.
   *
   * @param step the step's name
   * @param instruction who and why; a reason is required
   * @throws RefusedException if there is no such step, it is done, or no reason is given
   */
  void abandon(String step, Instruction instruction);

  /**
   * Tries a failed step again while the run goes on elsewhere. When the run has ended, {@link DrEngine#resume} tries all of
   * them.
   *
   * @param step the step's name
   * @param instruction who and why
   * @throws RefusedException if there is no such step or it has not failed
   */
  void retry(String step, Instruction instruction);

  /** {@return what the run asks people to consent to just now} */
  List<ApprovalRequest> approvals();

  /**
   * Consents to what a run asks.
   *
   * @param request what is consented to, as {@link #approvals} gave it
   * @param instruction who, and perhaps why
   * @throws RefusedException if it is not asked (any more), by another run or for another plan, or if the one who consents
   *     asked for the run, has consented before, or is not one of those who may
   */
  void approve(ApprovalRequest request, Instruction instruction);

  /**
   * Refuses what a run asks. The step fails.
   *
   * @param request what is refused, as {@link #approvals} gave it
   * @param instruction who and why
   * @throws RefusedException if it is not asked (any more), by another run or for another plan, or if the one who refuses is
   *     not one of those who may
   */
  void decline(ApprovalRequest request, Instruction instruction);

  /**
   * Settles a step that is in doubt, by what a person saw at its target. If the run has ended already, {@link
   * DrEngine#resume} goes on from there.
   *
   * @param step the step's name
   * @param decision what was found
   * @param instruction who and why; a reason is required: what was seen
   * @throws RefusedException if there is no such step, it is not in doubt, or no reason is given
   */
  void decide(String step, Decision decision, Instruction instruction);
}
