package io.drkit.spi;

import io.drkit.Progress;

/**
 * What a host plugs in to be told of its runs. Called on the run's loop, and for the
 * start of a run on the thread that starts it: it must return quickly and must not call the
 * engine. What it throws is logged and otherwise without effect.
 */
public interface RunListener {

  /**
   * Tells that something happened; it is durable already.
   *
   * @param plan the plan's name
   * @param event what happened
   */
  default void onEvent(String plan, RunRecord event) {}

  /**
   * Tells what an observation, or a slice of work, found. Not journaled.
   *
   * @param plan the plan's name
   * @param step the step's name
   * @param progress what was found
   */
  default void onProgress(String plan, String step, Progress progress) {}
}
