package io.drkit;

import java.util.List;

/**
 * What is known of a plan without running it, for one disaster.
 *
 * @param plan the plan's name
 * @param disaster what is assumed to happen
 * @param findings what was found, errors first
 */
public record Assessment(String plan, Disaster disaster, List<Finding> findings) {

  /** Copies the findings. */
  public Assessment {
    findings = List.copyOf(findings);
  }

  /** {@return whether nothing was found that makes the plan fail in this disaster} */
  public boolean sound() {
    return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
  }
}
