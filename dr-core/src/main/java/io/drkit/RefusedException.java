package io.drkit;

import org.jspecify.annotations.Nullable;

/** A verb that was refused before anything was done. The message says why and what to do. */
public final class RefusedException extends DrException {
  private static final long serialVersionUID = 1;

  /**
   * Reports a refusal.
   *
   * @param message what was refused, why, and what to do
   */
  public RefusedException(String message) {
    super(message);
  }

  /**
   * Reports a refusal with its cause.
   *
   * @param message what was refused, why, and what to do
   * @param cause what stood in the way
   */
  public RefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
