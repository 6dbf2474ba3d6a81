package io.drkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a copy stands at an instant. Immutable.
 *
 * @param state whether copies flow
 * @param recoveryPoint the state to which a promotion would bring the dataset back
 * @param lag how far the copy trails at least; empty if it cannot be read, which counts as the worst case, never as zero
 * @param backlog what the copy lacks, where that is known
 * @param detail more, for a person
 */
public record ReplicationStatus(
    State state,
    RecoveryPoint recoveryPoint,
    Optional<Duration> lag,
    Optional<Backlog> backlog,
    String detail) {

  /**
   * What was changed and has not arrived in a copy.
   *
   * @param bytes how much it is, at most
   * @param eta how long it takes at most until it has arrived, as things stand; empty if it never will, or if nobody can tell
   */
  public record Backlog(long bytes, Optional<Duration> eta) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Backlog {
      if (bytes < 0 || eta.filter(Duration::isNegative).isPresent()) {
        throw new IllegalArgumentException(
            "a backlog must not be negative: " + bytes + " bytes, " + eta);
      }
    }
  }

  /** Whether copies flow. */
  public enum State {
    /** There is no copy yet, or only part of one. */
    ABSENT,
    /** Copies flow. */
    FLOWING,
    /** Copies should flow and do not. */
    STALLED,
    /** The copy was promoted: it is written to itself. */
    PROMOTED,
    /** Nobody could tell. */
    UNKNOWN
  }

  /**
   * Checks that the parts are there.
   *
   * @throws NullPointerException if one is null
   */
  public ReplicationStatus {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(recoveryPoint, "recoveryPoint");
    Objects.requireNonNull(lag, "lag");
    Objects.requireNonNull(backlog, "backlog");
    Objects.requireNonNull(detail, "detail");
  }

  /**
   * Returns a status whose lag follows from the recovery point.
   *
   * @param state whether copies flow
   * @param point the recovery point now
   * @param now the instant now
   * @param detail more, for a person
   */
  public static ReplicationStatus of(State state, RecoveryPoint point, Instant now, String detail) {
    return new ReplicationStatus(
        state,
        point,
        point.completeUntil().map(until -> Duration.between(until, now)),
        Optional.empty(),
        detail);
  }

  /**
   * Returns this status with what the copy lacks.
   *
   * @param bytes how much it is, at most
   * @param eta how long it takes at most until it has arrived, as things stand; empty if it never will, or if nobody can tell
   * @throws IllegalArgumentException if one is negative
   */
  public ReplicationStatus backlog(long bytes, Optional<Duration> eta) {
    return new ReplicationStatus(
        state, recoveryPoint, lag, Optional.of(new Backlog(bytes, eta)), detail);
  }
}
