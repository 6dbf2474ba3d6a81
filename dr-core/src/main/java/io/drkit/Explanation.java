package io.drkit;

import java.util.List;
import java.util.Optional;

/**
 * What a failover would do, found out by looking only.
 *
 * @param plan the plan's name
 * @param fingerprint the plan's fingerprint
 * @param direction from where to where
 * @param steps each step of the failover in the plan's order
 */
public record Explanation(
    String plan, String fingerprint, Direction direction, List<ExplainedStep> steps) {

  /** Copies the steps. */
  public Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * What would happen to one step.
   *
   * @param name the step's name
   * @param stage the step's stage
   * @param wanted the state that is wanted
   * @param after the steps that it waits for
   * @param required whether the run fails if it does
   * @param reversibility whether what it brings about can be taken back
   * @param because why it stands where it does in the graph, if that had to be said
   * @param change what would be done
   * @param detail how the world stands now, or why it cannot be told
   */
  public record ExplainedStep(
      String name,
      Stage stage,
      String wanted,
      List<String> after,
      boolean required,
      Reversibility reversibility,
      Optional<String> because,
      Change change,
      String detail) {
    /** Copies the names. */
    public ExplainedStep {
      after = List.copyOf(after);
    }
  }

  /** What would be done about a step. */
  public enum Change {
    /** Nothing: the state is there, or on its way. */
    NONE,
    /** The state would be asked for. */
    APPLY,
    /** It depends on what an earlier step will find out. */
    KNOWN_LATER,
    /** It would fail as things stand. */
    BLOCKED,
    /** Nobody can tell. */
    UNKNOWN
  }
}
