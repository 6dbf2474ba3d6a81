package io.drkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.CommitWindow.AtLimit;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where in a plan a step may stand, by whether it can be taken back. */
class ReversibilityTest {
  private final Switches world = new Switches();

  private DrPlanBuilder builder() {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(1)));
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder;
  }

  private DrPlanBuilder fenced() {
    return builder()
        .fence("stop web", world.action("web"))
        .fence("stop jobs", world.action("jobs"));
  }

  private FailoverAction migration() {
    return world.action("migrated", Reversibility.ONE_WAY);
  }

  private FailoverAction caches() {
    return world.action("caches", Reversibility.REVERSIBLE);
  }

  @Test
  void anActionIsCompensableUnlessItSaysOtherwise() {
    assertThat(world.action("a").reversibility()).isEqualTo(Reversibility.COMPENSABLE);
    assertThat(FailoverAction.check("looks", context -> Progress.reached()).reversibility())
        .isEqualTo(Reversibility.REVERSIBLE);
    assertThat(FailoverAction.elapsed("time", ofSeconds(1)).reversibility())
        .isEqualTo(Reversibility.REVERSIBLE);
    assertThat(FailoverAction.when("always", context -> true, migration()).reversibility())
        .isEqualTo(Reversibility.ONE_WAY);
    assertThat(FailoverAction.once("page", 1, context -> {}).reversibility())
        .isEqualTo(Reversibility.COMPENSABLE);
    assertThat(
            FailoverAction.once("mail", 1, Reversibility.ONE_WAY, context -> {}).reversibility())
        .isEqualTo(Reversibility.ONE_WAY);
  }

  @Test
  void codeWhoseEffectNobodyCanLookUpHasNoWayBack() {
    assertThatThrownBy(
            () -> FailoverAction.once("mail", 1, Reversibility.REVERSIBLE, context -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'mail' cannot be REVERSIBLE: nobody can look up what it did; call it COMPENSABLE"
                + " or ONE_WAY");
  }

  @Test
  void aPromotionIsOneWayWhateverItsActionSays() {
    DrPlan plan = fenced()
        .replicator(world.replicator("orders-db", Instant.EPOCH))
        .promoteReplicas()
        .build();

    assertThat(plan.step("promote orders-db").action().reversibility())
        .isEqualTo(Reversibility.COMPENSABLE);
    assertThat(plan.step("promote orders-db").reversibility()).isEqualTo(Reversibility.ONE_WAY);
    assertThat(plan.step("stop web").reversibility()).isEqualTo(Reversibility.COMPENSABLE);
  }

  @Test
  void aOneWayStepThatWaitsForEveryFenceIsRight() {
    DrPlan plan = fenced()
        .provision("network", world.action("network"), step -> step.after("stop web", "stop jobs"))
        .provision("migrate", migration(), step -> step.after("network"))
        .redirect("traffic", world.action("traffic", Reversibility.ONE_WAY))
        .build();

    assertThat(plan.step("migrate").reversibility()).isEqualTo(Reversibility.ONE_WAY);
  }

  @Test
  void aOneWayStepThatDoesNotWaitForEveryFenceIsRefusedUnlessItNamesTheRisk() {
    assertThatThrownBy(() -> fenced().provision("migrate", migration()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "plan 'orders': step 'migrate' cannot be taken back, and does not wait for the fence"
                + " 'stop web'; add it to after(...), or name the risk with because(reason)");
    assertThatThrownBy(() -> fenced()
            .provision("migrate", migration(), step -> step.after("stop web"))
            .build())
        .hasMessageContaining("does not wait for the fence 'stop jobs'");
    assertThat(fenced()
            .provision("migrate", migration(), step -> step.because("it adds columns only"))
            .build()
            .step("migrate")
            .because())
        .contains("it adds columns only");
  }

  @Test
  void aOneWayStepOfAPlanThatFencesNobodyIsRefusedUnlessTheRiskIsNamed() {
    assertThatThrownBy(() -> builder().redirect("traffic", migration()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "plan 'orders': step 'traffic' cannot be taken back, and no fence comes before it;"
                + " add fence(...), or name the risk with because(reason)");
    assertThat(builder()
            .redirect("traffic", migration(), step -> step.because("nobody writes"))
            .build()
            .unfenced())
        .isEmpty();
    assertThat(builder()
            .unfenced("nobody writes")
            .redirect("traffic", migration())
            .build()
            .steps())
        .hasSize(1);
  }

  @Test
  void aPromotionHasNoNamedRiskOfItsOwn() {
    assertThatThrownBy(() -> fenced()
            .replicator(world.replicator("orders-db", Instant.EPOCH))
            .promoteReplicas(step -> step.atOnce().because("we are in a hurry"))
            .build())
        .hasMessageContaining("step 'promote orders-db' does not wait for the fence 'stop web'");
  }

  @Test
  void aFenceMayBeOneWayItself() {
    assertThat(builder()
            .fence("stop web", world.action("web"))
            .fence("erase the keys", world.action("keys", Reversibility.ONE_WAY))
            .build()
            .steps())
        .hasSize(2);
  }

  private DrPlan late(UnaryOperator<Step> options, FailoverAction action) {
    return fenced()
        .provision("network", world.action("network"))
        .provision("migrate", migration(), step -> step.after("network", "stop web", "stop jobs"))
        .provision("code", world.action("code"), step -> step.after("migrate"))
        .provision("caches", action, options)
        .build();
  }

  @Test
  void aStepThatIsFreeToStartIsRefusedIfItWaitsForAOneWayStepUnlessItSaysWhy() {
    assertThatThrownBy(() -> late(step -> step.after("code"), caches()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plan 'orders': step 'caches' can be taken back, and waits for 'migrate', which"
            + " cannot; it could start at once: remove it from after(...), or say why with"
            + " because(reason)");
    assertThat(late(step -> step.after("code").because("it warms up from the new tables"), caches())
            .step("caches")
            .because())
        .isPresent();
    assertThat(late(UnaryOperator.identity(), caches()).predecessors("caches")).isEmpty();
  }

  @Test
  void whatHasNoWayBackOrAsksForNothingMayWait() {
    for (FailoverAction action : new FailoverAction[] {
      world.action("caches"),
      FailoverAction.check("the tables are there", context -> Progress.reached()),
      FailoverAction.elapsed("the tables settle", ofSeconds(9)),
      FailoverAction.when(
          "always", context -> true, FailoverAction.elapsed("the tables settle", ofSeconds(9)))
    }) {
      assertThat(late(step -> step.after("code"), action).predecessors("caches"))
          .containsExactly("code");
    }
    assertThatThrownBy(() -> late(
            step -> step.after("code"), FailoverAction.when("always", context -> true, caches())))
        .hasMessageContaining("it could start at once");
  }

  @Test
  void aReasonThatSaysNothingIsRefused() {
    assertThatThrownBy(() -> fenced()
            .provision("migrate", migration(), step -> step.because(" "))
            .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step 'migrate': because(...) must say which risk is accepted, or what is worth"
            + " the wait");
  }

  @Test
  void aCommitWindowThatTakesBackWhatCannotBeIsRefused() {
    CommitWindow window = new CommitWindow(ofMinutes(10), AtLimit.ROLLBACK);
    assertThatThrownBy(
            () -> fenced().redirect("traffic", migration()).commitWindow(window).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plan 'orders': takes the move back when its commit window has passed, but"
            + " 'traffic' cannot be taken back; choose AtLimit.NONE or AtLimit.COMMIT, or let it wait"
            + " for 'commit'");
    assertThat(fenced()
            .redirect("traffic", world.action("traffic"))
            .afterwards("erase", migration())
            .commitWindow(window)
            .build()
            .commitWindow())
        .isPresent();
  }

  @Test
  void theReasonIsAssessed() {
    DrPlan plan = fenced()
        .provision("migrate", migration(), step -> step.because("it adds columns only"))
        .provision("caches", caches(), step -> step.after("migrate").because("it reads them"))
        .build();
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .build()) {
      Assessment assessment = engine.assess(plan, Disaster.loss(Site.region("us-east-1")));

      assertThat(assessment.findings())
          .contains(
              new Finding(
                  Finding.Severity.WARNING,
                  "migrate",
                  "it cannot be taken back, and stands where it does because it adds columns only"),
              new Finding(
                  Finding.Severity.NOTE,
                  "caches",
                  "it stands where it does because it reads them"));
    }
  }
}
