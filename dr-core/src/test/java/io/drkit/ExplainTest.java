package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Explanation.ExplainedStep;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a person reads of each step before a move, whatever its action sees or fails with. */
class ExplainTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final DrEngine engine = DrEngine.builder()
      .journal(Journal.inMemory())
      .leases(LeaseStore.inMemory())
      .build();

  /** What an action sees when it is looked at. */
  private interface Look {
    Progress at(ActionContext context) throws Exception;
  }

  private static FailoverAction sees(Look look) {
    return new FailoverAction() {
      @Override
      public String describe() {
        return "it is there";
      }

      @Override
      public Progress observe(ActionContext context) throws Exception {
        return look.at(context);
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

  private static Progress inEast(ActionContext context) throws Exception {
    return context.call(Need.control("ec2", EAST), Progress::reached);
  }

  private static Progress afterImage(ActionContext context) {
    return context.evidence("image").isPresent()
        ? Progress.reached()
        : Progress.pending("no image");
  }

  private Map<String, ExplainedStep> explain() throws InterruptedException {
    DrPlanBuilder plan = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(5)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      plan.waive(point, "not what the test is about");
    }
    plan.fence("fence", sees(ExplainTest::inEast))
        .provision("in the lost site", sees(ExplainTest::inEast))
        .provision("image", sees(context -> Progress.pending("not copied")))
        .provision("launch", sees(ExplainTest::afterImage), step -> step.after("image"))
        .provision(
            "launched by hand",
            sees(context -> {
              afterImage(context);
              return Progress.reached();
            }),
            step -> step.after("image"))
        .provision("starting", sees(context -> Progress.underway("1 of 2")))
        .provision("full", sees(context -> Progress.blocked("no quota")))
        .provision("dark", sees(context -> Progress.unknown("no metric")))
        .provision("silent", sees(context -> null))
        .provision("broken", sees(context -> {
          throw new DrException("no such image");
        }))
        .provision("throttled", sees(context -> {
          throw EndpointUnavailableException.notAskedAgain(Need.control("rds", WEST));
        }))
        .verify("orders can be placed", sees(context -> Progress.underway("connection refused")))
        .verify("a switch is on", sees(context -> Progress.pending("off")))
        .verify("silent check", sees(context -> null));
    return engine.explain(plan.build(), Declaration.of("ann").lost(EAST)).steps().stream()
        .collect(Collectors.toMap(ExplainedStep::name, Function.identity()));
  }

  @Test
  void eachStepSaysWhatWouldBecomeOfIt() throws Exception {
    Map<String, String> said = explain().values().stream()
        .collect(
            Collectors.toMap(ExplainedStep::name, step -> step.change() + " " + step.detail()));

    assertThat(said)
        .containsEntry("image", "APPLY not copied")
        .containsEntry("launch", "KNOWN_LATER known after 'image'")
        .containsEntry("launched by hand", "NONE reached")
        .containsEntry("starting", "NONE 1 of 2")
        .containsEntry("full", "BLOCKED no quota")
        .containsEntry("dark", "UNKNOWN no metric")
        .containsEntry("silent", "UNKNOWN observe returned null")
        .containsEntry("silent check", "UNKNOWN observe returned null")
        .containsEntry("broken", "UNKNOWN no such image")
        .containsEntry("orders can be placed", "KNOWN_LATER checked then; now: connection refused")
        .containsEntry("a switch is on", "APPLY off");
    assertThat(said.get("throttled")).startsWith("UNKNOWN the rds control plane in us-west-2");
  }

  @Test
  void whatIsLostWithASiteIsOwedIfItIsAFenceAndBlockedElsewhere() throws Exception {
    Map<String, ExplainedStep> steps = explain();
    String lost = "the ec2 control plane in us-east-1 was not called: us-east-1 is declared lost";

    assertThat(steps.get("fence").change()).isEqualTo(Explanation.Change.BLOCKED);
    assertThat(steps.get("fence").detail()).isEqualTo("would be owed: " + lost);
    assertThat(steps.get("in the lost site").change()).isEqualTo(Explanation.Change.BLOCKED);
    assertThat(steps.get("in the lost site").detail()).isEqualTo(lost);
  }
}
