package io.drkit.spi;

/** An append that came too late: someone else had appended to the same log. Nothing was added. */
public final class JournalConflictException extends JournalException {
  private static final long serialVersionUID = 1;

  /**
   * Reports a conflict.
   *
   * @param plan the plan's name
   * @param expected the number of records that the log should have held
   * @param actual the number that it holds
   */
  public JournalConflictException(String plan, long expected, long actual) {
    super("plan '" + plan + "': the journal holds " + actual + " records where " + expected
        + " were expected; another process appended to it");
  }
}
