package io.securestreams.core.policy.json;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Maps, lists, texts, numbers and flags as JSON for people to read. */
final class JsonText {

  private JsonText() {}

  /** The text, with a line feed at its end. */
  static String of(Map<String, ?> object) {
    return JsonLayout.tall(json -> write(json, object));
  }

  private static void write(JsonGenerator json, Object value) {
    if (value instanceof Map<?, ?> object) {
      json.writeStartObject();
      object.forEach(
          (name, member) -> {
            json.writeName((String) name);
            write(json, member);
          });
      json.writeEndObject();
    } else if (value instanceof List<?> array) {
      json.writeStartArray();
      array.forEach(item -> write(json, item));
      json.writeEndArray();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else {
      json.writeString((String) value);
    }
  }
}
