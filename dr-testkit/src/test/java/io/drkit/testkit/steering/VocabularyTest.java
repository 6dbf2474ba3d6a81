package io.drkit.testkit.steering;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Outcome;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.StepReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** States that are wanted under a condition, and time that has to pass. */
class VocabularyTest {
  private final VirtualTime time = VirtualTime.create();
  private final Lamps lamps = new Lamps(time);
  private final Journal journal = Journal.inMemory();
  private final DrEngine engine = engine();

  private DrEngine engine() {
    return DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
  }

  private static DrPlan plan(UnaryOperator<DrPlanBuilder> steps) {
    return Orders.plan(DrStrategy.PILOT_LIGHT, steps);
  }

  @Test
  void aStateIsWantedOnlyWhenItsConditionHolds() throws Exception {
    DrPlan plan = plan(p -> p.provision(
            "cold caches",
            FailoverAction.when(
                "the move is unplanned",
                context -> context.mode() == RunMode.FAILOVER,
                lamps.lamp("caches", ofSeconds(5))))
        .provision(
            "quick caches",
            FailoverAction.when(
                "the move is planned",
                context -> context.mode().planned(),
                lamps.lamp("quick", ofSeconds(5))))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(5))));
    RunReport report = engine.failover(plan, Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.pressed()).containsExactly("caches", "traffic");
    StepReport quick = report.step("quick caches");
    assertThat(quick.status()).isEqualTo(StepStatus.REACHED);
    assertThat(quick.requests()).isZero();
    assertThat(quick.evidence().toString()).contains("the move is planned");
    assertThat(quick.wanted()).startsWith("when the move is planned: ");
  }

  @Test
  void whatWasAskedForIsSeenThrough() throws Exception {
    AtomicBoolean wanted = new AtomicBoolean(true);
    DrPlan plan = plan(p -> p.provision(
        "web",
        FailoverAction.when(
            "it is wanted", context -> wanted.get(), lamps.lamp("web", ofSeconds(30)))));
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofSeconds(5));
    wanted.set(false);
    time.advance(ofSeconds(5));
    assertThat(run.report().step("web").status()).isEqualTo(StepStatus.RUNNING);

    run.await();

    assertThat(lamps.lit()).containsExactly("web");
  }

  private DrPlan waiting() {
    return plan(p -> p.redirect("traffic", lamps.lamp("traffic", ofSeconds(1)))
        .verify(
            "resolvers have forgotten",
            FailoverAction.elapsed("the records' time to live", ofMinutes(5))));
  }

  @Test
  void timePasses() throws Exception {
    RunReport report = engine.failover(waiting(), Declaration.of("ann")).await();

    StepReport wait = report.step("resolvers have forgotten");
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Duration.between(wait.startedAt().orElseThrow(), wait.endedAt().orElseThrow()))
        .isBetween(ofMinutes(5), ofMinutes(5).plusSeconds(15));
  }

  @Test
  void whoTakesOverWaitsForTheRestOnly() throws Exception {
    engine.failover(waiting(), Declaration.of("ann"));
    time.advance(ofMinutes(3));
    engine.close();
    time.advance(ofMinutes(1));

    RunReport report = engine().resume(waiting(), "bob", List.of()).await();

    StepReport wait = report.step("resolvers have forgotten");
    assertThat(wait.requests()).isEqualTo(1);
    assertThat(Duration.between(wait.startedAt().orElseThrow(), wait.endedAt().orElseThrow()))
        .isBetween(ofMinutes(5), ofMinutes(5).plusSeconds(30));
  }

  @Test
  void aWaitWithoutLengthIsRefused() {
    assertThatThrownBy(() -> FailoverAction.elapsed("nothing", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a wait must be positive: PT0S");
  }

  private DrPlan grouped(double share) {
    return plan(p -> p.provision("web-1", lamps.lamp("web-1", ofSeconds(5)))
        .provision("web-2", lamps.lamp("web-2", ofSeconds(5)))
        .provision("web-3", lamps.lamp("web-3", ofSeconds(5)))
        .group("web tier", share, "web-1", "web-2", "web-3")
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(5))));
  }

  @Test
  void aShareOfAGroupIsEnough() throws Exception {
    lamps.breakButton("web-2");
    RunReport report = engine.failover(grouped(0.6), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.objectiveMet()).isTrue();
    assertThat(report.step("web tier").evidence().toString()).contains("2 of 3");
    assertThat(lamps.lit()).contains("traffic");
  }

  @Test
  void tooFewOfAGroupAreNot() throws Exception {
    lamps.breakButton("web-2");
    RunReport report = engine.failover(grouped(0.7), Declaration.of("ann")).await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.step("web tier").detail())
        .isEqualTo("only 2 of 3 were reached, and 3 are needed; missing: [web-2]");
    assertThat(lamps.lit()).doesNotContain("traffic");

    lamps.repair("web-2");
    assertThat(engine.resume(grouped(0.7), "ann", List.of()).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aGroupThatCannotBeIsRefused() {
    assertThatThrownBy(() -> grouped(0))
        .hasMessage("plan 'orders': group 'web tier': share must be above 0 and up to 1: 0.0");
    assertThatThrownBy(() -> grouped(Double.NaN)).hasMessageContaining("share must be above 0");
    assertThatThrownBy(() -> plan(p -> p.group("web tier", 1, "web-1")))
        .hasMessageContaining("name each of its steps once, after adding it");
    assertThatThrownBy(() -> plan(p -> p.provision("web", lamps.lamp("web", ofSeconds(5)))
            .redirect("traffic", lamps.lamp("traffic", ofSeconds(5)))
            .group("all", 1, "web", "traffic")))
        .hasMessageContaining("a group is of one stage");
    assertThatThrownBy(() -> plan(p -> p.fence("stop", lamps.lamp("stop", ofSeconds(5)))
            .replicator(lamps.dataset("db", ofSeconds(1)))
            .promoteReplicas()
            .group("fences", 1, "stop")))
        .hasMessageContaining("a fence that may fail fences nobody");
  }
}
