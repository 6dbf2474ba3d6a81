package io.drkit.examples.cli;

/** Something went wrong after a beginning was made. The message is one sentence for a person. */
final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
