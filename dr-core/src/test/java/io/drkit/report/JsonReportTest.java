package io.drkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drkit.Declaration;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Standing;
import io.drkit.RunReport.StepReport;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonReportTest {
  private final Reports orders = new Reports();

  @Test
  void namesItsFieldsAsScriptsRelyOnThem() throws Exception {
    JsonNode json = read(orders.report());

    assertThat(names(json))
        .containsExactly(
            "format",
            "plan",
            "run",
            "mode",
            "strategy",
            "outcome",
            "objectiveMet",
            "rtoMet",
            "rpoMet",
            "serviceLevelMet",
            "summary",
            "direction",
            "objective",
            "declaration",
            "startedAt",
            "endedAt",
            "asOf",
            "standing",
            "rto",
            "rpoSeconds",
            "losses",
            "serviceLevel",
            "children",
            "steps",
            "exposed",
            "problems",
            "fingerprint");
    assertThat(json.get("format").intValue()).isEqualTo(1);
    assertThat(json.get("outcome").textValue()).isEqualTo("COMPLETED");
    assertThat(json.get("objectiveMet").booleanValue()).isTrue();
    assertThat(json.at("/direction/from").textValue()).isEqualTo("us-east-1");
    assertThat(json.at("/direction/to").textValue()).isEqualTo("us-west-2");
    assertThat(json.at("/declaration/by").textValue()).isEqualTo("on-call");
    assertThat(json.at("/declaration/since").textValue()).isEqualTo("2026-11-23T11:59:00Z");
    assertThat(json.at("/declaration/detected").isNull()).isTrue();
    assertThat(json.get("endedAt").textValue()).isEqualTo("2026-11-23T12:03:12Z");
    assertThat(json.get("fingerprint").textValue()).isEqualTo("ab".repeat(32));
  }

  @Test
  void aRunThatGoesOnTellsWhatHoldsItUp() throws Exception {
    orders.outcome = Outcome.RUNNING;
    orders.endedAt = Optional.empty();
    orders.standing = List.of(new Standing(Standing.Kind.PAUSED, "paused by ann"));

    JsonNode json = read(orders.report());

    assertThat(json.get("asOf").textValue()).isEqualTo("2026-11-23T12:03:12Z");
    assertThat(names(json.at("/standing/0"))).containsExactly("kind", "sentence");
    assertThat(json.at("/standing/0/kind").textValue()).isEqualTo("PAUSED");
    assertThat(json.at("/standing/0/sentence").textValue()).isEqualTo("paused by ann");
  }

  @Test
  void givesEachChildByItsPath() throws Exception {
    DataLoss loss = Reports.loss("ledger-db", Duration.ofSeconds(50));
    orders.losses = List.of(loss);
    orders.children = List.of(Reports.child("payments/ledger", true, loss));
    JsonNode child = read(orders.report()).at("/children/0");

    assertThat(names(child))
        .containsExactly(
            "path",
            "strategy",
            "objectiveMet",
            "rtoMet",
            "rpoMet",
            "serviceLevelMet",
            "objective",
            "rto",
            "rpoSeconds",
            "losses",
            "serviceLevel");
    assertThat(child.get("path").textValue()).isEqualTo("payments/ledger");
    assertThat(child.get("objectiveMet").booleanValue()).isFalse();
    assertThat(child.get("rtoMet").booleanValue()).isTrue();
    assertThat(child.get("rpoMet").booleanValue()).isFalse();
    assertThat(child.at("/rto/seconds").intValue()).isEqualTo(100);
    assertThat(child.get("rpoSeconds").intValue()).isEqualTo(50);
    assertThat(child.at("/losses/0/dataset").textValue()).isEqualTo("ledger-db");
  }

  @Test
  void givesADurationAsTextAndAsANumber() throws Exception {
    JsonNode json = read(orders.report());

    assertThat(json.at("/objective/rto").textValue()).isEqualTo("PT30M");
    assertThat(json.at("/objective/rtoSeconds").intValue()).isEqualTo(1800);
    assertThat(json.at("/rto/duration").textValue()).isEqualTo("PT4M12S");
    assertThat(json.at("/rto/seconds").intValue()).isEqualTo(252);
    assertThat(json.at("/rto/recovered").booleanValue()).isTrue();
    assertThat(json.at("/rto/countedFromDeclaration").booleanValue()).isFalse();
    assertThat(json.at("/rto/atLeast").booleanValue()).isFalse();
    assertThat(names(json.at("/rto/phases"))).containsExactly("DETECT", "DECIDE", "PROMOTE");
    assertThat(json.at("/rto/phases/DECIDE/seconds").intValue()).isEqualTo(60);
    assertThat(json.at("/steps/0/seconds").decimalValue()).isEqualByComparingTo("12.5");
  }

  @Test
  void writesNumbersAsAPersonWould() {
    assertThat(JsonReport.of(orders.report()))
        .contains("\"rtoSeconds\" : 1800,")
        .contains("\"seconds\" : 12.5,");
  }

  @Test
  void anUnknownLossIsNullAndNeverZero() throws Exception {
    orders.losses = List.of(
        Reports.loss("receipts", Duration.ofMillis(1500)), Reports.unknownLoss("orders-db", true));

    JsonNode json = read(orders.report());

    assertThat(json.at("/losses/0/dataset").textValue()).isEqualTo("receipts");
    assertThat(json.at("/losses/0/completeUntil").textValue())
        .isEqualTo("2026-11-23T11:59:58.500Z");
    assertThat(json.at("/losses/0/lengthSeconds").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(json.at("/losses/0/basis").textValue()).isEqualTo("replica lag");
    assertThat(json.at("/losses/0/promoted").booleanValue()).isTrue();
    assertThat(json.at("/losses/1").has("lengthSeconds")).isTrue();
    assertThat(json.at("/losses/1/lengthSeconds").isNull()).isTrue();
    assertThat(json.at("/losses/1/completeUntil").isNull()).isTrue();
    assertThat(json.get("rpoSeconds").isNull()).isTrue();
    assertThat(json.get("rpoMet").booleanValue()).isFalse();
    assertThat(json.get("objectiveMet").booleanValue()).isFalse();
  }

  @Test
  void aLossShorterThanAMillisecondIsNotWrittenAsZero() throws Exception {
    orders.losses = List.of(Reports.loss("receipts", Duration.ofNanos(1)));

    assertThat(read(orders.report()).at("/losses/0/lengthSeconds").decimalValue())
        .isEqualByComparingTo("0.001");
  }

  @Test
  void aPreparationHasNoRtoAndNoRpo() throws Exception {
    orders.mode = RunMode.PREPARE;

    JsonNode json = read(orders.report());

    for (String field : List.of("rto", "rtoMet", "rpoSeconds", "rpoMet")) {
      assertThat(json.has(field)).as(field).isTrue();
      assertThat(json.get(field).isNull()).as(field).isTrue();
    }
    assertThat(json.get("objectiveMet").booleanValue()).isTrue();
  }

  @Test
  void aStepCarriesWhatWasSeen() throws Exception {
    orders.steps = List.of(
        new StepReport(
            "start web",
            Stage.PROVISION,
            "2 instances run",
            false,
            StepStatus.FAILED,
            Optional.of(Reports.NOON),
            Optional.empty(),
            2,
            3,
            "1 of 2 runs",
            Evidence.of("instances", "i-1")
                .and(RecoveryPoint.completeUntil("web", Reports.NOON, "image"))
                .serviceLevel(0.5)),
        Reports.step("stop orders-web", Stage.FENCE, StepStatus.REACHED));

    JsonNode step = read(orders.report()).at("/steps/0");

    assertThat(names(step))
        .containsExactly(
            "name",
            "stage",
            "wanted",
            "required",
            "status",
            "startedAt",
            "endedAt",
            "duration",
            "seconds",
            "requests",
            "failedCalls",
            "detail",
            "evidence");
    assertThat(step.get("status").textValue()).isEqualTo("FAILED");
    assertThat(step.get("required").booleanValue()).isFalse();
    assertThat(step.get("seconds").isNull()).isTrue();
    assertThat(step.get("requests").intValue()).isEqualTo(2);
    assertThat(step.get("failedCalls").intValue()).isEqualTo(3);
    assertThat(step.at("/evidence/facts/instances").textValue()).isEqualTo("i-1");
    assertThat(step.at("/evidence/completeUntil").textValue()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(step.at("/evidence/basis").textValue()).isEqualTo("image");
    assertThat(step.at("/evidence/serviceLevel").doubleValue()).isEqualTo(0.5);
  }

  @Test
  void whatIsOwedAndWhatWentWrongAreLists() throws Exception {
    orders.declaration =
        Declaration.of("on-call").lost(Reports.EAST).recoverTo(Reports.NOON.minusSeconds(90));
    orders.exposed = List.of("a fence is owed");
    orders.problems = List.of("no \"answer\"");

    JsonNode json = read(orders.report());

    assertThat(json.at("/declaration/lost/0").textValue()).isEqualTo("us-east-1");
    assertThat(json.at("/declaration/recoverTo").textValue()).isEqualTo("2026-11-23T11:58:30Z");
    assertThat(json.at("/exposed/0").textValue()).isEqualTo("a fence is owed");
    assertThat(json.at("/problems/0").textValue()).isEqualTo("no \"answer\"");
  }

  @Test
  void severalReportsAreAnArray() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(JsonReport.of(List.of(orders.report(), orders.report())));

    assertThat(json.isArray()).isTrue();
    assertThat(json).hasSize(2);
    assertThat(json.at("/1/run").textValue()).isEqualTo("orders-1");
  }

  private static JsonNode read(RunReport report) throws Exception {
    return new ObjectMapper().readTree(JsonReport.of(report));
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
