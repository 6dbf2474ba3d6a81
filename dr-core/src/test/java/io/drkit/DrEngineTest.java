package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DrEngineTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final Switches world = new Switches();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine(RunListener... listeners) {
    DrEngineBuilder builder = DrEngine.builder()
        .journal(journal)
        .leases(leases)
        .requestTimeLimit(Duration.ofSeconds(5))
        .owner("test");
    for (RunListener listener : listeners) {
      builder.listener(listener);
    }
    return builder.build();
  }

  private DrPlan plan(UnaryOperator<DrPlanBuilder> more) {
    return more.apply(DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(5)))
            .replicator(world.replicator("orders-db", Instant.now().minusSeconds(30)))
            .fence("stop the writers", world.action("fenced"))
            .promoteReplicas()
            .provision("launch web tier", world.action("web"))
            .redirect("shift traffic", world.action("traffic")))
        .build();
  }

  @Test
  void aFailoverReachesEveryStateAfterWhatItWaitsFor() throws Exception {
    RunReport report = engine.failover(plan(p -> p), Declaration.of("on-call")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.objectiveMet()).isTrue();
    assertThat(world.effects())
        .containsExactlyInAnyOrder("fenced", "promoted orders-db", "web", "traffic");
    assertThat(world.effects().indexOf("fenced"))
        .isLessThan(world.effects().indexOf("promoted orders-db"));
    assertThat(world.effects()).endsWith("traffic");
  }

  @Test
  void theLossIsMeasuredFromThePointThatTheIntentWroteDown() throws Exception {
    RunReport report = engine.failover(plan(p -> p), Declaration.of("on-call")).await();

    assertThat(report.losses()).hasSize(1);
    assertThat(report.losses().get(0).length().orElseThrow())
        .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(60));
  }

  @Test
  void aPreparationReachesThePreparedStatesOnly() throws Exception {
    RunReport report = engine
        .prepare(plan(p -> p.prepare("image is there", world.action("image"))), "deploy")
        .await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(world.effects()).containsExactlyInAnyOrder("copies of orders-db", "image");
  }

  @Test
  void anUnsafeRequestWithoutAnAnswerIsInDoubtAndNeverRepeated() throws Exception {
    FailoverAction page = FailoverAction.once("page the bank", 1, context -> {
      world.turnOn("paged");
      throw new IllegalStateException("connection reset");
    });
    DrPlan plan = plan(p -> p.provision("page the bank", page));

    RunReport report = engine.failover(plan, Declaration.of("on-call")).await();
    RunReport resumed = engine.resume(plan, "on-call", List.of()).await();

    assertThat(report.outcome()).isEqualTo(Outcome.IN_DOUBT);
    assertThat(resumed.outcome()).isEqualTo(Outcome.IN_DOUBT);
    assertThat(world.effects()).containsOnlyOnce("paged");
    assertThat(resumed.problems()).first().asString().contains("step 'page the bank' is in doubt");
  }

  @Test
  void aFenceOfALostSiteIsOwedAndTheRunGoesOnExposed() throws Exception {
    FailoverAction fence = FailoverAction.check(
        "writers are stopped",
        context -> context.call(Need.control("autoscaling", EAST), Progress::reached));
    DrPlan plan = plan(p -> p.fence("stop the fleet", fence));

    RunReport report =
        engine.failover(plan, Declaration.of("on-call").lost(EAST)).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.objectiveMet()).isTrue();
    assertThat(report.step("stop the fleet").status()).isEqualTo(StepStatus.OWED);
    assertThat(report.exposed()).hasSize(2);
    assertThat(report.exposed().get(0)).contains("'stop the fleet' is owed").contains("us-east-1");
    assertThat(report.exposed().get(1)).startsWith("no copies of [orders-db] flow");
  }

  @Test
  void aRequiredStepThatFailsLeavesTheOthersDoneAndTheRunResumable() throws Exception {
    CountDownLatch repaired = new CountDownLatch(1);
    FailoverAction dns = FailoverAction.check(
        "dns can be changed",
        context -> repaired.getCount() == 0
            ? Progress.reached()
            : Progress.blocked("Route 53 does not answer; wait and resume"));
    DrPlan plan = plan(p -> p.redirect("change dns", dns));

    RunReport failed = engine.failover(plan, Declaration.of("on-call")).await();
    repaired.countDown();
    RunReport resumed = engine.resume(plan, "on-call", List.of()).await();

    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.problems())
        .containsExactly("step 'change dns' failed: Route 53 does not answer; wait and resume");
    assertThat(failed.step("launch web tier").status()).isEqualTo(StepStatus.REACHED);
    assertThat(resumed.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(resumed.run()).isEqualTo(failed.run());
    assertThat(world.effects()).doesNotHaveDuplicates();
  }

  @Test
  void aRunThatIsGoingOnRefusesASecondRunner() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    DrPlan plan =
        plan(p -> p.provision("wait", world.action("waited", Repeatability.idempotent(), () -> {
          go.await();
          return null;
        })));
    DrRun run = engine.failover(plan, Declaration.of("on-call"));

    assertThatThrownBy(() -> engine().resume(plan, "other", List.of()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("plan 'orders': it is being run by test");
    go.countDown();
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aClosedEngineLeavesTheRunToBeResumed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    DrPlan plan =
        plan(p -> p.provision("hang", world.action("hung", Repeatability.idempotent(), () -> {
          asked.countDown();
          new CountDownLatch(1).await();
          return null;
        })));
    DrRun run = engine.failover(plan, Declaration.of("on-call"));
    asked.await();
    engine.close();

    assertThatThrownBy(run::await)
        .isInstanceOf(DrException.class)
        .hasMessageContaining("resume run " + run.id());
    RunReport resumed = engine().resume(plan, "on-call", List.of()).await();
    assertThat(resumed.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(world.effects()).containsOnlyOnce("hung");
  }

  @Test
  void explainLooksAndChangesNothing() throws Exception {
    world.turnOn("web");
    Explanation explanation = engine.explain(plan(p -> p), Declaration.of("on-call"));

    assertThat(explanation.steps())
        .extracting(step -> step.name() + " " + step.change())
        .containsExactly(
            "stop the writers APPLY",
            "promote orders-db APPLY",
            "launch web tier NONE",
            "shift traffic APPLY");
    assertThat(world.effects()).containsExactly("web");
    assertThat(journal.read("orders").records()).isEmpty();
  }

  @Test
  void aPlanThatChangedIsNotResumed() throws Exception {
    FailoverAction blocked = FailoverAction.check("never", context -> Progress.blocked("no"));
    engine
        .failover(plan(p -> p.verify("look", blocked)), Declaration.of("on-call"))
        .await();

    assertThatThrownBy(() -> engine.resume(plan(p -> p), "on-call", List.of()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("was started with another plan")
        .hasMessageContaining("step 'look' is gone");
  }

  @Test
  void aWorkloadThatWasMovedIsNotFailedOverToWhatItLeft() throws Exception {
    engine.failover(plan(p -> p), Declaration.of("on-call")).await();

    assertThatThrownBy(() -> engine.failover(plan(p -> p), Declaration.of("on-call")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("what us-east-1 holds of [orders-db] is from before");
  }

  @Test
  void aWorkloadThatWasMovedIsPreparedTheOtherWay() throws Exception {
    engine.failover(plan(p -> p), Declaration.of("on-call")).await();

    RunReport prepared = engine.prepare(plan(p -> p), "deploy").await();

    assertThat(prepared.direction()).isEqualTo(new Direction(WEST, EAST));
    assertThat(prepared.steps().stream().map(RunReport.StepReport::name))
        .containsExactly("hold stop the writers", "retire orders-db", "replicate orders-db");
    assertThat(prepared.step("retire orders-db").status())
        .as("nobody else's data is overwritten by default")
        .isEqualTo(StepStatus.FAILED);
    assertThat(prepared.problems().get(0)).contains("rename or copy it by hand");
    assertThat(engine.reports("orders").get(0).exposed()).hasSize(1);
  }

  @Test
  void aPreparationNamesASiteOfThePlan() {
    assertThatThrownBy(() -> engine.prepare(plan(p -> p), "deploy", Site.region("eu-west-1")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("cannot prepare eu-west-1 to take over from us-east-1");
    assertThatThrownBy(() -> engine.prepare(plan(p -> p), "deploy", EAST))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aFailbackNeedsASiteThatWasLeft() throws Exception {
    assertThatThrownBy(() -> engine.failback(plan(p -> p), Declaration.of("ann")))
        .hasMessageContaining("there is no way back");
    engine.failover(plan(p -> p), Declaration.of("on-call")).await();
    assertThatThrownBy(
            () -> engine.failback(plan(p -> p), Declaration.of("ann").expectingActive(EAST)))
        .hasMessageContaining("runs in us-west-2, not in us-east-1");
    assertThatThrownBy(() -> engine.failback(plan(p -> p), Declaration.of("ann").lost(EAST)))
        .hasMessageContaining("a planned move loses nothing");
    Instant tomorrow = Instant.now().plusSeconds(86_400);
    assertThatThrownBy(() -> engine.failback(plan(p -> p), Declaration.of("ann").since(tomorrow)))
        .hasMessageContaining("since (" + tomorrow + ") is in the future");
  }

  @Test
  void declarationsThatDoNotFitAreRefusedAndNothingIsJournaled() {
    Instant soon = Instant.now().plusSeconds(600);
    assertThatThrownBy(() -> engine.failover(plan(p -> p), Declaration.of("x").since(soon)))
        .hasMessageContaining("since (" + soon + ") is in the future");
    assertThatThrownBy(() -> engine.failover(plan(p -> p), Declaration.of("x").stopped(soon)))
        .hasMessageContaining("stopped (" + soon + ") is in the future");
    assertThatThrownBy(() -> engine.failover(
            plan(p -> p), Declaration.of("x").stopped(Instant.now().minusSeconds(60))))
        .hasMessageContaining("which is not among the sites that are declared lost: []");
    assertThatThrownBy(() -> engine.failover(plan(p -> p), Declaration.of("x").lost(WEST)))
        .hasMessageContaining("there is nowhere to go");
    assertThatThrownBy(
            () -> engine.failover(plan(p -> p), Declaration.of("x").lost(Site.region("eu-west-1"))))
        .hasMessageContaining("the plan has only [us-east-1, us-west-2]");
    assertThat(journal.read("orders").records()).isEmpty();
  }

  @Test
  void aReportIsBuiltFromTheJournalAlone() throws Exception {
    RunReport report = engine.failover(plan(p -> p), Declaration.of("on-call")).await();

    assertThat(engine().reports("orders")).containsExactly(report);
  }

  @Test
  void aListenerThatThrowsHarmsNobody() throws Exception {
    DrEngine listened = engine(new RunListener() {
      @Override
      public void onEvent(String plan, RunRecord event) {
        throw new IllegalStateException("the listener is broken");
      }
    });

    assertThat(
            listened.failover(plan(p -> p), Declaration.of("on-call")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aPreparationWhoseProcessDiedDoesNotStandInTheWayOfAFailover() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    DrPlan plan =
        plan(p -> p.prepare("hang", world.action("hung", Repeatability.idempotent(), () -> {
          asked.countDown();
          new CountDownLatch(1).await();
          return null;
        })));
    DrRun preparation = engine.prepare(plan, "deploy");
    asked.await();
    engine.close();

    assertThat(engine().failover(plan, Declaration.of("on-call")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
    RunReport first = engine().reports("orders").get(0);
    assertThat(first.run()).isEqualTo(preparation.id());
    assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aFailoverThatFailedIsResumedOrMendedButNotStartedAnew() throws Exception {
    FailoverAction blocked =
        FailoverAction.check("never", context -> Progress.blocked("wrong zone name"));
    DrPlan broken = plan(p -> p.verify("look", blocked));
    RunReport failed = engine.failover(broken, Declaration.of("on-call")).await();

    assertThatThrownBy(() -> engine.failover(broken, Declaration.of("on-call")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("run " + failed.run())
        .hasMessageContaining("is not finished (FAILED); resume it");
    assertThatThrownBy(() -> engine.prepare(broken, "deploy"))
        .hasMessageContaining("must not flow into what it promoted");

    RunReport mended = engine.failover(plan(p -> p), Declaration.of("on-call")).await();
    assertThat(mended.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(mended.losses().get(0).recoveryPoint())
        .as("the point that the first run promoted")
        .isEqualTo(failed.losses().get(0).recoveryPoint());
    assertThat(mended.direction()).isEqualTo(failed.direction());
  }

  @Test
  void aMendedPlanDoesNotRepeatWhatMustNotBeRepeated() throws Exception {
    FailoverAction page = FailoverAction.once("page the bank", 1, context -> world.turnOn("paged"));
    FailoverAction blocked =
        FailoverAction.check("never", context -> Progress.blocked("wrong zone name"));
    engine
        .failover(plan(p -> p.provision("page", page).verify("look", blocked)), Declaration.of("x"))
        .await();

    assertThatThrownBy(
            () -> engine.failover(plan(p -> p.provision("page", page)), Declaration.of("x")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("step 'page' was asked for in run")
        .hasMessageContaining("raise its version");
    assertThat(world.effects()).containsOnlyOnce("paged");
  }

  @Test
  void aMendedPlanDoesNotPromoteASecondSite() throws Exception {
    Site europe = Site.region("eu-west-1");
    FailoverAction blocked = FailoverAction.check("never", context -> Progress.blocked("no"));
    engine
        .failover(plan(p -> p.recovery(europe).verify("look", blocked)), Declaration.of("x"))
        .await();

    assertThatThrownBy(() ->
            engine.failover(plan(p -> p.recovery(europe)), Declaration.of("x").lost(WEST)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("may have promoted 'orders-db' in us-west-2");
  }

  @Test
  void aListenerThatFailsWithAnErrorHarmsNobody() throws Exception {
    DrEngine listened = engine(new RunListener() {
      @Override
      public void onEvent(String plan, RunRecord event) {
        throw new AssertionError("the listener is broken");
      }
    });

    assertThat(listened.failover(plan(p -> p), Declaration.of("x")).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void requestsThatOutlastALeaseAreRefusedWhenTheEngineIsBuilt() {
    DrEngineBuilder builder = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(
            LeaseStore.over(LeaseTable.inMemory(), TimeSource.system(), Duration.ofSeconds(60)));

    assertThatThrownBy(builder.requestTimeLimit(Duration.ofMillis(14_001))::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a requestTimeLimit of PT14.001S is too long for leases of PT1M: a request must end before its"
                + " runner's lease does; take at most PT14S, or longer leases");
    assertThat(builder.requestTimeLimit(Duration.ofSeconds(14)).build()).isNotNull();
  }
}
