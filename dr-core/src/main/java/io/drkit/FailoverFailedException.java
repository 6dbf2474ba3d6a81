package io.drkit;

/** A run that did not meet its objective, for callers that prefer an exception. See {@link RunReport#orThrow}. */
public final class FailoverFailedException extends DrException {
  private static final long serialVersionUID = 1;

  private final transient RunReport report;

  FailoverFailedException(RunReport report) {
    super(report.summary());
    this.report = report;
  }

  /** {@return the run's report} */
  public RunReport report() {
    return report;
  }
}
