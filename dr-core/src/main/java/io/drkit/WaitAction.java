package io.drkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** See {@link FailoverAction#elapsed}. */
record WaitAction(String reason, Duration duration, Map<String, Duration> begun)
    implements FailoverAction {
  WaitAction {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("a wait must be positive: " + duration);
    }
  }

  WaitAction(String reason, Duration duration) {
    this(reason, duration, new ConcurrentHashMap<>());
  }

  @Override
  public String describe() {
    return duration + " have passed (" + reason + ")";
  }

  /** Where this process saw the beginning, a wall clock that jumps shortens nothing. */
  @Override
  public Progress observe(ActionContext context) {
    Optional<Instant> asked = context.askedAt();
    if (asked.isEmpty()) {
      return Progress.pending("the time has not begun");
    }
    Duration passed = Duration.between(asked.get(), context.time().now());
    Duration here = begun.get(key(context));
    if (here != null) {
      passed = context.time().uptime().minus(here);
    }
    return passed.compareTo(duration) >= 0
        ? Progress.reached(Evidence.of("waited", passed.toString()))
        : Progress.underway("waits for " + duration + " since " + asked.get());
  }

  /** The intent in the journal is the beginning. */
  @Override
  public void apply(ActionContext context) {
    begun.put(key(context), context.time().uptime());
  }

  private static String key(ActionContext context) {
    return context.run() + "/" + context.step();
  }

  @Override
  public Optional<Duration> estimate() {
    return Optional.of(duration);
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }

  /** Time that has passed changed nothing. */
  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return Optional.of(FailoverAction.check("nothing was changed", context -> Progress.reached()));
  }
}
