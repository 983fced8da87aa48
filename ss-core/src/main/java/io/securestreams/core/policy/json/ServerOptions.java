package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Quoted;
import io.securestreams.core.policy.Side;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code s[].*.options}. */
final class ServerOptions {

  private final Findings findings;
  private final Map<String, String> options = new LinkedHashMap<>();

  private ServerOptions(Findings findings) {
    this.findings = findings;
  }

  static Map<String, String> read(Fields fields, Side side, Findings findings) {
    ServerOptions reader = new ServerOptions(findings);
    int before = findings.errors();
    JsonPath path = fields.valuePlace(PolicyKey.OPTIONS).path();
    fields
        .list(PolicyKey.OPTIONS)
        .ifPresent(array -> Sections.members(array, path, findings, reader::option));
    boolean sound = fields.list(PolicyKey.OPTIONS).isPresent() && findings.errors() == before;
    if (sound && side == Side.SERVER) {
      fields.reportKey(PolicyKey.OPTIONS, FindingCode.IGNORED, "no server option is known");
    }
    return reader.options;
  }

  private void option(JsonValue.Member member, Place holder) {
    String name = member.name();
    Place place = holder.value(member);
    if (options.containsKey(name)) {
      findings.add(
          FindingCode.DUPLICATE,
          holder.key(member),
          "option " + Quoted.name(name) + " is already set");
      return;
    }
    Sections.text(member.value(), place, findings)
        .filter(text -> Fields.checkText(text, place, findings))
        .ifPresent(text -> options.put(name, text));
  }
}
