package io.drkit.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The process dies, and the journal has lost its last records besides: a copy that lags behind was restored, say. What is
 * promised by token or by looking holds all the same; what must not be repeated is not, if its intent is still there.
 */
@Timeout(120)
@Tag("proof")
class LostTailTest {
  /** A journal without the start of its run knows of none. */
  private static final int START = 2;

  @Test
  void whateverTailIsLostNothingIsDoneTwiceThatItsTargetOrALookCanTell() throws Exception {
    int tails = 0;
    boolean died = true;
    for (int operation = START; died; operation++) {
      int size = START + 1;
      for (int kept = START; kept < size && died; kept++) {
        Story story = new Story(Blueprint.TWENTY_STEPS);
        died = story.live(new Mortal(operation)).isEmpty();
        size = story.log().lines().size();
        if (kept < size) {
          story.loseTail(kept);
          // An effect that nobody knows to wait for must have had the time to become visible.
          story.time().advance(Wish.SETTLE);
          story.check(story.finish());
          tails++;
        }
      }
    }

    assertThat(tails).isGreaterThan(4_500);
  }
}
