package io.securestreams.core.policy.json;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** JSON that can be changed into anything, also into what no parser of JSON would give. */
final class JsonNode {

  /** {@code {}, [], or none} for a value that is its text. */
  enum Kind {
    OBJECT,
    ARRAY,
    VALUE
  }

  final Kind kind;
  String text = "";
  final List<Child> children = new ArrayList<>();

  /** A member; the name of an item is not used. */
  static final class Child {
    String name;
    JsonNode value;

    Child(String name, JsonNode value) {
      this.name = name;
      this.value = value;
    }
  }

  private JsonNode(Kind kind) {
    this.kind = kind;
  }

  /** A value as written. */
  static JsonNode value(String text) {
    JsonNode node = new JsonNode(Kind.VALUE);
    node.text = text;
    return node;
  }

  static JsonNode empty(Kind kind) {
    return new JsonNode(kind);
  }

  /** What a text says; it must be acceptable. */
  static JsonNode read(String text) {
    return of(JsonTreeReader.read(new PolicyText("policy", text).text()).orElseThrow());
  }

  private static JsonNode of(JsonValue value) {
    if (value instanceof JsonValue.Obj object) {
      JsonNode node = new JsonNode(Kind.OBJECT);
      object.members().forEach(m -> node.children.add(new Child(m.name(), of(m.value()))));
      return node;
    } else if (value instanceof JsonValue.Arr array) {
      JsonNode node = new JsonNode(Kind.ARRAY);
      array.items().forEach(item -> node.children.add(new Child("", of(item))));
      return node;
    } else if (value instanceof JsonValue.Text string) {
      return value(quoted(string.text()));
    } else if (value instanceof JsonValue.Num number) {
      return value(number.text());
    }
    return value(value instanceof JsonValue.Flag flag ? String.valueOf(flag.isTrue()) : "null");
  }

  /** A string of JSON. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ' || Character.isSurrogate(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  JsonNode copy() {
    JsonNode copy = new JsonNode(kind);
    copy.text = text;
    children.forEach(child -> copy.children.add(new Child(child.name, child.value.copy())));
    return copy;
  }

  /** This node and all below it, in the order of the text. */
  List<JsonNode> all() {
    List<JsonNode> all = new ArrayList<>(List.of(this));
    children.forEach(child -> all.addAll(child.value.all()));
    return all;
  }

  /** The text, with a line for each child. */
  String write() {
    return switch (kind) {
      case VALUE -> text;
      case ARRAY ->
          children.stream().map(c -> c.value.write()).collect(Collectors.joining(",\n", "[", "]"));
      case OBJECT ->
          children.stream()
              .map(child -> quoted(child.name) + ": " + child.value.write())
              .collect(Collectors.joining(",\n", "{", "}"));
    };
  }
}
