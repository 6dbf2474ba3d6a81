package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.FailoverAction;
import io.drkit.Progress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunGraphTest {
  private static final FailoverAction WANTED =
      FailoverAction.check("wanted", context -> Progress.reached());

  /** a, then b and c, then d after both. */
  private final RunGraph graph = new RunGraph(ScriptedRun.of(plan -> plan.provision("a", WANTED)
          .provision("b", WANTED, step -> step.after("a"))
          .provision("c", WANTED, step -> step.after("a"))
          .provision("d", WANTED, step -> step.after("b", "c")))
      .machine
      .state());

  @Test
  void whatWaitsForAStepDoesSoThroughOthersToo() {
    assertThat(graph.waiting(List.of("a"))).containsExactlyInAnyOrder("b", "c", "d");
    assertThat(graph.waiting(List.of("b", "c"))).containsExactly("d");
    assertThat(graph.waiting(List.of("d"))).isEmpty();
  }

  @Test
  void theNextOnesAreLookedForPastNoneOfThem() {
    assertThat(graph.next("a", Set.of("a", "b", "c", "d"))).containsExactlyInAnyOrder("b", "c");
    assertThat(graph.next("a", Set.of("d"))).containsExactly("d");
    assertThat(graph.next("a", Set.of("b", "d")))
        .as("d waits for c, too, which none of them is")
        .containsExactlyInAnyOrder("b", "d");
  }
}
