package io.drkit.testkit.race;

import java.util.Random;

/**
 * What may go wrong in the world of one seed, and how often. Each kind of fault is left out of half of the worlds, so that the
 * others get their turn (reliability.md R16).
 *
 * @param loss the share of messages that are lost, up to 0.3
 * @param replay the share of messages that arrive twice, up to 0.5
 * @param late the share of messages that arrive after their sender has given up
 * @param cuts whether ways are cut, in one direction or both
 * @param sleep whether processes stop for a while, or die
 * @param wrongClocks whether clocks are wrong, run fast or slow, jump and stand still
 * @param people whether people interfere
 */
record Weather(
    double loss,
    double replay,
    double late,
    boolean cuts,
    boolean sleep,
    boolean wrongClocks,
    boolean people) {

  static final Weather CALM = new Weather(0, 0, 0, false, false, false, false);

  static Weather of(Random random) {
    return new Weather(
        random.nextBoolean() ? 0.3 * random.nextDouble() : 0,
        random.nextBoolean() ? 0.5 * random.nextDouble() : 0,
        random.nextBoolean() ? 0.15 * random.nextDouble() : 0,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(4) > 0);
  }
}
