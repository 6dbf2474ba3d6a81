package io.drkit;

import java.util.Arrays;
import java.util.List;

/**
 * The white paper's four ways to be ready, by rising cost and falling recovery time (WP-40 to WP-43). Each knows the
 * paper's {@linkplain KeyPoint key points}; a plan meets a point by a step, or waives it with a reason.
 */
public enum DrStrategy {
  /** Backups in the recovery site; systems are built and data restored after the disaster (WP-40). */
  BACKUP_AND_RESTORE,
  /** The critical core, the data first, always runs and is replicated to; the rest is provisioned around it (WP-41). */
  PILOT_LIGHT,
  /** A scaled-down but complete copy always runs and is scaled up (WP-42). */
  WARM_STANDBY,
  /** Both sites serve users all the time; the one that is left takes all of the traffic (WP-43). */
  MULTI_SITE;

  /** {@return the paper's key points for this strategy, in the paper's order} */
  public List<KeyPoint> keyPoints() {
    return Arrays.stream(KeyPoint.values())
        .filter(point -> point.strategy() == this)
        .toList();
  }
}
