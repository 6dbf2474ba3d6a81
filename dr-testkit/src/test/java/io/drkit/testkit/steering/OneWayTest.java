package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.CommitWindow;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Runs with steps that cannot be taken back, and what becomes of their way back. */
class OneWayTest {
  private static final Instruction ANN = Instruction.by("ann").because("orders are wrong");

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

  private DrPlan plan(UnaryOperator<DrPlanBuilder> steps) {
    return Orders.plan(
        DrStrategy.WARM_STANDBY,
        plan -> steps.apply(plan.fence("writers stop", lamps.lamp("fence", ofSeconds(30)))));
  }

  /** A move with a step after the fence that cannot be taken back. */
  private DrPlan migrating() {
    return plan(p -> p.provision(
            "migrate", lamps.oneWay("migrated", ofSeconds(20)), step -> step.after("writers stop"))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(60))));
  }

  private void advanceUntilPressed(String lamp) {
    for (int i = 0; i < 1000 && !lamps.pressed().contains(lamp); i++) {
      time.advance(ofSeconds(1));
    }
    assertThat(lamps.pressed()).contains(lamp);
  }

  @Test
  void whatMayHaveGoneOneWayIsNotRolledBack() throws Exception {
    DrRun run = engine.failover(migrating(), Declaration.of("ann"));
    advanceUntilPressed("migrated");

    assertThatThrownBy(() -> run.rollback(ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith("asked for step 'migrate', which may have taken effect and cannot be"
            + " taken back; resume it");
    run.cancel(ANN);
    RunReport cancelled = run.await();
    assertThatThrownBy(() -> engine.rollback(migrating(), ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("asked for step 'migrate'");

    assertThat(cancelled.rolledBackBy()).isEmpty();
    assertThat(engine.resume(migrating(), "ann", List.of()).await().outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aRunThatHasNotGoneOneWayYetIsRolledBack() throws Exception {
    DrRun run = engine.failover(migrating(), Declaration.of("ann"));
    time.advance(ofSeconds(20));
    run.rollback(ANN);

    assertThat(run.await().rolledBackBy()).isPresent();
    assertThat(lamps.pressed()).containsExactly("fence");
  }

  @Test
  void whatWasThereBeforeTheRunIsInNobodysWay() throws Exception {
    lamps.light("migrated");
    DrRun run = engine.failover(migrating(), Declaration.of("ann"));
    advanceUntilPressed("traffic");
    run.rollback(ANN);

    assertThat(run.await().rolledBackBy()).isPresent();
    assertThat(lamps.lit()).containsExactly("migrated");
  }

  @Test
  void aPlannedMoveThatWentOneWayIsNotTakenBackByItself() throws Exception {
    lamps.breakButton("traffic");
    RunReport failed = engine.switchover(migrating(), Declaration.of("ann")).await();

    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failed.rolledBackBy()).isEmpty();
    assertThat(lamps.lit()).contains("fence");
  }

  @Test
  void aOneWayStepOfAFailbacksPreparationIsNoPartOfItsMove() throws Exception {
    DrPlan plan = plan(p -> p.prepare("old copies are gone", lamps.oneWay("gone", ofSeconds(1)))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(60)))
        .commitWindow(new CommitWindow(ofHours(1), CommitWindow.AtLimit.ROLLBACK)));
    DrRun there = engine.failover(plan, Declaration.of("ann"));
    time.advance(ofMinutes(5));
    there.commit(ANN);
    there.await();
    lamps.dim("fence");
    lamps.dim("traffic");
    DrRun home = engine.failback(plan, Declaration.of("ann"));
    time.advance(ofMinutes(1));
    assertThat(lamps.pressed()).contains("gone");
    home.rollback(ANN);

    assertThat(home.await().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aPromiseOfAWayBackThatIsNotKeptIsTold() throws Exception {
    DrPlan plan = plan(p -> p.provision("caches", lamps.broken("caches", ofSeconds(1)))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(60))));
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    advanceUntilPressed("caches");
    run.rollback(ANN);
    run.await();

    RunReport back = engine.reports("orders").get(1);
    assertThat(back.mode()).isEqualTo(RunMode.ROLLBACK);
    assertThat(back.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(back.step("undo caches").detail())
        .isEqualTo(
            "'caches' is called REVERSIBLE, but its action gave no undo for what was journaled;"
                + " take it back by hand, and mend its undo(...)");
  }

  @Test
  void aNamedRiskIsExposedUntilTheFencesAreProven() throws Exception {
    DrPlan plan = plan(p -> p.provision(
            "migrate",
            lamps.oneWay("migrated", ofSeconds(1)),
            step -> step.because("it adds columns only"))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(1))));
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    advanceUntilPressed("migrated");

    assertThat(run.report().exposed())
        .containsExactly(
            "step 'migrate' cannot be taken back and was asked for before every fence was"
                + " proven: it adds columns only");
    assertThat(run.await().exposed()).isEmpty();
    assertThat(engine
            .explain(plan, Declaration.of("ann").expectingActive(Site.region("us-west-2")))
            .steps())
        .filteredOn(step -> step.reversibility() == Reversibility.ONE_WAY)
        .singleElement()
        .satisfies(step -> assertThat(step.because()).contains("it adds columns only"));
  }

  @Test
  void freeStepsStartWhileTheFenceIsStillBeingProven() throws Exception {
    DrPlan plan = plan(p -> p.replicator(lamps.dataset("db", Duration.ZERO))
        .promoteReplicas()
        .provision("web", lamps.lamp("web", ofSeconds(1)))
        .redirect("traffic", lamps.lamp("traffic", ofSeconds(1))));
    engine.failover(plan, Declaration.of("ann").acceptLoss("db")).await();

    assertThat(lamps.pressed().indexOf("web")).isLessThan(lamps.pressed().indexOf("promoted db"));
    assertThat(lamps.lit()).contains("traffic");
  }
}
