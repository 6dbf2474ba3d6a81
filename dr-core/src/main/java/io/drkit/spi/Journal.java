package io.drkit.spi;

import java.util.List;

/**
 * Where runs are written down: for each plan one log of records, which is at the same time the lock that keeps two hosts
 * from starting two runs. What a record holds is the engine's business; to a journal it is one line of text. Thread-safe.
 *
 * <p>Each record has a position in its plan's log. Positions count from 0 and never start again: when old records are
 * {@linkplain #compact replaced}, those that take their place have the next positions. So whoever goes on from what he
 * read before conflicts.
 */
public interface Journal {

  /**
   * Adds records at the end of a plan's log, all or none.
   *
   * @implSpec Durable when it returns: the records survive the loss of the process and of the host's memory. If it throws
   *     anything but {@link JournalConflictException}, the caller takes it that the records may or may not be there.
   * @param plan the plan's name
   * @param expectedNext the position of the first of these records by the caller's knowledge: {@link Log#next}
   * @param records one or more lines of text without line breaks
   * @throws IllegalArgumentException if there is no record, or one has a line break; nothing was added
   * @throws JournalConflictException if the next position is another one: someone else appended or compacted; nothing was
   *     added
   * @throws JournalException if the log cannot be written, is damaged, or belongs to another plan
   */
  void append(String plan, long expectedNext, List<String> records);

  /**
   * Returns a plan's whole log in order.
   *
   * @param plan the plan's name
   * @return every record that an append returned for, as it was given, or what it was compacted to; none if the plan has no
   *     log yet
   * @throws JournalException if the log cannot be read, is damaged, or belongs to another plan
   */
  Log read(String plan);

  /**
   * Returns the end of a plan's log: a runner asks for it about once a second.
   *
   * @implSpec Should cost little if nothing was added. By default it reads the whole log.
   * @param plan the plan's name
   * @param from the position of the first record that is wanted
   * @return the records from there; none if there are not more; immutable
   * @throws JournalException if the log cannot be read, is damaged, ends before {@code from}, was compacted since, so that
   *     it begins after {@code from}, or belongs to another plan
   */
  default List<String> read(String plan, long from) {
    return read(plan).from(plan, from);
  }

  /**
   * Replaces all records of a plan's log by others, all or none. The others take the next positions.
   *
   * @implSpec By default it refuses: a journal need not be able to. Durable when it returns, as an append is. A journal that
   *     can, keeps what was there in an archive of its own if that costs little.
   * @param plan the plan's name
   * @param expectedNext the position of the first of the new records by the caller's knowledge: {@link Log#next}
   * @param kept one or more lines of text without line breaks
   * @throws IllegalArgumentException if no record is kept, one has a line break, or {@code expectedNext} is not positive,
   *     so that there is nothing to replace; nothing was changed
   * @throws JournalConflictException if the next position is another one; nothing was changed
   * @throws JournalException if this journal cannot be compacted, or the log cannot be written, is damaged, or belongs to
   *     another plan
   */
  default void compact(String plan, long expectedNext, List<String> kept) {
    throw new JournalException("plan '" + plan + "': this journal cannot be compacted (" + this
        + "); keep its whole history");
  }

  /** {@return an empty journal in memory, for tests and for what need not outlive the process} */
  static Journal inMemory() {
    return new MemoryJournal();
  }

  /**
   * A plan's log as it was read. Immutable, and not changed by later appends.
   *
   * @param first the position of the first record; 0 unless the log was compacted
   * @param records the records in order
   */
  record Log(long first, List<String> records) {
    /** The log of a plan that nothing was written down of. */
    public static final Log EMPTY = new Log(0, List.of());

    /** Copies the list and checks the position. */
    public Log {
      records = List.copyOf(records);
      if (first < 0 || (first > 0 && records.isEmpty())) {
        throw new IllegalArgumentException("a log of " + records.size()
            + " records cannot begin at position " + first
            + "; a log begins at 0, or with what it was compacted to");
      }
    }

    /** {@return the position that the next record takes} */
    public long next() {
      return first + records.size();
    }

    /**
     * Returns the records from a position to the end.
     *
     * @param plan the plan's name, for the message
     * @param from the position
     * @throws JournalException if the log begins after it, or ends before it
     */
    List<String> from(String plan, long from) {
      if (from < first) {
        throw new JournalException("plan '" + plan + "': the records " + from + " to " + (first - 1)
            + " of the journal were compacted and are no longer in it; read the log anew");
      }
      if (from > next()) {
        throw new JournalException("plan '" + plan + "': the journal's next record is " + next()
            + ", but was " + from + " before; somebody took records away");
      }
      return records.subList(Math.toIntExact(from - first), records.size());
    }
  }
}
