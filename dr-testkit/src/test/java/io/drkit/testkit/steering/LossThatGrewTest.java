package io.drkit.testkit.steering;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ApprovalRequest;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A promotion that was let through, be it within the RPO or by consent, and failed; when it is asked for once more, the lost site has
 * come back and taken orders, and more would be lost than anybody knew of.
 */
class LossThatGrewTest {
  private final FakeCloud cloud =
      FakeCloud.builder().seed(7).whenLost(FakeCloud.WhenLost.HANG).build();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
  private final Site east = orders.primary();
  private boolean struck;
  private final DrEngine engine = DrEngine.builder()
      .journal(Journal.inMemory())
      .leases(LeaseStore.inMemory())
      .time(cloud.time())
      .listener(new RunListener() {
        @Override
        public void onEvent(String plan, RunRecord entry) {
          if (!struck
              && entry.event() instanceof StepIntended intent
              && intent.step().equals("promote orders-db")) {
            struck = true;
            cloud.strike(Disaster.controlPlaneLoss(orders.recovery()).lasting(ofMinutes(10)));
          }
        }
      })
      .build();

  private Instant lose() throws InterruptedException {
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(ofHours(1));
    Instant lost = cloud.time().now();
    cloud.strike(Disaster.linkLoss(east).lasting(ofMinutes(12)));
    cloud.strike(Disaster.replicationStall("orders-db").lasting(ofHours(2)));
    return lost;
  }

  private void assertItIsAskedForAnew() throws InterruptedException {
    cloud.time().advance(ofMinutes(20));
    DrRun run = engine.resume(orders.plan(), "bob", List.of());
    cloud.time().advance(ofMinutes(2));

    assertThat(run.report().step("promote orders-db").status()).isEqualTo(StepStatus.RUNNING);
    assertThat(run.approvals())
        .extracting(ApprovalRequest::loss)
        .anySatisfy(loss -> assertThat(loss).contains("orders-db", "would be lost"));
    run.approvals().forEach(request -> run.approve(request, Instruction.by("data owner")));
    assertThat(run.await()).reached("promote orders-db");
  }

  @Test
  void whatWasWithinTheRpoWhenItWasAskedForIsLookedAtAgain() throws InterruptedException {
    Instant lost = lose();
    cloud.time().advance(ofMinutes(1));
    RunReport failed = engine
        .failover(orders.plan(), Declaration.of("ann").since(lost).lost(east))
        .await();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.step("promote orders-db").requests()).isEqualTo(1);

    assertItIsAskedForAnew();
  }

  @Test
  void whoConsentedIsAskedAgain() throws InterruptedException {
    Instant lost = lose();
    cloud.time().advance(ofMinutes(3));
    DrRun run = engine.failover(
        orders.plan(),
        Declaration.of("ann").since(lost).stopped(cloud.time().now()).lost(east));
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals()).isNotEmpty();
    run.approvals().forEach(request -> run.approve(request, Instruction.by("data owner")));
    assertThat(run.await().outcome()).isEqualTo(Outcome.FAILED);

    assertItIsAskedForAnew();
  }
}
