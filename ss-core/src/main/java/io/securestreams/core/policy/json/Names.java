package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that one section defines, with the place of each, for references from elsewhere.
 *
 * @param <T> what a name stands for
 */
final class Names<T> {

  private final String kind;
  private final Findings findings;
  private final Map<String, T> inherited = new LinkedHashMap<>();
  private final Map<String, Definition<T>> defined = new LinkedHashMap<>();
  private boolean complete = true;

  /**
   * Starts empty.
   *
   * @param kind what is named, for messages
   * @param findings where trouble goes
   */
  Names(String kind, Findings findings) {
    this.kind = kind;
    this.findings = findings;
  }

  /**
   * A name and what it stands for.
   *
   * @param place of the name
   * @param value empty if the definition itself was refused
   */
  record Definition<T>(Place place, Optional<T> value) {}

  /** The section was refused as a whole: a name that is not found may have been meant there. */
  void incomplete() {
    complete = false;
  }

  /** Adds what the policy defines that the text is laid upon. */
  void inherit(String name, T value) {
    inherited.put(name, value);
  }

  /** Adds a definition, unless its name is not acceptable or taken. */
  void define(String name, Place place, Optional<T> value) {
    Definition<T> earlier = defined.get(name);
    if (earlier != null) {
      int line = findings.line(earlier.place().offset());
      findings.add(
          FindingCode.DUPLICATE,
          place,
          kind + " " + KeyMaterial.quoted(name) + " already defined at line " + line);
      return;
    }
    if (inherited.containsKey(name)) {
      findings.add(
          FindingCode.DUPLICATE,
          place,
          kind + " " + KeyMaterial.quoted(name) + " is defined by the policy; choose another name");
      return;
    }
    if (name.isEmpty()) {
      findings.add(FindingCode.VALUE, place, "empty name");
      return;
    }
    if (name.codePointCount(0, name.length()) > Limits.NAME) {
      findings.add(FindingCode.LIMIT, place, "name longer than " + Limits.NAME + " characters");
      return;
    }
    if (Fields.hasLoneSurrogate(name)) {
      findings.add(FindingCode.ENCODING, place, "half of a surrogate pair in a name");
      return;
    }
    defined.put(name, new Definition<>(place, value));
  }

  /** What is inherited, in its order. */
  Collection<T> inherited() {
    return inherited.values();
  }

  /** The names, inherited ones first, then in the order of the text. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(inherited.keySet());
    names.addAll(defined.keySet());
    return names;
  }

  /** Where the text defines each of its names. */
  Map<String, Place> places() {
    Map<String, Place> places = new LinkedHashMap<>();
    defined.forEach((name, definition) -> places.put(name, definition.place()));
    return places;
  }

  /** What was inherited, then what was defined and accepted, in the order of the text. */
  Map<String, T> accepted() {
    Map<String, T> accepted = new LinkedHashMap<>(inherited);
    defined.forEach(
        (name, definition) -> definition.value().ifPresent(value -> accepted.put(name, value)));
    return accepted;
  }

  /** What a name stands for, if it was defined and accepted. */
  Optional<T> accepted(String name) {
    Definition<T> definition = defined.get(name);
    return definition == null ? Optional.ofNullable(inherited.get(name)) : definition.value();
  }

  /**
   * What a reference stands for, wherever it is defined.
   *
   * @return empty if the reference was refused, which is reported, or its definition was
   */
  Optional<T> resolve(String name, Place reference) {
    if (name.isEmpty()) {
      findings.add(FindingCode.VALUE, reference, "empty name");
      return Optional.empty();
    }
    if (complete && !defined.containsKey(name) && !inherited.containsKey(name)) {
      findings.add(
          FindingCode.UNKNOWN_REF, reference, "no " + kind + " " + shown(name) + wayOut(name));
    }
    return accepted(name);
  }

  private String wayOut(String name) {
    return KeyMaterial.isIn(name)
        ? "; give the name of one, not what it stands for"
        : NearestName.find(name, names()).map(Names::guess).orElse("");
  }

  private static String guess(String nearest) {
    return "; did you mean " + KeyMaterial.quoted(nearest) + "?";
  }

  /** What is too long for a name may be the secret itself, given in the place of its name. */
  private static String shown(String name) {
    return name.length() > Limits.NAME
        ? "with a name of " + name.length() + " characters"
        : KeyMaterial.quoted(name);
  }

  /** What a reference stands for; it must be defined earlier in the text. */
  Optional<T> resolveEarlier(String name, Place reference) {
    Definition<T> definition = defined.get(name);
    if (definition != null && definition.place().offset() > reference.offset()) {
      int line = findings.line(definition.place().offset());
      findings.add(
          FindingCode.FORWARD_REF,
          reference,
          KeyMaterial.quoted(name)
              + " is defined later, at line "
              + line
              + "; move it before its use");
      return Optional.empty();
    }
    return resolve(name, reference);
  }
}
