package io.drkit;

import java.util.Objects;
import java.util.Optional;

/**
 * Where the world stands against a wanted state. The set of answers is closed; {@link #kind} is there to switch on.
 * Immutable.
 */
public sealed interface Progress {

  /** The answers that there are. */
  enum Kind {
    /** Not asked for yet, or not all of it; asking would help. */
    PENDING,
    /** Asked for and on its way. */
    UNDERWAY,
    /** There. */
    REACHED,
    /** It will not get there by itself, nor by asking again. */
    BLOCKED,
    /** Nobody could tell. */
    UNKNOWN
  }

  /** {@return which answer this is} */
  Kind kind();

  /** {@return the answer in a few words, for a person} */
  String detail();

  /**
   * Returns the answer that the state was not asked for, or not all of it.
   *
   * @param detail what is missing, for example "1 of 4 instances runs"
   */
  static Pending pending(String detail) {
    return new Pending(detail, Evidence.none());
  }

  /**
   * Returns the answer that the state was not asked for, with what is lost or replaced by asking.
   *
   * @param detail what is missing
   * @param before the state from before; for a promotion, the recovery point that it would give at least
   */
  static Pending pending(String detail, Evidence before) {
    return new Pending(detail, before);
  }

  /**
   * Returns the answer that the state is on its way.
   *
   * @param detail how far it is
   */
  static Underway underway(String detail) {
    return new Underway(detail, Optional.empty());
  }

  /**
   * Returns the answer that the state is on its way, with a percentage.
   *
   * @param percent from 0 to 100
   * @param detail how far it is
   * @throws IllegalArgumentException if the percentage is not between 0 and 100
   */
  static Underway underway(int percent, String detail) {
    return new Underway(detail, Optional.of(percent));
  }

  /** {@return the answer that the state is there, with nothing more to say} */
  static Reached reached() {
    return new Reached(Evidence.none());
  }

  /**
   * Returns the answer that the state is there.
   *
   * @param evidence what shows it
   */
  static Reached reached(Evidence evidence) {
    return new Reached(evidence);
  }

  /**
   * Returns the answer that the state will not come by itself.
   *
   * @param reason one sentence: what stands in the way, and what to do
   */
  static Blocked blocked(String reason) {
    return new Blocked(reason);
  }

  /**
   * Returns the answer that nobody could tell.
   *
   * @param reason why not
   */
  static Unknown unknown(String reason) {
    return new Unknown(reason);
  }

  /**
   * The state was not asked for, or not all of it.
   *
   * @param detail what is missing
   * @param before the state from before, journaled with the intent
   */
  record Pending(String detail, Evidence before) implements Progress {
    /**
     * Checks that the parts are there.
     *
     * @throws NullPointerException if one is null
     */
    public Pending {
      Objects.requireNonNull(detail, "detail");
      Objects.requireNonNull(before, "before");
    }

    @Override
    public Kind kind() {
      return Kind.PENDING;
    }
  }

  /**
   * The state was asked for and is on its way.
   *
   * @param detail how far it is
   * @param percent from 0 to 100, when known
   */
  record Underway(String detail, Optional<Integer> percent) implements Progress {
    /**
     * Checks the percentage.
     *
     * @throws IllegalArgumentException if the percentage is not between 0 and 100
     */
    public Underway {
      Objects.requireNonNull(detail, "detail");
      percent.ifPresent(p -> {
        if (p < 0 || p > 100) {
          throw new IllegalArgumentException("percent must be between 0 and 100: " + p);
        }
      });
    }

    @Override
    public Kind kind() {
      return Kind.UNDERWAY;
    }
  }

  /**
   * The state is there.
   *
   * @param evidence what shows it
   */
  record Reached(Evidence evidence) implements Progress {
    /**
     * Checks that the evidence is there.
     *
     * @throws NullPointerException if it is null
     */
    public Reached {
      Objects.requireNonNull(evidence, "evidence");
    }

    @Override
    public Kind kind() {
      return Kind.REACHED;
    }

    @Override
    public String detail() {
      return evidence.facts().isEmpty() ? "reached" : "reached " + evidence.facts();
    }
  }

  /**
   * The state will not come by itself, nor by asking again.
   *
   * @param reason what stands in the way, and what to do
   */
  record Blocked(String reason) implements Progress {
    /**
     * Checks that the reason is there.
     *
     * @throws NullPointerException if it is null
     */
    public Blocked {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.BLOCKED;
    }

    @Override
    public String detail() {
      return reason;
    }
  }

  /**
   * Nobody could tell.
   *
   * @param reason why not
   */
  record Unknown(String reason) implements Progress {
    /**
     * Checks that the reason is there.
     *
     * @throws NullPointerException if it is null
     */
    public Unknown {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.UNKNOWN;
    }

    @Override
    public String detail() {
      return reason;
    }
  }
}
