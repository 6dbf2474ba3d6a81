package io.drkit;

import java.time.Duration;
import java.util.Objects;

/**
 * What may be done about a request whose outcome nobody knows: the process died, the answer was lost, the time limit
 * passed. Immutable.
 *
 * @param kind the promise
 * @param time for {@link Kind#TOKENED}, how long the target remembers a token; for {@link Kind#OBSERVED}, how long after
 *     a request an effect may still be invisible to a reader; otherwise zero
 */
public record Repeatability(Kind kind, Duration time) {

  /** The promises. */
  public enum Kind {
    /** It may be asked for again: the end state is the same. */
    IDEMPOTENT,
    /** The target drops a second request with the same {@linkplain ActionContext#token token}. */
    TOKENED,
    /** The effect carries a tag or name of its own, so that {@code observe} finds it again. */
    OBSERVED,
    /** None: after an unknown outcome a person has to decide. It is never repeated by itself. */
    UNSAFE
  }

  /**
   * Checks the time.
   *
   * @throws IllegalArgumentException if the time is negative, or zero for {@link Kind#TOKENED}
   */
  public Repeatability {
    Objects.requireNonNull(kind, "kind");
    if (time.isNegative() || (kind == Kind.TOKENED && time.isZero())) {
      throw new IllegalArgumentException("time for " + kind + " must be positive: " + time);
    }
  }

  /** {@return the promise that asking again does no harm} */
  public static Repeatability idempotent() {
    return new Repeatability(Kind.IDEMPOTENT, Duration.ZERO);
  }

  /**
   * Returns the promise that the target tells a repeated request by its token.
   *
   * @param validity how long the target remembers a token
   * @throws IllegalArgumentException if the validity is not positive
   */
  public static Repeatability tokened(Duration validity) {
    return new Repeatability(Kind.TOKENED, validity);
  }

  /**
   * Returns the promise that {@code observe} finds the effect of a request whose answer was lost.
   *
   * @param settle how long an effect may stay invisible to a reader (eventual consistency)
   * @throws IllegalArgumentException if the time is negative
   */
  public static Repeatability observed(Duration settle) {
    return new Repeatability(Kind.OBSERVED, settle);
  }

  /** {@return no promise at all} */
  public static Repeatability unsafe() {
    return new Repeatability(Kind.UNSAFE, Duration.ZERO);
  }
}
