package io.securestreams.core.policy.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The policy language as JSON Schema, for editors.
 *
 * <p><b>Shape:</b> draft-07, for policies and overlays; titles, descriptions and defaults included.
 * Of what a {@link PolicyParser} loads it refuses nothing but unknown keys, so it is the strict
 * reading; keys that begin with {@code x-} or {@code _} are free. What keys say about each other is
 * left to the parser, and so are names that are used but not defined.
 *
 * <p><b>Source:</b> the same table of keys that the parser reads by. The jar holds the text as
 * {@code io/securestreams/core/policy/policy.schema.json}.
 */
public final class PolicySchema {

  /** Not the stream types: an overlay may do without. */
  private static final List<PolicyKey> REQUIRED =
      List.of(
          PolicyKey.STORE_NAME, PolicyKey.STORE_STACK, PolicyKey.AUTH_NAME, PolicyKey.METRIC_NAME);

  private PolicySchema() {}

  /** The schema as JSON text, the same at every call. */
  public static String json() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put(
        "description",
        "The strict reading: a key that the policy language does not have is refused, unless it "
            + "begins with x- or _.");
    schema.putAll(section(KeySection.POLICY));
    Map<String, Object> definitions = new LinkedHashMap<>();
    for (KeySection section : KeySection.values()) {
      if (section != KeySection.POLICY) {
        definitions.put(section.definition(), section(section));
      }
    }
    schema.put("definitions", definitions);
    return JsonText.of(schema);
  }

  private static Map<String, Object> section(KeySection section) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (PolicyKey key : PolicyKey.in(section)) {
      properties.put(key.key(), property(key));
      key.alias().ifPresent(alias -> properties.put(alias, alias(key)));
      if (REQUIRED.contains(key)) {
        required.add(key.key());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("title", section.title());
    schema.put("type", "object");
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("properties", properties);
    schema.put("patternProperties", Map.of("^(x-|_)", Map.of("description", "Private; ignored.")));
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> property(PolicyKey key) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("title", key.key());
    property.put("description", description(key));
    property.putAll(ValueSchema.of(key.value()));
    standsForAbsent(key, property);
    if (key.support() == Support.GONE) {
      property.put("deprecated", true);
    }
    return property;
  }

  private static Map<String, Object> alias(PolicyKey key) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", "Another spelling of `" + key.key() + "`; use that one.");
    property.putAll(ValueSchema.of(key.value()));
    property.put("deprecated", true);
    return property;
  }

  private static String description(PolicyKey key) {
    StringBuilder text = new StringBuilder(KeySentence.of(key));
    if (key.value() instanceof KeyValue.Whole whole && !whole.unit().isEmpty()) {
      text.append(" Unit: ").append(whole.unit()).append('.');
    }
    if (key.side() != KeySide.BOTH) {
      text.append(" Side: ").append(key.side().shown()).append('.');
    }
    if (key.scope() != KeyScope.ANY) {
      text.append(" Protocols: ").append(key.scope().shown()).append('.');
    }
    if (key.support() == Support.LATER || key.support() == Support.LATER_BLOCKS) {
      text.append(" This version does not act on it yet.");
    }
    return text.toString();
  }

  private static void standsForAbsent(PolicyKey key, Map<String, Object> property) {
    if (key.value() instanceof KeyValue.Flag) {
      property.put("default", false);
    } else if (key.value() instanceof KeyValue.Whole whole) {
      whole.absent().ifPresent(number -> property.put("default", number));
    } else if (key.value() instanceof KeyValue.Text text && !text.absent().isEmpty()) {
      property.put("default", text.absent());
    }
  }
}
