package io.securestreams.core.policy.json;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** {@link JsonValue} to text: an object's members on a line each, an array's items on one. */
final class JsonTreeWriter {

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  private JsonTreeWriter(JsonGenerator json) {
    this.json = json;
  }

  /** Indents by two spaces and ends lines with a line feed, on every platform. */
  private static final class Layout extends ObjectWriteContext.Base {

    private static final Separators SEPARATORS =
        Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter(SEPARATORS)
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }

  /** The text, with a line feed at its end. */
  static String write(JsonValue value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(new Layout(), text)) {
      new JsonTreeWriter(json).value(value);
    }
    return text.append('\n').toString();
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
