package io.drkit;

/**
 * Who tells a run to do something, and why; written to the journal. Immutable.
 *
 * @param by who
 * @param reason why; may be empty where the method does not ask for one
 */
public record Instruction(String by, String reason) {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if nobody is named
   */
  public Instruction {
    if (by.isBlank()) {
      throw new IllegalArgumentException(
          "an instruction must name who gives it; it is written to the journal");
    }
    reason = reason.strip();
  }

  /**
   * Returns an instruction without a reason.
   *
   * @param name who gives it
   * @throws IllegalArgumentException if nobody is named
   */
  public static Instruction by(String name) {
    return new Instruction(name, "");
  }

  /**
   * Returns this instruction with a reason.
   *
   * @param why for the journal and the report
   */
  public Instruction because(String why) {
    return new Instruction(by, why);
  }
}
