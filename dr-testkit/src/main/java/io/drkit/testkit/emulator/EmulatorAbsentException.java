package io.drkit.testkit.emulator;

/** One place that was looked at has no emulator; the message is the reason, a sentence. */
final class EmulatorAbsentException extends Exception {
  private static final long serialVersionUID = 1L;

  EmulatorAbsentException(String reason) {
    super(reason);
  }

  EmulatorAbsentException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
