package io.drkit.testkit.steering;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.KeyPoint;
import io.drkit.RecoveryObjective;
import io.drkit.Site;
import java.util.function.UnaryOperator;

/** Plans that move orders from one region to another, for tests that are about their steps alone. */
final class Orders {
  private Orders() {}

  /** A plan of these steps, with all key points of its strategy waived. */
  static DrPlan plan(DrStrategy strategy, UnaryOperator<DrPlanBuilder> steps) {
    return plan(strategy, RecoveryObjective.rto(ofMinutes(30)).rpo(ofSeconds(60)), steps);
  }

  /** The same with an objective of its own. */
  static DrPlan plan(
      DrStrategy strategy, RecoveryObjective objective, UnaryOperator<DrPlanBuilder> steps) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(strategy)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(objective);
    for (KeyPoint point : strategy.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return steps.apply(builder).build();
  }
}
