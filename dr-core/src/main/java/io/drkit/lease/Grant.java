package io.drkit.lease;

import io.drkit.Site;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Who may write, as the register says. Immutable.
 *
 * @param epoch how often that was changed; it only rises, and is the fencing token of each write
 * @param site the site whose services may write; empty if nobody may
 * @param by who changed it: the run, or whoever made the register
 * @param drain how long writes may go on under a grant after it was changed: {@link LeaseTiming#drain} of the slowest service
 */
public record Grant(long epoch, Optional<Site> site, String by, Duration drain) {
  /** What a register holds that was never made. */
  public static final Grant NONE = new Grant(0, Optional.empty(), "", Duration.ZERO);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the epoch or the drain is negative, or if a site may write at epoch 0, which is that of
   *     a register that was never made
   */
  public Grant {
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(by, "by");
    if (epoch < 0 || drain.isNegative()) {
      throw new IllegalArgumentException(
          "a grant's epoch and drain must not be negative: " + epoch + ", " + drain);
    }
    if (epoch == 0 && site.isPresent()) {
      throw new IllegalArgumentException(
          "a register begins at epoch 1, but " + site.get() + " was given epoch 0");
    }
  }

  Grant next(Optional<Site> to, String changedBy) {
    return new Grant(epoch + 1, to, changedBy, drain);
  }

  @Override
  public String toString() {
    return site.map(to -> to + " may write").orElse("nobody may write") + " (epoch " + epoch
        + ", by " + by + ")";
  }
}
