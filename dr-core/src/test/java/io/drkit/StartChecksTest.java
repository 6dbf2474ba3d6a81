package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Runs that may not begin, or not go on, for what the journal or the declaration says. */
class StartChecksTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final Switches world = new Switches();
  private final Journal journal = Journal.inMemory();
  private final DrEngine engine =
      DrEngine.builder().journal(journal).leases(LeaseStore.inMemory()).build();

  private DrPlan plan(UnaryOperator<DrPlanBuilder> steps) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(5)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return steps.apply(builder).build();
  }

  private FailoverAction page(int version) {
    return FailoverAction.once("page the bank", version, context -> {
      world.turnOn("paged");
      throw new IllegalStateException("connection reset");
    });
  }

  private static FailoverAction blocked() {
    return FailoverAction.check("never", context -> Progress.blocked("no"));
  }

  @Test
  void aRaisedVersionOfWhatMustNotBeRepeatedIsAnotherThing() throws Exception {
    engine
        .failover(plan(p -> p.provision("page", page(1))), Declaration.of("ann"))
        .await();
    assertThatThrownBy(() -> engine.failover(
            plan(p -> p.provision("page", page(1)).provision("web", world.action("web"))),
            Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("must not be repeated");

    engine
        .failover(plan(p -> p.provision("page", page(2))), Declaration.of("ann"))
        .await();
    assertThat(world.effects()).containsExactly("paged", "paged");
  }

  @Test
  void aPartOfASiteMayBeLostAndSoMayAWholeOfWhichItIsAPart() throws Exception {
    DrPlan plan = plan(p -> p.provision("web", world.action("web")));

    RunReport report = engine
        .failover(plan, Declaration.of("ann").lost(EAST.zone("us-east-1a"), EAST))
        .await();
    assertThat(report.declaration().lost()).containsExactly(EAST.zone("us-east-1a"), EAST);
  }

  @Test
  void aRunIsNotResumedToASiteThatIsLost() throws Exception {
    DrPlan plan = plan(p -> p.provision("web", blocked()));
    engine.failover(plan, Declaration.of("ann")).await();
    List<String> before = journal.read("orders").records();

    assertThatThrownBy(() -> engine.resume(plan, "ann", List.of(WEST)))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "plan 'orders': the run goes to us-west-2, which cannot be declared lost in it; roll it back, or wait until that site is back");
    assertThat(journal.read("orders").records()).isEqualTo(before);
  }

  @Test
  void aPlanThatFencesNobodyIsNotSwitchedOver() {
    DrPlan plan = plan(p -> p.replicator(world.replicator("db", Instant.now()))
        .promoteReplicas()
        .unfenced("one writer alone"));

    assertThatThrownBy(() -> engine.switchover(plan, Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("plan 'orders': a planned move has to stop the writers first, but the plan"
            + " fences none (one writer alone); add a fence");
  }

  @Test
  void aMoveThatIsThroughWithExceptionsIsNotTakenBack() throws Exception {
    DrPlan plan = plan(p ->
        p.provision("web", world.action("web")).provision("caches", blocked(), Step::bestEffort));
    RunReport report = engine.failover(plan, Declaration.of("ann")).await();
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);

    assertThatThrownBy(() -> engine.rollback(plan, Instruction.by("ann").because("it failed")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is a FAILOVER that is COMPLETED_WITH_EXCEPTIONS");
    assertThatThrownBy(() -> engine.resume(plan, "ann", List.of()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("there is nothing to resume");
  }

  @Test
  void aDoubtIsSettledBeforeAnythingIsTakenBack() throws Exception {
    DrPlan plan = plan(p -> p.provision("page", page(1)));
    engine.failover(plan, Declaration.of("ann")).await();

    assertThatThrownBy(() -> engine.rollback(plan, Instruction.by("ann").because("it failed")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("has the step 'page' in doubt; decide what became of it first");
  }

  @Test
  void theLossOfADatasetThatThePlanDoesNotHaveIsNotAccepted() throws Exception {
    DrPlan plan = plan(p -> p.replicator(world.replicator("orders-db", Instant.now()))
        .promoteReplicas()
        .unfenced("one writer alone"));
    Declaration mistyped = Declaration.of("ann").acceptLoss("order-db", "orders-db", "receipts");
    String sentence = "plan 'orders': the declaration accepts the loss of [order-db, receipts], but"
        + " the plan has only the datasets [orders-db]; name those of which more may be lost";

    assertThatThrownBy(() -> engine.failover(plan, mistyped))
        .isInstanceOf(RefusedException.class)
        .hasMessage(sentence);
    assertThatThrownBy(() -> engine.explain(plan, mistyped)).hasMessage(sentence);
    assertThatThrownBy(() -> engine.failover(
            plan(p -> p.provision("web", world.action("web"))),
            Declaration.of("ann").acceptLoss("db")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("plan 'orders': the declaration accepts the loss of [db], but the plan has no"
            + " dataset; accept none");
    assertThat(journal.read("orders").records()).isEmpty();
  }

  @Test
  void anApprovalThatTooFewCanGiveIsRefusedBeforeAnythingBegins() throws Exception {
    DrPlan plan = plan(p -> p.provision(
        "web",
        world.action("web"),
        step -> step.approval(Approval.by("owners", 2).members("ann", "bob"))));

    assertThatThrownBy(() -> engine.failover(plan, Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessage("plan 'orders': step 'web' needs the approval of 2 of 'owners', and only [bob]"
            + " can give it, because ann asks for the run; let somebody else ask for it, or name"
            + " more members");
    assertThat(journal.read("orders").records()).isEmpty();

    DrRun run = engine.failover(plan, Declaration.of("cid"));
    run.cancel(Instruction.by("cid"));
    run.await();
  }

  @Test
  void aPlanThatTheJournalDoesNotKnowIsNotCompacted() {
    assertThatThrownBy(() -> engine.compact("nope", "ann", Retention.of(Duration.ofDays(1))))
        .isInstanceOf(RefusedException.class)
        .hasMessage("plan 'nope' has no run in this journal; check the plan's name");
    assertThat(journal.read("nope").records()).isEmpty();
  }

  @Test
  void anApprovalThatOthersCanGiveIsWaitedFor() throws Exception {
    DrPlan plan = plan(p -> p.provision(
        "web",
        world.action("web"),
        step -> step.approval(Approval.by("owners", 1).members("ann", "bob"))));

    DrRun run = engine.failover(plan, Declaration.of("ann"));
    run.cancel(Instruction.by("ann"));

    assertThat(run.await().outcome()).isEqualTo(Outcome.CANCELLED);
  }
}
