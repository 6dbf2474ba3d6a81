package io.drkit.testkit.crash;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a test reads out of a journal's lines without the engine. */
final class Lines {
  private static final Pattern EVENT = Pattern.compile("\"event\":\"([A-Za-z]+)\"");
  private static final Pattern STEP = Pattern.compile("\"with\":\\{\"step\":\"([^\"]+)\"");

  private Lines() {}

  static String event(String line) {
    return first(EVENT, line);
  }

  /** The step that a record is about; empty if it is about the run. */
  static String step(String line) {
    return first(STEP, line);
  }

  static String summary(String line) {
    return (event(line) + " " + step(line)).strip();
  }

  private static String first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : "";
  }
}
