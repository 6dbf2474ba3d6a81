package io.drkit.internal;

import io.drkit.Approval;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.RecoveryObjective;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.PlannedStep;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs that a test writes record by record: the fold alone, without plan, machine or engine. One second passes with each record. */
final class FoldedRuns {
  static final Site EAST = Site.region("us-east-1");
  static final Site WEST = Site.region("us-west-2");
  static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  static final RecoveryObjective OBJECTIVE =
      RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ofMinutes(1));

  private long sequence;
  private Duration passed = Duration.ZERO;

  static PlannedStep planned(String name, Stage stage, String dataset, String child) {
    return planned(name, stage, dataset, child, Optional.empty());
  }

  static PlannedStep planned(
      String name, Stage stage, String dataset, String child, Optional<Approval> approval) {
    return new PlannedStep(
        name,
        stage,
        "wanted",
        List.of(),
        true,
        Optional.of(dataset).filter(some -> !some.isEmpty()),
        approval,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(child).filter(some -> !some.isEmpty()));
  }

  RunState run(RunMode mode, PlannedStep... steps) {
    return run(mode, Optional.empty(), List.of(), Declaration.of("ann"), steps);
  }

  RunState run(
      RunMode mode,
      Optional<String> unfenced,
      List<PlannedChild> children,
      Declaration declaration,
      PlannedStep... steps) {
    return new RunState(start(mode, unfenced, children, declaration, steps));
  }

  RunRecord start(RunMode mode, PlannedStep... steps) {
    return start(mode, Optional.empty(), List.of(), Declaration.of("ann"), steps);
  }

  private RunRecord start(
      RunMode mode,
      Optional<String> unfenced,
      List<PlannedChild> children,
      Declaration declaration,
      PlannedStep... steps) {
    return entry(new RunStarted(
        mode,
        "fingerprint",
        DrStrategy.PILOT_LIGHT,
        OBJECTIVE,
        new Direction(EAST, WEST),
        declaration,
        List.of(steps),
        unfenced,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        children));
  }

  RunRecord entry(RunEvent event) {
    passed = passed.plusSeconds(1);
    return new RunRecord(sequence++, "r1", 1, NOON.plus(passed), passed, event);
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  void happens(RunState run, RunEvent... events) {
    for (RunEvent event : events) {
      run.fold(entry(event));
    }
  }
}
