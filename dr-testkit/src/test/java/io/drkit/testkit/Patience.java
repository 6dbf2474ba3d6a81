package io.drkit.testkit;

import static java.time.Duration.ofSeconds;

import io.drkit.FailoverAction;
import io.drkit.Progress;

/** What an engine does, by the patient: it observes, asks if need be, and looks again every second. */
record Patience(VirtualTime time, FakeContext context) {

  /** Brings a state about, and returns what was seen last. */
  Progress reach(FailoverAction action) throws Exception {
    Progress progress = action.observe(context);
    if (progress.kind() == Progress.Kind.PENDING) {
      action.apply(context);
      progress = action.observe(context);
    }
    for (int i = 0; i < 3600 && progress.kind() == Progress.Kind.UNDERWAY; i++) {
      time.advance(ofSeconds(1));
      progress = action.observe(context);
    }
    return progress;
  }
}
