package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object with a fixed set of keys, checked against {@link PolicyKey}: spelling,
 * repetition, type, range and length. What was refused is present but has no value.
 */
final class Fields {

  private final Place self;
  private final Findings findings;
  private final Map<PolicyKey, Field> present = new EnumMap<>(PolicyKey.class);
  private final Map<String, Place> unknown = new HashMap<>();

  private Fields(Place self, Findings findings) {
    this.self = self;
    this.findings = findings;
  }

  private record Field(Place key, Place value, Optional<JsonValue> accepted) {

    boolean isInherited() {
      return !key.origin().isText();
    }
  }

  /** Reads the members of an object. */
  static Fields read(KeySection section, JsonValue.Obj object, JsonPath path, Findings findings) {
    return read(section, object, new Place(path, object.offset()), findings);
  }

  private static Fields read(
      KeySection section, JsonValue.Obj object, Place self, Findings findings) {
    Fields fields = new Fields(self, findings);
    for (JsonValue.Member member : object.members()) {
      fields.member(section, member);
    }
    return fields;
  }

  /**
   * Reads the members that an overlay gives a stream type, and takes over those that it leaves.
   *
   * @param name the stream type
   * @param object what the overlay gives
   * @param inherited what the stream type has
   * @param key where the overlay names it: the place of what is said of an inherited member
   */
  static Fields overlaid(
      String name, JsonValue.Obj object, JsonValue.Obj inherited, Place key, Findings findings) {
    Place self = new Place(key.path(), object.offset(), new Origin(name, ""));
    Fields fields = read(KeySection.STREAM, object, self, findings);
    fields.inherit(name, inherited, key);
    return fields;
  }

  /** The members of a stream type that the text does not name; what is said of it has no place. */
  static Fields inherited(String name, JsonValue.Obj inherited, Findings findings) {
    Place place = new Place(JsonPath.ROOT, 0);
    Fields fields = new Fields(place.about(new Origin(name, "")), findings);
    fields.inherit(name, inherited, place);
    return fields;
  }

  private void inherit(String name, JsonValue.Obj inherited, Place place) {
    for (JsonValue.Member member : inherited.members()) {
      Place about = place.about(new Origin(name, member.name()));
      PolicyKey.of(KeySection.STREAM, member.name())
          .ifPresent(
              key ->
                  present.putIfAbsent(key, new Field(about, about, Optional.of(member.value()))));
    }
  }

  private void member(KeySection section, JsonValue.Member member) {
    String name = member.name();
    Place keyPlace = self.key(member);
    Optional<PolicyKey> proper = PolicyKey.of(section, name);
    Optional<PolicyKey> known = proper.or(() -> PolicyKey.ofAlias(section, name));
    if (known.isEmpty()) {
      Place earlier = unknown.putIfAbsent(name, keyPlace);
      if (earlier != null) {
        reportTwice(name, keyPlace, earlier);
      } else if (!name.startsWith("x-") && !name.startsWith("_")) {
        String hint = NearestName.hint(name, PolicyKey.spellings(section));
        findings.add(FindingCode.UNKNOWN_KEY, keyPlace, "unknown key" + hint);
      }
      return;
    }
    PolicyKey key = known.get();
    Field earlier = present.get(key);
    if (earlier != null) {
      reportTwice(key.key(), keyPlace, earlier.key());
      return;
    }
    if (proper.isEmpty()) {
      findings.add(FindingCode.ALIAS, keyPlace, "use '" + key.key() + "'; the value is applied");
    }
    Place valuePlace = self.value(member);
    Optional<JsonValue> accepted = accepted(key, valuePlace, member.value());
    present.put(key, new Field(keyPlace, valuePlace, accepted));
  }

  private void reportTwice(String name, Place again, Place earlier) {
    int line = findings.line(earlier.offset());
    findings.add(
        FindingCode.DUPLICATE, again, KeyMaterial.quoted(name) + " is already set at line " + line);
  }

