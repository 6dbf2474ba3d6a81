package io.drkit.bench;

import io.drkit.ActionContext;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.Site;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Steps that do nothing but remember that they were asked for, in layers of which each step waits for two of the one before. */
final class Workload {
  final int layers;
  final int width;
  private final AtomicIntegerArray done;
  private final int[] millis;

  Workload(int layers, int width) {
    this.layers = layers;
    this.width = width;
    this.done = new AtomicIntegerArray(layers * width);
    this.millis = new int[layers * width];
  }

  /** Steps of which the call that asks takes 5 to 50 ms. */
  static Workload lasting(int layers, int width, long seed) {
    Workload work = new Workload(layers, width);
    Random random = new Random(seed);
    Arrays.setAll(work.millis, step -> 5 + random.nextInt(46));
    return work;
  }

  boolean observe(int step) {
    return done.get(step) == 1;
  }

  void apply(int step) throws InterruptedException {
    if (millis[step] > 0) {
      Thread.sleep(millis[step]);
    }
    done.set(step, 1);
  }

  /** {@return the milliseconds of the longest way through the steps} */
  int longestWay() {
    int[] until = new int[layers * width];
    int longest = 0;
    for (int layer = 0; layer < layers; layer++) {
      for (int column = 0; column < width; column++) {
        int before = layer == 0
            ? 0
            : Math.max(until[step(layer - 1, column)], until[step(layer - 1, column + 1)]);
        until[step(layer, column)] = before + millis[step(layer, column)];
        longest = Math.max(longest, until[step(layer, column)]);
      }
    }
    return longest;
  }

  int step(int layer, int column) {
    return layer * width + column % width;
  }

  DrPlan plan() {
    DrPlanBuilder builder = DrPlan.builder("bench")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofHours(10)).rpo(Duration.ofMinutes(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "a benchmark");
    }
    for (int layer = 0; layer < layers; layer++) {
      for (int column = 0; column < width; column++) {
        int before = layer - 1;
        int at = column;
        builder.provision(
            "s" + step(layer, column),
            new NoOp(step(layer, column)),
            step -> before < 0
                ? step.atOnce()
                : width == 1
                    ? step.after("s" + step(before, at))
                    : step.after("s" + step(before, at), "s" + step(before, at + 1)));
      }
    }
    return builder.build();
  }

  private final class NoOp implements FailoverAction {
    private final int step;

    NoOp(int step) {
      this.step = step;
    }

    @Override
    public String describe() {
      return "step " + step + " is done";
    }

    @Override
    public Progress observe(ActionContext context) {
      return Workload.this.observe(step) ? Progress.reached() : Progress.pending("not done");
    }

    @Override
    public void apply(ActionContext context) throws InterruptedException {
      Workload.this.apply(step);
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }
}
