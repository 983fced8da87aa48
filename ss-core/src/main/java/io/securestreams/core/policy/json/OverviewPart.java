package io.securestreams.core.policy.json;

import io.securestreams.core.error.Quoted;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that a policy defines, with every key that concerns it.
 *
 * @param section the policy's key for its kind; empty for the policy itself
 * @param name its name; empty for the policy itself
 * @param settings what is said of it
 */
record OverviewPart(String section, String name, List<Setting> settings) {

  OverviewPart {
    settings = List.copyOf(settings);
  }

  /**
   * One key.
   *
   * @param key as in the policy
   * @param value nothing to hide in it
   * @param unit what a number counts; empty if it is only a number
   * @param given false if the policy leaves the key out
   */
  record Setting(String key, JsonValue value, String unit, boolean given) {

    /** A fact that is not a key of the policy. */
    static Setting fact(String name, String text) {
      return new Setting(name, Written.text(text), "", true);
    }

    private PolicyOverview.Setting shown() {
      String text = text(value);
      boolean counts = !unit.isEmpty() && !text.isEmpty();
      return new PolicyOverview.Setting(key, counts ? text + " " + unit : text, given);
    }

    private static String text(JsonValue value) {
      if (value instanceof JsonValue.Text text) {
        return Quoted.escaped(text.text());
      } else if (value instanceof JsonValue.Num number) {
        return number.text();
      } else if (value instanceof JsonValue.Flag flag) {
        return String.valueOf(flag.isTrue());
      } else if (value instanceof JsonValue.Arr array) {
        return array.items().stream().map(Setting::text).collect(Collectors.joining(", "));
      } else if (value instanceof JsonValue.Obj object) {
        return object.members().stream().map(Setting::text).collect(Collectors.joining(", "));
      }
      return "";
    }

    private static String text(JsonValue.Member member) {
      String value = text(member.value());
      return Quoted.escaped(member.name()) + (value.isEmpty() ? "" : " = " + value);
    }
  }

  /** For people. */
  PolicyOverview.Part shown() {
    return new PolicyOverview.Part(section, name, settings.stream().map(Setting::shown).toList());
  }

  /** For scripts. */
  JsonValue.Obj object() {
    return new JsonValue.Obj(
        0,
        settings.stream()
            .map(setting -> new JsonValue.Member(setting.key(), 0, setting.value()))
            .toList());
  }
}
