package io.drkit.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.Seeds;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** What a reader makes of bad input: it takes it or refuses it as is documented, and soon. */
final class Cases {
  /** So long that a machine that is busy with other things does not reach it. */
  private static final Duration HUNG = Duration.ofSeconds(30);

  private final String reader;
  private final int inCi;
  private final Predicate<? super Throwable> documented;
  private final Case tried;
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();

  private Cases(String reader, int inCi, Predicate<? super Throwable> documented, Case tried) {
    this.reader = reader;
    this.inCi = inCi;
    this.documented = documented;
    this.tried = tried;
  }

  /** What is tried with the mutations of a seed. */
  interface Case {
    void with(Mutations mutations) throws Exception;
  }

  /**
   * Tries them one after the other, in a world that they share.
   *
   * @param inCi how many, unless a property says otherwise
   * @param documented what may be thrown
   */
  static void each(String reader, int inCi, Predicate<? super Throwable> documented, Case tried) {
    Cases cases = new Cases(reader, inCi, documented, tried);
    for (long seed = 0; seed < Seeds.many(inCi); seed++) {
      cases.with(seed);
    }
    cases.finish();
  }

  /** Tries them on all cores, each in a world of its own. */
  static void eachAlone(
      String reader, int inCi, Predicate<? super Throwable> documented, Case tried)
      throws InterruptedException {
    Cases cases = new Cases(reader, inCi, documented, tried);
    Seeds.each(inCi, cases::with);
    cases.finish();
  }

  private void with(long seed) {
    long began = System.nanoTime();
    try {
      tried.with(new Mutations(seed));
    } catch (Throwable thrown) {
      if (!documented.test(thrown)) {
        throw new AssertionError(reader + ", seed " + seed + ": " + thrown, thrown);
      }
      assertThat(thrown.getMessage()).as("%s, seed %d", reader, seed).isNotBlank();
      refused.incrementAndGet();
    }
    long took = System.nanoTime() - began;
    longest.accumulateAndGet(took, Math::max);
    assertThat(Duration.ofNanos(took)).as("%s, seed %d", reader, seed).isLessThan(HUNG);
  }

  private void finish() {
    System.out.printf(
        "%s: %d cases, %d refused, the longest took %d ms%n",
        reader, Seeds.many(inCi), refused.get(), longest.get() / 1_000_000);
    assertThat(refused.get())
        .as("%s: cases that are refused", reader)
        .isBetween(1, Seeds.many(inCi) - 1);
  }
}
