package io.securestreams.core.policy.json;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a value may be, in the words of JSON Schema. It never refuses what the reader accepts. */
final class ValueSchema {

  private ValueSchema() {}

  /** The schema of a value, without explanation. */
  static Map<String, Object> of(KeyValue value) {
    if (value instanceof KeyValue.Flag) {
      return schema("type", "boolean");
    }
    if (value instanceof KeyValue.Whole whole) {
      return range(whole.min(), whole.max());
    }
    if (value instanceof KeyValue.State) {
      return schema(
          "anyOf",
          List.of(schema("const", Limits.AUTH_FAILED), range(Limits.FIRST_USER_STATE, Limits.U16)));
    }
    if (value instanceof KeyValue.Text text) {
      return text(text.form());
    }
    return value instanceof KeyValue.Items items ? array(items) : new LinkedHashMap<>();
  }

  /** A schema that refers to the keys of a section. */
  static Map<String, Object> reference(KeySection section) {
    return schema("$ref", "#/definitions/" + section.definition());
  }

  private static Map<String, Object> range(long min, long max) {
    Map<String, Object> schema = schema("type", "integer");
    schema.put("minimum", min);
    if (max < Long.MAX_VALUE) {
      schema.put("maximum", max);
    }
    return schema;
  }

  private static Map<String, Object> text(TextForm form) {
    if (form == TextForm.PROTOCOL) {
      Map<String, Object> old =
          schema("enum", Arrays.stream(OldProtocol.values()).map(OldProtocol::key).toList());
      old.put("description", "Old names, which say the request method too.");
      old.put("deprecated", true);
      return schema("anyOf", List.of(schema("enum", form.words()), old));
    }
    if (!form.words().isEmpty()) {
      return schema("enum", form.words());
    }
    Map<String, Object> schema = schema("type", "string");
    if (form.least() > 0) {
      schema.put("minLength", form.least());
    }
    if (form.most() > 0) {
      schema.put("maxLength", form.most());
    }
    if (!form.pattern().isEmpty()) {
      schema.put("pattern", "^(?:" + form.pattern() + ")$");
    }
    return schema;
  }

  private static Map<String, Object> array(KeyValue.Items items) {
    Map<String, Object> schema = schema("type", "array");
    if (items.each() instanceof ItemShape.Plain plain) {
      schema.put("items", of(plain.value()));
      if (items.least() > 0) {
        schema.put("minItems", items.least());
      }
      if (items.most() > 0) {
        schema.put("maxItems", items.most());
      }
    } else if (items.each() instanceof ItemShape.Entry entry) {
      schema.put("items", entry(entry.section()));
    } else if (items.each() instanceof ItemShape.Definitions definitions) {
      schema.put("items", members(definitions.names(), reference(definitions.section())));
    } else if (items.each() instanceof ItemShape.Pairs pairs) {
      Map<String, Object> members = members(pairs.names(), of(pairs.value()));
      if (items.most() > 0) {
        // The limit is for all objects of the array together, which no keyword can count.
        members.put("maxProperties", items.most());
      }
      schema.put("items", members);
    }
    return schema;
  }

  private static Map<String, Object> members(TextForm names, Map<String, Object> value) {
    Map<String, Object> schema = schema("type", "object");
    Map<String, Object> form = text(names);
    form.remove("type"); // of a name it is clear
    schema.put("propertyNames", form);
    schema.put("additionalProperties", value);
    return schema;
  }

  private static Map<String, Object> entry(KeySection section) {
    return section == KeySection.TRUST_STORE
        ? schema("anyOf", List.of(reference(section), storeByName()))
        : reference(section);
  }

  /** The spelling of the reference's README: the name of the store stands for the key. */
  private static Map<String, Object> storeByName() {
    Map<String, Object> schema = members(TextForm.NAME, of(PolicyKey.STORE_STACK.value()));
    schema.put("minProperties", 1);
    Map<String, Object> reserved =
        schema("enum", PolicyKey.in(KeySection.TRUST_STORE).stream().map(PolicyKey::key).toList());
    Map<String, Object> names = text(TextForm.NAME);
    names.remove("type");
    names.put("not", reserved);
    schema.put("propertyNames", names);
    schema.put("description", "Another spelling of {\"name\": .., \"stack\": [..]}; use that one.");
    schema.put("deprecated", true);
    return schema;
  }

  private static Map<String, Object> schema(String keyword, Object value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put(keyword, value);
    return schema;
  }
}
