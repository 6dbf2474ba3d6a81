package io.drkit;

/** What a run is for. An action may bring its state about differently by mode. */
public enum RunMode {
  /** Brings about what must be there before a disaster: copies that flow, images, templates. Moves nothing. */
  PREPARE,
  /** Moves the workload after a disaster, without the help of the site that is left. */
  FAILOVER,
  /** Moves the workload from a site that works, without loss: quiesces its writers, waits for the copies, then moves. */
  SWITCHOVER,
  /**
   * Moves the workload back to the plan's primary site without loss: keeps what that site held when it was left, copies the
   * data back, waits until the copies have stood for a while, then moves as a switchover does.
   */
  FAILBACK,
  /** Takes back what a failover or a switchover did that has promoted nothing yet. */
  ROLLBACK,
  /** Tries the isolated variants of a move's steps beside production. Moves nothing. */
  REHEARSE,
  /** Removes what a rehearsal brought about. Follows it by itself. */
  CLEAN_UP;

  /** {@return whether a run of this mode moves the workload to another site} */
  public boolean moves() {
    return this == FAILOVER || planned();
  }

  /** {@return whether a run of this mode moves the workload from a site that works, and loses nothing} */
  public boolean planned() {
    return this == SWITCHOVER || this == FAILBACK;
  }
}
