package io.drkit.testkit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.ApprovalRequest;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failover to copies that lag behind, by however much, and people who accept the loss or do not (reliability.md R14, I10). */
class LaggingReplicaTest {
  private static final int SEEDS = 5_000;
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Duration RPO = ofMinutes(1);

  /** What people say to a loss. */
  enum Policy {
    NOBODY_ANSWERS,
    DECLINED,
    ACCEPTED_FOR_ANOTHER_DATASET,
    ACCEPTED_BY_NAME,
    CONSENTED_WHEN_ASKED;

    boolean accepts() {
      return this == ACCEPTED_BY_NAME || this == CONSENTED_WHEN_ASKED;
    }

    void answer(DrRun run) {
      for (ApprovalRequest request : run.approvals()) {
        if (this == DECLINED) {
          run.decline(request, Instruction.by("bob"));
        } else if (this == CONSENTED_WHEN_ASKED) {
          run.approve(request, Instruction.by("bob"));
        }
      }
    }
  }

  private static final List<Policy> POLICIES = List.of(Policy.values());
  private static final List<DrStrategy> STRATEGIES = List.of(DrStrategy.values());

  private static final List<Duration> LAGS = List.of(
      Duration.ZERO,
      ofNanos(1),
      ofSeconds(10),
      RPO.minusNanos(1),
      RPO,
      RPO.plusNanos(1),
      ofHours(1),
      ofDays(10_000));

  /** Empty for a lag that nobody can tell. */
  static Stream<Arguments> combinations() {
    return Stream.concat(LAGS.stream().map(Optional::of), Stream.of(Optional.<Duration>empty()))
        .flatMap(lag -> Stream.of(Policy.values()).map(policy -> Arguments.of(lag, policy)));
  }

  private final VirtualTime time = VirtualTime.create();
  private final Instant disruption = time.now();
  private final Set<String> promotions = new HashSet<>();

  @ParameterizedTest
  @MethodSource("combinations")
  void nothingIsPromotedThatLosesMoreThanWasAccepted(Optional<Duration> lag, Policy policy)
      throws InterruptedException {
    time.advance(ofSeconds(30));
    DrEngine engine = engine(time, Journal.inMemory());
    Declaration declaration = Declaration.of("on-call").since(disruption).lost(EAST);
    DrRun run = engine.failover(
        plan(lag),
        switch (policy) {
          case ACCEPTED_BY_NAME -> declaration.acceptLoss("orders-db");
          case ACCEPTED_FOR_ANOTHER_DATASET -> declaration.acceptLoss("receipts");
          default -> declaration;
        });
    time.advance(ofSeconds(20));
    policy.answer(run);
    RunReport report = run.await();

    boolean within = lag.filter(behind -> behind.compareTo(RPO) <= 0).isPresent();
    boolean promoted = promotions.contains("orders-db");
    assertThat(promoted).isEqualTo(within || policy.accepts());
    assertThat(report.outcome()).isEqualTo(promoted ? Outcome.COMPLETED : Outcome.FAILED);
    if (promoted) {
      assertThat(report.losses())
          .hasSize(2)
          .first()
          .matches(loss -> loss.length().isPresent() == lag.isPresent());
      lag.ifPresent(behind ->
          assertThat(report.losses().get(0).length().orElseThrow()).isGreaterThanOrEqualTo(behind));
    }
  }

  private static DrEngine engine(VirtualTime time, Journal journal) {
    return DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
  }

  private DrPlan plan(Optional<Duration> lag) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(15)).rpo(RPO))
        .unfenced("the test is about the copy")
        .replicator(new Dataset("orders-db", lag))
        .replicator(new Dataset("receipts", Optional.of(Duration.ZERO)))
        .promoteReplicas();
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  /** A copy that holds what was written until so long before the disruption. */
  private final class Dataset implements Replicator {
    private final String name;
    private final RecoveryPoint point;

    Dataset(String name, Optional<Duration> lag) {
      this.name = name;
      this.point = lag.map(
              behind -> RecoveryPoint.completeUntil(name, disruption.minus(behind), "its lag"))
          .orElseGet(() -> RecoveryPoint.unknown(name, "the monitoring is down"));
    }

    @Override
    public String dataset() {
      return name;
    }

    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return FailoverAction.check(name + " is copied", context -> Progress.reached());
    }

    @Override
    public FailoverAction promoted() {
      return new FailoverAction() {
        @Override
        public String describe() {
          return name + " is promoted";
        }

        @Override
        public Repeatability repeatability() {
          return Repeatability.idempotent();
        }

        @Override
        public Progress observe(ActionContext context) {
          return promotions.contains(name)
              ? Progress.reached()
              : Progress.pending("read-only", Evidence.of(point));
        }

        @Override
        public void apply(ActionContext context) {
          promotions.add(name);
        }
      };
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      throw new UnsupportedOperationException("no run asks for it");
    }
  }

  @Test
  @Tag("proof")
  void noGameDayLosesMoreThanWasAcceptedOrReportsLessThanItLost() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger promotions = new AtomicInteger();
    Seeds.each(SEEDS, seed -> gameDay(seed, refused, promotions));

    assertThat(refused.get()).isGreaterThan(Seeds.many(SEEDS) / 10);
    assertThat(promotions.get()).isGreaterThan(Seeds.many(SEEDS) / 2);
  }

  private static void gameDay(long seed, AtomicInteger refused, AtomicInteger promotions)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Policy policy = POLICIES.get(random.nextInt(POLICIES.size()));
    DrStrategy strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
    FakeCloud cloud = FakeCloud.builder().seed(seed).build();
    VirtualTime time = cloud.time();
    FakeApplication orders = FakeApplication.orders(cloud, strategy);
    try (DrEngine engine = engine(time, Journal.inMemory())) {
      engine.prepare(orders.plan(), "test").await();
      time.advance(ofSeconds(random.nextInt(7_200)));
      if (strategy != DrStrategy.BACKUP_AND_RESTORE) {
        Duration rpo = orders.plan().objective().rpo();
        orders
            .datasets()
            .get(random.nextInt(2))
            .asynchronous(ofSeconds(random.nextLong(rpo.toSeconds() * 3 + 1)));
      }
      time.advance(ofSeconds(random.nextInt(600)));
      cloud.strike(Disaster.loss(orders.primary()));
      time.advance(ofSeconds(1L + random.nextInt(120)));
      Declaration declaration = orders.declaration("on-call");
      DrRun run = engine.failover(
          orders.plan(),
          policy == Policy.ACCEPTED_BY_NAME
              ? declaration.acceptLoss("orders-db", "receipts")
              : declaration);
      for (int look = 0; look < 10; look++) {
        time.advance(ofSeconds(10));
        policy.answer(run);
      }
      RunReport report = run.await();
      assertThat(Invariants.broken(orders, List.of(report))).isEmpty();
      for (RunReport.DataLoss loss : report.losses()) {
        boolean reached = report.step("promote " + loss.dataset()).status() == StepStatus.REACHED;
        promotions.addAndGet(reached ? 1 : 0);
        refused.addAndGet(reached ? 0 : 1);
      }
      for (FakeDataset dataset : orders.datasets()) {
        for (CloudTruth.Loss loss : cloud.truth().losses(dataset.name())) {
          assertThat(policy.accepts()
                  || loss.length().compareTo(orders.plan().objective().rpo()) <= 0)
              .as("%s, %s loses %s", policy, strategy, loss)
              .isTrue();
        }
      }
    }
  }
}
