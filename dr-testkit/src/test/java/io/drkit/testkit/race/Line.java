package io.drkit.testkit.race;

import java.time.Instant;

/** What a test reads out of a journal's line without the engine. */
record Line(String text, String run, long epoch, Instant at, String event, String step) {
  static Line of(String text) {
    int with = text.indexOf("\"with\":{");
    return new Line(
        text,
        part(text, "\"run\":\"", '"'),
        Long.parseLong(part(text, "\"epoch\":", ',')),
        Instant.parse(part(text, "\"at\":\"", '"')),
        part(text, "\"event\":\"", '"'),
        text.startsWith("\"step\":\"", with + 8)
            ? part(text.substring(with), "\"step\":\"", '"')
            : "");
  }

  private static String part(String text, String before, char after) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(after, from));
  }

  /** The text of a part. */
  String part(String name) {
    return part(text, "\"" + name + "\":\"", '"');
  }

  boolean is(String name) {
    return event.equals(name);
  }

  /** Whether a part of it is a text or a number. */
  boolean has(String part, String value) {
    return text.contains("\"" + part + "\":\"" + value + "\"")
        || text.contains("\"" + part + "\":" + value);
  }

  /** Whether a person told the run something. */
  boolean command() {
    return switch (event) {
      case "RunPaused",
          "RunContinued",
          "RunCancelled",
          "StepSkipped",
          "StepRetried",
          "StepApproved",
          "StepDeclined",
          "StepDecided" -> true;
      default -> false;
    };
  }
}
