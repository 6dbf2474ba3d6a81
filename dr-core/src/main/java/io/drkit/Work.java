package io.drkit;

/**
 * Work that this process does itself, cut into slices, each short enough for the engine's time limit of a request. See
 * {@link ActionContext#work}.
 */
@FunctionalInterface
public interface Work {

  /**
   * Does the next slice.
   *
   * @implSpec Returns {@link Progress.Kind#UNDERWAY} while more is to be done. Any other answer ends the work; the engine
   *     then observes the world. A slice may run again after it failed.
   * @param context the run's view on the step, valid during this slice
   * @return how far the work is
   * @throws Exception if the slice failed; it is tried again as often as the step allows
   */
  Progress slice(ActionContext context) throws Exception;
}
