package io.drkit.bench;

import io.drkit.spi.Journal;
import java.util.List;

/** Takes everything and keeps nothing. */
final class Discarding implements Journal {
  @Override
  public void append(String plan, long expectedNext, List<String> records) {
    // Dropped.
  }

  @Override
  public Log read(String plan) {
    return Log.EMPTY;
  }

  @Override
  public List<String> read(String plan, long from) {
    return List.of();
  }
}
