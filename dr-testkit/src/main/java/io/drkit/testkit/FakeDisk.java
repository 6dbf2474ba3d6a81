package io.drkit.testkit;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import java.time.Duration;
import java.util.List;

/**
 * The disk of a host of a fake cloud, on which a runner's journal is. Each append keeps the runner waiting, and is there when it
 * returns; what is read costs no time. {@link io.drkit.Disaster#slowDisk} makes it slow. Not thread-safe.
 */
public final class FakeDisk {
  private final FakeNetwork network;
  private final FakeHost host;
  private Duration takes = Duration.ofMillis(2);
  private boolean full;

  FakeDisk(FakeNetwork network, FakeHost host) {
    this.network = network;
    this.host = host;
  }

  /**
   * Sets how long a write takes that is forced to the disk; 2 ms by default.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeDisk takes(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "a write to " + this + " cannot take less than no time: " + duration);
    }
    takes = duration;
    return this;
  }

  /**
   * Sets whether the disk is full: nothing can be written to it then, and what is there can be read. It is not by default.
   *
   * @param isFull whether it is
   */
  public FakeDisk full(boolean isFull) {
    full = isFull;
    return this;
  }

  /**
   * Returns a journal as it is seen through this disk.
   *
   * @param on what keeps the records; hosts that share it give the same one, each through its own disk
   */
  public Journal journal(Journal on) {
    return new Journal() {
      @Override
      public void append(String plan, long expectedNext, List<String> records) {
        write(plan);
        on.append(plan, expectedNext, records);
      }

      @Override
      public Log read(String plan) {
        return on.read(plan);
      }

      @Override
      public List<String> read(String plan, long from) {
        return on.read(plan, from);
      }

      @Override
      public void compact(String plan, long expectedNext, List<String> kept) {
        write(plan);
        on.compact(plan, expectedNext, kept);
      }

      @Override
      public String toString() {
        return on + " on " + FakeDisk.this;
      }
    };
  }

  private void write(String plan) {
    network.block(Duration.ofNanos((long) (takes.toNanos() * network.diskSlowness(host))));
    if (full) {
      throw new JournalException("plan '" + plan + "': " + this + " is full; make room and resume");
    }
  }

  @Override
  public String toString() {
    return "the disk of " + host.name();
  }
}
