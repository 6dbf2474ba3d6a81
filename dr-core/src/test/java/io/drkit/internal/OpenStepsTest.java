package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Approval;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept up to date record by record is what a look at the whole run tells. */
class OpenStepsTest {
  private static final int SEEDS = 300;
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private final List<PlannedStep> planned = new ArrayList<>();
  private RunState state;
  private long sequence;

  private void plan(Random random) {
    planned.clear();
    int many = 3 + random.nextInt(25);
    for (int i = 0; i < many; i++) {
      List<String> after = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if (random.nextInt(4) == 0) {
          after.add("s" + j);
        }
      }
      planned.add(new PlannedStep(
          "s" + i,
          random.nextInt(3) == 0 ? Stage.FENCE : Stage.PROVISION,
          "w",
          after,
          random.nextInt(3) > 0,
          Optional.empty(),
          random.nextInt(5) == 0 ? Optional.of(Approval.by("owners", 1)) : Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          random.nextBoolean() ? Optional.of("part") : Optional.empty()));
    }
    sequence = 0;
    state = new RunState(entry(new RunEvent.RunStarted(
        RunMode.FAILOVER,
        "f",
        DrStrategy.PILOT_LIGHT,
        RecoveryObjective.rto(Duration.ofMinutes(1)).rpo(Duration.ofMinutes(1)),
        new Direction(Site.region("us-east-1"), Site.region("us-west-2")),
        Declaration.of("ann"),
        planned,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of())));
  }

  private RunRecord entry(RunEvent event) {
    return new RunRecord(
        sequence++, "r1", 1, NOON.plusSeconds(sequence), Duration.ofSeconds(sequence), event);
  }

  private static RunEvent event(Random random, String step) {
    return switch (random.nextInt(11)) {
      case 0, 1, 2 -> new RunEvent.StepStarted(step);
      case 3, 4 -> new RunEvent.StepReached(step, Evidence.of("seen", "yes"));
      case 5 -> new RunEvent.StepFailed(step, "no", random.nextBoolean());
      case 6 -> new RunEvent.StepIntended(step, 1 + random.nextInt(3), Evidence.none());
      case 7 -> new RunEvent.StepSkipped(step, "ann", "by hand");
      case 8 -> new RunEvent.StepRetried(step, "ann", "again");
      case 9 -> new RunEvent.StepOwed(step, "lost");
      default -> new RunEvent.StepInDoubt(step, "who knows");
    };
  }

  private List<String> open() {
    return state.steps().stream()
        .filter(step -> step.status == StepStatus.RUNNING
            || (step.status == StepStatus.WAITING
                && (ready(step) || step.planned.approval().isPresent())))
        .map(StepState::name)
        .toList();
  }

  private boolean ready(StepState step) {
    return step.planned.after().stream().allMatch(before -> state.step(before).passed());
  }

  @Test
  void theyAreWhatALookAtTheWholeRunTells() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      plan(random);
      OpenSteps steps = new OpenSteps(state);
      for (int i = 0; i < 60; i++) {
        RunEvent event = event(random, "s" + random.nextInt(planned.size()));
        state.fold(entry(event));
        steps.folded(event);

        assertThat(steps.all())
            .as("seed %d", seed)
            .extracting(node -> node.step.name())
            .isEqualTo(open());
        assertThat(steps.view(state.mode()).fencedAt()).isEqualTo(state.fencedAt());
        for (StepState step : state.steps()) {
          assertThat(steps.ready(step)).isEqualTo(ready(step));
          assertThat(steps
                  .view(state.mode())
                  .asked()
                  .getOrDefault(step.name(), StepContext.Asked.NEVER)
                  .generation())
              .isEqualTo(step.generation);
          assertThat(steps.view(state.mode()).evidence().containsKey(step.name()))
              .isEqualTo(step.status == StepStatus.REACHED);
        }
        assertThat(steps.anyGoesOn())
            .isEqualTo(state.steps().stream()
                .anyMatch(step -> step.status == StepStatus.RUNNING
                    || (step.status == StepStatus.WAITING && ready(step))));
      }
    }
  }

  @Test
  void aRunWhoseStepWaitsForNoneOfItsStepsIsRefused() {
    PlannedStep web = new PlannedStep(
        "web",
        Stage.PROVISION,
        "w",
        List.of("gone"),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
    RunState run = new FoldedRuns().run(RunMode.FAILOVER, web);

    assertThatThrownBy(() -> new OpenSteps(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the run has no step 'gone'");
  }
}
