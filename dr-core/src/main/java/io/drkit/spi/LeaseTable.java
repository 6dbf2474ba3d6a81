package io.drkit.spi;

/**
 * One small record for each plan, changed by compare-and-set: all that {@link LeaseStore#over} needs of a service. No
 * record holds a time. Thread-safe.
 */
public interface LeaseTable {

  /**
   * Reads a plan's record. The read must be consistent: it shows every replacement that was answered before it began.
   *
   * @param plan the plan's name
   * @return its record; {@link Entry#NONE} if there is none
   * @throws io.drkit.DrException if the table cannot be reached
   */
  Entry read(String plan);

  /**
   * Replaces a plan's record if it is what is expected, in one step of which nobody sees a part.
   *
   * @param plan the plan's name
   * @param expected what it must be; {@link Entry#NONE} if there must be none
   * @param next what it becomes
   * @return whether it was replaced
   * @throws io.drkit.DrException if the table cannot be reached; it may have been replaced, or may yet be
   */
  boolean replace(String plan, Entry expected, Entry next);

  /** {@return a table in memory} */
  static LeaseTable inMemory() {
    return new MemoryLeaseTable();
  }

  /**
   * A plan's record.
   *
   * @param epoch how often the lease was taken
   * @param beat how often it was renewed since then
   * @param owner who holds it, for people; empty if it was given back
   */
  record Entry(long epoch, long beat, String owner) {
    /** The record of a plan whose lease was never taken. */
    public static final Entry NONE = new Entry(0, 0, "");

    Entry taken(String by) {
      return new Entry(epoch + 1, 0, by);
    }

    Entry renewed() {
      return new Entry(epoch, beat + 1, owner);
    }

    Entry givenBack() {
      return new Entry(epoch, beat + 1, "");
    }

    boolean held() {
      return !owner.isEmpty();
    }
  }
}
