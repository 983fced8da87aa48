package io.securestreams.core.policy.json;

/** What a key may be set to. */
enum ValueType {
  /** A string. */
  TEXT("string"),
  /** {@code true} or {@code false}. */
  FLAG("boolean"),
  /** A number without fraction and exponent. */
  WHOLE("integer"),
  /** An array. */
  LIST("array"),
  /** Anything: the value is not looked at. */
  ANY("value");

  private final String shown;

  ValueType(String shown) {
    this.shown = shown;
  }

  /** True if the value has this type. */
  boolean accepts(JsonValue value) {
    return switch (this) {
      case TEXT -> value instanceof JsonValue.Text;
      case FLAG -> value instanceof JsonValue.Flag;
      case WHOLE -> value instanceof JsonValue.Num number && number.isWhole();
      case LIST -> value instanceof JsonValue.Arr;
      case ANY -> true;
    };
  }

  /** What to say of a value of another type. */
  String mismatch(JsonValue value) {
    return "expected " + shown + ", got " + found(value);
  }

  private String found(JsonValue value) {
    if (this == WHOLE && value instanceof JsonValue.Num number) {
      return Numbers.shown(number.text());
    }
    if (this == WHOLE && value instanceof JsonValue.Text text && Numbers.isDigits(text.text())) {
      return "string \"" + Numbers.shown(text.text()) + "\"";
    }
    return value.typeName();
  }
}
