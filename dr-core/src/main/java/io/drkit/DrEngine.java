package io.drkit;

import java.time.Instant;
import java.util.List;

/**
 * Runs plans: everything that happens is journaled first, so that any process that reaches the journal can go on. One
 * engine may run many plans at a time. Thread-safe. It starts no thread and makes no call until a verb is used.
 *
 * <p>What goes wrong in the world is in the report that a run ends with; exceptions are for misuse, for a refused verb
 * and for a journal that fails.
 */
public interface DrEngine extends AutoCloseable {

  /** {@return a builder; it needs a journal and a lease store} */
  static DrEngineBuilder builder() {
    return new DrEngineBuilder();
  }

  /**
   * Brings about what must be there before a disaster: each replicator's copy, and the plan's prepared states. Changes
   * only what is not there yet, so it may be called again at any time. After the workload was moved, this is what restores its
   * redundancy: copies flow the other way, from where it runs now to the first other site of the plan. There, the fences are
   * applied first, owed ones as well, and what that site held when it was left is {@linkplain Replicator#retired kept}.
   *
   * @param plan the plan
   * @param by who asks for it, for the journal
   * @return the run
   * @throws RefusedException if a failover of this plan is not finished, or another process runs it
   */
  DrRun prepare(DrPlan plan, String by);

  /**
   * Like {@link #prepare(DrPlan, String)}, for one of several sites that could take over.
   *
   * @param plan the plan
   * @param by who asks for it, for the journal
   * @param to which site is prepared
   * @return the run
   * @throws RefusedException if a failover of this plan is not finished, another process runs it, or it is no other site of
   *     the plan than the one where the workload runs
   */
  DrRun prepare(DrPlan plan, String by, Site to);

  /**
   * Moves the workload without the help of the site that is left: to the plan's first other site that is not declared lost. With
   * a {@linkplain Declaration#startToken start token} that the journal knows already, nothing is started: the run that it started
   * is returned.
   *
   * @param plan the plan
   * @param declaration who declares what
   * @return the run
   * @throws RefusedException if the declaration expects another site to be the active one, the last failover of this plan is
   *     not finished (unless it has ended and the plan was mended since), another process runs it, no other site is left, what
   *     that site holds is from before the workload left it, the declaration names a site or dataset that the plan does not
   *     have, an approval needs more people than are left without the one who declares, a program declares it within the
   *     {@linkplain DrPlanBuilder#blockPeriod block period}, the run of its start token was compacted away, or the {@linkplain
   *     #stopAll stop lever} is pulled
   */
  DrRun failover(DrPlan plan, Declaration declaration);

  /**
   * Moves the workload to the plan's first other site while the site that is left works, and loses nothing: stops its
   * writers, waits until every copy holds what was written until then, and only then promotes and moves the users. If a copy
   * does not catch up, nothing is promoted, and the run fails. A switchover that fails or is cancelled before anything was
   * promoted is taken back by itself, so that the writers go on; its report tells {@linkplain RunReport#rolledBackBy by which
   * run}, and its end is the end of both.
   *
   * @param plan the plan
   * @param declaration who asks for it
   * @return the run
   * @throws RefusedException for what {@link #failover} refuses, and if a site is declared lost or the plan fences no writer
   */
  DrRun switchover(DrPlan plan, Declaration declaration);

  /**
   * Moves the workload back to the plan's primary site, and loses nothing. First the fences there are applied, owed ones as
   * well, and what that site held when it was left is {@linkplain Replicator#retired kept}; then copies flow back until they
   * have stood for the time that the plan's {@link Failback} asks for, and people consent if it says so. Only then does it go
   * on as {@link #switchover} does. The outage is counted from there.
   *
   * @param plan the plan
   * @param declaration who asks for it
   * @return the run
   * @throws RefusedException for what {@link #switchover} refuses, and if the workload runs in its primary site
   */
  DrRun failback(DrPlan plan, Declaration declaration);

  /**
   * Takes back the plan's last run, a failover or a switchover that is not finished: each state that it asked for is put back
   * to the one from before, the last one first, so that the writers go on at the old site after everything else is as it was.
   *
   * @param plan the plan, unchanged
   * @param instruction who asks for it and why
   * @return the run, of the mode {@link RunMode#ROLLBACK}
   * @throws RefusedException if there is no such run, it has moved the workload, may have promoted a copy (going back from
   *     there needs the data to flow back first) or taken another step that is {@link Reversibility#ONE_WAY}, a step of it is in
   *     doubt, another process runs it, or the plan is another
   */
  DrRun rollback(DrPlan plan, Instruction instruction);

  /**
   * Tries out a move without moving anything: the {@linkplain FailoverAction#rehearsal isolated variants} of its steps, in the
   * order of the move. A step without a variant is skipped, and told as not rehearsed. However the rehearsal ends, a run of the mode {@link
   * RunMode#CLEAN_UP} follows by itself if anything was asked for, and {@link DrRun#await} waits for it, too; {@link
   * RunReport#rolledBackBy} names it. If a disaster strikes meanwhile, cancel both: {@link #cleanUp} makes up for it later.
   *
   * @param plan the plan
   * @param by who asks for it, for the journal
   * @return the run, of the mode {@link RunMode#REHEARSE}
   * @throws RefusedException if no step has an isolated variant, a failover of this plan is not finished, an earlier rehearsal was
   *     not cleaned up, or another process runs the plan
   */
  DrRun rehearse(DrPlan plan, String by);

