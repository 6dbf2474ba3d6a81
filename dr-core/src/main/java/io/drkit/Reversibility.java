package io.drkit;

/** Whether what an action brought about can be taken back. Told by {@link FailoverAction#reversibility}. */
public enum Reversibility {
  /** The action's own {@link FailoverAction#undo} brings the state from before back, or there is nothing to take back. */
  REVERSIBLE,
  /** What it did can be put right, but not by this action's own undo. A rollback leaves it and says so. */
  COMPENSABLE,
  /**
   * It cannot be taken back. In a plan it comes after every fence, or names the risk ({@link Step#because}); a run in which it may
   * have taken effect is not rolled back. Every promotion counts as one.
   */
  ONE_WAY
}
