package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.policy.AuthScheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads {@code auth}; this version does not act on it. */
final class AuthReader {

  private final Findings findings;
  private final Names<AuthScheme> auths;
  private final List<Fields> named = new ArrayList<>();

  /**
   * Gathers into the names.
   *
   * @param findings where trouble goes
   * @param auths what is defined
   */
  AuthReader(Findings findings, Names<AuthScheme> auths) {
    this.findings = findings;
    this.auths = auths;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.objects(section, path, findings, this::entry);
  }

  private void entry(JsonValue.Obj object, JsonPath path) {
    Fields fields = Fields.read(KeySection.AUTH, object, path, findings);
    Optional<AuthScheme.Type> type =
        fields.text(PolicyKey.AUTH_TYPE).flatMap(text -> type(fields, text));
    if (!fields.has(PolicyKey.AUTH_NAME)) {
      fields.report(FindingCode.MISSING, "'name' is required");
    }
    Optional<String> name = fields.text(PolicyKey.AUTH_NAME);
    if (name.isEmpty()) {
      auths.incomplete();
    } else {
      Place place = fields.valuePlace(PolicyKey.AUTH_NAME);
      AuthScheme scheme =
          new AuthScheme(
              name.get(),
              type,
              fields.text(PolicyKey.AUTH_STREAMTYPE),
              (int) fields.whole(PolicyKey.AUTH_BLOB));
      auths.define(name.get(), place, Optional.of(scheme));
    }
    named.add(fields);
  }

  private static Optional<AuthScheme.Type> type(Fields fields, String text) {
    Optional<AuthScheme.Type> known =
        Arrays.stream(AuthScheme.Type.values()).filter(type -> type.key().equals(text)).findFirst();
    if (known.isEmpty()) {
      String keys = String.join(", ", TextForm.AUTH_TYPE.words());
      fields.reportValue(
          PolicyKey.AUTH_TYPE, FindingCode.VALUE, "unknown type, expected one of " + keys);
    }
    return known;
  }

  /** To be called when all stream types are known: the refresh stream must be one. */
  void checkStreamTypes(Names<?> streamTypes) {
    for (Fields fields : named) {
      Optional<String> name = fields.text(PolicyKey.AUTH_STREAMTYPE);
      if (name.isEmpty()) {
        continue;
      }
      if (streamTypes.names().contains(name.get())) {
        fields.reportKey(PolicyKey.AUTH_STREAMTYPE, FindingCode.IGNORED, "has no effect");
      } else {
        String hint = NearestName.hint(name.get(), streamTypes.names());
        Place place = fields.valuePlace(PolicyKey.AUTH_STREAMTYPE);
        findings.warn(FindingCode.UNKNOWN_REF, place, "no streamtype of this name" + hint);
      }
    }
  }
}
