package io.drkit.report;

import io.drkit.RunReport.StepReport;
import java.time.Duration;
import java.util.Optional;

/** How long a step took. */
final class StepLength {
  private StepLength() {}

  /** Nothing for a step that has not ended, or that ended without having begun. */
  static Optional<Duration> of(StepReport step) {
    return step.startedAt()
        .flatMap(start -> step.endedAt().map(end -> Duration.between(start, end)));
  }
}
