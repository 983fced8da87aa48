package io.securestreams.core.policy.json;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.json.OverviewPart.Setting;
import io.securestreams.core.trust.DerObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What may be shown of an entry of {@code certs}: of a private key, its algorithm and size. */
final class CertificateFacts {

  private CertificateFacts() {}

  static List<Setting> of(CertificateEntry entry) {
    byte[] der = entry.der();
    Optional<DerObject> object = DerObject.parse(der);
    List<Setting> facts = new ArrayList<>();
    if (object.orElse(null) instanceof DerObject.Certificate certificate) {
      facts.addAll(of(certificate.certificate(), der));
    } else if (object.orElse(null) instanceof DerObject.Key key) {
      facts.add(Setting.fact("private_key", "(hidden)"));
      facts.add(Setting.fact("algorithm", key.privateKey().getAlgorithm()));
    }
    facts.add(new Setting("size", Written.whole(der.length), "bytes", true));
    return facts;
  }

  private static List<Setting> of(X509Certificate certificate, byte[] der) {
    return List.of(
        Setting.fact("subject", certificate.getSubjectX500Principal().getName()),
        Setting.fact("issuer", certificate.getIssuerX500Principal().getName()),
        Setting.fact("expires", certificate.getNotAfter().toInstant().toString()),
        Setting.fact("sha256", fingerprint(der)));
  }

  private static String fingerprint(byte[] der) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }
}
