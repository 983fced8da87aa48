package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.trust.DerObject;
import io.securestreams.core.trust.DerText;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code certs}. No message quotes the content: it may be a private key. */
final class CertificatesReader {

  /** The largest DER object, in bytes. */
  static final int LARGEST = 65_536;

  /** What the reference's constrained builds can hold, in bytes. */
  private static final int PORTABLE = 3_000;

  /** Base64 of the largest one as PEM, with room for any line length. */
  private static final int LONGEST_TEXT = 4 * LARGEST;

  private final Findings findings;
  private final Names<CertificateDefinition> certificates;
  private final Map<String, Place> places = new HashMap<>();

  CertificatesReader(Findings findings, Names<CertificateDefinition> certificates) {
    this.findings = findings;
    this.certificates = certificates;
  }

  /** Where the text of each certificate stands, by its name. */
  Map<String, Place> places() {
    return places;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.members(section, path, findings, this::entry);
  }

  private void entry(JsonValue.Member member, Place holder) {
    Place place = holder.value(member);
    Optional<CertificateDefinition> definition =
        Sections.text(member.value(), place, findings)
            .flatMap(text -> entry(member.name(), text, place));
    places.putIfAbsent(member.name(), place);
    certificates.define(member.name(), holder.key(member), definition);
  }

  private Optional<CertificateDefinition> entry(String name, String text, Place place) {
    Optional<DerText> decoded = decode(text, place);
    if (decoded.isEmpty()) {
      return Optional.empty();
    }
    DerText der = decoded.get();
    Optional<DerObject> object = DerObject.parse(der.der());
    if (object.isEmpty()) {
      findings.add(FindingCode.ENCODING, place, "not an X.509 certificate or private key in DER");
      return Optional.empty();
    }
    if (der.isPem()) {
      findings.add(FindingCode.ALIAS, place, "PEM; use the base64 between its BEGIN and END lines");
    }
    if (der.size() > PORTABLE) {
      findings.add(
          FindingCode.SUSPICIOUS,
          place,
          der.size() + " bytes; constrained implementations hold " + PORTABLE);
    }
    return object.map(o -> new CertificateDefinition(new CertificateEntry(name, der.der()), o));
  }

  private Optional<DerText> decode(String text, Place place) {
    if (text.length() > LONGEST_TEXT) {
      tooLarge(place);
      return Optional.empty();
    }
    try {
      DerText der = DerText.parse(text);
      if (der.size() > LARGEST) {
        tooLarge(place);
        return Optional.empty();
      }
      return Optional.of(der);
    } catch (IllegalArgumentException notBase64) {
      String message = notBase64.getMessage();
      findings.add(FindingCode.ENCODING, place, message == null ? "not base64" : message);
      return Optional.empty();
    }
  }

  private void tooLarge(Place place) {
    findings.add(FindingCode.LIMIT, place, "larger than " + LARGEST + " bytes");
  }
}
