package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * TLS of a stream type.
 *
 * @param required whether TLS is used at all; if not, the rest has no effect. Source: {@code tls}
 * @param trustStore the authorities that verify the peer of a client; empty means the platform's.
 *     Source: {@code tls_trust_store}
 * @param clientCertificate index of the certificate that a client shows, 0..254. Source: {@code
 *     client_cert}
 * @param serverCertificate certificate of a server. Source: {@code server_cert}
 * @param serverKey its private key. Source: {@code server_key}
 * @param clientTrustStore the authorities of a server's clients, each of which has to show a
 *     certificate then. Source: {@code client_trust_store}
 */
public record TlsSettings(
    boolean required,
    Optional<TrustStore> trustStore,
    OptionalInt clientCertificate,
    Optional<CertificateEntry> serverCertificate,
    Optional<CertificateEntry> serverKey,
    Optional<TrustStore> clientTrustStore) {

  /** No TLS. */
  public static final TlsSettings NONE =
      new TlsSettings(
          false,
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Checks the components. */
  public TlsSettings {
    Objects.requireNonNull(trustStore, "trustStore");
    Objects.requireNonNull(clientCertificate, "clientCertificate");
    Objects.requireNonNull(serverCertificate, "serverCertificate");
    Objects.requireNonNull(serverKey, "serverKey");
    Objects.requireNonNull(clientTrustStore, "clientTrustStore");
  }
}
