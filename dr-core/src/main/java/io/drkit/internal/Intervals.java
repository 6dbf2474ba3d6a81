package io.drkit.internal;

import io.drkit.Stage;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;

/** How long to wait between calls. The jitter comes from the seed, so that the same seed gives the same run. */
final class Intervals {
  private static final double JITTER = 0.2;

  private final IntervalFunction polls = IntervalFunction.ofExponentialBackoff(500, 1.5, 10_000);
  private final IntervalFunction verifications =
      IntervalFunction.ofExponentialBackoff(500, 1.01, 10_000);
  private final IntervalFunction retries = IntervalFunction.ofExponentialBackoff(500, 2.0, 30_000);
  private final IntervalFunction requests =
      IntervalFunction.ofExponentialBackoff(5_000, 2.0, 120_000);
  private final long seed;

  Intervals(long seed) {
    this.seed = seed;
  }

  /**
   * Between two looks at a state that is on its way: from half a second to ten. A verification looks at the workload and at no control
   * plane, and the outage lasts until one look is good: it waits for about a hundredth of the time that it has waited already.
   */
  Duration poll(Stage stage, String step, int count) {
    return jittered(stage == Stage.VERIFY ? verifications : polls, step, count);
  }

  /** Between two attempts at a call that failed: from half a second to thirty. */
  Duration retry(String step, int failures) {
    return jittered(retries, step, failures);
  }

  /** Before a state is asked for again that was asked for and did not come: from five seconds to two minutes. */
  Duration request(int generation) {
    return Duration.ofMillis(requests.apply(Math.max(1, generation)));
  }

  private Duration jittered(IntervalFunction function, String step, int count) {
    double random = new SplittableRandom(Objects.hash(seed, step, count)).nextDouble();
    return Duration.ofMillis(
        Math.round(function.apply(Math.max(1, count)) * (1 + JITTER * (2 * random - 1))));
  }
}
