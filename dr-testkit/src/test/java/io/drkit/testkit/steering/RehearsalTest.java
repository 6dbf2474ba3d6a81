package io.drkit.testkit.steering;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.CommitWindow;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moves that are tried out beside production, and what is left of them. */
class RehearsalTest {
  private static final Instruction ANN = Instruction.by("ann").because("the region is burning");

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

  private DrPlan plan() {
    return plan("");
  }

  private DrPlan plan(String prefix) {
    return Orders.plan(
        DrStrategy.WARM_STANDBY,
        plan -> plan.fence("writers stop", lamps.lamp("plain fence", ofSeconds(1)))
            .provision("db", lamps.lamp(prefix + "db", ofSeconds(20)))
            .provision("web", lamps.lamp(prefix + "web", ofSeconds(5)), step -> step.after("db"))
            .redirect("traffic", lamps.lamp("plain traffic", ofSeconds(5)))
            .commitWindow(new CommitWindow(ofHours(1), CommitWindow.AtLimit.NONE)));
  }

  private RunReport last() {
    List<RunReport> reports = engine.reports("orders");
    return reports.get(reports.size() - 1);
  }

  @Test
  void whatHasAVariantIsTriedAndCleanedUpAndTheRestIsTold() throws Exception {
    RunReport report = engine.rehearse(plan(), "ann").await();

    assertThat(report.mode()).isEqualTo(RunMode.REHEARSE);
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.step("rehearse db").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.step("rehearse web").status()).isEqualTo(StepStatus.REACHED);
    assertThat(report.step("rehearse traffic").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(report.problems())
        .contains(
            "step 'rehearse traffic' was skipped by the plan: 'traffic' has no isolated variant,"
                + " so this says nothing about it; give its action a rehearsal()")
        .noneMatch(problem -> problem.contains("failed"));
    assertThat(report.rolledBackBy()).contains(last().run());
    assertThat(last().mode()).isEqualTo(RunMode.CLEAN_UP);
    assertThat(last().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.lit()).isEmpty();
    assertThat(lamps.pressed())
        .containsExactlyInAnyOrder("trial db", "trial web", "off trial db", "off trial web");
  }

  @Test
  void aRehearsalThatWouldTryNothingIsRefused() {
    assertThatThrownBy(() -> engine.rehearse(plan("plain "), "ann"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("none of its steps has an isolated variant");
    assertThat(engine.reports("orders")).isEmpty();
  }

  @Test
  void aRehearsalThatFailsIsCleanedUpToo() throws Exception {
    lamps.breakButton("trial web");
    RunReport report = engine.rehearse(plan(), "ann").await();

    assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.rolledBackBy()).isPresent();
    assertThat(lamps.lit()).isEmpty();
    assertThat(lamps.pressed()).contains("off trial db");
  }

  @Test
  void aRehearsalWhoseProcessDiesGoesOnAndIsCleanedUp() throws Exception {
    engine.rehearse(plan(), "ann");
    time.advance(ofSeconds(10));
    engine.close();

    RunReport report = engine().resume(plan(), "bob", List.of()).await();

    assertThat(report.mode()).isEqualTo(RunMode.REHEARSE);
    assertThat(report.rolledBackBy()).isPresent();
    assertThat(lamps.lit()).isEmpty();
  }

  @Test
  void aDisasterDoesNotWaitForACleanUpWhichIsMadeUpForLater() throws Exception {
    DrRun rehearsal = engine.rehearse(plan(), "ann");
    time.advance(ofSeconds(30));
    rehearsal.cancel(ANN);
    for (int i = 0; i < 100 && last().mode() != RunMode.CLEAN_UP; i++) {
      time.advance(ofMillis(500));
    }
    engine.close();
    DrEngine next = engine();
    DrRun failover = next.failover(plan(), Declaration.of("ann"));
    time.advance(ofMinutes(5));
    failover.commit(ANN);
    assertThat(failover.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThatThrownBy(() -> next.rehearse(plan(), "ann"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("was not cleaned up; call cleanUp first");

    RunReport cleaned = next.cleanUp(plan(), "ann").await();

    assertThat(cleaned.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(lamps.lit()).noneMatch(name -> name.startsWith("trial"));
    assertThat(lamps.lit()).contains("db", "web", "plain traffic");
    assertThatThrownBy(() -> next.cleanUp(plan(), "ann"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no rehearsal left anything behind");
  }

  @Test
  void aRehearsalMovesNothingAndCannotBeCommitted() throws Exception {
    DrRun rehearsal = engine.rehearse(plan(), "ann");
    assertThatThrownBy(() -> rehearsal.commit(ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has no commit window");
    assertThatThrownBy(() -> rehearsal.rollback(ANN))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is a REHEARSE, which moves nothing");
    rehearsal.await();

    DrRun failover =
        engine.failover(plan(), Declaration.of("ann").expectingActive(Site.region("us-east-1")));
    assertThatThrownBy(() -> {
          failover.cancel(ANN);
          failover.await();
          engine.rehearse(plan(), "ann");
        })
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is a failover that is not finished");
  }
}
