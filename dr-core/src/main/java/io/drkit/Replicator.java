package io.drkit;

/**
 * One dataset that is copied from the site that works to the site that would take over, as a family of wanted states.
 * Thread-safe.
 */
public interface Replicator {

  /** {@return the dataset's name, unique in a plan} */
  String dataset();

  /** {@return how the copy trails what is written (WP-51, WP-52, WP-53)} */
  ReplicationKind kind();

  /**
   * Returns the state in which copies flow from the direction's {@code from} to its {@code to}. A plan's preparation
   * brings it about.
   */
  FailoverAction established();

  /**
   * Returns the state in which the copy in the direction's {@code to} is the one to write to.
   *
   * @implSpec While the promotion is pending, {@code observe} gives the recovery point that it would give at least as
   *     {@linkplain Progress.Pending#before() evidence from before}, so that a crash right after promoting does not lose
   *     the figure. Once reached, it gives the recovery point that was really promoted, if the world still knows it. Lag
   *     that cannot be read gives {@link RecoveryPoint#unknown}, never zero. Never calls a site that was declared lost.
   */
  FailoverAction promoted();

  /**
   * Tells how the copy stands.
   *
   * @param context any context of the plan
   * @return the state now
   * @throws Exception if it could not be told
   */
  ReplicationStatus status(ActionContext context) throws Exception;
}
