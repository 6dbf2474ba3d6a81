package io.drkit.testkit;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.junit.GameDay;
import io.drkit.testkit.junit.GameDayDisaster;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The README's examples compile with the examples module; here they are seen to hold. */
class ReadmeExamplesTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  @GameDay(
      strategy = DrStrategy.PILOT_LIGHT,
      disaster = GameDayDisaster.PRIMARY_REGION_LOSS,
      seeds = 20)
  void losingThePrimaryRegionStaysWithinTheObjective(
      FakeApplication orders, DrEngine engine, VirtualTime time) throws InterruptedException {
    time.advance(ofMinutes(5));

    RunReport report =
        engine.failover(orders.plan(), orders.declaration("on-call")).await();

    assertThat(report)
        .metItsObjective()
        .recoveredWithin(ofMinutes(20))
        .reached("launch web tier", "an order can be placed")
        .isExposed();
  }

  @Test
  void aPlanOfOnesOwnIsPlayedInAWorldOfOnesOwn() throws InterruptedException {
    FakeCloud cloud =
        FakeCloud.builder().seed(7).region("us-east-1").region("us-west-2").build();
    FakeDataset db = cloud.addDataset("billing-db", EAST).asynchronous(ofSeconds(3));
    FakeServers web = cloud.addServers("billing-web", EAST, 2);
    FakeTraffic users = cloud.addTraffic("billing.example.com", EAST).ttl(ofSeconds(30));
    FakeService billing = cloud.addService("billing", users, web, db);
    DrPlan plan = DrPlan.builder("billing")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(15)).rpo(ofSeconds(30)))
        .replicator(db.replicator())
        .prepare("web image is in the recovery region", web.imageCopied())
        .fence("stop the writers", db.fenced())
        .promoteReplicas()
        .provision("launch web tier", web.count(2))
        .redirect("send users over", users.allTrafficSwitched())
        .verify("an invoice can be paid", billing.served(1.0))
        .build();
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .build()) {
      engine.prepare(plan, "test").await();
      cloud.time().advance(ofMinutes(10));
      cloud.strike(Disaster.loss(EAST));
      Instant struck = cloud.time().now();
      cloud.time().advance(ofMinutes(2));

      RunReport report = engine
          .failover(plan, Declaration.of("on-call").since(struck).lost(EAST))
          .await();

      assertThat(report).metItsObjective().recoveredWithin(ofMinutes(6));
    }
    assertThat(cloud.truth().losses("billing-db").get(0).length())
        .isBetween(ofSeconds(3), ofSeconds(5));
    assertThat(cloud.truth().outages("billing", 1.0)).hasSize(1);
    assertThat(cloud.truth().splitBrains("billing-db")).isEmpty();
  }
}
