package io.securestreams.examples.chat;

import io.securestreams.core.event.Payload;
import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a chat tells its members, as JSON. */
final class ChatMessage {

  private static final JsonFactory JSON = new JsonFactory();

  private ChatMessage() {}

  /** To somebody who came: how they are called, and how many are there now. */
  static Payload welcome(String name, int count) {
    return message("welcome", name, json -> json.writeNumberProperty("count", count));
  }

  /** To all, themselves included: somebody came, and so many are there now. */
  static Payload came(String name, int count) {
    return message("came", name, json -> json.writeNumberProperty("count", count));
  }

  /** To the others: somebody went, and so many are there now. */
  static Payload went(String name, int count) {
    return message("went", name, json -> json.writeNumberProperty("count", count));
  }

  /** To all: somebody said something. */
  static Payload said(String name, String text) {
    return message("said", name, json -> json.writeStringProperty("text", text));
  }

  private static Payload message(String type, String name, Consumer<JsonGenerator> rest) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("type", type);
      json.writeStringProperty("name", name);
      rest.accept(json);
      json.writeEndObject();
    }
    return Payload.utf8(out.toString());
  }
}
