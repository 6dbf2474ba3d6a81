package io.drkit.examples.cli;

import org.jspecify.annotations.Nullable;

/** Wrong usage or a wrong environment, found before anything was done. The message is one sentence for a person. */
final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusalException(String message) {
    super(message);
  }

  RefusalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
