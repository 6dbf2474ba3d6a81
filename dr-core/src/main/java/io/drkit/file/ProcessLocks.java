package io.drkit.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The locks between the threads of this process, one for each path. They come before the locks of the operating system,
 * which hold between processes only: within one, a second lock of a file is refused, and closing <i>any</i> channel of a
 * file drops its lock. So a file that is locked is opened, locked and closed under the lock of its path alone.
 */
final class ProcessLocks {
  // Never shrinks: an entry is a few bytes, and a process has few journals and leases.
  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private ProcessLocks() {}

  static ReentrantLock of(Path realPath) {
    return LOCKS.computeIfAbsent(realPath, path -> new ReentrantLock());
  }
}
