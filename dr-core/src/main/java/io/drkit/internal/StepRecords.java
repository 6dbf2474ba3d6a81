package io.drkit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drkit.Evidence;
import io.drkit.RecoveryPoint;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepStarted;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The five events that a journal mostly consists of, written and read part by part; the text is that of {@link RecordCodec}'s
 * mapper. All their parts must be there, once, and no others.
 */
final class StepRecords {
  private static final int STEP = 1;
  private static final int GENERATION = 2;
  private static final int EVIDENCE = 4;
  private static final int BEFORE = 8;
  private static final int CALL = 16;
  private static final int ERROR = 32;

  private static final int FACTS = 1;
  private static final int POINT = 2;
  private static final int LEVEL = 4;

  private final ObjectMapper mapper;
  private final Words words;

  StepRecords(ObjectMapper mapper, Words words) {
    this.mapper = mapper;
    this.words = words;
  }

  /** Writes an event if it is one of the five. */
  boolean write(JsonGenerator json, RunEvent event) throws IOException {
    if (event instanceof StepStarted e) {
      begin(json, e.step());
    } else if (event instanceof StepIntended e) {
      begin(json, e.step());
      json.writeNumberField("generation", e.generation());
      json.writeFieldName("before");
      write(json, e.before());
    } else if (event instanceof StepApplied e) {
      begin(json, e.step());
      json.writeNumberField("generation", e.generation());
    } else if (event instanceof StepReached e) {
      begin(json, e.step());
      json.writeFieldName("evidence");
      write(json, e.evidence());
    } else if (event instanceof CallFailed e) {
      begin(json, e.step());
      json.writeStringField("call", e.call());
      json.writeStringField("error", e.error());
    } else {
      return false;
    }
    json.writeEndObject();
    return true;
  }

  private static void begin(JsonGenerator json, String step) throws IOException {
    json.writeStartObject();
    json.writeStringField("step", step);
  }

  private void write(JsonGenerator json, Evidence evidence) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("facts");
    for (Map.Entry<String, String> fact : evidence.facts().entrySet()) {
      json.writeStringField(fact.getKey(), fact.getValue());
    }
    json.writeEndObject();
    json.writeFieldName("recoveryPoint");
    if (evidence.recoveryPoint().isPresent()) {
      mapper.writeValue(json, evidence.recoveryPoint().get());
    } else {
      json.writeNull();
    }
    json.writeFieldName("serviceLevel");
    if (evidence.serviceLevel().isPresent()) {
      json.writeNumber(evidence.serviceLevel().get());
    } else {
      json.writeNull();
    }
    json.writeEndObject();
  }

  /** {@return the event whose object begins at the parser's token; null if it is none of the five} */
  @Nullable
  RunEvent read(JsonParser json, Class<?> type) throws IOException {
    if (type == StepStarted.class) {
      return new StepStarted(parts(json, STEP).step);
    }
    if (type == StepIntended.class) {
      Parts parts = parts(json, STEP | GENERATION | BEFORE);
      return new StepIntended(parts.step, parts.generation, parts.evidence);
    }
    if (type == StepApplied.class) {
      Parts parts = parts(json, STEP | GENERATION);
      return new StepApplied(parts.step, parts.generation);
    }
    if (type == StepReached.class) {
      Parts parts = parts(json, STEP | EVIDENCE);
      return new StepReached(parts.step, parts.evidence);
    }
    if (type == CallFailed.class) {
      Parts parts = parts(json, STEP | CALL | ERROR);
      return new CallFailed(parts.step, parts.call, parts.error);
    }
    return null;
  }

  private Parts parts(JsonParser json, int wanted) throws IOException {
    Parts parts = new Parts();
    int seen = 0;
    Fields.begin(json);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      int part;
      switch (name) {
        case "step" -> {
          part = STEP;
          parts.step = Fields.word(json, words);
        }
        case "generation" -> {
          part = GENERATION;
          parts.generation = Fields.integer(json);
        }
        case "before", "evidence" -> {
          part = name.equals("before") ? BEFORE : EVIDENCE;
          parts.evidence = evidence(json);
        }
        case "call" -> {
          part = CALL;
          parts.call = Fields.word(json, words);
        }
        case "error" -> {
          part = ERROR;
          parts.error = Fields.text(json);
        }
        default -> throw Fields.refused(json, "unknown: " + name);
      }
      seen = Fields.once(json, seen, part);
    }
    Fields.end(json, seen, wanted);
    return parts;
  }

  private Evidence evidence(JsonParser json) throws IOException {
    Map<String, String> facts = Map.of();
    Optional<RecoveryPoint> point = Optional.empty();
    Optional<Double> level = Optional.empty();
    int seen = 0;
    Fields.begin(json);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      int part;
      switch (name) {
        case "facts" -> {
          part = FACTS;
          facts = facts(json);
        }
        case "recoveryPoint" -> {
          part = POINT;
          if (token != JsonToken.VALUE_NULL) {
            point = Optional.of(Fields.object(json, mapper, RecoveryPoint.class));
          }
        }
        case "serviceLevel" -> {
          part = LEVEL;
          if (token != JsonToken.VALUE_NULL) {
            level = Optional.of(Fields.decimal(json));
          }
        }
        default -> throw Fields.refused(json, "unknown: " + name);
      }
      seen = Fields.once(json, seen, part);
    }
    Fields.end(json, seen, FACTS | POINT | LEVEL);
    return facts.isEmpty() && point.isEmpty() && level.isEmpty()
        ? Evidence.none()
        : new Evidence(facts, point, level);
  }

  private static Map<String, String> facts(JsonParser json) throws IOException {
    Fields.begin(json);
    String name = json.nextFieldName();
    if (name == null) {
      Fields.end(json, 0, 0);
      return Map.of();
    }
    Map<String, String> facts = new LinkedHashMap<>();
    for (; name != null; name = json.nextFieldName()) {
      if (facts.containsKey(name)) {
        throw Fields.refused(json, "twice: " + name);
      }
      // Whoever makes evidence may put a null into it.
      facts.put(
          name,
          json.nextToken() == JsonToken.VALUE_NULL ? json.getValueAsString() : Fields.text(json));
    }
    Fields.end(json, 0, 0);
    return facts;
  }

  private static final class Parts {
    String step = "";
    int generation;
    Evidence evidence = Evidence.none();
    String call = "";
    String error = "";
  }
}
