package io.drkit.testkit.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.zoo.Bug.Outcome;
import io.drkit.testkit.zoo.Bug.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs are planted into the main code, and a proof has to notice each of them (reliability.md R25). */
@Tag("proof")
class ZooTest {
  @TempDir
  static Path directory;

  private static final ExecutorService CORES =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private static final Map<Bug, Future<Outcome>> RELEASED = new LinkedHashMap<>();

  static Stream<Bug> bugs() {
    return Stream.concat(Zoo.BUGS.stream(), FakesZoo.BUGS.stream());
  }

  @BeforeAll
  static void release() {
    bugs().forEach(bug -> {
      Callable<Outcome> outcome = () -> bug.release(directory);
      RELEASED.put(bug, CORES.submit(outcome));
    });
  }

  @AfterAll
  static void close() {
    CORES.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isNoticed(Bug bug) throws Exception {
    Outcome outcome = RELEASED.get(bug).get();

    assertThat(outcome.verdict())
        .as("%s; %s says: %s", bug.name(), bug.proof(), outcome.output())
        .isIn(Verdict.FAILED, Verdict.HUNG);
  }
}
