package io.drkit.internal;

import static io.drkit.internal.ScriptedRun.EAST;
import static io.drkit.internal.ScriptedRun.NOON;
import static io.drkit.internal.ScriptedRun.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Explanation.Change;
import io.drkit.Explanation.ExplainedStep;
import io.drkit.FailoverAction;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RefusedException;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepIntended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data that went bad at an instant and is recovered to what it was before. */
class PointInTimeTest {
  private static final Instant GOOD = NOON.minusSeconds(30);
  /** For engines that live by the clock of this machine. */
  private static final Instant PAST = Instant.parse("2020-01-01T12:00:00Z");

  private static final Evidence GOOD_COPY =
      Evidence.of(RecoveryPoint.completeUntil("db", GOOD, "kept"));
  private static final Evidence BAD_COPY =
      Evidence.of(RecoveryPoint.completeUntil("db", GOOD.plusNanos(1), "newest"));

  private record Db(String dataset, boolean recoversToPointInTime) implements Replicator {
    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return ScriptedRun.wanted(Repeatability.idempotent());
    }

    @Override
    public FailoverAction promoted() {
      return new FailoverAction() {
        @Override
        public String describe() {
          return dataset + " is writable";
        }

        @Override
        public Progress observe(ActionContext context) {
          return Progress.pending(
              "a replica",
              Evidence.of(RecoveryPoint.completeUntil(
                  dataset, context.recoverTo().orElse(NOON).plusSeconds(1), "one second late")));
        }

        @Override
        public void apply(ActionContext context) {
          throw new AssertionError("nothing is asked for");
        }

        @Override
        public Repeatability repeatability() {
          return Repeatability.idempotent();
        }
      };
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      throw new AssertionError("no test asks for it");
    }
  }

  private static DrPlan plan(Replicator... replicators) {
    DrPlanBuilder builder = ScriptedRun.builder();
    for (Replicator replicator : replicators) {
      builder.replicator(replicator);
    }
    return builder
        .fence("fence", ScriptedRun.wanted(Repeatability.idempotent()))
        .promoteReplicas()
        .build();
  }

  private static ScriptedRun run() {
    ScriptedRun run = ScriptedRun.of(
        Declaration.of("test").recoverTo(GOOD).acceptLoss("db"),
        plan -> plan.replicator(new Db("db", true))
            .fence("fence", ScriptedRun.wanted(Repeatability.idempotent()))
            .promoteReplicas());
    run.calls();
    run.observed("fence", Progress.reached());
    assertThat(run.calls()).containsExactly("observe promote db");
    return run;
  }

  @Test
  void whatIsNotLaterThanTheInstantIsPromotedAndWhatCameAfterItCountsAsLost() {
    ScriptedRun run = run();

    run.observed("promote db", Progress.pending("a replica", GOOD_COPY));
    assertThat(run.calls()).containsExactly("apply promote db");
    run.applied("promote db");
    run.calls();
    run.observed("promote db", Progress.reached());
    run.calls();

    RunReport report = run.report();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.length()).contains(Duration.ofSeconds(30)));
    assertThat(report.declaration().recoverTo()).contains(GOOD);
  }

  @Test
  void aCopyThatHoldsMoreIsNeverAskedFor() {
    ScriptedRun run = run();

    run.observed("promote db", Progress.pending("a replica", BAD_COPY));
    run.calls();

    assertThat(run.events(StepIntended.class)).isEmpty();
    assertThat(run.events(StepFailed.class))
        .extracting(StepFailed::reason)
        .containsExactly("'db' is to be recovered to " + GOOD
            + ", but it would be promoted as of " + GOOD.plusNanos(1)
            + "; nothing was promoted: a copy from before that instant is needed");
  }

  @Test
  void aCopyOfWhichNobodyCanTellIsLookedAtAgain() {
    ScriptedRun run = run();

    run.observed("promote db", Progress.pending("a replica"));
    assertThat(run.nextCalls()).containsExactly("observe promote db");
    run.observed(
        "promote db",
        Progress.pending("a replica", Evidence.of(RecoveryPoint.unknown("db", "no metric"))));
    assertThat(run.nextCalls()).containsExactly("observe promote db");
    assertThat(run.events(StepIntended.class)).isEmpty();

    run.observed("promote db", Progress.pending("a replica", GOOD_COPY));
    assertThat(run.calls()).containsExactly("apply promote db");
  }

  @Test
  void whatWasPromotedAsItWasLaterIsNotTakenAsReached() {
    ScriptedRun run = run();
    run.observed("promote db", Progress.pending("a replica", GOOD_COPY));
    run.calls();
    run.applied("promote db");
    run.calls();

    run.observed("promote db", Progress.reached(BAD_COPY));
    run.calls();

    RunReport report = run.report();
    assertThat(report.step("promote db").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.step("promote db").detail())
        .isEqualTo(
            "'db' was to be recovered to " + GOOD + ", but it was promoted as of "
                + GOOD.plusNanos(1)
                + ", and may hold what went bad; restore it to that instant by hand, then skip this step");
    assertThat(report.losses().get(0).promoted()).isFalse();
  }

  @Test
  void whatWasPromotedBeforeByNobodyKnowsWhomIsNotTakenAsReached() {
    ScriptedRun run = run();

    run.observed("promote db", Progress.reached());
    run.calls();

    assertThat(run.report().step("promote db").detail())
        .startsWith("'db' was to be recovered to " + GOOD
            + ", but nobody can tell as of when it was promoted, and may hold what went bad");
  }

  @Test
  void explainTellsWhatWouldNotBePromoted() throws Exception {
    List<ExplainedStep> steps = engine()
        .explain(plan(new Db("db", true)), Declaration.of("ann").recoverTo(PAST).lost(EAST))
        .steps();

    assertThat(steps)
        .filteredOn(step -> step.name().equals("promote db"))
        .singleElement()
        .satisfies(step -> {
          assertThat(step.change()).isEqualTo(Change.BLOCKED);
          assertThat(step.detail()).contains("it would be promoted as of " + PAST.plusSeconds(1));
        });
  }

  private static DrEngine engine() {
    return DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .build();
  }

  @Test
  void replicatorsThatKnowOnlyTheNewestStateAreNamedBeforeAnythingBegins() {
    DrPlan plan = plan(new Db("db", true), new Db("files", false));

    assertThatThrownBy(() -> engine().failover(plan, Declaration.of("ann").recoverTo(PAST)))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "plan 'orders': its data is to be recovered to " + PAST
                + ", but the replicators of [files] know only the newest state; restore these by hand,"
                + " with a plan that does not promote them, or leave recoverTo out and take the newest");
  }

  @Test
  void theFutureIsNoPointToRecoverTo() {
    Instant tomorrow = Instant.parse("2999-01-01T00:00:00Z");

    assertThatThrownBy(() ->
            engine().failover(plan(new Db("db", true)), Declaration.of("a").recoverTo(tomorrow)))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("plan 'orders': recoverTo (2999-01-01T00:00:00Z) is in the future");
  }

  @Test
  void aPlanWithoutDataHasNothingToRecover() {
    DrPlan plan = ScriptedRun.builder()
        .provision("web", ScriptedRun.wanted(Repeatability.idempotent()))
        .build();

    assertThatThrownBy(() -> engine().failover(plan, Declaration.of("a").recoverTo(Instant.EPOCH)))
        .isInstanceOf(RefusedException.class)
        .hasMessageEndingWith("but it has no dataset; leave recoverTo out");
  }

  @Test
  void aPlannedMoveRecoversToNoEarlierInstant() {
    DrPlan plan = plan(new Db("db", true));
    Declaration declaration = Declaration.of("ann").recoverTo(PAST);
    String message = "plan 'orders': a planned move loses nothing, but its data is to be recovered"
        + " to 2020-01-01T12:00:00Z; fail over instead";

    assertThatThrownBy(() -> engine().switchover(plan, declaration))
        .isInstanceOf(RefusedException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> engine().failback(plan, declaration))
        .isInstanceOf(RefusedException.class)
        .hasMessage(message);
  }

  @Test
  void aRunThatRecoversToAnEarlierInstantBecomesNoPlannedMove() {
    RunState run = RunState.of(run().records);

    assertThat(ModeSwitch.check(run, RunMode.SWITCHOVER, List.of()))
        .contains("cannot become a switchover: its data is recovered to an earlier instant; go on"
            + " with the failover");
    assertThat(ModeSwitch.check(run, run.step("promote db"), RunMode.SWITCHOVER))
        .isPresent();
  }

  @Test
  void aChildSeesTheInstantToo() throws Exception {
    DrPlan whole = DrPlan.builder("shop")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(1)))
        .child(plan(new Db("db", true)))
        .build();

    List<ExplainedStep> steps =
        engine().explain(whole, Declaration.of("ann").recoverTo(PAST)).steps();

    assertThat(steps)
        .filteredOn(step -> step.name().equals("orders/promote db"))
        .singleElement()
        .satisfies(step -> assertThat(step.detail())
            .contains("it would be promoted as of " + PAST.plusSeconds(1)));
  }
}
