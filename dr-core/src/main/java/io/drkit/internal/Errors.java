package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** What the engine reads out of exceptions. */
final class Errors {
  private Errors() {}

  /** The exception in one line: its message, led by its kind where the message alone would not say what it is. */
  static String describe(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    String line = message.lines().findFirst().orElse("").strip();
    return error instanceof DrException || error instanceof TimeoutException
        ? line
        : error.getClass().getSimpleName() + ": " + line;
  }

  /** What a future failed with, as its own kind. */
  static RuntimeException unwrapped(CompletionException e) {
    return e.getCause() instanceof RuntimeException cause ? cause : e;
  }

  /** Whether the error says that a request was not even sent. */
  static boolean notSent(Throwable error) {
    return error instanceof EndpointUnavailableException unavailable && unavailable.notSent();
  }

  /** Whether a failure speaks against the endpoint that was called rather than against the request. */
  static boolean againstEndpoint(Throwable error) {
    int depth = 0;
    for (Throwable cause = error; cause != null && depth < 20; cause = cause.getCause(), depth++) {
      if (cause instanceof EndpointUnavailableException
          || cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }
}
