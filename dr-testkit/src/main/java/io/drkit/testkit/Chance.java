package io.drkit.testkit;

/**
 * A sequence of numbers that a seed gives, the same on every JDK: Java's own generators promise that for whole numbers
 * only, not for what they make of them. The algorithm is SplitMix64 (Steele, Lea, Flood, 2014). Not thread-safe.
 */
final class Chance {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Chance(long seed) {
    this.state = seed;
  }

  /** The first number, from 0 to 1 and below it, that a seed gives a name and an index: it depends on nothing else. */
  static double at(long seed, String name, long index) {
    long mixed = mix(mix(seed) + name.hashCode());
    return new Chance(mix(mixed + index * GOLDEN_GAMMA)).share();
  }

  /** From 0 to 1, and below it. */
  double share() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** From the first to the last, both among them. */
  long between(long first, long last) {
    return first + (long) (share() * (last - first + 1));
  }

  boolean coin() {
    return next() < 0;
  }

  private long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
