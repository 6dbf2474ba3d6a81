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
   *
   * @implSpec Where copies are made {@linkplain ReplicationKind#PERIODIC from time to time}, it gives the recovery point of the
   *     last one as evidence, and a planned move asks for it once more after the fence, although it is reached: then one
   *     more copy is made.
   */
  FailoverAction established();

  /**
   * Returns the state in which the direction's {@code to} is free for a copy: if the dataset was written there before the
   * workload left it, that state is kept under a name of its own, for good, as a recovery point. It may hold writes that
   * the site which took over never saw.
   *
   * @implSpec Overwrites and deletes nothing. Once reached after it was asked for, it gives the name of what was kept as
   *     evidence. Reached at once where nothing was written, and where the copy follows {@code from} already.
   * @return by default a state that only looks at nothing and is never reached: what was written has to be moved away by hand
   */
  default FailoverAction retired() {
    return FailoverAction.check(
        "what " + dataset() + " held where it was left is kept under another name",
        context -> Progress.blocked(
            "this replicator cannot keep what " + dataset() + " holds in " + context.to()
                + "; rename or copy it by hand, make room for a new copy, then skip this step"));
  }

  /**
   * Returns the state in which the copy in the direction's {@code to} is the one to write to.
   *
   * @implSpec Where it {@linkplain #recoversToPointInTime recovers to a point in time}, it heeds {@link ActionContext#recoverTo}.
   *     While the promotion is pending, {@code observe} gives the recovery point that it would give at least as
   *     {@linkplain Progress.Pending#before() evidence from before}, so that a crash right after promoting does not lose
   *     the figure. Once reached, it gives the recovery point that was really promoted, if the world still knows it. Lag
   *     that cannot be read gives {@link RecoveryPoint#unknown}, never zero. Never calls a site that was declared lost.
   */
  FailoverAction promoted();

  /**
   * {@return whether {@link #promoted} can bring the dataset back as it was at an earlier instant; by default it cannot, and a run that
   * wants that is refused}
   *
   * @implSpec If so, a promotion heeds {@link ActionContext#recoverTo}: it takes the newest recovery point that is not after that instant
   *     and holds nothing written after it, and is {@linkplain Progress#blocked blocked} if none is kept. The engine holds the evidence
   *     against the instant, and goes on with nothing later.
   */
  default boolean recoversToPointInTime() {
    return false;
  }

  /**
   * Tells how the copy stands.
   *
   * @param context any context of the plan
   * @return the state now
   * @throws Exception if it could not be told
   */
  ReplicationStatus status(ActionContext context) throws Exception;
}
