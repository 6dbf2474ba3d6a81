package io.drkit.spi;

import java.time.Duration;
import java.time.Instant;

/** The machine's clock. The one place in the library that reads it. */
enum SystemTimeSource implements TimeSource {
  INSTANCE;

  private static final long START = System.nanoTime();

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - START);
  }

  @Override
  public EventLoop loop(String name) {
    return new ThreadedLoop(name);
  }
}
