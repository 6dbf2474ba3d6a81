package io.drkit.internal;

import static io.drkit.internal.FoldedRuns.EAST;
import static io.drkit.internal.FoldedRuns.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RunMode;
import io.drkit.Step;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecheckTest {
  private static Progress look(Progress seen) throws Exception {
    TimeSource time = TimeSource.system();
    FailoverAction fenced = FailoverAction.check("fenced", context -> seen);
    Step fence = ScriptedRun.builder().fence("fence", fenced).build().step("fence");
    StepContext context = new StepContext(
        new StepContext.Shared(
            "orders",
            "r1",
            new Direction(EAST, WEST),
            Optional.empty(),
            1,
            Duration.ofSeconds(10),
            time,
            new Endpoints(time),
            new AtomicBoolean()),
        new StepContext.View(
            RunMode.FAILOVER, List.of(), Map.of("fence", Evidence.none()), Map.of(), Map.of()),
        "commit");
    return new Recheck(List.of(fence)).observe(context);
  }

  @Test
  void whatIsStillWaitedForIsNotCalledBroken() throws Exception {
    assertThat(look(Progress.underway("writes may go on for PT5S")).detail())
        .isEqualTo("'fence' is not seen to hold just now (writes may go on for PT5S); the move is"
            + " committed when all does");
    assertThat(look(Progress.unknown("no answer")).detail())
        .contains("is not seen to hold just now");
  }

  @Test
  void whatWasUndoneIsCalledSo() throws Exception {
    assertThat(look(Progress.blocked("somebody else holds it")).detail())
        .isEqualTo("'fence' does not hold any more (somebody else holds it); the move is committed"
            + " when all does");
  }

  @Test
  void whatHoldsIsReached() throws Exception {
    assertThat(look(Progress.reached()).kind()).isEqualTo(Progress.Kind.REACHED);
  }
}
