package io.drkit.internal;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drkit.Site;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A journal record as one line of JSON that a person can read: when, who, what, and then the event's own parts. */
final class RecordCodec {
  private static final Map<String, Class<?>> TYPES = Stream.of(
          RunEvent.class.getPermittedSubclasses(), RunEvent.Command.class.getPermittedSubclasses())
      .flatMap(Arrays::stream)
      .filter(Class::isRecord)
      .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

  /** One for all: it is thread-safe, and finding out what records are made of takes longer than a short run. */
  private static final ObjectMapper MAPPER = new ObjectMapper()
      .registerModule(new Jdk8Module())
      .registerModule(new JavaTimeModule())
      .registerModule(new SimpleModule()
          .addSerializer(Site.class, new SiteWriter())
          .addDeserializer(Site.class, new SiteReader()))
      .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
      .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);

  static {
    // A record of an earlier version lacks the lists that were added since.
    MAPPER.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }

  String write(RunRecord entry) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("run", entry.run());
    node.put("epoch", entry.epoch());
    node.put("at", entry.at().toString());
    node.put("uptime", entry.uptime().toString());
    node.put("event", entry.event().getClass().getSimpleName());
    node.set("with", MAPPER.valueToTree(entry.event()));
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "an event that cannot be written as JSON: " + entry.event(), e);
    }
  }

  RunRecord read(String plan, long sequence, String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      Class<?> type = TYPES.get(node.path("event").asText());
      if (type == null) {
        throw new JournalException("plan '" + plan + "': record " + sequence
            + " of the journal is of the kind '" + node.path("event").asText()
            + "', which this version of drkit does not know; use the version that wrote it");
      }
      return new RunRecord(
          sequence,
          node.required("run").asText(),
          node.required("epoch").asLong(),
          Instant.parse(node.required("at").asText()),
          Duration.parse(node.required("uptime").asText()),
          (RunEvent) MAPPER.treeToValue(node.required("with"), type));
    } catch (IOException | RuntimeException e) {
      if (e instanceof JournalException known) {
        throw known;
      }
      throw new JournalException(
          "plan '" + plan + "': record " + sequence
              + " of the journal cannot be read by this version of drkit; "
              + "use the version that wrote it",
          e);
    }
  }

  private static final class SiteWriter extends JsonSerializer<Site> {
    @Override
    public void serialize(Site site, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      String parent = site.parent().isEmpty() ? "" : site.parent() + "/";
      json.writeString(site.kind() + ":" + parent + site.name());
    }
  }

  private static final class SiteReader extends JsonDeserializer<Site> {
    @Override
    public Site deserialize(JsonParser json, DeserializationContext context) throws IOException {
      String text = json.getValueAsString();
      int colon = text.indexOf(':');
      int slash = text.indexOf('/');
      String parent = slash < 0 ? "" : text.substring(colon + 1, slash);
      return new Site(
          Site.Kind.valueOf(text.substring(0, colon)),
          text.substring(Math.max(colon, slash) + 1),
          parent);
    }
  }
}
