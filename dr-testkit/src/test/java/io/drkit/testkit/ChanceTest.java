package io.drkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChanceTest {

  @Test
  void theFirstNumbersAreThoseOfTheAlgorithmWhateverTheJdk() {
    // The published values of SplitMix64 for the seed 1234567 begin with 6457827717110365317 and
    // 3203168211198807973.
    Chance chance = new Chance(1234567);

    assertThat(chance.share()).isEqualTo((6457827717110365317L >>> 11) * 0x1.0p-53);
    assertThat(chance.share()).isEqualTo((3203168211198807973L >>> 11) * 0x1.0p-53);
  }

  @Test
  void aRangeHoldsBothItsEnds() {
    Chance chance = new Chance(7);

    assertThat(LongStream.generate(() -> chance.between(3, 5))
            .limit(100)
            .distinct()
            .sorted())
        .containsExactly(3L, 4L, 5L);
  }

  @Test
  void aCoinFallsEitherWay() {
    Chance chance = new Chance(7);

    assertThat(java.util.stream.Stream.generate(chance::coin).limit(100)).contains(true, false);
  }

  @Test
  void aNamedNumberDependsOnSeedNameAndIndexAlone() {
    assertThat(Chance.at(7, "lag", 1)).isEqualTo(Chance.at(7, "lag", 1));
    assertThat(DoubleStream.of(
                Chance.at(7, "lag", 1),
                Chance.at(7, "lag", 2),
                Chance.at(7, "gal", 1),
                Chance.at(8, "lag", 1))
            .distinct())
        .hasSize(4);
  }
}
