package io.drkit.examples.cli;

import io.drkit.Outcome;
import io.drkit.RunReport;

/** What a command's exit code says. */
final class ExitCode {
  /** The verb did what it promises: for a failover, the service is back within its objective. */
  static final int DONE = 0;

  /** It ended otherwise; the report says how. */
  static final int NOT_DONE = 1;

  /** Wrong usage or a wrong environment; nothing was done. */
  static final int REFUSED = 2;

  /** A person has to decide, because nobody knows whether a step took effect. */
  static final int PERSON = 3;

  private ExitCode() {}

  /** A fence that is owed, or redundancy that is missing, is a warning: the report shouts it, the code is 0. */
  static int of(RunReport report) {
    if (report.outcome() == Outcome.IN_DOUBT) {
      return PERSON;
    }
    return report.objectiveMet() ? DONE : NOT_DONE;
  }
}
