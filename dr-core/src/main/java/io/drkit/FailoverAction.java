package io.drkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A wanted state of the world, and how to ask for it. The engine does all of the waiting: it observes, asks if the state
 * is pending, and observes until it is reached. Running, resuming after a crash, explaining and checking are the same two
 * calls.
 *
 * <p>An action holds no state of a run and is thread-safe: the engine calls it from different threads, one call of a step
 * at a time.
 */
public interface FailoverAction {

  /**
   * Says what state is wanted, in one line that is the same in every process, for example "4 instances of orders-web
   * run". It is shown to people and is part of the plan's fingerprint.
   */
  String describe();

  /**
   * Tells where the world stands against the wanted state.
   *
   * @implSpec Reads only; quick; may be called at any time, any number of times, in any process. Each remote request goes
   *     through {@link ActionContext#call}. A state that cannot be read is {@link Progress#unknown} or an exception, never
   *     a guess.
   * @param context the run's view on this step
   * @return the world's state
   * @throws Exception if it could not be told; the engine asks again later
   */
  Progress observe(ActionContext context) throws Exception;

  /**
   * Asks for the wanted state and returns as soon as the request was accepted.
   *
   * @implSpec Called only after {@link #observe} said {@link Progress.Kind#PENDING} and the intent was made durable. Does
   *     not wait for the state. Each remote request goes through {@link ActionContext#call}.
   * @param context the run's view on this step
   * @throws Exception if the request was not accepted, or if nobody knows whether it was
   */
  void apply(ActionContext context) throws Exception;

  /** {@return what may be done about a request whose outcome nobody knows} */
  Repeatability repeatability();

  /**
   * Returns what the action depends on outside of the process when it runs in a direction.
   *
   * @param direction where the run goes
   * @return nothing by default
   */
  default List<Need> needs(Direction direction) {
    return List.of();
  }

  /** {@return how long the state takes to be reached once asked for; unknown by default} */
  default Optional<Duration> estimate() {
    return Optional.empty();
  }

  /**
   * Returns whether what was asked for can be taken back. It is part of the plan's fingerprint, and the same in every process.
   *
   * @implSpec An action that is {@link Reversibility#REVERSIBLE} gives an {@link #undo} for everything that it may have asked
   *     for. One that wraps another says what that one says.
   * @return {@link Reversibility#COMPENSABLE} by default
   */
  default Reversibility reversibility() {
    return Reversibility.COMPENSABLE;
  }

  /**
   * Returns the action that takes this one back: its wanted state is the one from before. It is asked for in the same
   * direction as this action was. A promotion cannot be taken back: going the other way again is a failback.
   *
   * @param before what {@link Progress.Pending#before()} said when this state was asked for first
   * @return nothing by default: what was done stays, and a rollback says so
   */
  default Optional<FailoverAction> undo(Evidence before) {
    return Optional.empty();
  }

  /**
   * Returns the action's isolated variant for {@link DrEngine#rehearse}: beside production, and without touching it.
   *
   * @return empty by default: a rehearsal says that it told nothing about this step
   */
  default Optional<Rehearsal> rehearsal() {
    return Optional.empty();
  }

  /**
   * Returns an action that only looks: its state is reached when {@code probe} says so, and asking for it does nothing.
   * It is the form of a verification, and of a state that somebody else brings about.
   *
   * @param description what state is wanted, in one line
   * @param probe tells where the world stands
   */
  static FailoverAction check(String description, Observation probe) {
    return new CheckAction(description, probe);
  }

  /**
   * Returns an action for code whose effect nobody can look up, such as a call to a pager. It is {@linkplain
   * Repeatability#unsafe() unsafe}: if the process dies, the answer is lost or the code throws, the step is in doubt, and
   * a person decides; it is never repeated by itself.
   *
   * @param description what the code does, in one line
   * @param version a number that is raised whenever the code changes; part of the plan's fingerprint
   * @param effect the code
   * @throws IllegalArgumentException if the version is less than 1
   */
  static FailoverAction once(String description, int version, Effect effect) {
    return new OnceAction(description, version, Reversibility.COMPENSABLE, effect);
  }

  /**
   * Like {@link #once(String, int, Effect)}, for code that says whether its effect can be taken back: mails that were sent, say,
   * are {@link Reversibility#ONE_WAY}.
   *
   * @param description what the code does, in one line
   * @param version a number that is raised whenever the code changes; part of the plan's fingerprint
   * @param reversibility whether what it does can be put right; nobody knows what it did, so it has no way back of its own
   * @param effect the code
   * @throws IllegalArgumentException if the version is less than 1, or the code is called {@link Reversibility#REVERSIBLE}
   */
  static FailoverAction once(
      String description, int version, Reversibility reversibility, Effect effect) {
    return new OnceAction(description, version, reversibility, effect);
  }

  /**
   * Returns an action whose state is wanted only under a condition. It is looked at each time before the state is asked for;
   * while it does not hold, the step is reached without having done anything, and its evidence says so. Once the state was asked
   * for, it is seen through.
   *
   * @param condition when the state is wanted, in a few words; part of the plan's fingerprint
   * @param guard tells whether the condition holds; quick, and without an effect
   * @param action the state that is wanted then
   */
  static FailoverAction when(String condition, Guard guard, FailoverAction action) {
    return new GuardedAction(condition, guard, action);
  }

  /**
   * Returns an action that lets time pass, for example until resolvers have forgotten a record. The time counts from the
   * journaled intent, so that a process that takes over waits for the rest only. Give the step a longer {@link Step#timeLimit}.
   *
   * @param reason what is waited for, in a few words; part of the plan's fingerprint
   * @param duration how long; positive
   * @throws IllegalArgumentException if the duration is not positive
   */
  static FailoverAction elapsed(String reason, Duration duration) {
    return new WaitAction(reason, duration);
  }

  /** A condition on the world or on the run. */
  @FunctionalInterface
  interface Guard {
    /**
     * Tells whether the condition holds.
     *
     * @param context the run's view on the step
     * @throws Exception if it could not be told; tried again
     */
    boolean holds(ActionContext context) throws Exception;
  }

  /** Code that looks at the world. */
  @FunctionalInterface
  interface Observation {
    /**
     * Tells where the world stands.
     *
     * @param context the run's view on the step
     * @throws Exception if it could not be told
     */
    Progress observe(ActionContext context) throws Exception;
  }

  /** Code that changes the world. */
  @FunctionalInterface
  interface Effect {
    /**
     * Changes the world.
     *
     * @param context the run's view on the step
     * @throws Exception if it failed, or if nobody knows whether it did
     */
    void apply(ActionContext context) throws Exception;
  }
}
