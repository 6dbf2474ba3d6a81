package io.drkit.internal;

import io.drkit.Progress;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of an engine; one that throws harms neither the run nor the others. */
record Listeners(List<RunListener> all) {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  void event(String plan, RunRecord event) {
    tell(plan, listener -> listener.onEvent(plan, event));
  }

  void progress(String plan, String step, Progress progress) {
    tell(plan, listener -> listener.onProgress(plan, step, progress));
  }

  private void tell(String plan, Consumer<RunListener> message) {
    for (RunListener listener : all) {
      try {
        message.accept(listener);
      } catch (RuntimeException | Error e) {
        log.warn(
            "a listener failed [listener={}, plan={}]", listener.getClass().getName(), plan, e);
      }
    }
  }
}
