package io.drkit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drkit.Approval;
import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00.123456789Z");
  private static final Site EAST = Site.region("us-east-1");
  private static final String UNREADABLE =
      "plan 'orders': record 7 of the journal cannot be read by this version of drkit; use the version that wrote it";
  private static final Map<String, Class<?>> TYPES = everyEvent()
      .map(RunEvent::getClass)
      .collect(Collectors.toMap(Class::getSimpleName, type -> type));

  private final RecordCodec codec = new RecordCodec();

  static Stream<RunEvent> everyEvent() {
    Evidence evidence = Evidence.of("a", "1")
        .and("b", "2")
        .and(RecoveryPoint.completeUntil("db", NOON, "lag"))
        .serviceLevel(0.5);
    RunEvent.PlannedStep step = new RunEvent.PlannedStep(
        "s",
        Stage.FENCE,
        "w",
        List.of("t"),
        true,
        Optional.of("db"),
        Optional.of(Approval.by("owners", 2).members("a", "b").timeLimit(Duration.ofMinutes(3))),
        Optional.of(Repeatability.observed(Duration.ofMillis(1))),
        Optional.of(Reversibility.ONE_WAY),
        Optional.of("the vendor needs it first"),
        Optional.of("payments/ledger"));
    return Stream.of(
        new RunEvent.RunStarted(
            RunMode.FAILOVER,
            "f",
            DrStrategy.WARM_STANDBY,
            RecoveryObjective.rto(Duration.ofMinutes(15)).rpo(Duration.ZERO).serviceLevel(0.6),
            new Direction(Site.onPremises("head-office"), EAST.zone("us-east-1a")),
            Declaration.automatic("me")
                .since(NOON)
                .detected(NOON)
                .recoverTo(NOON)
                .lost(EAST, EAST.zone("us-east-1b"))
                .reason("fire")
                .expectingActive(EAST)
                .startToken("incident 7")
                .acceptLoss("db"),
            List.of(step),
            Optional.of("read only"),
            Optional.of("r0"),
            Optional.of(new CommitWindow(Duration.ofHours(1), CommitWindow.AtLimit.COMMIT)),
            List.of(EAST, EAST.zone("us-east-1b")),
            Optional.of(Failback.standard().approval(Approval.by("owners", 1))),
            List.of(step),
            List.of(new RunEvent.PlannedChild(
                "payments/ledger",
                DrStrategy.MULTI_SITE,
                RecoveryObjective.rto(Duration.ofMinutes(5)).rpo(Duration.ZERO),
                Optional.of("it is read only"),
                Failback.standard()))),
        new RunEvent.RunnerBegan(
            "host",
            "me",
            List.of(EAST),
            Optional.of(NOON),
            Optional.of(RunEvent.Clock.STEADY),
            Optional.of(Duration.ofSeconds(9))),
        new RunEvent.StepStarted("s"),
        new RunEvent.StepIntended("s", 3, evidence),
        new RunEvent.StepApplied("s", 3),
        new RunEvent.CallFailed("s", "observe", "e\nf\u2028"),
        new RunEvent.StepReached("s", evidence),
        new RunEvent.StepFailed("s", "r", true),
        new RunEvent.StepOwed("s", "r"),
        new RunEvent.StepInDoubt("s", "r"),
        new RunEvent.IntentWithdrawn("s", 3),
        new RunEvent.ApprovalRequested(
            "s", ApprovalRequest.Subject.LOSS, "owners", 2, List.of("a", "b"), NOON, "an hour"),
        new RunEvent.RunPaused("me", "look"),
        new RunEvent.RunContinued("me", ""),
        new RunEvent.RunCancelled("me", "false alarm"),
        new RunEvent.RunRolledBack("me", "orders are wrong"),
        new RunEvent.RunSwitched(
            RunMode.SWITCHOVER, List.of(Site.region("us-east-1")), "me", "it works"),
        new RunEvent.StepSwitched("s", RunMode.FAILOVER, "me", "the copies hang"),
        new RunEvent.StepSkipped("s", "me", "by hand"),
        new RunEvent.StepRetried("s", "me", ""),
        new RunEvent.StepApproved("s", "me", ""),
        new RunEvent.StepDeclined("s", "me", "too much"),
        new RunEvent.StepDecided("s", Decision.NO_EFFECT, "me", "no mail there"),
        new RunEvent.LeverPulled("me", "freeze"),
        new RunEvent.LeverReleased("me", ""),
        new RunEvent.HistoryCompacted(
            12,
            NOON,
            EAST,
            List.of(Site.onPremises("head-office"), EAST),
            List.of(new RunEvent.UsedToken("incident 7", "r3-0badcafe")),
            "me"),
        new RunEvent.RunEnded(Outcome.IN_DOUBT));
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void whatIsWrittenIsReadAgain(RunEvent event) {
    RunRecord entry = new RunRecord(7, "r1", 2, NOON, Duration.ofNanos(5), event);

    String line = codec.write(entry);

    assertThat(line).doesNotContain("\n").doesNotContain("\r");
    assertThat(codec.read("orders", 7, line)).isEqualTo(entry);
  }

  @Test
  void everyKindOfEventIsTried() {
    assertThat(everyEvent().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(Stream.of(
                RunEvent.class.getPermittedSubclasses(),
                RunEvent.Command.class.getPermittedSubclasses())
            .flatMap(Stream::of)
            .filter(type -> type != RunEvent.Command.class)
            .toList());
  }

  @Test
  void aRecordFromBeforeAPartWasAddedIsReadWithoutIt() {
    String line = codec
        .write(new RunRecord(
            0, "r1", 1, NOON, Duration.ZERO, everyEvent().findFirst().orElseThrow()))
        .replaceAll(",\"children\":\\[.*]", "")
        .replaceAll(",\"acceptedLosses\":\\[[^]]*]", "")
        .replaceAll(",\"failback\":\\{.*?}}", "")
        .replaceAll(",\"sites\":\\[[^]]*]", "")
        .replaceAll(",\"approval\":\\{[^}]*}", "")
        .replaceAll(",\"repeatability\":\\{[^}]*}", "")
        .replaceAll(",\"reversibility\":\"[^\"]*\"", "")
        .replaceAll(",\"because\":\"[^\"]*\"", "")
        .replaceAll(",\"child\":\"[^\"]*\"", "")
        .replaceAll(",\"planSteps\":.*?}]", "");

    RunEvent.RunStarted started =
        (RunEvent.RunStarted) codec.read("orders", 0, line).event();

    assertThat(line)
        .doesNotContain("acceptedLosses")
        .doesNotContain("approval")
        .doesNotContain("repeatability")
        .doesNotContain("reversibility")
        .doesNotContain("because")
        .doesNotContain("child")
        .doesNotContain("failback")
        .doesNotContain("planSteps")
        .doesNotContain("sites");
    assertThat(started.declaration().acceptedLosses()).isEmpty();
    assertThat(started.steps().get(0).approval()).isEmpty();
    assertThat(started.steps().get(0).repeatability()).isEmpty();
    assertThat(started.steps().get(0).reversibility()).isEmpty();
    assertThat(started.steps().get(0).because()).isEmpty();
    assertThat(started.sites()).isEmpty();
    assertThat(started.failback()).isEmpty();
    assertThat(started.planSteps()).isEmpty();
    assertThat(started.children()).isEmpty();
    assertThat(started.steps().get(0).child()).isEmpty();
  }

  @Test
  void aRecordOfAnotherVersionIsRefusedByNumber() {
    assertThatThrownBy(() -> codec.read("orders", 12, "{\"event\":\"StepDreamt\"}"))
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "plan 'orders': record 12 of the journal is of the kind 'StepDreamt', which this version of drkit does "
                + "not know; use the version that wrote it");
    assertThatThrownBy(() -> codec.read("orders", 12, "{\"event\":\"StepStarted\",\"with\":{}}"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("record 12 of the journal cannot be read");
    assertThatThrownBy(() -> codec.read("orders", 12, "not json"))
        .isInstanceOf(JournalException.class);
  }

  @ParameterizedTest
  @MethodSource("linesOfFormat1")
  void whatEarlierVersionsWroteIsReadAndWrittenAgainAsItWas(String line) throws Exception {
    RunRecord entry = codec.read("orders", 7, line);

    String again = codec.write(entry);

    if (entry.event() instanceof RunEvent.RunStarted) {
      // Parts were added to it since, and more will be.
      assertHolds(RecordCodec.MAPPER.readTree(again), RecordCodec.MAPPER.readTree(line));
    } else {
      assertThat(again).isEqualTo(line);
    }
  }

  @Test
  void thereIsALineOfEachKind() {
    assertThat(linesOfFormat1()
            .map(line -> codec.read("orders", 0, line).event().getClass().getSimpleName()))
        .as("whoever adds an event adds a line of it to records-of-format-1.txt")
        .containsAll(everyEvent().map(event -> event.getClass().getSimpleName()).toList());
  }

  @Test
  void everyEventHasTheTextThatTheMapperGivesIt() {
    for (int seed = 0; seed < 5_000; seed++) {
      RunRecord entry = someRecord(new Random(seed));

      String line = codec.write(entry);
      RunRecord again = codec.read("orders", entry.sequence(), line);

      assertThat(line).as("seed " + seed).isEqualTo(writtenByMapper(entry));
      assertThat(again).as("seed " + seed).isEqualTo(entry);
      // The order of facts is part of neither's equality.
      assertThat(codec.write(again)).as("seed " + seed).isEqualTo(line);
    }
  }

  /** What the mapper refuses is refused, and what is taken is taken for the same. */
  @Test
  void aDamagedLineIsReadAsTheMapperReadsItOrRefused() {
    List<String> lines = linesOfFormat1().toList();
    int refused = 0;
    for (int seed = 0; seed < 10_000; seed++) {
      Random random = new Random(seed);
      String line = damaged(lines, random);

      Object ours = outcome(() -> codec.read("orders", 7, line));
      Object mappers = outcome(() -> readByMapper(line));

      if (ours instanceof RunRecord) {
        assertThat(ours).as("seed %d: %s", seed, line).isEqualTo(mappers);
      } else {
        // A field that is damaged is told before the kind that is not known.
        assertThat(List.of(ours)).as("seed %d: %s", seed, line).isSubsetOf(mappers, UNREADABLE);
      }
      refused += ours instanceof String ? 1 : 0;
    }
    assertThat(refused).isBetween(5_000, 9_500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'run':'r1','run':'r1'",
        "'epoch':1.5",
        "'epoch':'1'",
        "'epoch':1e3",
        "'epoch':99999999999999999999",
        "'at':7",
        "'uptime':null",
        "'event':null",
        "'with':null",
        "'with':{'step':'s','generation':3,'generation':3}",
        "'with':{'step':'s','generation':3,'more':1}",
        "'with':{'step':'s'}",
        "'with':{'step':'s','generation':2147483648}",
        "'with':{'step':'s','generation':3.0}",
        "'with':{'step':null,'generation':3}",
        "'with':['s',3]"
      })
  void aFieldThatIsNotAsItIsWrittenIsRefused(String field) {
    String line = codec.write(
        new RunRecord(7, "r1", 2, NOON, Duration.ZERO, new RunEvent.StepApplied("s", 3)));
    String name = field.substring(1, field.indexOf("':"));
    String damaged = line.replaceAll(
        "\"" + name + "\":(\\{.*?}|[^,}]*)", Matcher.quoteReplacement(field.replace('\'', '"')));

    assertThat(damaged).isNotEqualTo(line);
    assertThatThrownBy(() -> codec.read("orders", 7, damaged))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("record 7 of the journal");
  }

  @Test
  void aFieldThatIsThereTwiceIsRefusedAtAnyDepth() {
    linesOfFormat1().forEach(line -> {
      Matcher fields = Pattern.compile("\"[a-zA-Z]+\":(\"[^\"]*\"|[0-9.]+|true|null)(?=[,}])")
          .matcher(line);
      while (fields.find()) {
        String twice =
            new StringBuilder(line).insert(fields.end(), "," + fields.group()).toString();

        assertThatThrownBy(() -> codec.read("orders", 7, twice))
            .as(twice)
            .isInstanceOf(JournalException.class);
      }
    });
  }

  @Test
  void theTextBehindARecordIsRefused() {
    linesOfFormat1().forEach(line -> {
      assertThatThrownBy(() -> codec.read("orders", 7, line + line))
          .isInstanceOf(JournalException.class);
      assertThatThrownBy(() -> codec.read("orders", 7, line + "}"))
          .isInstanceOf(JournalException.class);
    });
  }

  @Test
  void whatALaterVersionAddsBesideTheEventIsLeftAside() {
    RunEvent event = new RunEvent.StepStarted("s");
    RunRecord entry = new RunRecord(7, "r1", 2, NOON, Duration.ZERO, event);
    String line = codec.write(entry).replace("\"event\"", "\"why\":{\"a\":[1,{}]},\"event\"");

    assertThat(codec.read("orders", 7, line)).isEqualTo(entry);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
  void aLineOfAnyDepthIsRefused(String opening) {
    String deep = opening.repeat(200_000);
    for (String line : List.of(
        deep,
        "{\"with\":" + deep,
        "{\"event\":\"StepReached\",\"with\":{\"evidence\":" + deep,
        "{\"event\":\"StepReached\",\"with\":{\"evidence\":{\"recoveryPoint\":" + deep,
        "{\"event\":\"RunStarted\",\"with\":{\"steps\":" + deep)) {
      assertThatThrownBy(() -> codec.read("orders", 7, line)).isInstanceOf(JournalException.class);
    }
  }

  @Test
  void aNumberOfAnyLengthIsRefused() {
    for (String number : List.of("9".repeat(1_000_000), "1e999999999", "-1e-999999999")) {
      for (String line : List.of(
          "{\"epoch\":" + number + "}",
          "{\"event\":\"StepApplied\",\"with\":{\"step\":\"s\",\"generation\":" + number + "}}",
          "{\"event\":\"IntentWithdrawn\",\"with\":{\"step\":\"s\",\"generation\":" + number + "}}",
          "{\"event\":\"ApprovalRequested\",\"with\":{\"expiresAt\":" + number + "}}",
          "{\"event\":\"RunnerBegan\",\"with\":{\"requestTimeLimit\":" + number + "}}")) {
        assertThatThrownBy(() -> codec.read("orders", 7, line))
            .isInstanceOf(JournalException.class);
      }
    }
  }

  static Stream<String> linesOfFormat1() {
    try (InputStream lines = RecordCodecTest.class.getResourceAsStream("records-of-format-1.txt")) {
      return new String(lines.readAllBytes(), UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertHolds(JsonNode now, JsonNode before) {
    if (before.isContainerNode()) {
      assertThat(now.getNodeType()).isEqualTo(before.getNodeType());
      before.properties().forEach(field -> assertHolds(now.path(field.getKey()), field.getValue()));
      for (int i = 0; before.isArray() && i < before.size(); i++) {
        assertHolds(now.path(i), before.path(i));
      }
    } else {
      assertThat(now).isEqualTo(before);
    }
  }

  private static RunRecord someRecord(Random random) {
    RunEvent event = switch (random.nextInt(6)) {
      case 0 -> new RunEvent.StepStarted(someText(random));
      case 1 -> new RunEvent.StepIntended(someText(random), random.nextInt(), someEvidence(random));
      case 2 -> new RunEvent.StepApplied(someText(random), random.nextInt());
      case 3 -> new RunEvent.StepReached(someText(random), someEvidence(random));
      case 4 -> new RunEvent.CallFailed(someText(random), someText(random), someText(random));
      default -> everyEvent().toList().get(random.nextInt((int) everyEvent().count()));
    };
    return new RunRecord(
        random.nextLong(),
        someText(random),
        random.nextLong(),
        Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
        Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000)),
        event);
  }

  private static Evidence someEvidence(Random random) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      facts.put(someText(random), random.nextInt(9) == 0 ? null : someText(random));
    }
    return new Evidence(
        facts,
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(new RecoveryPoint(
                someText(random),
                random.nextBoolean() ? Optional.empty() : Optional.of(NOON),
                someText(random))),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(random.nextBoolean() ? 1.0 : random.nextDouble()));
  }

  private static String someText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(100); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> random.nextInt(0x80);
            case 2 -> random.nextInt(0xd800);
            default -> 0x10000 + random.nextInt(0x1000);
          });
    }
    return text.toString();
  }

  private static String damaged(List<String> lines, Random random) {
    StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
    String other = lines.get(random.nextInt(lines.size()));
    List<String> tokens = List.of(
        "null",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\u0000",
        "1e999999999",
        "-1",
        "1.5",
        "true",
        "\ud800",
        "\"\"",
        "[[[[",
        "{\"a\":1}",
        "9999999999999999999",
        "\u0000");
    for (int i = random.nextInt(3); i >= 0 && line.length() > 1; i--) {
      int at = random.nextInt(line.length());
      switch (random.nextInt(7)) {
        case 0 -> line.setCharAt(at, (char) (line.charAt(at) ^ 1 << random.nextInt(8)));
        case 1 -> line.deleteCharAt(at);
        case 2 -> line.insert(at, tokens.get(random.nextInt(tokens.size())));
        case 3 -> line.setLength(at);
        case 4 ->
          line.replace(
              at,
              Math.min(line.length(), at + random.nextInt(40)),
              tokens.get(random.nextInt(tokens.size())));
        case 5 -> line.insert(at, line.substring(at, at + random.nextInt(line.length() - at)));
        default -> line.replace(at, line.length(), other.substring(Math.min(at, other.length())));
      }
    }
    return line.toString();
  }

  private static Object outcome(Supplier<RunRecord> reading) {
    try {
      return reading.get();
    } catch (JournalException e) {
      return e.getMessage();
    }
  }

  /** The text by way of a tree, which knows no event from another. */
  private static String writtenByMapper(RunRecord entry) {
    ObjectNode node = RecordCodec.MAPPER.createObjectNode();
    node.put("run", entry.run());
    node.put("epoch", entry.epoch());
    node.put("at", entry.at().toString());
    node.put("uptime", entry.uptime().toString());
    node.put("event", entry.event().getClass().getSimpleName());
    node.set("with", RecordCodec.MAPPER.valueToTree(entry.event()));
    return node.toString();
  }

  private static RunRecord readByMapper(String line) {
    try {
      JsonNode node = RecordCodec.MAPPER.readTree(line);
      String kind = node.path("event").asText();
      Class<?> type = TYPES.get(kind);
      if (type == null) {
        throw new JournalException("plan 'orders': record 7 of the journal is of the kind '" + kind
            + "', which this version of drkit does not know; use the version that wrote it");
      }
      return new RunRecord(
          7,
          node.required("run").asText(),
          node.required("epoch").asLong(),
          Instant.parse(node.required("at").asText()),
          Duration.parse(node.required("uptime").asText()),
          (RunEvent) RecordCodec.MAPPER.treeToValue(node.required("with"), type));
    } catch (JournalException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new JournalException(UNREADABLE, e);
    }
  }

  @Test
  void whatADeclarationDoesNotSayOfAPointInTimeIsNotWritten() {
    RunRecord started = record(0, everyEvent().findFirst().orElseThrow());
    String line = codec.write(started);
    assertThat(line).contains(",\"recoverTo\":\"2030-01-01T12:00:00.123456789Z\",");

    String earlier = line.replaceFirst("\"recoverTo\":[^,]*,", "");
    RunEvent.RunStarted read =
        (RunEvent.RunStarted) codec.read("orders", 0, earlier).event();

    assertThat(read.declaration().recoverTo()).isEmpty();
    assertThat(codec.write(record(0, read))).isEqualTo(earlier);
  }

  @Test
  void untilWhenALostSiteWroteIsNotWrittenWhereNobodySaidSo() {
    RunRecord began = record(
        0,
        everyEvent().filter(RunEvent.RunnerBegan.class::isInstance).findFirst().orElseThrow());
    String line = codec.write(began);
    assertThat(line).contains(",\"stopped\":\"2030-01-01T12:00:00.123456789Z\",");

    String earlier = line.replaceFirst("\"stopped\":[^,]*,", "");
    RunEvent.RunnerBegan read =
        (RunEvent.RunnerBegan) codec.read("orders", 0, earlier).event();

    assertThat(read.stopped()).isEmpty();
    assertThat(codec.write(record(0, read))).isEqualTo(earlier);
  }

  private static RunRecord record(long sequence, RunEvent event) {
    return new RunRecord(sequence, "r1", 2, NOON, Duration.ofNanos(5), event);
  }
}
