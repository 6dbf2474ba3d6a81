package io.drkit.spi;

/** An append that came too late: someone else had appended to the same log, or compacted it. Nothing was added. */
public final class JournalConflictException extends JournalException {
  private static final long serialVersionUID = 1;

  /**
   * Reports a conflict.
   *
   * @param plan the plan's name
   * @param expected the position that the next record should have had
   * @param actual the position that it has
   */
  public JournalConflictException(String plan, long expected, long actual) {
    super("plan '" + plan + "': the journal's next record is " + actual + " where " + expected
        + " was expected; another process wrote to it");
  }
}
