package io.drkit.report;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.ChildReport;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Outage;
import io.drkit.RunReport.Phase;
import io.drkit.RunReport.Standing;
import io.drkit.RunReport.StepReport;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports made by hand: one run of the plan "orders" at noon, told in different ways. */
final class Reports {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Site EAST = Site.region("us-east-1");
  static final Site WEST = Site.region("us-west-2");

  RunMode mode = RunMode.FAILOVER;
  Outcome outcome = Outcome.COMPLETED;
  Declaration declaration =
      Declaration.of("on-call").since(NOON.minusSeconds(60)).reason("game day");
  Optional<Instant> endedAt = Optional.of(NOON.plusSeconds(192));
  boolean recovered = true;
  Duration elapsed = Duration.ofSeconds(252);
  List<Standing> standing = List.of();
  boolean countedFromDeclaration;
  boolean atLeast;
  List<DataLoss> losses = List.of();
  Optional<Double> serviceLevel = Optional.empty();
  List<StepReport> steps = List.of(step("stop orders-web", Stage.FENCE, StepStatus.REACHED));
  List<String> exposed = List.of();
  List<String> problems = List.of();
  Optional<String> rolledBackBy = Optional.empty();
  List<ChildReport> children = List.of();

  RunReport report() {
    Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    phases.put(Phase.DETECT, Duration.ZERO);
    phases.put(Phase.DECIDE, Duration.ofSeconds(60));
    phases.put(Phase.PROMOTE, Duration.ofSeconds(192));
    return new RunReport(
        "orders",
        "orders-1",
        mode,
        DrStrategy.PILOT_LIGHT,
        new Direction(EAST, WEST),
        outcome,
        RecoveryObjective.rto(Duration.ofMinutes(30)).rpo(Duration.ofHours(1)).serviceLevel(0.6),
        declaration,
        NOON,
        endedAt,
        endedAt.orElse(NOON.plusSeconds(192)),
        standing,
        new Outage(recovered, elapsed, countedFromDeclaration, atLeast, phases),
        losses,
        serviceLevel,
        steps,
        exposed,
        exposed.isEmpty() ? Optional.empty() : Optional.of(NOON),
        problems,
        "ab".repeat(32),
        rolledBackBy,
        children);
  }

  static StepReport step(String name, Stage stage, StepStatus status) {
    return new StepReport(
        name,
        stage,
        name + " is done",
        true,
        status,
        Optional.of(NOON),
        Optional.of(NOON.plusMillis(12_500)),
        1,
        0,
        "",
        Evidence.none());
  }

  static DataLoss loss(String dataset, Duration length) {
    return new DataLoss(
        dataset,
        RecoveryPoint.completeUntil(dataset, NOON.minus(length), "replica lag"),
        true,
        Optional.of(length),
        Optional.empty());
  }

  static DataLoss unknownLoss(String dataset, boolean promoted) {
    return new DataLoss(
        dataset,
        RecoveryPoint.unknown(dataset, "no lag could be read"),
        promoted,
        Optional.empty(),
        Optional.empty());
  }

  static ChildReport child(String path, boolean recovered, DataLoss... losses) {
    return new ChildReport(
        path,
        DrStrategy.WARM_STANDBY,
        RecoveryObjective.rto(Duration.ofMinutes(2)).rpo(Duration.ofSeconds(30)).serviceLevel(0.6),
        new Outage(recovered, Duration.ofSeconds(100), false, false, Map.of()),
        List.of(losses),
        Optional.of(0.8));
  }
}
