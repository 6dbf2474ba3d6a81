package io.drkit.internal;

import static io.drkit.internal.ScriptedRun.EAST;
import static io.drkit.internal.ScriptedRun.NOON;
import static io.drkit.internal.ScriptedRun.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.Declaration;
import io.drkit.DrPlanBuilder;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverFailedException;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.RunReport;
import io.drkit.RunReport.Phase;
import io.drkit.RunReport.Standing;
import io.drkit.Switches;
import io.drkit.spi.RunEvent.RunCancelled;
import io.drkit.spi.RunEvent.RunContinued;
import io.drkit.spi.RunEvent.RunPaused;
import io.drkit.spi.RunEvent.StepApproved;
import io.drkit.spi.RunEvent.StepSkipped;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {
  private static final Repeatability IDEMPOTENT = Repeatability.idempotent();

  private static DrPlanBuilder steps(DrPlanBuilder plan) {
    return plan.replicator(new Switches().replicator("orders-db", Instant.EPOCH))
        .fence("stop writers", wanted(IDEMPOTENT))
        .promoteReplicas()
        .provision("launch", wanted(IDEMPOTENT))
        .redirect("shift traffic", wanted(IDEMPOTENT))
        .verify("order can be placed", wanted(IDEMPOTENT));
  }

  private static Evidence point(Instant completeUntil) {
    return Evidence.of(RecoveryPoint.completeUntil("orders-db", completeUntil, "lag"));
  }

  /** Runs all steps; the fence takes a minute, the promotion two, the launch four from the start, the rest one each. */
  private static RunReport run(
      Declaration declaration, boolean fenceProven, Evidence before, Evidence after) {
    ScriptedRun run = ScriptedRun.of(declaration.acceptLoss("orders-db"), ReportBuilderTest::steps);
    run.calls();
    run.pass(Duration.ofMinutes(1));
    if (fenceProven) {
      run.observed("stop writers", Progress.reached());
    } else {
      run.failed(
          "stop writers", EndpointUnavailableException.declaredLost(Need.control("ec2", EAST)));
    }
    run.calls();
    run.observed("promote orders-db", Progress.pending("a replica", before));
    run.calls();
    run.applied("promote orders-db");
    run.pass(Duration.ofMinutes(2));
    run.calls();
    run.observed("promote orders-db", Progress.reached(after));
    run.pass(Duration.ofMinutes(1));
    run.observed("launch", Progress.reached());
    run.calls();
    run.pass(Duration.ofMinutes(1));
    run.observed("shift traffic", Progress.reached());
    run.calls();
    run.pass(Duration.ofMinutes(1));
    run.observed("order can be placed", Progress.reached(Evidence.none().serviceLevel(0.7)));
    run.calls();
    return run.report();
  }

  @Test
  void anOutageCountsFromTheDisruptionAndItsPhasesAddUp() {
    Declaration declaration =
        Declaration.of("on-call").since(NOON.minusSeconds(300)).detected(NOON.minusSeconds(60));
    RunReport report = run(declaration, true, point(NOON), Evidence.none());

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.rto().elapsed()).isEqualTo(Duration.ofMinutes(11));
    assertThat(report.rto().countedFromDeclaration()).isFalse();
    assertThat(report.rto().phases())
        .containsEntry(Phase.DETECT, Duration.ofMinutes(4))
        .containsEntry(Phase.DECIDE, Duration.ofMinutes(1))
        .containsEntry(Phase.FENCE, Duration.ofMinutes(1))
        .containsEntry(Phase.PROMOTE, Duration.ofMinutes(3))
        .containsEntry(Phase.PROVISION, Duration.ZERO)
        .containsEntry(Phase.REDIRECT, Duration.ofMinutes(1))
        .containsEntry(Phase.VERIFY, Duration.ofMinutes(1));
    assertThat(report.rto().phases().values().stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(report.rto().elapsed());
  }

  @Test
  void anOutageThatNobodyDatedCountsFromTheDeclarationAndSaysSo() {
    RunReport report = run(Declaration.of("on-call"), true, point(NOON), Evidence.none());

    assertThat(report.rto().countedFromDeclaration()).isTrue();
    assertThat(report.rto().elapsed()).isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  void thePointSeenAfterThePromotionCountsBeforeTheBound() {
    RunReport report = run(
        Declaration.of("x").lost(EAST),
        false,
        point(NOON.minusSeconds(30)),
        point(NOON.minusSeconds(10)));

    assertThat(report.rpo()).contains(Duration.ofSeconds(10));
  }

  @Test
  void withoutAPointSeenAfterwardsTheBoundOfTheIntentCounts() {
    RunReport report =
        run(Declaration.of("x").lost(EAST), false, point(NOON.minusSeconds(30)), Evidence.none());

    assertThat(report.rpo()).contains(Duration.ofSeconds(30));
    assertThat(report.rpoMet()).isTrue();
  }

  @Test
  void aLossThatNobodyCanTellMissesTheObjective() {
    Evidence unknown = Evidence.of(RecoveryPoint.unknown("orders-db", "lag cannot be read"));
    RunReport report = run(Declaration.of("x").lost(EAST), false, unknown, Evidence.none());

    assertThat(report.rpo()).isEmpty();
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem)
            .contains("the loss of 'orders-db' cannot be told (lag cannot be read)"));
  }

  @Test
  void aSourceThatIsNotLostWroteUntilItWasFenced() {
    RunReport report = run(
        Declaration.of("x").since(NOON.minusSeconds(600)),
        true,
        point(NOON.minusSeconds(5)),
        Evidence.none());

    assertThat(report.rpo())
        .as("a minute until the fence, and five seconds")
        .contains(Duration.ofSeconds(65));
  }

  @Test
  void aLostSiteThatWentOnForAWhileLostWhatItWroteUntilItStopped() {
    RunReport report = run(
        Declaration.of("x")
            .since(NOON.minusSeconds(600))
            .stopped(NOON.minusSeconds(120))
            .lost(EAST),
        false,
        point(NOON.minusSeconds(650)),
        Evidence.none());

    assertThat(report.losses().get(0).length()).contains(Duration.ofSeconds(530));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Declaration.of("x").stopped(NOON.minusSeconds(1)).since(NOON))
        .withMessageContaining("a service is disrupted no later than its site stops");
  }

  @Test
  void aCopyYoungerThanTheDisruptionShowsThatWritingWentOn() {
    RunReport report = run(
        Declaration.of("x").since(NOON.minusSeconds(600)).lost(EAST),
        false,
        point(NOON.minusSeconds(20)),
        Evidence.none());

    assertThat(report.rpo()).contains(Duration.ofSeconds(20));
  }

  @Test
  void aLossBeyondTheObjectiveIsToldByInstant() {
    RunReport report =
        run(Declaration.of("x").lost(EAST), false, point(NOON.minusSeconds(252)), Evidence.none());

    assertThat(report.rpoMet()).isFalse();
    assertThat(report.problems())
        .contains("the RPO of PT1M was missed: everything written to 'orders-db' after "
            + NOON.minusSeconds(252) + " is lost");
    assertThatThrownBy(report::orThrow)
        .isInstanceOf(FailoverFailedException.class)
        .hasMessageContaining("the RPO of PT1M was missed");
  }

  @Test
  void aServiceLevelBelowTheObjectiveMissesIt() {
    RunReport report =
        run(Declaration.of("x").lost(EAST), false, point(NOON.minusSeconds(1)), Evidence.none());

    assertThat(report.serviceLevel()).contains(0.7);
    assertThat(report.problems())
        .containsExactly("the service level of 1.0 was missed: 0.7 was measured");
  }

  @Test
  void anOwedFenceIsExposed() {
    RunReport report = run(Declaration.of("x").lost(EAST), false, point(NOON), Evidence.none());

    assertThat(report.exposed().get(0))
        .contains("the fence 'stop writers' is owed")
        .contains("before anything else touches that site");
  }

  @Test
  void whereClocksDisagreeTheLongerTimeCounts() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.provision("launch", wanted(IDEMPOTENT)));
    run.calls();
    run.pass(Duration.ofMinutes(10));
    run.wallOffset = run.wallOffset.minusMinutes(30);
    run.observed("launch", Progress.reached());
    run.calls();

    assertThat(run.report().rto().elapsed()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aSuspendedProcessCountsTheWallClock() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.provision("launch", wanted(IDEMPOTENT)));
    run.calls();
    run.wallOffset = run.wallOffset.plusMinutes(30);
    run.observed("launch", Progress.reached());
    run.calls();

    assertThat(run.report().rto().elapsed()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void aRunThatDidNotRecoverHasNoRecoveryTime() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.provision("launch", wanted(IDEMPOTENT)));
    run.calls();
    run.pass(Duration.ofMinutes(10));
    run.observed("launch", Progress.blocked("no capacity"));
    run.calls();

    RunReport report = run.report();
    assertThat(report.rto().recovered()).isFalse();
    assertThat(report.rtoMet()).isFalse();
    assertThat(report.rto().elapsed()).isEqualTo(Duration.ofMinutes(10));
    assertThat(report.summary())
        .isEqualTo(
            "run r1 of plan 'orders' (us-east-1 -> us-west-2) is FAILED: step 'launch' failed: no capacity");
  }

  @Test
  void aCopyYoungerThanTheStartShowsThatALostSiteStillWrites() {
    RunReport report =
        run(Declaration.of("x").lost(EAST), false, point(NOON.plusSeconds(8)), Evidence.none());

    assertThat(report.rpo())
        .as("until now, the sixth minute of the run")
        .contains(Duration.ofSeconds(352));
    assertThat(report.rpoMet()).isFalse();
  }

  @Test
  void aCopyYoungerThanNowIsNoProofOfNoLoss() {
    RunReport report =
        run(Declaration.of("x").lost(EAST), false, point(NOON.plusSeconds(3600)), Evidence.none());

    assertThat(report.rpo()).isEmpty();
    assertThat(report.objectiveMet()).isFalse();
  }

  @Test
  void whenItWasNoticedCountsIfNobodySaysWhenItBegan() {
    RunReport report = run(
        Declaration.of("x").detected(NOON.minusSeconds(3600)), true, point(NOON), Evidence.none());

    assertThat(report.rto().elapsed()).isEqualTo(Duration.ofMinutes(66));
    assertThat(report.rto().countedFromDeclaration()).isTrue();
  }

  @Test
  void aDatasetThatWasNotPromotedMissesTheObjective() {
    ScriptedRun run = ScriptedRun.of(ReportBuilderTest::steps);
    run.calls();
    run.observed("stop writers", Progress.reached());
    run.calls();
    run.observed("promote orders-db", Progress.blocked("storage is full"));
    run.observed("launch", Progress.reached());
    run.calls();

    assertThat(run.report().rpoMet()).isFalse();
    assertThat(run.report().problems())
        .contains("'orders-db' was not promoted: none of it is there to work with");
  }

  @Test
  void anOutageThatGoesOnCountsToNowAndMissesTheObjectiveBeforeTheRunEnds() {
    ScriptedRun run = ScriptedRun.of(ReportBuilderTest::steps);
    run.calls();
    run.pass(Duration.ofMinutes(14));
    assertThat(run.report().problems()).isEmpty();

    run.pass(Duration.ofMinutes(2));
    RunReport report = run.report();

    assertThat(report.rto().recovered()).isFalse();
    assertThat(report.rto().elapsed()).isEqualTo(Duration.ofMinutes(16));
    assertThat(report.rto().phases()).containsEntry(Phase.FENCE, Duration.ofMinutes(16));
    assertThat(report.asOf()).isEqualTo(NOON.plus(Duration.ofMinutes(16)));
    assertThat(report.problems())
        .containsExactly("the RTO of PT15M is missed: the outage takes PT16M so far");
  }

  @Test
  void aSourceThatMayWriteStillLosesMoreWhileTheRunWaits() {
    ScriptedRun run = ScriptedRun.of(ReportBuilderTest::steps);
    run.calls();
    run.observed("stop writers", Progress.underway("stopping"));
    run.told(new StepSkipped("stop writers", "ann", "by hand"));
    run.calls();
    run.observed("promote orders-db", Progress.pending("a replica", point(NOON)));
    run.calls();
    run.pass(Duration.ofSeconds(50));

    assertThat(run.report().losses().get(0).length()).contains(Duration.ofSeconds(50));
  }

  @Test
  void aRunThatHasEndedCountsToItsEnd() {
    RunReport report = run(Declaration.of("x"), true, point(NOON), Evidence.none());

    assertThat(report.asOf()).isEqualTo(report.endedAt().orElseThrow());
    assertThat(report.standing()).isEmpty();
  }

  @Test
  void aClockThatIsBehindTheJournalTakesNoTimeBack() {
    ScriptedRun run = ScriptedRun.of(ReportBuilderTest::steps);
    run.pass(Duration.ofMinutes(3));
    run.calls();
    run.wallOffset = run.wallOffset.minusHours(1);

    assertThat(run.report().rto().elapsed()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void aPauseIsToldWithWhoSinceWhenAndWhy() {
    ScriptedRun run = ScriptedRun.of(ReportBuilderTest::steps);
    run.calls();
    run.told(new RunPaused("ann", "look at the lag"));

    assertThat(run.report().standing())
        .containsExactly(new Standing(
            Standing.Kind.PAUSED,
            "paused since 2030-01-01T17:00:00Z by ann: look at the lag; nothing is asked for until"
                + " somebody continues it"));

    run.told(new RunContinued("bob", ""));
    assertThat(run.report().standing()).isEmpty();
  }

  @Test
  void aRunThatIsBeingEndedSaysSoAndAsksNobody() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.fence("stop writers", wanted(IDEMPOTENT))
        .provision("launch", wanted(IDEMPOTENT), step -> step.approval(Approval.by("owners", 1))));
    run.calls();
    run.told(new RunCancelled("ann", "false alarm"));

    assertThat(run.report().standing())
        .containsExactly(new Standing(
            Standing.Kind.ENDING,
            "the run was cancelled by ann: false alarm; it ends when no call is under way"));
  }

  @Test
  void anOpenApprovalIsToldWithThoseWhoAreAsked() {
    ScriptedRun run = ScriptedRun.of(plan -> plan.provision(
        "launch",
        wanted(IDEMPOTENT),
        step -> step.approval(Approval.by("owners", 2).members("ann", "bob", "cid"))));
    run.calls();
    assertThat(run.report().standing())
        .containsExactly(new Standing(
            Standing.Kind.ASKS,
            "step 'launch' waits for the approval of 2 of 'owners' [ann, bob, cid], until"
                + " 2030-01-01T12:03:45Z; loss: none by this step itself"));

    run.told(new StepApproved("launch", "ann", ""));
    assertThat(run.report().standing().get(0).sentence())
        .contains("1 more of 'owners' [bob, cid], after [ann], until");

    run.told(new StepApproved("launch", "bob", ""));
    assertThat(run.report().standing()).isEmpty();
  }

  @Test
  void aLossThatNobodyAcceptedIsAskedFor() {
    ScriptedRun run = ScriptedRun.of(Declaration.of("x").lost(EAST), ReportBuilderTest::steps);
    run.calls();
    run.observed("stop writers", Progress.reached());
    run.calls();
    run.observed("promote orders-db", Progress.pending("a replica", point(NOON.minusSeconds(90))));
    run.calls();

    assertThat(run.report().standing())
        .extracting(Standing::sentence)
        .containsExactly("step 'promote orders-db' waits until a loss is accepted by 1 of 'whoever"
            + " answers for the data', until 2030-01-01T12:03:45Z: everything written to 'orders-db'"
            + " after 2030-01-01T11:58:30Z would be lost, which is more than the RPO of PT1M");
  }
}
