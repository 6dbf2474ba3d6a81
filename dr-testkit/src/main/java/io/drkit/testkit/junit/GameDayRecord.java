package io.drkit.testkit.junit;

/** Carries the seed and the timeline of a game day that failed into the failure's stack trace. */
final class GameDayRecord extends Exception {
  private static final long serialVersionUID = 1;

  GameDayRecord(String timeline) {
    super(timeline, null, false, false);
  }
}
