package io.drkit;

import org.jspecify.annotations.Nullable;

/**
 * A disaster-recovery problem that is not misuse: something in the world, such as a journal that cannot be written, keeps
 * drkit from doing what it was asked.
 *
 * <p>Misuse is an {@link IllegalArgumentException} or an {@link IllegalStateException} instead, and a step that goes wrong
 * is told in the report of its run.
 */
public class DrException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception that has no deeper cause.
   *
   * @param message one sentence: what went wrong, with which value, and what to do about it
   */
  public DrException(String message) {
    super(message);
  }

  /**
   * Creates an exception that another one led to.
   *
   * @param message one sentence: what went wrong, with which value, and what to do about it
   * @param cause what led to it
   */
  public DrException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
