package io.drkit.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.crash.Clumsy.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of an action and of the journal throws: the run ends, and no error is swallowed. */
@Timeout(120)
@Tag("proof")
class ErrorsEverywhereTest {
  private static final List<Kind> KINDS = List.of(Kind.values());

  @ParameterizedTest
  @EnumSource
  void anErrorAtAnyCallIsHandledAndTold(Kind kind) throws Exception {
    int operations = 0;
    for (int first = 0; first <= operations; first++) {
      operations = run(Blueprint.TWENTY_STEPS, Map.of(first, kind));
    }

    assertThat(operations).isGreaterThan(200);
  }

  @Test
  void anyTwoErrorsAreHandledAndTold() throws Exception {
    int operations = 0;
    int pairs = 0;
    for (int first = 0; first <= operations; first++) {
      for (int second = first + 1; second <= operations || second == first + 1; second++) {
        Map<Integer, Kind> faults = new LinkedHashMap<>();
        faults.put(first, KINDS.get((first + second) % KINDS.size()));
        faults.put(second, KINDS.get(second % KINDS.size()));
        operations = run(Blueprint.SIX_STEPS, faults);
        pairs++;
      }
    }

    assertThat(pairs).isGreaterThan(1_000);
  }

  @Test
  void threeErrorsAreHandledAndTold() throws Exception {
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Integer, Kind> faults = new LinkedHashMap<>();
      while (faults.size() < 3) {
        faults.put(random.nextInt(70), KINDS.get(random.nextInt(KINDS.size())));
      }
      run(Blueprint.SIX_STEPS, faults);
    }
  }

  /** {@return how many operations the process went through} */
  private static int run(Blueprint blueprint, Map<Integer, Kind> faults)
      throws InterruptedException {
    Story story = new Story(blueprint);
    Clumsy process = new Clumsy(faults);
    List<String> told = new ArrayList<>();
    List<String> thrown;
    try {
      told.addAll(story.live(process).orElseThrow().problems());
      told.addAll(story.log().lines());
      thrown = process.thrown();
    } catch (RuntimeException | Error journalFailed) {
      // What was under way then, the next process has to look at again.
      for (Throwable cause = journalFailed; cause != null; cause = cause.getCause()) {
        told.add(String.valueOf(cause.getMessage()));
      }
      thrown = List.of(process.thrown().get(process.thrown().size() - 1));
    }
    for (String message : thrown) {
      assertThat(told)
          .as("%s, of the faults %s, %s", message, faults, story)
          .anyMatch(text -> text.contains(message));
    }
    story.check(story.finish());
    return process.operations();
  }
}
