package io.drkit.testkit.blunder;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Declaration;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.Step;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeDataset;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a team writes for its shop, part by part, so that one part at a time can be written wrongly. */
final class Recipe {
  static final Duration LEASE = ofSeconds(30);
  private static final int DEMAND = 4;

  final FakeApplication shop;
  final FakeDataset database;
  final FakeDataset receipts;

  /** The fence that needs the site that is left. */
  @Nullable
  FailoverAction databaseStop;

  @Nullable
  FailoverAction receiptsStop;

  /** The fence that works without that site. */
  @Nullable
  FailoverAction databaseLease;

  @Nullable
  FailoverAction receiptsLease;

  Replicator databaseCopies;

  @Nullable
  Replicator receiptsCopies;

  UnaryOperator<Step> promotions = step -> step.timeLimit(ofMinutes(30));

  @Nullable
  FailoverAction image;

  FailoverAction launch;

  @Nullable
  FailoverAction resize;

  @Nullable
  FailoverAction redirect;

  /** Whether users are sent over as soon as the run begins. */
  boolean redirectsAtOnce;

  FailoverAction verification;
  UnaryOperator<Step> verifying = UnaryOperator.identity();
  UnaryOperator<Declaration> declaring = UnaryOperator.identity();

  Recipe(FakeCloud cloud) {
    shop = FakeApplication.orders(cloud, DrStrategy.WARM_STANDBY);
    database = shop.datasets().get(0).leased(LEASE);
    receipts = shop.datasets().get(1).leased(LEASE);
    databaseStop = database.fenced();
    receiptsStop = receipts.fenced();
    databaseLease = database.leaseTaken();
    receiptsLease = receipts.leaseTaken();
    databaseCopies = database.replicator();
    receiptsCopies = receipts.replicator();
    image = shop.web().imageCopied();
    launch = shop.web().count(DEMAND);
    resize = database.resized(DEMAND);
    redirect = shop.traffic().allTrafficSwitched();
    verification = shop.service().served(1);
  }

  Site primary() {
    return shop.primary();
  }

  DrPlan plan() {
    DrPlanBuilder plan = DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(shop.primary())
        .recovery(shop.recovery())
        .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofSeconds(30)))
        .replicator(databaseCopies);
    if (receiptsCopies != null) {
      plan.replicator(receiptsCopies);
    }
    prepare(plan);
    fence(plan);
    plan.promoteReplicas(promotions).provision("scale web tier up", launch);
    if (resize != null) {
      plan.provision("resize database", resize);
    }
    if (redirect != null) {
      plan.redirect("send users over", redirect, step -> redirectsAtOnce ? step.atOnce() : step);
    }
    return plan.verify("an order can be placed", verification, verifying)
        .afterwards("backups run in the recovery site", database.backedUp())
        .waive(KeyPoint.WARM_STANDBY_AUTO_SCALING, "the fake cloud has none")
        .build();
  }

  private void prepare(DrPlanBuilder plan) {
    if (image == null) {
      plan.waive(KeyPoint.WARM_STANDBY_IN_STEP, "there is none")
          .prepare(
              "the place of the standby is named",
              FailoverAction.check("somebody has named it", context -> Progress.reached()));
      return;
    }
    plan.prepare("web image is in the recovery site", image)
        .prepare(
            "half of the web tier runs",
            shop.web().count(DEMAND / 2),
            step -> step.after("web image is in the recovery site"));
  }

  private void fence(DrPlanBuilder plan) {
    Map<String, @Nullable FailoverAction> fences = new LinkedHashMap<>();
    fences.put("stop the writers of orders-db", databaseStop);
    fences.put("stop the writers of receipts", receiptsStop);
    fences.put("take the write lease of orders-db", databaseLease);
    fences.put("take the write lease of receipts", receiptsLease);
    boolean fenced = false;
    for (Map.Entry<String, @Nullable FailoverAction> fence : fences.entrySet()) {
      FailoverAction action = fence.getValue();
      if (action != null) {
        plan.fence(fence.getKey(), action);
        fenced = true;
      }
    }
    if (!fenced) {
      plan.unfenced("the site will be gone");
    }
  }

  void withoutFences() {
    databaseStop = null;
    databaseLease = null;
    withoutFencesOfReceipts();
  }

  void withoutFencesOfReceipts() {
    receiptsStop = null;
    receiptsLease = null;
  }
}
