package io.securestreams.core.policy.json;

import io.securestreams.core.metadata.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Values of a database as JSON values; those that say what their absence says are absent. */
final class Written {

  private Written() {}

  /** The text. */
  static JsonValue text(String text) {
    return new JsonValue.Text(0, text);
  }

  /** The text, if there is one. */
  static Optional<JsonValue> text(Optional<String> text) {
    return text.map(Written::text);
  }

  /** The template as written, if there is one. */
  static Optional<JsonValue> template(Optional<Template> template) {
    return template.map(Template::text).map(Written::text);
  }

  /** The header with the colon that the reference asks for, if there is one. */
  static Optional<JsonValue> header(Optional<String> header) {
    return header.map(name -> text(name + ":"));
  }

  /** The number. */
  static JsonValue whole(long number) {
    return new JsonValue.Num(0, Long.toString(number), true);
  }

  /** The number, unless it is 0. */
  static Optional<JsonValue> unlessZero(long number) {
    return number == 0 ? Optional.empty() : Optional.of(whole(number));
  }

  /** The flag, if it is on. */
  static Optional<JsonValue> ifOn(boolean on) {
    return on ? Optional.of(new JsonValue.Flag(0, true)) : Optional.empty();
  }

  /** The items on one line, if there are any. */
  static <T> Optional<JsonValue> list(List<T> items, Function<T, JsonValue> item) {
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(new JsonValue.Arr(0, items.stream().map(item).toList()));
  }

  /** An array with an object of one member for each entry, if there are any. */
  static <K, V> Optional<JsonValue> pairs(
      Map<K, V> entries, Function<K, String> name, BiFunction<K, V, JsonValue> value) {
    List<JsonValue> items = new ArrayList<>();
    entries.forEach((key, held) -> items.add(pair(name.apply(key), value.apply(key, held))));
    return items.isEmpty() ? Optional.empty() : Optional.of(new JsonValue.Arr(0, items));
  }

  /** An object of one member. */
  static JsonValue.Obj pair(String name, JsonValue value) {
    return new JsonValue.Obj(0, List.of(new JsonValue.Member(name, 0, value)));
  }

  /** The members of one object, in the order in which they are put. */
  static final class Members {

    private final List<JsonValue.Member> members = new ArrayList<>();

    Members put(PolicyKey key, Optional<JsonValue> value) {
      value.ifPresent(given -> members.add(new JsonValue.Member(key.key(), 0, given)));
      return this;
    }

    JsonValue.Obj object() {
      return new JsonValue.Obj(0, members);
    }
  }
}
