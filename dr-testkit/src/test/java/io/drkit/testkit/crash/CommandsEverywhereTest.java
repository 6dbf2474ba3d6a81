package io.drkit.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrEngine;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.StepStatus;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A person's command comes into the journal just before an append of the runner, at each of its appends: what the runner decided
 * and has not written down yet is looked at again in the light of the command, and the journal tells the same story as the runner.
 */
@Timeout(120)
class CommandsEverywhereTest {
  /** A step that is asked for early, and one that is asked for late. */
  private static final String EARLY = "page the vendor";

  private static final String LATE = "open a ticket";
  private static final Instruction ANN = Instruction.by("ann").because("the vendor called");

  /** What the person tells the run. */
  enum Told {
    PAUSE,
    PAUSE_AND_SKIP,
    SKIP,
    ABANDON,
    CANCEL
  }

  /** A process in whose way somebody gets at one of its appends. */
  private static final class Hurried implements Fate {
    private final Story story;
    private final Told told;
    private final int append;
    private int appends;
    private boolean heard;

    Hurried(Story story, Told told, int append) {
      this.story = story;
      this.told = told;
      this.append = append;
    }

    @Override
    public void meet(String operation) {
      if (operation.startsWith("before the append") && appends++ == append) {
        try (DrEngine engine = story.engine(Fate.KIND)) {
          tell(engine.control("orders"));
          heard = true;
        } catch (RefusedException tooEarlyOrTooLate) {
          // Nothing got in the way.
        }
      }
    }

    private void tell(RunControl run) {
      switch (told) {
        case PAUSE -> pause(run);
        case PAUSE_AND_SKIP -> {
          pause(run);
          run.skip(LATE, ANN);
        }
        case SKIP -> run.skip(LATE, ANN);
        case ABANDON -> run.abandon(EARLY, ANN);
        case CANCEL -> run.cancel(ANN);
      }
    }

    private void pause(RunControl run) {
      run.pause(ANN);
      story.time().schedule(Duration.ofSeconds(7), () -> {
        try {
          run.continueRun(ANN);
        } catch (RefusedException itHasEnded) {
          // Nothing was left to ask for.
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCommandBeforeAnyAppendIsHeeded(Told told) throws Exception {
    int heard = 0;
    int appends = 1;
    for (int append = 0; append < appends; append++) {
      Story story = new Story(Blueprint.TWENTY_STEPS);
      Hurried process = new Hurried(story, told, append);
      RunReport report = story.live(process).orElseThrow();

      assertThat(told(story)).as("%s", story).isEqualTo(report);
      if (process.heard) {
        heard++;
        assertHeeded(told, report, story);
      }
      if (told == Told.CANCEL && report.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS) {
        // The service was back; what comes afterwards is not resumed.
        assertThat(story.world().wrongs()).as("%s", story).isEmpty();
      } else {
        story.check(story.finish());
      }
      appends = process.appends;
    }

    assertThat(heard).isGreaterThan(told == Told.ABANDON ? 0 : 15);
  }

  private static RunReport told(Story story) {
    try (DrEngine engine = story.engine(Fate.KIND)) {
      return engine.reports("orders").get(0);
    }
  }

  private static void assertHeeded(Told told, RunReport report, Story story) {
    switch (told) {
      case PAUSE -> assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
      case CANCEL -> assertThat(report.outcome()).isNotEqualTo(Outcome.COMPLETED);
      case ABANDON ->
        assertThat(report.step(EARLY).status()).as("%s", story).isEqualTo(StepStatus.SKIPPED);
      case SKIP, PAUSE_AND_SKIP -> {
        assertThat(report.step(LATE).status()).as("%s", story).isEqualTo(StepStatus.SKIPPED);
        assertThat(story.world().requests(LATE)).as("%s", story).isZero();
      }
    }
  }
}
