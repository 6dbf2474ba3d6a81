package io.drkit.report;

/** Text from elsewhere, such as a server's error message, made fit for one line of a terminal. */
final class OneLine {
  private OneLine() {}

  /** Line breaks and other control characters, such as those that move a cursor, become a space. */
  static String of(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
