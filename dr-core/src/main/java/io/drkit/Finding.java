package io.drkit;

import java.util.Objects;

/**
 * Something that an assessment found.
 *
 * @param severity how bad it is
 * @param subject the step, replicator or key point that it is about
 * @param sentence what is wrong, and what to do
 */
public record Finding(Severity severity, String subject, String sentence) {

  /** How bad a finding is. */
  public enum Severity {
    /** The plan will not work in the disaster that was asked about. */
    ERROR,
    /** Something that should be there is not. */
    WARNING,
    /** Worth knowing, such as a point that was waived. */
    NOTE
  }

  /**
   * Checks that the parts are there.
   *
   * @throws NullPointerException if one is null
   */
  public Finding {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(sentence, "sentence");
  }
}
