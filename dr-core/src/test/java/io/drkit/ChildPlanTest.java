package io.drkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.CommitWindow.AtLimit;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans of parts of a workload inside of a plan: how they are put together, and what is refused. */
class ChildPlanTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final Switches world = new Switches();

  private static DrPlanBuilder bare(String name, DrStrategy strategy) {
    return DrPlan.builder(name)
        .strategy(strategy)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(1)));
  }

  private static DrPlanBuilder waived(String name) {
    DrPlanBuilder builder = bare(name, DrStrategy.WARM_STANDBY);
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder;
  }

  /** A part with a dataset of its own. */
  private DrPlanBuilder part(String name) {
    return waived(name)
        .replicator(world.replicator(name + "-db", Instant.EPOCH))
        .prepare("image", world.action(name + " image"))
        .fence("stop", world.action(name + " stop"))
        .promoteReplicas()
        .provision("web", world.action(name + " web"))
        .redirect("traffic", world.action(name + " traffic"))
        .verify("look", world.action(name + " look"))
        .afterwards("backups", world.action(name + " backups"));
  }

  private static DrPlanBuilder whole() {
    return bare("shop", DrStrategy.PILOT_LIGHT);
  }

  @Test
  void theStepsOfAChildAreStepsOfTheWholeUnderBothNames() {
    DrPlan plan = whole().child(part("payments").build()).build();

    assertThat(plan.steps(RunMode.PREPARE))
        .extracting(Step::name)
        .containsExactly("payments/replicate payments-db", "payments/image");
    assertThat(plan.steps(RunMode.FAILOVER))
        .extracting(Step::name)
        .containsExactly(
            "payments/stop",
            "payments/promote payments-db",
            "payments/web",
            "payments/traffic",
            "payments/look",
            "payments/backups",
            "payments");
    assertThat(plan.predecessors("payments/stop")).isEmpty();
    assertThat(plan.predecessors("payments/promote payments-db")).containsExactly("payments/stop");
    assertThat(plan.dataset("payments/promote payments-db")).contains("payments-db");
    assertThat(plan.replicates("payments/replicate payments-db")).isPresent();
    assertThat(plan.replicators()).extracting(Replicator::dataset).containsExactly("payments-db");
    assertThat(plan.child("payments/web")).contains("payments");
    assertThat(plan.child("payments")).isEmpty();
    assertThat(plan.children()).containsOnlyKeys("payments");
  }

  @Test
  void aChildIsThroughWhenItsVerificationIs() {
    DrPlan plan = whole().child(part("payments").build()).build();

    assertThat(plan.predecessors("payments")).containsExactly("payments/look");
  }

  @Test
  void whatSendsUsersOverVerifiesOrComesAfterwardsWaitsForAllChildren() {
    DrPlan plan = waived("shop")
        .child(part("payments").build())
        .child(part("ledger").build())
        .fence("stop", world.action("s"))
        .provision("web", world.action("w"))
        .redirect("traffic", world.action("t"))
        .verify("look", world.action("l"))
        .afterwards("backups", world.action("b"))
        .build();

    assertThat(plan.predecessors("web")).isEmpty();
    assertThat(plan.predecessors("traffic"))
        .containsExactlyInAnyOrder("stop", "payments", "ledger", "web");
    assertThat(plan.predecessors("look")).contains("payments", "ledger", "traffic");
    assertThat(plan.predecessors("backups")).contains("payments", "ledger", "look");
    assertThat(plan.predecessors("payments/traffic"))
        .containsExactlyInAnyOrder("payments/stop", "payments/promote payments-db", "payments/web");
  }

  @Test
  void aChildWaitsForWhatItIsToldTo() {
    DrPlan plan = whole()
        .child(part("ledger").build())
        .child(part("payments").build(), "ledger")
        .build();

    assertThat(plan.predecessors("payments/stop")).containsExactly("ledger");
    assertThat(plan.predecessors("payments/web")).containsExactly("ledger");
    assertThat(plan.predecessors("payments/image")).isEmpty();
    assertThat(plan.predecessors("ledger/stop")).isEmpty();
  }

  @Test
  void childrenHaveChildrenToAnyDepth() {
    DrPlan plan = part("d1").build();
    for (int depth = 2; depth <= 6; depth++) {
      plan = part("d" + depth).child(plan, "stop").build();
    }

    assertThat(plan.children().keySet())
        .containsExactly("d5", "d5/d4", "d5/d4/d3", "d5/d4/d3/d2", "d5/d4/d3/d2/d1");
    assertThat(plan.predecessors("d5/d4/d3/d2/d1/stop")).containsExactly("d5/d4/d3/d2/stop");
    assertThat(plan.predecessors("d5/d4/d3/d2/traffic")).contains("d5/d4/d3/d2/d1");
    assertThat(plan.child("d5/d4/d3/d2/d1/stop")).contains("d5/d4/d3/d2/d1");
    assertThat(plan.child("d5/d4/d3/d2/d1")).contains("d5/d4/d3/d2");
    assertThat(plan.replicators()).hasSize(6);
  }

  @Test
  void whatTheWholeKeepsTheChildrensRedundancyWaitsFor() {
    DrPlan plan = whole()
        .child(part("payments").child(part("ledger").build()).build())
        .commitWindow(new CommitWindow(ofHours(1), AtLimit.NONE))
        .build();

    assertThat(plan.predecessors("payments/backups")).contains("payments/look", "commit");
    assertThat(plan.predecessors("payments/ledger/backups")).contains("commit");
    assertThat(plan.predecessors("commit")).containsExactly("payments");
    assertThat(plan.predecessors("payments/look")).doesNotContain("commit");
  }

  @Test
  void aPlanOfNothingButChildrenIsAskedForNoKeyPoints() {
    assertThat(whole().child(part("payments").build()).build().openKeyPoints()).isEmpty();
  }

  @Test
  void whatAChildHasMeetsTheKeyPointsOfTheWhole() {
    DrPlanBuilder builder =
        whole().child(part("payments").build()).redirect("traffic", world.action("t"));

    assertThat(builder.build().openKeyPoints())
        .contains(KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED)
        .doesNotContain(
            KeyPoint.PILOT_LIGHT_DATA_REPLICATED, KeyPoint.PILOT_LIGHT_INSTANCES_STARTED);
    DrPlan pages =
        waived("pages").redirect("traffic", world.action("pages traffic")).build();
    assertThatThrownBy(
            () -> whole().child(pages).redirect("traffic", world.action("t")).build())
        .hasMessageContaining("strategy PILOT_LIGHT needs that the core's data is replicated");
  }

  @Test
  void theMostCarefulFailbackStands() {
    DrPlan plan = whole()
        .child(part("payments")
            .failback(Failback.standard().stableFor(ofMinutes(5)))
            .build())
        .child(
            part("ledger").failback(Failback.standard().stableFor(ofHours(2))).build())
        .build();

    assertThat(plan.failback().stability()).isEqualTo(ofHours(2));
    assertThat(whole()
            .child(part("payments")
                .failback(Failback.standard().stableFor(ofMinutes(5)))
                .build())
            .build()
            .failback()
            .stability())
        .isEqualTo(ofMinutes(5));
    assertThat(whole()
            .child(part("payments").blockPeriod(Duration.ofDays(3)).build())
            .build()
            .blockPeriod())
        .isEqualTo(Duration.ofDays(3));
  }

  @Test
  void aFreeStepOfTheWholeDoesNotWaitForAChildWithoutAReason() {
    assertThatThrownBy(() -> waived("shop")
            .child(part("payments").build())
            .provision(
                "caches",
                world.action("caches", Reversibility.REVERSIBLE),
                step -> step.after("payments"))
            .build())
        .hasMessageContaining(
            "step 'caches' can be taken back, and waits for 'payments/promote payments-db'");
  }

  @Test
  void aOneWayStepOfTheWholeWaitsForTheFencesThatThereAre() {
    FailoverAction oneWay = world.action("t", Reversibility.ONE_WAY);
    assertThat(waived("shop")
            .child(part("payments").build())
            .redirect("traffic", oneWay)
            .build()
            .predecessors("traffic"))
        .containsExactly("payments");
    assertThatThrownBy(() -> waived("shop")
            .child(part("payments").build())
            .redirect("traffic", oneWay, Step::atOnce)
            .build())
        .hasMessageContaining("does not wait for the fence 'payments/stop'");
  }

  private static Arguments refusal(String message, UnaryOperator<DrPlanBuilder> whole) {
    return Arguments.of(message, whole);
  }

  private static Stream<Arguments> refusals() {
    ChildPlanTest test = new ChildPlanTest();
    return Stream.of(
        refusal(
            "plan 'shop': two children are named 'payments'; give each its own name",
            p -> p.child(test.part("payments").build())
                .child(test.part("payments").build())),
        refusal(
            "plan 'shop': two steps are named 'payments'; give each its own name",
            p -> p.child(test.part("payments").build())
                .provision("payments", test.world.action("p"))),
        refusal(
            "plan 'shop': two steps are named 'payments/web'; give each its own name",
            p -> p.child(test.part("payments").build())
                .provision("payments/web", test.world.action("p"))),
        refusal(
            "plan 'shop': two replicators for dataset 'payments-db' in the plan and its children; give"
                + " each dataset one name and one replicator",
            p -> p.child(test.part("payments").build())
                .replicator(test.world.replicator("payments-db", Instant.EPOCH))
                .fence("stop", test.world.action("s"))
                .promoteReplicas()),
        refusal(
            "plan 'shop': the child 'payments' has the sites [us-east-1, us-west-2, eu-west-1], not"
                + " [us-east-1, us-west-2]; give it the same ones in the same order",
            p ->
                p.child(test.part("payments").recovery(Site.region("eu-west-1")).build())),
        refusal(
            "plan 'shop': the child 'payments' has a commit window; a move is kept as a whole: give it"
                + " to the plan itself",
            p -> p.child(test.part("payments")
                .commitWindow(new CommitWindow(ofHours(1), AtLimit.NONE))
                .build())),
        refusal(
            "plan 'shop': step 'payments/stop' waits for 'ledgr', which is no step of the plan;",
            p -> p.child(test.part("payments").build(), "ledgr")),
        refusal(
            "the steps wait for each other in a cycle: ",
            p -> p.child(test.part("payments").build(), "ledger")
                .child(test.part("ledger").build(), "payments")),
        refusal(
            "but a preparation and a failover are two runs; remove it from after(...)",
            p -> p.child(test.part("payments").build(), "ledger/image")
                .child(test.part("ledger").build())),
        refusal(
            "takes the move back when its commit window has passed, but promotes copies",
            p -> p.child(test.part("payments").build())
                .commitWindow(new CommitWindow(ofHours(1), AtLimit.ROLLBACK))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatCannotBeOneWholeIsRefused(String message, UnaryOperator<DrPlanBuilder> whole) {
    assertThatThrownBy(() -> whole.apply(waived("shop")).build()).hasMessageContaining(message);
  }

  @Test
  void whatAChildAccepts() {
    DrPlan pages = waived("pages")
        .replicator(world.replicator("pages-db", Instant.EPOCH))
        .unfenced("nobody writes pages")
        .promoteReplicas()
        .build();
    DrPlan plan = whole().child(pages).child(part("payments").build()).build();
    try (DrEngine engine = engine(Journal.inMemory())) {
      assertThat(engine.assess(plan, Disaster.loss(EAST)).findings())
          .extracting(Finding::sentence)
          .contains(
              "child 'pages': nothing keeps the old site from writing: nobody writes pages",
              "child 'payments': it is waived that data is replicated or mirrored: not what the test is"
                  + " about");
      assertThatThrownBy(() -> engine.switchover(plan, Declaration.of("ann")))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "plan 'shop': a planned move has to stop the writers first, but the child 'pages'"
                  + " fences none (nobody writes pages); add a fence");
    }
  }

  private static DrEngine engine(Journal journal) {
    return DrEngine.builder().journal(journal).leases(LeaseStore.inMemory()).build();
  }

  private static FailoverAction slow(String name) {
    return new FailoverAction() {
      @Override
      public String describe() {
        return name;
      }

      @Override
      public Progress observe(ActionContext context) {
        return Progress.underway("it takes its time");
      }

      @Override
      public void apply(ActionContext context) {
        throw new AssertionError("never pending");
      }

      @Override
      public Repeatability repeatability() {
        return Repeatability.idempotent();
      }
    };
  }

  private static DrPlan edited(
      String name, Consumer<DrPlanBuilder> edit, RecoveryObjective objective, DrStrategy strategy) {
    DrPlanBuilder child = DrPlan.builder(name)
        .strategy(strategy)
        .primary(EAST)
        .recovery(WEST)
        .objective(objective)
        .provision("web", slow("web"));
    for (KeyPoint point : strategy.keyPoints()) {
      child.waive(point, "not what the test is about");
    }
    edit.accept(child);
    return whole().child(child.build()).build();
  }

  @Test
  void aChildThatWasEditedIsRefusedWithTheDifference() {
    RecoveryObjective objective = RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(1));
    DrPlan before = edited("payments", child -> {}, objective, DrStrategy.WARM_STANDBY);
    Map<String, DrPlan> edits = Map.of(
        "child 'payments': the objective is",
        edited(
            "payments",
            child -> {},
            RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(2)),
            DrStrategy.WARM_STANDBY),
        "child 'payments': the strategy is MULTI_SITE, not WARM_STANDBY",
        edited("payments", child -> {}, objective, DrStrategy.MULTI_SITE),
        "child 'payments': the reason to be unfenced is read only, not not given",
        edited(
            "payments", child -> child.unfenced("read only"), objective, DrStrategy.WARM_STANDBY),
        "child 'payments': the failback is",
        edited(
            "payments",
            child -> child.failback(Failback.standard().stableFor(ofHours(1))),
            objective,
            DrStrategy.WARM_STANDBY),
        "child 'payments' is gone; child 'bills' is new",
        edited("bills", child -> {}, objective, DrStrategy.WARM_STANDBY),
        "step 'payments/jobs' is new",
        edited(
            "payments",
            child -> child.provision("jobs", slow("jobs")),
            objective,
            DrStrategy.WARM_STANDBY));
    Journal journal = Journal.inMemory();
    try (DrEngine engine = engine(journal)) {
      engine.failover(before, Declaration.of("ann"));
    }
    edits.forEach((difference, plan) -> {
      try (DrEngine engine = engine(journal)) {
        assertThatThrownBy(() -> engine.resume(plan, "bob", List.of()))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("was started with another plan")
            .hasMessageContaining(difference);
      }
    });
  }
}
