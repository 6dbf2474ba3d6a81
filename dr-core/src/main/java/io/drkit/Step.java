package io.drkit;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One line of the runbook: a wanted state with its place in the graph and its limits. Immutable; each method that
 * changes something returns a new step.
 *
 * @param name a lower-case verb phrase or a plain statement, unique in the plan
 * @param stage where it belongs
 * @param action the wanted state
 * @param after the names of the steps that it waits for; empty for the default of its stage
 * @param required whether the run fails if this step does; true by default
 * @param timeLimit how long the step may take in all before it fails; 30 minutes by default
 * @param attempts how many calls in a row may fail before the step does; 8 by default, which are about a minute
 * @param meets the paper's key points that this step takes care of
 * @param approval whose consent the step needs before it starts; empty if nobody's
 * @param because why it stands where it does in the graph although that is a risk or costs time; empty if nothing has to be said
 */
public record Step(
    String name,
    Stage stage,
    FailoverAction action,
    Optional<List<String>> after,
    boolean required,
    Duration timeLimit,
    int attempts,
    List<KeyPoint> meets,
    Optional<Approval> approval,
    Optional<String> because) {

  /** How long a step may take unless it says otherwise. */
  public static final Duration DEFAULT_TIME_LIMIT = Duration.ofMinutes(30);

  /** How many calls in a row may fail unless the step says otherwise. */
  public static final int DEFAULT_ATTEMPTS = 8;

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if the name or the reason is blank, the time limit not positive, or there is no attempt
   */
  public Step {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "a step's name must not be blank; write a line of the runbook");
    }
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(action, "action");
    if (timeLimit.isNegative() || timeLimit.isZero()) {
      throw new IllegalArgumentException(
          "step '" + name + "': timeLimit must be positive: " + timeLimit);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "step '" + name + "': attempts must be 1 or more: " + attempts);
    }
    if (because.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException("step '" + name
          + "': because(...) must say which risk is accepted, or what is worth the wait");
    }
    after = after.map(List::copyOf);
    meets = List.copyOf(meets);
  }

  static Step of(String name, Stage stage, FailoverAction action) {
    return new Step(
        name,
        stage,
        action,
        Optional.empty(),
        true,
        DEFAULT_TIME_LIMIT,
        DEFAULT_ATTEMPTS,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns this step waiting for exactly these steps, in place of its stage's default.
   *
   * @param step the name of a step that it waits for
   * @param more the names of further ones
   */
  public Step after(String step, String... more) {
    return waitingFor(Stream.concat(Stream.of(step), Stream.of(more)).toList());
  }

  /** {@return this step waiting for nothing, in place of its stage's default} */
  public Step atOnce() {
    return waitingFor(List.of());
  }

  Step waitingFor(List<String> steps) {
    return new Step(
        name,
        stage,
        action,
        Optional.of(steps),
        required,
        timeLimit,
        attempts,
        meets,
        approval,
        because);
  }

  /** {@return this step as one whose failure the run bears: it is reported, and what waits for it goes on} */
  public Step bestEffort() {
    return new Step(
        name, stage, action, after, false, timeLimit, attempts, meets, approval, because);
  }

  /**
   * Returns this step with another time limit.
   *
   * @param limit how long the step may take in all; positive
   * @throws IllegalArgumentException if it is not positive
   */
  public Step timeLimit(Duration limit) {
    return new Step(
        name, stage, action, after, required, limit, attempts, meets, approval, because);
  }

  /**
   * Returns this step with another number of attempts.
   *
   * @param inARow how many calls in a row may fail before the step does
   * @throws IllegalArgumentException if it is less than 1
   */
  public Step attempts(int inARow) {
    return new Step(
        name, stage, action, after, required, timeLimit, inARow, meets, approval, because);
  }

  /**
   * Returns this step taking care of key points of the plan's strategy.
   *
   * @param points the points
   */
  public Step meets(KeyPoint... points) {
    return new Step(
        name,
        stage,
        action,
        after,
        required,
        timeLimit,
        attempts,
        Stream.concat(meets.stream(), Stream.of(points)).distinct().toList(),
        approval,
        because);
  }

  /**
   * Returns this step waiting for people's consent before it starts.
   *
   * @param consent whose
   */
  public Step approval(Approval consent) {
    return new Step(
        name,
        stage,
        action,
        after,
        required,
        timeLimit,
        attempts,
        meets,
        Optional.of(consent),
        because);
  }

  /**
   * Returns this step with the reason why it stands where it does: a {@linkplain Reversibility#ONE_WAY one-way} step that does not
   * wait for every fence, or one that could start at once and yet waits for a one-way step. A promotion has no such reason; see
   * {@link DrPlanBuilder#unfenced}.
   *
   * @param reason which risk is accepted, or what is worth the wait; explained, assessed and journaled
   * @throws IllegalArgumentException if the reason is blank
   */
  public Step because(String reason) {
    return new Step(
        name,
        stage,
        action,
        after,
        required,
        timeLimit,
        attempts,
        meets,
        approval,
        Optional.of(reason));
  }

  /** {@return whether what it brings about can be taken back: a promotion cannot, whatever its action says} */
  public Reversibility reversibility() {
    return stage == Stage.PROMOTE ? Reversibility.ONE_WAY : action.reversibility();
  }
}
