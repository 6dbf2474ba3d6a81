package io.drkit.bench;

import java.util.Locale;

/** Holds what a step costs to not growing with its plan: the one figure that every build judges. Needs no disk. */
public final class Growth {
  /** Twice the processors' noise. Ten times as many steps whose cost grows with their number are ten times as dear each. */
  private static final double MOST = 4;

  private static final int ROUNDS = 8;

  private Growth() {}

  /**
   * Measures a step of 10,000 against one of 1,000, in time of the processors.
   *
   * @throws IllegalStateException if it costs so much more that it grows with the plan
   */
  public static void main(String[] none) throws Exception {
    double few = Double.MAX_VALUE;
    double many = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      few = Math.min(few, step(10));
      many = Math.min(many, step(100));
    }
    System.out.printf(
        Locale.ROOT,
        "A step of 10,000 costs %.0f us of the processors, one of 1,000 %.0f us: %.2f times as much.%n",
        many / 1_000,
        few / 1_000,
        many / few);
    if (many / few > MOST) {
      throw new IllegalStateException(
          "a step costs " + many / few
              + " times as much in a plan that is ten times as large; something looks at all steps for each");
    }
  }

  private static double step(int layers) throws Exception {
    Workload work = new Workload(layers, 100);
    return Engines.run(work, new Discarding()).cpu() / (layers * 100);
  }
}
