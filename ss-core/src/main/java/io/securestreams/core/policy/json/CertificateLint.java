package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.trust.CertificateReview;
import io.securestreams.core.trust.DerObject;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Whether the certificates in use are valid for long enough and of safe make. */
final class CertificateLint {

  /** Long enough to get a new one. */
  private static final Duration NOTICE = Duration.ofDays(30);

  private final Instant now;
  private final Findings findings;

  /**
   * A look at one moment.
   *
   * @param now by which certificates expire
   * @param findings where warnings go
   */
  CertificateLint(Instant now, Findings findings) {
    this.now = now;
    this.findings = findings;
  }

  /** The names of the certificates and keys that trust stores and servers refer to. */
  static Set<String> inUse(References references, Collection<StreamDraft> drafts) {
    Set<String> names = new HashSet<>();
    references.stores().accepted().values().stream()
        .flatMap(store -> store.stack().stream())
        .map(CertificateEntry::name)
        .forEach(names::add);
    for (StreamDraft draft : drafts) {
      draft.fields().text(PolicyKey.SERVER_CERT).ifPresent(names::add);
      draft.fields().text(PolicyKey.SERVER_KEY).ifPresent(names::add);
    }
    return names;
  }

  /**
   * Looks at an entry of {@code certs}.
   *
   * @param place of its base64
   */
  void check(CertificateDefinition definition, Place place) {
    if (definition.object() instanceof DerObject.Certificate holder) {
      X509Certificate certificate = holder.certificate();
      expiry(certificate.getNotAfter().toInstant(), place);
      CertificateReview.weakKey(certificate)
          .ifPresent(weakness -> findings.add(FindingCode.WEAK_KEY, place, weakness));
      CertificateReview.weakSignature(certificate)
          .ifPresent(
              algorithm ->
                  findings.add(
                      FindingCode.WEAK_SIGNATURE,
                      place,
                      "signed with " + algorithm + ", which can be forged"));
    }
  }

  private void expiry(Instant end, Place place) {
    String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    if (end.isBefore(now)) {
      findings.add(FindingCode.CERT_EXPIRED, place, "expired on " + day);
    } else if (end.isBefore(now.plus(NOTICE))) {
      findings.add(
          FindingCode.CERT_EXPIRING,
          place,
          "expires on " + day + ", within " + NOTICE.toDays() + " days");
    }
  }
}
