package io.drkit.spi;

import io.drkit.DrException;
import org.jspecify.annotations.Nullable;

/** A journal that cannot be read or written, is damaged, or belongs to another plan. Nothing was lost by the refusal. */
public class JournalException extends DrException {
  private static final long serialVersionUID = 1;

  /**
   * Reports a journal's trouble.
   *
   * @param message where, what is wrong, and what to do
   */
  public JournalException(String message) {
    super(message);
  }

  /**
   * Reports a journal's trouble with its cause.
   *
   * @param message where, what is wrong, and what to do
   * @param cause what stood in the way
   */
  public JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
