package io.drkit;

/**
 * Where a run moves a workload from and to. The same actions serve failover and, pointed the other way, failback.
 *
 * @param from the site that is left
 * @param to the site that takes over
 */
public record Direction(Site from, Site to) {

  /**
   * Checks that the two sites differ and that neither lies in the other.
   *
   * @throws IllegalArgumentException if one site holds the other
   */
  public Direction {
    if (from.isIn(to) || to.isIn(from)) {
      throw new IllegalArgumentException("from (" + from + ") and to (" + to
          + ") must be two sites apart; the loss of one would take the other along");
    }
  }

  /** {@return the way back} */
  public Direction reversed() {
    return new Direction(to, from);
  }

  @Override
  public String toString() {
    return from + " -> " + to;
  }
}
