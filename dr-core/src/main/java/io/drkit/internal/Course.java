package io.drkit.internal;

import io.drkit.Direction;
import io.drkit.RunMode;
import io.drkit.spi.RunEvent.RunStarted;
import java.util.Optional;

/**
 * What a run is for, and where it goes.
 *
 * @param mode what it is for
 * @param direction from where to where
 * @param undoes the run that it takes back, if it does
 */
record Course(RunMode mode, Direction direction, Optional<String> undoes) {

  static Course of(RunMode mode, Direction direction) {
    return new Course(mode, direction, Optional.empty());
  }

  static Course of(RunStarted started) {
    return new Course(started.mode(), started.direction(), started.undoes());
  }
}
