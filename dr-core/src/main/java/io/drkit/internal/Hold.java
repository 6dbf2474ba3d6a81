package io.drkit.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Whether nothing may be asked for: because the run is paused, or by the stop lever of all runs. */
final class Hold {
  private final Collection<StepMonitor> monitors;
  private RunState state;
  private boolean stopped;
  private Optional<Duration> since = Optional.empty();

  Hold(RunState state, Collection<StepMonitor> monitors) {
    this.state = state;
    this.monitors = monitors;
  }

  /** Goes on with the run's state as it was made anew. */
  void rebase(RunState anew) {
    state = anew;
  }

  boolean held() {
    return stopped || state.paused();
  }

  /** The stop lever was pulled or released. */
  void stopped(boolean pulled, Duration now) {
    stopped = pulled;
    look(now);
  }

  /** While nothing may be asked for, the time limits stand still. */
  void look(Duration now) {
    if (held()) {
      since = since.or(() -> Optional.of(now));
    } else if (since.isPresent()) {
      Duration pause = now.minus(since.get());
      monitors.forEach(monitor -> monitor.deadline = monitor.deadline.plus(pause));
      since = Optional.empty();
    }
  }
}
