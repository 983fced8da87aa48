package io.securestreams.core.policy.json;

import tools.jackson.core.JsonGenerator;

/** {@link JsonValue} to text: an object's members on a line each, an array's items on one. */
final class JsonTreeWriter {

  private final JsonGenerator json;

  private JsonTreeWriter(JsonGenerator json) {
    this.json = json;
  }

  /** The text, with a line feed at its end. */
  static String write(JsonValue value) {
    return JsonLayout.flat(json -> new JsonTreeWriter(json).value(value));
  }

  private void value(JsonValue value) {
    if (value instanceof JsonValue.Obj object) {
      json.writeStartObject();
      for (JsonValue.Member member : object.members()) {
        json.writeName(member.name());
        value(member.value());
      }
      json.writeEndObject();
    } else if (value instanceof JsonValue.Arr array) {
      json.writeStartArray();
      array.items().forEach(this::value);
      json.writeEndArray();
    } else if (value instanceof JsonValue.Text text) {
      json.writeString(text.text());
    } else if (value instanceof JsonValue.Num number) {
      json.writeNumber(number.text());
    } else if (value instanceof JsonValue.Flag flag) {
      json.writeBoolean(flag.isTrue());
    } else {
      json.writeNull();
    }
  }
}
