package io.drkit.internal;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** The values of a JSON object's fields, each taken only if it is of the kind that is written there. */
final class Fields {
  private Fields() {}

  static void begin(JsonParser json) throws JsonParseException {
    need(json, JsonToken.START_OBJECT);
  }

  /** {@return the parts that were seen, with one more, which must not have been seen before} */
  static int once(JsonParser json, int seen, int part) throws JsonParseException {
    if ((seen & part) != 0) {
      throw refused(json, "it is there twice");
    }
    return seen | part;
  }

  /** Checks that the object ends here, and that all its parts were seen. */
  static void end(JsonParser json, int seen, int wanted) throws JsonParseException {
    need(json, JsonToken.END_OBJECT);
    if (seen != wanted) {
      throw refused(json, "it has not the parts that it should have");
    }
  }

  static String text(JsonParser json) throws IOException {
    need(json, JsonToken.VALUE_STRING);
    return json.getText();
  }

  static String word(JsonParser json, Words words) throws IOException {
    need(json, JsonToken.VALUE_STRING);
    return words.word(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  static int integer(JsonParser json) throws IOException {
    need(json, JsonToken.VALUE_NUMBER_INT);
    return json.getIntValue();
  }

  static long whole(JsonParser json) throws IOException {
    need(json, JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }

  static double decimal(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      need(json, JsonToken.VALUE_NUMBER_FLOAT);
    }
    return json.getDoubleValue();
  }

  static Instant instant(JsonParser json) throws IOException {
    need(json, JsonToken.VALUE_STRING);
    return TimeText.instant(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  static Duration duration(JsonParser json) throws IOException {
    need(json, JsonToken.VALUE_STRING);
    return TimeText.duration(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  /** An object that the mapper knows to read; a field that is there twice is refused in it, too. */
  static <T> T object(JsonParser json, ObjectMapper mapper, Class<T> type) throws IOException {
    need(json, JsonToken.START_OBJECT);
    json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    return mapper.readValue(json, type);
  }

  static JsonParseException refused(JsonParser json, String why) {
    return new JsonParseException(json, why);
  }

  private static void need(JsonParser json, JsonToken wanted) throws JsonParseException {
    if (json.currentToken() != wanted) {
      throw refused(json, json.currentToken() + " where " + wanted + " should be");
    }
  }
}
