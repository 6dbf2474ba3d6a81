package io.drkit.testkit.emulator;

import java.util.Locale;

/** How a request to a lost region ends. */
public enum LossMode {
  /** At once, with HTTP 503 and the error code {@code ServiceUnavailable}: a service that knows that it is down. */
  REFUSE,
  /** Never, while the region is lost: no answer comes; the connection ends when it is restored, or after 60 seconds. */
  HANG,
  /** At once, with a connection closed before any answer: a network that is gone. */
  RESET;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
