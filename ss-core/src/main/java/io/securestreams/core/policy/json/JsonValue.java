package io.securestreams.core.policy.json;

import java.util.List;

/** One value of a policy text and the offset of its first character. */
sealed interface JsonValue {

  /** Where the value begins, in chars of the text. */
  int offset();

  /** The name of its JSON type, for messages. */
  String typeName();

  /**
   * An object; members keep their order and may repeat.
   *
   * @param offset of the brace
   * @param members as written
   */
  record Obj(int offset, List<Member> members) implements JsonValue {

    public Obj {
      members = List.copyOf(members);
    }

    @Override
    public String typeName() {
      return "object";
    }
  }

  /**
   * A member of an object.
   *
   * @param name without quotes
   * @param offset of the name's opening quote
   * @param value what it is set to
   */
  record Member(String name, int offset, JsonValue value) {}

  /**
   * An array.
   *
   * @param offset of the bracket
   * @param items as written
   */
  record Arr(int offset, List<JsonValue> items) implements JsonValue {

    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String typeName() {
      return "array";
    }
  }

  /**
   * A string. It may be a private key, so it is not part of {@link #toString()}.
   *
   * @param offset of the opening quote
   * @param text without quotes and escapes
   */
  record Text(int offset, String text) implements JsonValue {

    @Override
    public String typeName() {
      return "string";
    }

    @Override
    public String toString() {
      return "Text[" + offset + ", " + text.length() + " chars]";
    }
  }

  /**
   * A number.
   *
   * @param offset of its first character
   * @param text as written
   * @param isWhole true without fraction and exponent
   */
  record Num(int offset, String text, boolean isWhole) implements JsonValue {

    @Override
    public String typeName() {
      return "number";
    }
  }

  /**
   * {@code true} or {@code false}.
   *
   * @param offset of its first character
   * @param isTrue which
   */
  record Flag(int offset, boolean isTrue) implements JsonValue {

    @Override
    public String typeName() {
      return "boolean";
    }
  }

  /**
   * {@code null}.
   *
   * @param offset of its first character
   */
  record Null(int offset) implements JsonValue {

    @Override
    public String typeName() {
      return "null";
    }
  }
}
