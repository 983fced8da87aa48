package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Quoted;
import io.securestreams.core.metadata.MetadataDeclaration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code s[].*.metadata}. */
final class MetadataTable {

  private final Findings findings;
  private final Set<String> own = new HashSet<>();
  private final Set<String> headers = new HashSet<>();
  private final Map<String, MetadataDeclaration> declarations = new LinkedHashMap<>();
  private final Set<String> names = new LinkedHashSet<>();
  private boolean complete = true;

  private MetadataTable(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads the declarations of a stream type.
   *
   * @param fields its members
   * @param inherited what is declared already; the text replaces them by name
   */
  static MetadataTable read(Fields fields, List<MetadataDeclaration> inherited, Findings findings) {
    MetadataTable table = new MetadataTable(findings);
    table.complete = !fields.has(PolicyKey.METADATA) || fields.list(PolicyKey.METADATA).isPresent();
    Optional<JsonValue.Arr> given =
        fields.list(PolicyKey.METADATA).filter(array -> !fields.isInherited(PolicyKey.METADATA));
    table.inherit(inherited, given.map(MetadataTable::memberNames).orElse(Set.of()));
    JsonPath path = fields.valuePlace(PolicyKey.METADATA).path();
    given.ifPresent(array -> Sections.members(array, path, findings, table::declaration));
    return table;
  }

  private static Set<String> memberNames(JsonValue.Arr array) {
    Set<String> names = new HashSet<>();
    for (JsonValue item : array.items()) {
      if (item instanceof JsonValue.Obj object) {
        object.members().forEach(member -> names.add(member.name()));
      }
    }
    return names;
  }

  private void inherit(List<MetadataDeclaration> inherited, Set<String> replaced) {
    for (MetadataDeclaration declaration : inherited) {
      names.add(declaration.name());
      declarations.put(declaration.name(), declaration);
      if (!replaced.contains(declaration.name())) {
        declaration.header().ifPresent(headers::add);
      }
    }
  }

  private void declaration(JsonValue.Member member, Place holder) {
    Place key = holder.key(member);
    Place place = holder.value(member);
    String name = member.name();
    if (!own.add(name)) {
      findings.add(
          FindingCode.DUPLICATE, key, "metadata " + Quoted.name(name) + " is already declared");
      return;
    }
    boolean added = names.add(name);
    if (names.size() > Limits.DECLARATIONS) {
      if (added && names.size() == Limits.DECLARATIONS + 1) {
        findings.add(FindingCode.LIMIT, key, "more than " + Limits.DECLARATIONS + " declarations");
      }
      return;
    }
    if (name.isEmpty()) {
      findings.add(FindingCode.VALUE, key, "empty name");
    }
    if (name.codePointCount(0, name.length()) > Limits.METADATA_NAME) {
      findings.add(
          FindingCode.LIMIT, key, "name longer than " + Limits.METADATA_NAME + " characters");
    }
    Sections.text(member.value(), place, findings)
        .filter(text -> Fields.checkText(text, place, findings))
        .ifPresent(text -> declare(name, text, place));
  }

  private void declare(String name, String text, Place place) {
    if (text.isEmpty()) {
      declarations.put(name, new MetadataDeclaration(name, Optional.empty()));
      return;
    }
    if (!HttpSyntax.isHeader(text)) {
      findings.add(FindingCode.VALUE, place, "not a header name");
      return;
    }
    String header = HttpSyntax.withoutColon(text).toLowerCase(Locale.ROOT);
    if (!headers.add(header)) {
      findings.add(FindingCode.SUSPICIOUS, place, "header '" + header + "' is already mapped");
    }
    declarations.put(name, new MetadataDeclaration(name, Optional.of(header)));
  }

  /** True if the name is declared, or may have been meant in a part that was refused. */
  boolean knows(String name) {
    return !complete || names.contains(name);
  }

  /** True if some name maps to the header. */
  boolean mapsTo(String header) {
    return headers.contains(header);
  }

  /** The declared names, accepted or not. */
  Set<String> names() {
    return names;
  }

  /** The accepted declarations in order. */
  List<MetadataDeclaration> declarations() {
    return List.copyOf(declarations.values());
  }
}
