package io.drkit;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrPlanTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final RecoveryObjective OBJECTIVE =
      RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(1));

  private final Switches world = new Switches();

  private DrPlanBuilder pilotLight() {
    return DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(OBJECTIVE)
        .replicator(world.replicator("orders-db", Instant.EPOCH))
        .fence("stop the writers", world.action("fenced"))
        .promoteReplicas()
        .provision("launch web tier", world.action("web"))
        .redirect("shift traffic", world.action("traffic"));
  }

  @Test
  void stagesGiveTheDefaultGraph() {
    DrPlan plan = pilotLight()
        .verify("look", world.action("looked"))
        .afterwards("backups", world.action("backups"))
        .build();

    assertThat(plan.predecessors("stop the writers")).isEmpty();
    assertThat(plan.predecessors("launch web tier")).isEmpty();
    assertThat(plan.predecessors("promote orders-db")).containsExactly("stop the writers");
    assertThat(plan.predecessors("shift traffic"))
        .containsExactly("stop the writers", "promote orders-db", "launch web tier");
    assertThat(plan.predecessors("look")).endsWith("shift traffic");
    assertThat(plan.predecessors("backups")).endsWith("look");
  }

  @Test
  void afterReplacesTheDefaultOfTheStage() {
    DrPlan plan = pilotLight()
        .verify("look", world.action("looked"), step -> step.after("promote orders-db"))
        .build();

    assertThat(plan.predecessors("look")).containsExactly("promote orders-db");
  }

  @Test
  void theReplicatorsPreparationComesFirstAndIsNoPartOfAFailover() {
    DrPlan plan = pilotLight().prepare("image is there", world.action("image")).build();

    assertThat(plan.steps(RunMode.PREPARE))
        .extracting(Step::name)
        .containsExactly("replicate orders-db", "image is there");
    assertThat(plan.steps(RunMode.FAILOVER))
        .extracting(Step::name)
        .containsExactly(
            "stop the writers", "promote orders-db", "launch web tier", "shift traffic");
  }

  @Test
  void aMissingPartIsNamedWithTheCallToAdd() {
    assertThatThrownBy(() -> DrPlan.builder("orders").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("plan 'orders': call primary(...) before build()");
    assertThatThrownBy(() -> DrPlan.builder("orders").primary(EAST).build())
        .hasMessage("plan 'orders': call recovery(...) before build()");
    assertThatThrownBy(
            () -> DrPlan.builder("orders").primary(EAST).recovery(WEST).build())
        .hasMessage("plan 'orders': call strategy(...) before build()");
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .primary(EAST)
            .recovery(WEST)
            .strategy(DrStrategy.MULTI_SITE)
            .build())
        .hasMessage("plan 'orders': call objective(...) before build()");
  }

  @Test
  void aPartSetTwiceIsRefusedWithTheFirstValue() {
    assertThatThrownBy(() -> pilotLight().primary(WEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("plan 'orders': primary was already set to us-east-1");
  }

  @Test
  void theSameSiteAsPrimaryAndRecoveryIsRefused() {
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(EAST)
            .objective(OBJECTIVE)
            .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("plan 'orders': the sites us-east-1 and us-east-1 are not apart");
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(EAST.zone("us-east-1a"))
            .objective(OBJECTIVE)
            .build())
        .hasMessageContaining("us-east-1a are not apart");
  }

  @Test
  void objectivesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> RecoveryObjective.rto(Duration.ZERO))
        .hasMessageStartingWith("rto must be positive: PT0S");
    assertThatThrownBy(() -> RecoveryObjective.rto(ofMinutes(-1)))
        .hasMessageStartingWith("rto must be positive: PT-1M");
    assertThatThrownBy(() -> RecoveryObjective.rto(ofMinutes(1)).rpo(ofMinutes(-1)))
        .hasMessageStartingWith("rpo must not be negative: PT-1M");
    assertThatThrownBy(() -> OBJECTIVE.serviceLevel(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> OBJECTIVE.serviceLevel(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void twoStepsOfOneNameAreRefused() {
    assertThatThrownBy(() ->
            pilotLight().provision("launch web tier", world.action("again")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two steps are named 'launch web tier'");
  }

  @Test
  void twoReplicatorsOfOneDatasetAreRefused() {
    assertThatThrownBy(() -> pilotLight().replicator(world.replicator("orders-db", Instant.EPOCH)))
        .hasMessageContaining("two replicators for dataset 'orders-db'");
  }

  @Test
  void anUnknownPredecessorIsRefusedWithTheStepsThatThereAre() {
    assertThatThrownBy(() -> pilotLight()
            .verify("look", world.action("l"), step -> step.after("shift trafic"))
            .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("step 'look' waits for 'shift trafic', which is no step of the plan")
        .hasMessageContaining("shift traffic");
  }

  @Test
  void aCycleIsRefusedWithItsSteps() {
    assertThatThrownBy(() -> pilotLight()
            .provision("a", world.action("a"), step -> step.after("c"))
            .provision("b", world.action("b"), step -> step.after("a"))
            .provision("c", world.action("c"), step -> step.after("b"))
            .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in a cycle: a after c after b after a");
  }

  @Test
  void aFailoverStepCannotWaitForAPreparation() {
    assertThatThrownBy(() -> pilotLight()
            .prepare("image", world.action("image"))
            .provision("launch", world.action("l"), step -> step.after("image"))
            .build())
        .hasMessageContaining("a preparation and a failover are two runs");
  }

  @Test
  void aStrategyWithoutWhatItNeedsIsRefusedWithThePapersPoint() {
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(OBJECTIVE)
            .redirect("shift traffic", world.action("t"))
            .provision("launch", world.action("l"))
            .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "strategy PILOT_LIGHT needs that the core's data is replicated or mirrored (WP-41a)")
        .hasMessageContaining("add replicator(...)");
  }

  @Test
  void whatAStrategyNeedsIsNamedAllAtOnce() {
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(OBJECTIVE)
            .verify("an order can be placed", world.action("v"))
            .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("needs that the core's data is replicated", "add replicator(...)")
        .hasMessageContaining("; and that ")
        .hasMessageContaining("add redirect(...), or waive(KeyPoint.");
  }

  @Test
  void aWaivedPointIsNotAskedForAndItsReasonIsKept() {
    DrPlan plan = DrPlan.builder("static-site")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(OBJECTIVE)
        .waive(KeyPoint.PILOT_LIGHT_DATA_REPLICATED, "the site has no data")
        .provision("launch", world.action("l"))
        .redirect("shift traffic", world.action("t"))
        .build();

    assertThat(plan.waivers())
        .containsEntry(KeyPoint.PILOT_LIGHT_DATA_REPLICATED, "the site has no data");
    assertThat(plan.openKeyPoints()).doesNotContain(KeyPoint.PILOT_LIGHT_DATA_REPLICATED);
    assertThatThrownBy(() -> pilotLight().waive(KeyPoint.BACKUP_RETENTION, "no").build())
        .hasMessageContaining("a key point of BACKUP_AND_RESTORE");
    assertThatThrownBy(() -> pilotLight().waive(KeyPoint.PILOT_LIGHT_DATA_REPLICATED, " "))
        .hasMessageContaining("needs a reason");
  }

  @Test
  void aStepThatSaysSoMeetsAKeyPoint() {
    DrPlan open = pilotLight().build();
    DrPlan met = pilotLight()
        .prepare(
            "image is there",
            world.action("i"),
            step -> step.meets(KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED))
        .build();

    assertThat(open.openKeyPoints()).contains(KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED);
    assertThat(met.openKeyPoints()).doesNotContain(KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED);
  }

  @Test
  void aPromotionWithoutAFenceIsRefusedUnlessAcceptedByName() {
    DrPlanBuilder bare = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(OBJECTIVE)
        .replicator(world.replicator("orders-db", Instant.EPOCH))
        .promoteReplicas()
        .provision("launch", world.action("l"))
        .redirect("shift traffic", world.action("t"));

    assertThatThrownBy(bare::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("promotes a copy but fences no writer");
    assertThat(bare.unfenced("the source is read-only").build().unfenced())
        .contains("the source is read-only");
  }

  @Test
  void aPromotionThatDoesNotWaitForAFenceIsRefused() {
    assertThatThrownBy(() -> pilotLight()
            .fence("stop the batch", world.action("batch"))
            .provision("early", world.action("e"))
            .build()
            .step("nothing"))
        .hasMessageContaining("has no step 'nothing'");
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(OBJECTIVE)
            .replicator(world.replicator("orders-db", Instant.EPOCH))
            .fence("stop the writers", world.action("f"))
            .promoteReplicas(Step::atOnce)
            .provision("launch", world.action("l"))
            .redirect("shift traffic", world.action("t"))
            .build())
        .hasMessageContaining(
            "step 'promote orders-db' does not wait for the fence 'stop the writers'");
  }

  @Test
  void aBestEffortFenceIsRefused() {
    assertThatThrownBy(() ->
            pilotLight().fence("weak", world.action("w"), Step::bestEffort).build())
        .hasMessageContaining("a fence that may fail fences nobody");
  }

  @Test
  void aBestEffortPromotionIsRefused() {
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(OBJECTIVE)
            .replicator(world.replicator("orders-db", Instant.EPOCH))
            .fence("stop the writers", world.action("f"))
            .promoteReplicas(Step::bestEffort)
            .provision("launch", world.action("l"))
            .redirect("shift traffic", world.action("t"))
            .build())
        .hasMessageContaining("step 'promote orders-db' is best effort");
  }

  @Test
  void replicatorsThatAreNeverPromotedAreRefused() {
    assertThatThrownBy(() -> DrPlan.builder("orders")
            .strategy(DrStrategy.PILOT_LIGHT)
            .primary(EAST)
            .recovery(WEST)
            .objective(OBJECTIVE)
            .replicator(world.replicator("orders-db", Instant.EPOCH))
            .provision("launch", world.action("l"))
            .redirect("shift traffic", world.action("t"))
            .build())
        .hasMessageContaining("call promoteReplicas()");
  }

  @Test
  void theFingerprintFollowsWhatARunDoes() {
    String fingerprint = pilotLight().build().fingerprint();

    assertThat(fingerprint).hasSize(64).isEqualTo(pilotLight().build().fingerprint());
    assertThat(pilotLight().verify("look", world.action("l")).build().fingerprint())
        .isNotEqualTo(fingerprint);
    assertThat(List.of(
            pilotLight()
                .verify("look", FailoverAction.once("page", 1, c -> {}))
                .build()
                .fingerprint(),
            pilotLight()
                .verify("look", FailoverAction.once("page", 2, c -> {}))
                .build()
                .fingerprint()))
        .doesNotHaveDuplicates();
  }

  @Test
  void namesAndLimitsAreChecked() {
    assertThatThrownBy(() -> DrPlan.builder("orders/../x")).hasMessageContaining("'orders/../x'");
    assertThatThrownBy(() -> Site.region("")).hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> Site.onPremises("hq").zone("a"))
        .hasMessageContaining("only a region has zones");
    assertThatThrownBy(() -> pilotLight().verify(" ", world.action("l")))
        .hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> pilotLight().verify("l", world.action("l"), step -> step.attempts(0)))
        .hasMessageContaining("attempts must be 1 or more: 0");
    assertThatThrownBy(() ->
            pilotLight().verify("l", world.action("l"), step -> step.timeLimit(Duration.ZERO)))
        .hasMessageContaining("timeLimit must be positive: PT0S");
    assertThatThrownBy(() -> Declaration.of(" ")).hasMessageContaining("must name who declares");
    assertThatThrownBy(() -> PerSite.at(EAST, "b").get(WEST))
        .hasMessageContaining("no value for us-west-2");
    assertThatThrownBy(() -> PerSite.at(EAST, "b").and(EAST, "c"))
        .hasMessageContaining("has the value 'b' already");
  }

  @Test
  void anAssessmentNamesWhatTheDisasterTakesAway() {
    FailoverAction dns = new FailoverAction() {
      @Override
      public String describe() {
        return "dns";
      }

      @Override
      public Progress observe(ActionContext context) {
        return Progress.reached();
      }

      @Override
      public void apply(ActionContext context) {}

      @Override
      public Repeatability repeatability() {
        return Repeatability.idempotent();
      }

      @Override
      public List<Need> needs(Direction direction) {
        return List.of(Need.globalControl("route53", EAST));
      }
    };
    DrPlan plan = pilotLight().redirect("change dns", dns).build();
    DrEngine engine = DrEngine.builder()
        .journal(io.drkit.spi.Journal.inMemory())
        .leases(io.drkit.spi.LeaseStore.inMemory())
        .build();

    Assessment lost = engine.assess(plan, Disaster.loss(EAST));
    Assessment other = engine.assess(plan, Disaster.controlPlaneLoss(WEST));

    assertThat(lost.sound()).isFalse();
    assertThat(lost.findings().get(0).sentence())
        .contains("route53 control plane in us-east-1")
        .contains("loss of us-east-1");
    assertThat(other.sound()).isTrue();
    assertThat(other.findings()).extracting(Finding::subject).contains("WP-41c");
  }
}
