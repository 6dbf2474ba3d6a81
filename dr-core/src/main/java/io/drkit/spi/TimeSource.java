package io.drkit.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * The only clock of the library, and the place where its calls run: a testkit's virtual time replaces both at once.
 * Thread-safe.
 */
public interface TimeSource {

  /** {@return the wall-clock time; it may jump either way} */
  Instant now();

  /** {@return the time since an arbitrary start; it never goes back} */
  Duration uptime();

  /**
   * Opens a loop of its own: an order of tasks of which no two run at once.
   *
   * @param name for thread names and error messages
   */
  EventLoop loop(String name);

  /** {@return the machine's clock, with one daemon thread for each open loop and more for its calls} */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
