package io.drkit.internal;

import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.spi.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker for each endpoint, so that a region that does not answer costs one time limit and not one for each
 * step. One failure opens it; from one second to thirty later a single call tries again. Thread-safe.
 */
final class Endpoints {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Map<Need, CircuitBreaker> breakers = new ConcurrentHashMap<>();
  /** The last call of each endpoint that was let through. */
  private final Map<Need, Guarded> allowed = new ConcurrentHashMap<>();

  private final CircuitBreakerConfig config;
  private final TimeSource time;

  Endpoints(TimeSource time) {
    this.time = time;
    this.config = CircuitBreakerConfig.custom()
        .slidingWindow(1, 1, SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(100)
        .permittedNumberOfCallsInHalfOpenState(1)
        .waitIntervalFunctionInOpenState(
            IntervalFunction.ofExponentialBackoff(1_000, 2.0, LONGEST_WAIT.toMillis()))
        .clock(new MonotonicClock(time))
        .currentTimestampFunction(clock -> time.uptime().toNanos(), TimeUnit.NANOSECONDS)
        .recordException(Errors::againstEndpoint)
        .writableStackTraceEnabled(false)
        .build();
  }

  /** A call to an endpoint; its failure is told once, by the call itself or by the engine's time limit. */
  final class Guarded {
    private final CircuitBreaker breaker;
    private final Duration began = time.uptime();
    private final AtomicBoolean told = new AtomicBoolean();

    private Guarded(Need endpoint) {
      breaker =
          breakers.computeIfAbsent(endpoint, need -> CircuitBreaker.of(need.toString(), config));
      if (!breaker.tryAcquirePermission()) {
        // A run that was ended in the middle of its call tells nothing any more.
        Guarded last = allowed.get(endpoint);
        if (last != null && began.minus(last.began).compareTo(LONGEST_WAIT) >= 0) {
          last.tell(new TimeoutException("nobody told how a call ended"));
        }
        throw EndpointUnavailableException.notAskedAgain(endpoint);
      }
      allowed.put(endpoint, this);
    }

    <T> T call(Callable<T> call) throws Exception {
      try {
        T result = call.call();
        tell(null);
        return result;
      } catch (Exception e) {
        tell(e);
        throw e;
      }
    }

    /** Tells the outcome; only the first one counts. */
    void tell(@Nullable Throwable error) {
      if (!told.compareAndSet(false, true)) {
        return;
      }
      long took = time.uptime().minus(began).toNanos();
      if (error == null) {
        breaker.onSuccess(took, TimeUnit.NANOSECONDS);
      } else {
        breaker.onError(took, TimeUnit.NANOSECONDS, error);
      }
    }
  }

  /**
   * Begins a call.
   *
   * @throws EndpointUnavailableException if the endpoint did not answer lately
   */
  Guarded begin(Need endpoint) {
    return new Guarded(endpoint);
  }

  /** Monotonic time dressed as a clock: a wall clock that jumps must not open or close anything. */
  private static final class MonotonicClock extends Clock {
    private final TimeSource time;

    MonotonicClock(TimeSource time) {
      this.time = time;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plus(time.uptime());
    }
  }
}
