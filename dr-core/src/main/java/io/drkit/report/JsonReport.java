package io.drkit.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drkit.Declaration;
import io.drkit.Evidence;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RunReport;
import io.drkit.RunReport.ChildReport;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Outage;
import io.drkit.RunReport.StepReport;
import io.drkit.Site;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run's report as JSON, for scripts and dashboards. The names of the fields are stable; {@code format} is raised when one
 * changes its meaning, and a reader has to bear fields that it does not know.
 *
 * <p>Instants and durations are text as ISO 8601 has them; beside each duration stand its {@code seconds} as a number,
 * rounded up to milliseconds. What is not known, or was not measured, is {@code null}: never zero, never left out. A
 * preparation moves nothing, so its {@code rto}, {@code rtoMet}, {@code rpoSeconds} and {@code rpoMet} are {@code null}.
 */
public final class JsonReport {
  /** The version of the fields' meaning, written as {@code format}. */
  public static final int FORMAT = 1;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonReport() {}

  /**
   * Returns one report as a JSON object, indented, without a line break at the end.
   *
   * @param report the report
   */
  public static String of(RunReport report) {
    return node(report).toPrettyString();
  }

  /**
   * Returns reports as a JSON array, in their order.
   *
   * @param reports the reports
   */
  public static String of(List<RunReport> reports) {
    ArrayNode all = NODES.arrayNode();
    reports.forEach(report -> all.add(node(report)));
    return all.toPrettyString();
  }

  private static ObjectNode node(RunReport report) {
    boolean moves = report.mode().moves();
    ObjectNode json = NODES.objectNode();
    json.put("format", FORMAT);
    json.put("plan", report.plan());
    json.put("run", report.run());
    json.put("mode", report.mode().name());
    json.put("strategy", report.strategy().name());
    json.put("outcome", report.outcome().name());
    json.put("objectiveMet", report.objectiveMet());
    json.put("rtoMet", moves ? report.rtoMet() : null);
    json.put("rpoMet", moves ? report.rpoMet() : null);
    json.put(
        "serviceLevelMet", report.serviceLevel().isPresent() ? report.serviceLevelMet() : null);
    json.put("summary", report.summary());
    json.putObject("direction")
        .put("from", report.direction().from().toString())
        .put("to", report.direction().to().toString());
    json.set("objective", node(report.objective()));
    json.set("declaration", node(report.declaration()));
    json.put("startedAt", report.startedAt().toString());
    json.put("endedAt", text(report.endedAt()));
    json.put("asOf", report.asOf().toString());
    ArrayNode standing = json.putArray("standing");
    report
        .standing()
        .forEach(one ->
            standing.addObject().put("kind", one.kind().name()).put("sentence", one.sentence()));
    json.set("rto", moves ? node(report.rto()) : NODES.nullNode());
    json.put("rpoSeconds", moves ? report.rpo().map(JsonReport::seconds).orElse(null) : null);
    ArrayNode losses = json.putArray("losses");
    report.losses().forEach(loss -> losses.add(node(loss)));
    json.put("serviceLevel", report.serviceLevel().orElse(null));
    ArrayNode children = json.putArray("children");
    report.children().forEach(child -> children.add(node(child)));
    ArrayNode steps = json.putArray("steps");
    report.steps().forEach(step -> steps.add(node(step)));
    ArrayNode exposed = json.putArray("exposed");
    report.exposed().forEach(exposed::add);
    report.exposedSince().ifPresent(since -> json.put("exposedSince", since.toString()));
    ArrayNode problems = json.putArray("problems");
    report.problems().forEach(problems::add);
    json.put("fingerprint", report.fingerprint());
    report.rolledBackBy().ifPresent(by -> json.put("rolledBackBy", by));
    return json;
  }

