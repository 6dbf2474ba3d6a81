package io.drkit.testkit.assertj;

import io.drkit.RunReport;
import org.jspecify.annotations.Nullable;

/** The entry to the assertions on what drkit reports. */
public final class DrAssertions {
  private DrAssertions() {}

  /**
   * Begins an assertion on a report.
   *
   * @param actual the report
   */
  public static RunReportAssert assertThat(@Nullable RunReport actual) {
    return new RunReportAssert(actual);
  }
}