  /**
   * Removes what the plan's last rehearsal left, if its own clean-up could not.
   *
   * @param plan the plan, unchanged since the rehearsal
   * @param by who asks for it, for the journal
   * @return the run, of the mode {@link RunMode#CLEAN_UP}
   * @throws RefusedException if no rehearsal left anything, the plan is another one, or another process runs it
   */
  DrRun cleanUp(DrPlan plan, String by);

  /**
   * Goes on with the plan's last run, which was interrupted or has failed: each step that was not reached is observed
   * again, and only what is still pending is asked for, with the same token. If it had ended while it was paused, the pause is over,
   * too; a run whose process died while it was paused stays so until somebody continues it.
   *
   * @param plan the plan, unchanged
   * @param by who asks for it, for the journal
   * @param lost sites that are lost now, be they declared so for the first time or again. If the run had ended, one that is not named is
   *     back: it is called, and fenced. If its process died, what was declared lost stays so for its actions. In either case a site that
   *     nobody fenced may have come back meanwhile, unless a process takes over within the RPO of what was written last of the run: it
   *     counts as having written until now if it is named here, and as still writing if it is not. Who consented to a loss is asked again
   *     then; losses that the declaration accepts by name stay accepted
   * @return the run
   * @throws RefusedException if there is no such run, another process runs it, or the plan is not the one that was started
   */
  DrRun resume(DrPlan plan, String by, List<Site> lost);

  /**
   * Goes on with the plan's last run as {@link #resume(DrPlan, String, List)} does, for somebody who knows until when the lost sites wrote:
   * what an RPO counts to where no fence can be proven.
   *
   * @param plan the plan, unchanged
   * @param by who asks for it, for the journal
   * @param lost sites that are lost now; the one that the run leaves must be among them
   * @param stopped when the last of them stopped, or the latest instant at which it can have; it may have come back in between
   * @return the run
   * @throws RefusedException as above, or if {@code stopped} is in the future or before the disruption, the site is not named, or the run
   *     moves nothing
   */
  DrRun resume(DrPlan plan, String by, List<Site> lost, Instant stopped);

  /**
   * Tells what a failover would change. Reads only, journals nothing.
   *
   * @param plan the plan
   * @param declaration who would declare what
   * @return step by step
   * @throws InterruptedException if the waiting thread is interrupted
   * @throws RefusedException if a failover would be refused for what the declaration says
   */
  Explanation explain(DrPlan plan, Declaration declaration) throws InterruptedException;

  /**
   * Tells what is wrong with a plan for a disaster, from what its parts declare to need. Calls nothing.
   *
   * @param plan the plan
   * @param disaster what is assumed to happen
   */
  Assessment assess(DrPlan plan, Disaster disaster);

  /**
   * Returns the reports of all of a plan's runs in the journal, oldest first. The journal alone is enough: the plan's code
   * is not needed.
   *
   * @param plan the plan's name
   */
  List<RunReport> reports(String plan);

  /**
   * Takes the oldest runs of a plan out of its journal, which otherwise grows for ever: those that ended longer ago than the
   * retention says, up to a completed move which is not the last one. What no later verb or report can do without is kept
   * whatever its age. A record in their place tells where the workload had been and which start tokens were used. The plan's
   * code is not needed. A journal that archives, as the one of files does, keeps the old history beside the new one.
   *
   * @param plan the plan's name
   * @param by who asks for it, for the journal
   * @param retention how long runs are kept
   * @return what was taken out
   * @throws RefusedException if the journal has no run of such a plan, the plan is being run, or its last run or a failover is not finished
   * @throws io.drkit.spi.JournalException if the journal cannot be compacted
   */
  Compaction compact(String plan, String by, Retention retention);

  /**
   * Returns the levers of a plan's last run, be it in this process or in another. Reads and writes the journal alone.
   *
   * @param plan the plan's name
   */
  RunControl control(String plan);

  /**
   * Pulls the stop lever: no run of any plan whose engine looks at the same lever starts a step or asks for anything, and
   * no new run starts, until it is released. Does nothing if it is pulled already.
   *
   * @param instruction who and why
   * @throws IllegalStateException if the engine was built without {@link DrEngineBuilder#stopLever}
   */
  void stopAll(Instruction instruction);

  /**
   * Releases the stop lever. Does nothing if it is not pulled.
   *
   * @param instruction who and why
   * @throws IllegalStateException if the engine was built without {@link DrEngineBuilder#stopLever}
   */
  void releaseAll(Instruction instruction);

  /**
   * Stops the runs in progress and leaves them as a crash would: {@code resume} goes on. A request that was under way may
   * still take effect.
   */
  @Override
  void close();
}