  private static ObjectNode node(ChildReport child) {
    ObjectNode json = NODES.objectNode();
    json.put("path", child.path());
    json.put("strategy", child.strategy().name());
    json.put("objectiveMet", child.objectiveMet());
    json.put("rtoMet", child.rtoMet());
    json.put("rpoMet", child.rpoMet());
    json.put("serviceLevelMet", child.serviceLevel().isPresent() ? child.serviceLevelMet() : null);
    json.set("objective", node(child.objective()));
    json.set("rto", node(child.rto()));
    json.put("rpoSeconds", child.rpo().map(JsonReport::seconds).orElse(null));
    ArrayNode losses = json.putArray("losses");
    child.losses().forEach(loss -> losses.add(node(loss)));
    json.put("serviceLevel", child.serviceLevel().orElse(null));
    return json;
  }

  private static ObjectNode node(RecoveryObjective objective) {
    ObjectNode json = NODES.objectNode();
    json.put("rto", objective.rto().toString());
    json.put("rtoSeconds", seconds(objective.rto()));
    json.put("rpo", objective.rpo().toString());
    json.put("rpoSeconds", seconds(objective.rpo()));
    json.put("serviceLevel", objective.serviceLevel());
    return json;
  }

  private static ObjectNode node(Declaration declaration) {
    ObjectNode json = NODES.objectNode();
    json.put("by", declaration.by());
    json.put("automatic", declaration.automatic());
    json.put("since", text(declaration.since()));
    json.put("detected", text(declaration.detected()));
    json.put("stopped", text(declaration.stopped()));
    json.put("recoverTo", text(declaration.recoverTo()));
    ArrayNode lost = json.putArray("lost");
    declaration.lost().stream().map(Site::toString).forEach(lost::add);
    json.put("reason", declaration.reason());
    return json;
  }

  private static ObjectNode node(Outage outage) {
    ObjectNode json = NODES.objectNode();
    json.put("recovered", outage.recovered());
    json.put("duration", outage.elapsed().toString());
    json.put("seconds", seconds(outage.elapsed()));
    json.put("countedFromDeclaration", outage.countedFromDeclaration());
    json.put("atLeast", outage.atLeast());
    ObjectNode phases = json.putObject("phases");
    outage
        .phases()
        .forEach((phase, length) -> phases
            .putObject(phase.name())
            .put("duration", length.toString())
            .put("seconds", seconds(length)));
    return json;
  }

  private static ObjectNode node(DataLoss loss) {
    ObjectNode json = NODES.objectNode();
    json.put("dataset", loss.dataset());
    json.put("completeUntil", text(loss.recoveryPoint().completeUntil()));
    json.put("length", loss.length().map(Duration::toString).orElse(null));
    json.put("lengthSeconds", loss.length().map(JsonReport::seconds).orElse(null));
    json.put("silentSince", text(loss.silentSince()));
    json.put("basis", loss.recoveryPoint().basis());
    json.put("promoted", loss.promoted());
    return json;
  }

  private static ObjectNode node(StepReport step) {
    Optional<Duration> length = StepLength.of(step);
    ObjectNode json = NODES.objectNode();
    json.put("name", step.name());
    json.put("stage", step.stage().name());
    json.put("wanted", step.wanted());
    json.put("required", step.required());
    json.put("status", step.status().name());
    json.put("startedAt", text(step.startedAt()));
    json.put("endedAt", text(step.endedAt()));
    json.put("duration", length.map(Duration::toString).orElse(null));
    json.put("seconds", length.map(JsonReport::seconds).orElse(null));
    json.put("requests", step.requests());
    json.put("failedCalls", step.failedCalls());
    json.put("detail", step.detail());
    json.set("evidence", node(step.evidence()));
    return json;
  }

  private static ObjectNode node(Evidence evidence) {
    ObjectNode json = NODES.objectNode();
    ObjectNode facts = json.putObject("facts");
    evidence.facts().forEach(facts::put);
    json.put("completeUntil", text(evidence.recoveryPoint().flatMap(RecoveryPoint::completeUntil)));
    json.put("basis", evidence.recoveryPoint().map(RecoveryPoint::basis).orElse(null));
    json.put("serviceLevel", evidence.serviceLevel().orElse(null));
    return json;
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  /** Seconds as a decimal, so that 0.1 s is not written as 0.10000000000000001; rounded up, as text is. */
  private static BigDecimal seconds(Duration duration) {
    BigDecimal exact =
        BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
    BigDecimal rounded = exact.setScale(3, RoundingMode.CEILING).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
