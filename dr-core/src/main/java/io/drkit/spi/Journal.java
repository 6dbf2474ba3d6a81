package io.drkit.spi;

import java.util.List;

/**
 * Where runs are written down: for each plan one log of records, which is at the same time the lock that keeps two hosts
 * from starting two runs. What a record holds is the engine's business; to a journal it is one line of text. Thread-safe.
 */
public interface Journal {

  /**
   * Adds records at the end of a plan's log, all or none.
   *
   * @implSpec Durable when it returns: the records survive the loss of the process and of the host's memory. If it throws
   *     anything but {@link JournalConflictException}, the caller takes it that the records may or may not be there.
   * @param plan the plan's name
   * @param expectedNext the number of records that the log holds by the caller's knowledge
   * @param records one or more lines of text without line breaks
   * @throws IllegalArgumentException if there is no record, or one has a line break; nothing was added
   * @throws JournalConflictException if the log holds another number of records: someone else appended; nothing was added
   * @throws JournalException if the log cannot be written, is damaged, or belongs to another plan
   */
  void append(String plan, long expectedNext, List<String> records);

  /**
   * Returns a plan's whole log in order.
   *
   * @param plan the plan's name
   * @return every record that an append returned for, as it was given; none if the plan has no log yet; immutable, and
   *     not changed by later appends
   * @throws JournalException if the log cannot be read, is damaged, or belongs to another plan
   */
  List<String> read(String plan);

  /**
   * Returns the end of a plan's log: a runner asks for it about once a second.
   *
   * @implSpec Should cost little if nothing was added. By default it reads the whole log.
   * @param plan the plan's name
   * @param from the number of records to leave out
   * @return the records after those; none if there are not more; immutable
   * @throws JournalException if the log cannot be read, is damaged, is shorter than {@code from}, or belongs to another plan
   */
  default List<String> read(String plan, long from) {
    List<String> all = read(plan);
    if (from > all.size()) {
      throw new JournalException("plan '" + plan + "': the journal holds " + all.size()
          + " records, but held " + from + " before; somebody took records away");
    }
    return List.copyOf(all.subList(Math.toIntExact(from), all.size()));
  }

  /** {@return an empty journal in memory, for tests and for what need not outlive the process} */
  static Journal inMemory() {
    return new MemoryJournal();
  }
}
