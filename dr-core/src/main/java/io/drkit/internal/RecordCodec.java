package io.drkit.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drkit.Declaration;
import io.drkit.Site;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A journal record as one line of JSON that a person can read: when, who, what, and then the event's own parts. */
final class RecordCodec {
  private static final Map<String, Class<? extends RunEvent>> TYPES = Stream.of(
          RunEvent.class.getPermittedSubclasses(), RunEvent.Command.class.getPermittedSubclasses())
      .flatMap(Arrays::stream)
      .filter(Class::isRecord)
      .collect(Collectors.toUnmodifiableMap(
          Class::getSimpleName, type -> type.asSubclass(RunEvent.class)));

  private static final int TYPICAL_LINE = 256;

  /** One for all: it is thread-safe, and finding out what records are made of takes longer than a short run. */
  static final ObjectMapper MAPPER = new ObjectMapper()
      .registerModule(new Jdk8Module())
      .registerModule(new JavaTimeModule())
      .registerModule(new SimpleModule()
          .addSerializer(Site.class, new SiteWriter())
          .addDeserializer(Site.class, new SiteReader()))
      .addMixIn(Declaration.class, LaterFields.class)
      .addMixIn(RunEvent.RunnerBegan.class, LaterBegun.class)
      .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
      .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);

  static {
    // A record of an earlier version lacks the lists that were added since.
    MAPPER.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }

  private static final int RUN = 1;
  private static final int EPOCH = 2;
  private static final int AT = 4;
  private static final int UPTIME = 8;
  private static final int EVENT = 16;
  private static final int WITH = 32;
  private static final int ALL = 2 * WITH - 1;

  private final Words words = new Words();
  private final StepRecords steps = new StepRecords(MAPPER, words);

  String write(RunRecord entry) {
    RunEvent event = entry.event();
    char[] time = new char[TimeText.LIMIT];
    StringWriter line = new StringWriter(TYPICAL_LINE);
    try (JsonGenerator json = MAPPER.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("run", entry.run());
      json.writeNumberField("epoch", entry.epoch());
      json.writeFieldName("at");
      json.writeString(time, 0, TimeText.write(entry.at(), time));
      json.writeFieldName("uptime");
      json.writeString(time, 0, TimeText.write(entry.uptime(), time));
      json.writeStringField("event", event.getClass().getSimpleName());
      json.writeFieldName("with");
      if (!steps.write(json, event)) {
        MAPPER.writeValue(json, event);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("an event that cannot be written as JSON: " + event, e);
    }
    return line.toString();
  }

  RunRecord read(String plan, long sequence, String line) {
    try (JsonParser json = MAPPER.createParser(line)) {
      return read(plan, sequence, json);
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

  /** What stands beside the known fields is left aside, so that a later version may add to them. */
  private RunRecord read(String plan, long sequence, JsonParser json) throws IOException {
    String run = "";
    long epoch = 0;
    Instant at = Instant.EPOCH;
    Duration uptime = Duration.ZERO;
    String kind = "";
    RunEvent event = null;
    int seen = 0;
    json.nextToken();
    Fields.begin(json);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      int part = 0;
      switch (name) {
        case "run" -> {
          part = RUN;
          run = Fields.word(json, words);
        }
        case "epoch" -> {
          part = EPOCH;
          epoch = Fields.whole(json);
        }
        case "at" -> {
          part = AT;
          at = Fields.instant(json);
        }
        case "uptime" -> {
          part = UPTIME;
          uptime = Fields.duration(json);
        }
        case "event" -> {
          part = EVENT;
          kind = Fields.word(json, words);
        }
        case "with" -> {
          part = WITH;
          event = event(json, kind);
        }
        default -> json.skipChildren();
      }
      seen = Fields.once(json, seen, part);
    }
    if (!TYPES.containsKey(kind)) {
      throw new JournalException("plan '" + plan + "': record " + sequence
          + " of the journal is of the kind '" + kind
          + "', which this version of drkit does not know; use the version that wrote it");
    }
    if (json.nextToken() != null) {
      throw Fields.refused(json, "more than one record");
    }
    if (seen != ALL || event == null) {
      throw Fields.refused(json, "it has not the parts that it should have");
    }
    return new RunRecord(sequence, run, epoch, at, uptime, event);
  }

  /** {@return the event; null if its kind is not known, or not yet: it stands before the event} */
  private @Nullable RunEvent event(JsonParser json, String kind) throws IOException {
    Class<? extends RunEvent> type = TYPES.get(kind);
    if (type == null) {
      json.skipChildren();
      return null;
    }
    RunEvent step = steps.read(json, type);
    return step != null ? step : Fields.object(json, MAPPER, type);
  }

  /** What earlier versions could not say is written only where it is said: they go on reading what says nothing of the kind. */
  interface LaterFields {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Instant> recoverTo();
  }

  /** The same of the record with which a process begins. */
  interface LaterBegun {
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<Instant> stopped();

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    Optional<RunEvent.Clock> clock();
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
