package io.drkit.testkit.blunder;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Invariants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A day of a shop whose plan may hold a blunder. The checks are those that any user of the testkit has: the invariants, the assertions
 * on a report, and whether users are served.
 */
final class ShopDay {
  /** Until when the last disaster begins; each lasts an hour at most. */
  private static final Duration DISASTERS = ofMinutes(90);

  private static final int ATTEMPTS = 25;

  private final FakeCloud cloud;
  private final Recipe recipe;
  private final DrEngine engine;
  private final DrPlan plan;
  private Optional<RunReport> failover = Optional.empty();

  ShopDay(long seed, Blunder blunder) {
    cloud = FakeCloud.builder().seed(seed).build();
    recipe = new Recipe(cloud);
    blunder.mistake().accept(recipe);
    plan = recipe.plan();
    engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .owner("operator")
        .listener(new RunListener() {
          @Override
          public void onEvent(String name, RunRecord entry) {
            if (entry.event() instanceof ApprovalRequested) {
              cloud.time().schedule(ofMinutes(1), ShopDay.this::consent);
            }
          }
        })
        .build();
  }

  /** What a seed makes of it: a planned move, data that goes bad, the loss of the primary region alone, or that and more. */
  static DisasterSchedule schedule(long seed) {
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    Site east = new Recipe(cloud).primary();
    List<Disaster.Strike> strikes = new ArrayList<>();
    if (seed % 20 == 14) {
      strikes.add(Disaster.corruption("orders-db", "receipts").lasting(ofMinutes(1)));
    }
    if (seed % 5 != 4) {
      Disaster first = seed % 2 == 0 ? Disaster.loss(east) : Disaster.linkLoss(east);
      strikes.add(first.lasting(ofMinutes(20 + Math.floorMod(seed, 60L))));
    }
    if (seed % 5 < 2) {
      strikes.addAll(DisasterSchedule.random(seed, cloud, DISASTERS, 4).strikes());
    }
    return new DisasterSchedule(strikes);
  }

  /** Lives the day; an error says what a user's test would have said. */
  void live(DisasterSchedule schedule) throws InterruptedException {
    try (engine) {
      assertThat(engine.prepare(plan, "operator").await().outcome())
          .as("the preparation")
          .isEqualTo(Outcome.COMPLETED);
      engine.explain(plan, Declaration.of("operator"));
      cloud.time().advance(ofMillis((long)
          (cloud.chance("the hour") * ofHours(2).toMillis())));
      assertThat(recipe.shop.service().level())
          .as("what is served on a good day")
          .isEqualTo(1);
      schedule.strike(cloud);
      if (schedule.strikes().isEmpty() && plan.unfenced().isEmpty()) {
        move();
      } else {
        operate(schedule);
      }
      assertThat(Invariants.broken(recipe.shop, engine.reports("orders"))).isEmpty();
      assertThat(recipe.shop.service().level())
          .as("what is served when all is over")
          .isGreaterThanOrEqualTo(1);
    }
  }

  private void move() throws InterruptedException {
    assertThat(engine.switchover(plan, Declaration.of("operator")).await())
        .recoveredWithin(plan.objective().rto());
    cloud.time().advance(ofHours(1));
  }

  /** Looks soon, and then every two minutes, fails over when users are without service, and goes on with what did not come to its end. */
  private void operate(DisasterSchedule schedule) throws InterruptedException {
    int attempts = 0;
    // Whoever looks is quick sometimes: what only time would have mended must not be left to it.
    Duration look = ofSeconds(5 + (long) (cloud.chance("the first look") * 115));
    Duration over = cloud.time().uptime().plus(DISASTERS).plus(ofHours(2));
    while (cloud.time().uptime().compareTo(over) < 0 || open()) {
      assertThat(attempts).as("attempts to fail over").isLessThan(ATTEMPTS);
      cloud.time().advance(look);
      look = ofMinutes(2);
      boolean served = recipe.shop.service().level() >= 1;
      if (open() || (!served && failover.isEmpty())) {
        attempts++;
        attempt();
        if (attempts == 1 && only(schedule, Disaster.loss(recipe.primary()))) {
          assertThat(failover.orElseThrow())
              .recoveredWithin(plan.objective().rto())
              .lostAtMost(plan.objective().rpo())
              .ranSteps("promote orders-db", "send users over");
        } else if (attempts == 1 && only(schedule, Disaster.linkLoss(recipe.primary()))) {
          // What was written behind the lost link until the lease ran out may be more than the
          // objective allows.
          assertThat(failover.orElseThrow()).recoveredWithin(plan.objective().rto());
        }
      }
    }
  }

  private static boolean only(DisasterSchedule schedule, Disaster disaster) {
    return schedule.strikes().size() == 1
        && schedule.strikes().get(0).disaster().equals(disaster);
  }

  /** Whether there is a failover that is not through. */
  private boolean open() {
    return failover
        .filter(run -> run.outcome() != Outcome.COMPLETED
            && run.outcome() != Outcome.COMPLETED_WITH_EXCEPTIONS)
        .isPresent();
  }

  private void attempt() throws InterruptedException {
    Declaration truth = recipe.declaring.apply(recipe.shop.declaration("operator"));
    try {
      if (open()) {
        List<Site> lost = truth.lost().stream()
            .filter(site -> !site.equals(recipe.shop.recovery()))
            .toList();
        failover = Optional.of(engine.resume(plan, "operator", lost).await());
      } else {
        failover = Optional.of(engine.failover(plan, truth).await());
      }
    } catch (DrException refused) {
      // An operator tries again later.
    }
  }

  private void consent() {
    try {
      RunControl run = engine.control("orders");
      run.approvals().forEach(request -> run.approve(request, Instruction.by("data owner")));
    } catch (DrException ended) {
      // It was declined or ended meanwhile.
    }
  }
}
