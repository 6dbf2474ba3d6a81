package io.drkit.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Partitions, lost, late and doubled messages, sleepers, wrong clocks and people, all at once (reliability.md R16, R26). */
@Tag("proof")
class SwarmTest {
  private static final int SEEDS = 5_000;
  private static final int HITS = 10;

  @Test
  void whatIsPromisedHoldsInAnyWeatherAndEveryRareStateWasMet() throws Exception {
    Probes probes = new Probes();
    Seeds.each(SEEDS, seed -> new Swarm(seed, probes).play());

    if (Seeds.enough(SEEDS)) {
      assertThat(Rare.values()).hasSizeGreaterThanOrEqualTo(60);
      assertThat(probes.below(HITS)).as("rare states that were hardly met").isEmpty();
    }
  }
}
