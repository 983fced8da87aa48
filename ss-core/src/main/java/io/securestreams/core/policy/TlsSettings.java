package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * TLS of a stream type whose {@code tls} is true.
 *
 * @param trustStore the authorities that verify the peer of a client; empty means the platform's.
 *     Source: {@code tls_trust_store}
 * @param serverCertificate certificate of a server. Source: {@code server_cert}
 * @param serverKey its private key. Source: {@code server_key}
 */
public record TlsSettings(
    Optional<TrustStore> trustStore,
    Optional<CertificateEntry> serverCertificate,
    Optional<CertificateEntry> serverKey) {

  /** Checks the components. */
  public TlsSettings {
    Objects.requireNonNull(trustStore, "trustStore");
    Objects.requireNonNull(serverCertificate, "serverCertificate");
    Objects.requireNonNull(serverKey, "serverKey");
  }
}
