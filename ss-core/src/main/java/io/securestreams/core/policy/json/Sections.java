package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Walks over arrays of objects, the shape of every section. */
final class Sections {

  private Sections() {}

  /** Gives each object of an array with its path; other items are reported. */
  static void objects(
      JsonValue.Arr array,
      JsonPath path,
      Findings findings,
      BiConsumer<JsonValue.Obj, JsonPath> reader) {
    for (int index = 0; index < array.items().size(); index++) {
      JsonPath item = path.item(index);
      object(array.items().get(index), item, findings)
          .ifPresent(object -> reader.accept(object, item));
    }
  }

  /** Gives each member of each object of an array, with the place of the object. */
  static void members(
      JsonValue.Arr array,
      JsonPath path,
      Findings findings,
      BiConsumer<JsonValue.Member, Place> reader) {
    objects(
        array,
        path,
        findings,
        (object, item) -> {
          Place place = new Place(item, object.offset());
          object.members().forEach(member -> reader.accept(member, place));
        });
  }

  /** The value as an object; anything else is reported. */
  static Optional<JsonValue.Obj> object(JsonValue value, JsonPath path, Findings findings) {
    if (value instanceof JsonValue.Obj object) {
      return Optional.of(object);
    }
    findings.add(
        FindingCode.TYPE,
        new Place(path, value.offset()),
        "expected object, got " + value.typeName());
    return Optional.empty();
  }

  /** The value as a text; anything else is reported. */
  static Optional<String> text(JsonValue value, Place place, Findings findings) {
    if (value instanceof JsonValue.Text text) {
      return Optional.of(text.text());
    }
    findings.add(FindingCode.TYPE, place, ValueType.TEXT.mismatch(value));
    return Optional.empty();
  }

  /** The value as a number in a range; anything else is reported. */
  static Optional<Long> whole(JsonValue value, long min, long max, Place place, Findings findings) {
    if (!(value instanceof JsonValue.Num number) || !number.isWhole()) {
      findings.add(FindingCode.TYPE, place, ValueType.WHOLE.mismatch(value));
      return Optional.empty();
    }
    if (Numbers.inRange(number.text(), min, max).isEmpty()) {
      findings.add(FindingCode.RANGE, place, Numbers.outside(number.text(), min, max));
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(number.text()));
  }
}
