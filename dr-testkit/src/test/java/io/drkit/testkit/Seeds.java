package io.drkit.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The seeds of a random proof, tried on all cores. How many there are, the proof says for CI; {@code -Ddrkit.seeds=100000}
 * makes every such proof try that many instead.
 */
public final class Seeds {
  private static final String PROPERTY = "drkit.seeds";

  private Seeds() {}

  /** What is tried with each seed, in a world of its own. */
  @FunctionalInterface
  public interface Proof {
    /** Tries one seed. */
    void with(long seed) throws Exception;
  }

  /** {@return how many seeds a proof tries that CI has the time to try so many of} */
  public static int many(int inCi) {
    return Integer.getInteger(PROPERTY, inCi);
  }

  /** {@return whether as many are tried as in CI, or more: then what is rare must have been seen} */
  public static boolean enough(int inCi) {
    return many(inCi) >= inCi;
  }

  /** Tries them. The error names the seed. */
  public static void each(int inCi, Proof proof) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    AtomicBoolean failed = new AtomicBoolean();
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService cores = Executors.newFixedThreadPool(threads);
    List<Future<?>> lanes = new ArrayList<>();
    for (int lane = 0; lane < threads; lane++) {
      lanes.add(cores.submit(() -> {
        for (long seed = next.getAndIncrement();
            seed < many(inCi) && !failed.get();
            seed = next.getAndIncrement()) {
          try {
            proof.with(seed);
          } catch (Exception | Error e) {
            failed.set(true);
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
          }
        }
        return null;
      }));
    }
    try {
      for (Future<?> lane : lanes) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } finally {
      cores.shutdownNow();
    }
  }
}
