package io.drkit.lease;

import io.drkit.Need;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The registers that say which site may write: one small record for each workload, changed by compare-and-set. It must not
 * live in a site that may be lost. Thread-safe.
 */
public interface WriteLeaseStore {

  /**
   * Reads a register. The read must be consistent: it shows every change that was answered before it began.
   *
   * @param name the workload's name
   * @return its grant; {@link Grant#NONE} if there is no such register
   * @throws Exception if it cannot be read
   */
  Grant read(String name) throws Exception;

  /**
   * Changes a register if it is what is expected, in one step of which nobody sees a part.
   *
   * @param name the workload's name
   * @param expected what it must be; {@link Grant#NONE} if there must be none
   * @param next what it becomes
   * @return whether it was changed
   * @throws Exception if it cannot be reached; it may have been changed, or may yet be
   */
  boolean replace(String name, Grant expected, Grant next) throws Exception;

  /** {@return what it depends on outside of the process; nothing by default} */
  default List<Need> needs() {
    return List.of();
  }

  /** {@return a store in memory, for tests} */
  static WriteLeaseStore inMemory() {
    ConcurrentMap<String, Grant> grants = new ConcurrentHashMap<>();
    return new WriteLeaseStore() {
      @Override
      public Grant read(String name) {
        return grants.getOrDefault(name, Grant.NONE);
      }

      @Override
      public boolean replace(String name, Grant expected, Grant next) {
        return expected.equals(Grant.NONE)
            ? grants.putIfAbsent(name, next) == null
            : grants.replace(name, expected, next);
      }
    };
  }
}
