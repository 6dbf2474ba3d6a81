package io.drkit.testkit.contract;

import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** A clock that moves when it is told to, for any number of threads. */
final class HandClock implements TimeSource {
  private Duration uptime = Duration.ofDays(3);

  synchronized void pass(Duration duration) {
    uptime = uptime.plus(duration);
  }

  @Override
  public synchronized Duration uptime() {
    return uptime;
  }

  @Override
  public Instant now() {
    throw new AssertionError("no lease may depend on the wall clock");
  }

  @Override
  public EventLoop loop(String name) {
    throw new AssertionError("no lease store needs a loop");
  }
}
