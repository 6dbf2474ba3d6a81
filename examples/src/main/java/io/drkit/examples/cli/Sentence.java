package io.drkit.examples.cli;

import org.jspecify.annotations.Nullable;

/** An error as one line for a person. */
final class Sentence {
  private Sentence() {}

  static String of(Throwable error) {
    String message = oneLine(error.getMessage());
    boolean ours = error.getClass().getName().startsWith("io.drkit.");
    boolean misuse =
        error instanceof IllegalArgumentException || error instanceof IllegalStateException;
    if (ours || misuse) {
      return message;
    }
    return "something unexpected happened (" + error.getClass().getSimpleName()
        + (message.isEmpty() ? "" : ": " + message) + "); --verbose tells where";
  }

  static String of(@Nullable String message) {
    return oneLine(message);
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "" : message.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
