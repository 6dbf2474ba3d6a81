package io.drkit;

import java.util.Objects;

/**
 * A step's isolated variant: what shows that its state can be brought about, beside production and without touching it, and the
 * state in which nothing of that is left (WP-62 b). Immutable if its actions are.
 *
 * @param action the isolated state, for example "a copy of the latest snapshot can be read"
 * @param cleanUp the state in which nothing of it is left; asked for whenever the rehearsal asked for anything, however it ended
 */
public record Rehearsal(FailoverAction action, FailoverAction cleanUp) {

  /** Checks that both are given. */
  public Rehearsal {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(cleanUp, "cleanUp");
  }
}