  private Optional<JsonValue> accepted(PolicyKey key, Place place, JsonValue value) {
    if (!key.type().accepts(value)) {
      findings.add(FindingCode.TYPE, place, key.type().mismatch(value));
      return Optional.empty();
    }
    if (value instanceof JsonValue.Num number
        && key.type() == ValueType.WHOLE
        && Numbers.inRange(number.text(), key.min(), key.max()).isEmpty()) {
      String message = Numbers.outside(number.text(), key.min(), key.max());
      findings.add(FindingCode.RANGE, place, message);
      return Optional.empty();
    }
    if (value instanceof JsonValue.Text text && !checkText(text.text(), place, findings)) {
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** Length and encoding of a text that is not a certificate. */
  static boolean checkText(String text, Place place, Findings findings) {
    if (text.codePointCount(0, text.length()) > Limits.TEXT) {
      findings.add(FindingCode.LIMIT, place, "longer than " + Limits.TEXT + " characters");
      return false;
    }
    if (hasLoneSurrogate(text)) {
      findings.add(FindingCode.ENCODING, place, "half of a surrogate pair");
      return false;
    }
    return true;
  }

  static boolean hasLoneSurrogate(String text) {
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return true;
      }
    }
    return false;
  }

  /** The object itself. */
  Place self() {
    return self;
  }

  /** True if the key is there, even if its value was refused. */
  boolean has(PolicyKey key) {
    return present.containsKey(key);
  }

  /** True if it is a stream type that the text does not name. */
  boolean isElsewhere() {
    return self.path().equals(JsonPath.ROOT);
  }

  /** True if the key is there because the stream type had it before the text. */
  boolean isInherited(PolicyKey key) {
    Field field = present.get(key);
    return field != null && field.isInherited();
  }

  /** The keys that are there. */
  Set<PolicyKey> keys() {
    return present.keySet();
  }

  /** The place of a key that is there. */
  Place keyPlace(PolicyKey key) {
    Field field = present.get(key);
    return field == null ? self : field.key();
  }

  /** The place of the value of a key that is there. */
  Place valuePlace(PolicyKey key) {
    Field field = present.get(key);
    return field == null ? self : field.value();
  }

  /** The value, if the key is there and it was accepted. */
  Optional<JsonValue> value(PolicyKey key) {
    Field field = present.get(key);
    return field == null ? Optional.empty() : field.accepted();
  }

  // Without lambdas, each of which is a class to make when the first policy is read.

  /** A text that was accepted. */
  Optional<String> text(PolicyKey key) {
    return valueOrNull(key) instanceof JsonValue.Text text
        ? Optional.of(text.text())
        : Optional.empty();
  }

  /** True if the flag is there and true. */
  boolean flag(PolicyKey key) {
    return valueOrNull(key) instanceof JsonValue.Flag flag && flag.isTrue();
  }

  /** A number that was accepted, or what an absent one stands for. */
  long whole(PolicyKey key) {
    return valueOrNull(key) instanceof JsonValue.Num number
        ? Numbers.inRange(number.text(), key.min(), key.max()).orElse(key.absent())
        : key.absent();
  }

  /** An array that was accepted. */
  Optional<JsonValue.Arr> list(PolicyKey key) {
    return valueOrNull(key) instanceof JsonValue.Arr array ? Optional.of(array) : Optional.empty();
  }

  @Nullable
  private JsonValue valueOrNull(PolicyKey key) {
    return value(key).orElse(null);
  }

  /** Reports about a key being there. */
  void reportKey(PolicyKey key, FindingCode code, String message) {
    findings.add(code, keyPlace(key), message);
  }

  /** Reports about the value of a key. */
  void reportValue(PolicyKey key, FindingCode code, String message) {
    findings.add(code, valuePlace(key), message);
  }

  /** Reports about the object, for example that a key is missing. */
  void report(FindingCode code, String message) {
    findings.add(code, self, message);
  }

  /** True if an error, or that it has no effect, was already said of the key. */
  boolean isSettled(PolicyKey key) {
    return findings.isSettled(keyPlace(key));
  }
}
