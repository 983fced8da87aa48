package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks {@code auth}; this version does not act on it. */
final class AuthReader {

  /** The scheme that needs region and service. */
  static final String SIGV4 = "sigv4";

  private final Findings findings;
  private final Names<String> auths;
  private final List<Fields> named = new ArrayList<>();

  /**
   * Gathers into the names.
   *
   * @param findings where trouble goes
   * @param auths name to type, empty text without type
   */
  AuthReader(Findings findings, Names<String> auths) {
    this.findings = findings;
    this.auths = auths;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.objects(section, path, findings, this::entry);
  }

  private void entry(JsonValue.Obj object, JsonPath path) {
    Fields fields = Fields.read(KeySection.AUTH, object, path, findings);
    Optional<String> type = fields.text(PolicyKey.AUTH_TYPE);
    if (type.filter(text -> !text.equals(SIGV4)).isPresent()) {
      fields.reportValue(
          PolicyKey.AUTH_TYPE, FindingCode.VALUE, "unknown type, expected '" + SIGV4 + "'");
    }
    if (!fields.has(PolicyKey.AUTH_NAME)) {
      fields.report(FindingCode.MISSING, "'name' is required");
    }
    Optional<String> name = fields.text(PolicyKey.AUTH_NAME);
    if (name.isEmpty()) {
      auths.incomplete();
    } else {
      Place place = fields.valuePlace(PolicyKey.AUTH_NAME);
      auths.define(name.get(), place, Optional.of(type.orElse("")));
    }
    named.add(fields);
  }

  /** To be called when all stream types are known: the refresh stream must be one. */
  void checkStreamTypes(Names<?> streamTypes) {
    for (Fields fields : named) {
      Optional<String> name = fields.text(PolicyKey.AUTH_STREAMTYPE);
      if (name.isEmpty()) {
        continue;
      }
      if (streamTypes.defined().containsKey(name.get())) {
        fields.reportKey(PolicyKey.AUTH_STREAMTYPE, FindingCode.IGNORED, "has no effect");
      } else {
        String hint = NearestName.hint(name.get(), streamTypes.defined().keySet());
        Place place = fields.valuePlace(PolicyKey.AUTH_STREAMTYPE);
        findings.warn(FindingCode.UNKNOWN_REF, place, "no streamtype of this name" + hint);
      }
    }
  }
}
