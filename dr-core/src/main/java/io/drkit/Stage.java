package io.drkit;

import java.util.List;

/**
 * The part of a recovery that a step belongs to. Stages give a plan its default graph: a step waits for all steps of the
 * stages that its own stage needs, and for nothing else; steps of one stage run side by side.
 */
public enum Stage {
  /** What must be there before a disaster: brought about by {@code prepare}, no part of a failover. */
  PREPARE,
  /** Makes sure that nobody writes at the site that is left. */
  FENCE,
  /** Makes the data writable at the site that takes over: promotes a replica, restores a backup. Waits for FENCE. */
  PROMOTE,
  /** Brings up and sizes what works on the data. Starts at once. */
  PROVISION,
  /** Sends the users over. Waits for FENCE, PROMOTE and PROVISION. */
  REDIRECT,
  /** Shows that the business process works. Waits for all before it; when it is through, the RTO clock stops. */
  VERIFY,
  /** Keeps the move, when the plan has a {@link CommitWindow}: somebody has looked, and every required state still holds. */
  COMMIT,
  /** Restores redundancy: backups, copies (WP-41 j, WP-62). What fails here leaves the workload exposed, not down. */
  AFTERWARDS;

  /** {@return the stages whose steps a step of this stage waits for} */
  public List<Stage> needs() {
    return switch (this) {
      case PREPARE, FENCE, PROVISION -> List.of();
      case PROMOTE -> List.of(FENCE);
      case REDIRECT -> List.of(FENCE, PROMOTE, PROVISION);
      case VERIFY -> List.of(FENCE, PROMOTE, PROVISION, REDIRECT);
      case COMMIT -> List.of(FENCE, PROMOTE, PROVISION, REDIRECT, VERIFY);
      case AFTERWARDS -> List.of(FENCE, PROMOTE, PROVISION, REDIRECT, VERIFY, COMMIT);
    };
  }
}
