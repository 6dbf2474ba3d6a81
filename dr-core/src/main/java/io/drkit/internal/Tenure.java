package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.spi.EventLoop;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseStore.Lease;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A runner's time in office: its lease, which is renewed while it lasts, and what may be begun under it. On the runner's loop.
 *
 * <p>A lease of {@code d} is renewed every {@code d / 3}. A call begins only if it must end {@code d / 5} before the lease
 * does; so the clocks of two processes may differ by a tenth in either direction (reliability.md A3, R12).
 */
final class Tenure {
  private static final Logger log = LoggerFactory.getLogger(Tenure.class);
  private static final int RENEWALS = 3;
  private static final int RETRIES = 20;
  private static final int SKEW = 5;

  private final String plan;
  private final Lease lease;
  private final Optional<Duration> duration;
  private final Duration callLimit;

  Tenure(String plan, Lease lease, Optional<Duration> duration, Duration callLimit) {
    this.plan = plan;
    this.lease = lease;
    this.duration = duration;
    this.callLimit = callLimit;
  }

  /**
   * Checks that leases are long enough for calls: that one can be made at any time, even if a renewal takes as long as it may.
   *
   * @throws IllegalStateException if they are not
   */
  static void check(LeaseStore leases, Duration callLimit) {
    leases.duration().ifPresent(duration -> {
      Duration longest = duration
          .minus(duration.dividedBy(RENEWALS))
          .minus(duration.dividedBy(SKEW))
          .dividedBy(2);
      if (callLimit.compareTo(longest) > 0) {
        throw new IllegalStateException("a requestTimeLimit of " + callLimit
            + " is too long for leases of " + duration
            + ": a request must end before its runner's lease does; take at most " + longest
            + ", or longer leases");
      }
    });
  }

  /** Renews the lease from time to time, for as long as the loop is open. */
  void keep(EventLoop loop, Runnable looked) {
    duration.ifPresent(whole -> renewIn(loop, whole.dividedBy(RENEWALS), whole, looked));
  }

  private void renewIn(EventLoop loop, Duration wait, Duration whole, Runnable looked) {
    loop.schedule(
        wait,
        () -> loop.call(
            lease::renew, callLimit, (@Nullable Boolean held, @Nullable Throwable error) -> {
              if (error != null) {
                log.warn(
                    "the lease was not renewed; trying again [plan={}, error={}]",
                    plan,
                    Errors.describe(error));
              }
              renewIn(loop, whole.dividedBy(error == null ? RENEWALS : RETRIES), whole, looked);
              looked.run();
            }));
  }

  /** Whether a call that begins now must end before the lease can be anybody else's. */
  boolean coversACall() {
    return lease
        .remaining()
        .map(left ->
            left.compareTo(callLimit.plus(duration.orElse(Duration.ZERO).dividedBy(SKEW))) > 0)
        .orElse(true);
  }

  void require() {
    if (!lease.held()) {
      throw new DrException("this process lost the lease of plan '" + plan
          + "'; another may run it: look at the journal");
    }
  }

  void end() {
    try {
      lease.close();
    } catch (RuntimeException e) {
      log.warn("the lease could not be given back [plan={}, error={}]", plan, Errors.describe(e));
    }
  }
}
