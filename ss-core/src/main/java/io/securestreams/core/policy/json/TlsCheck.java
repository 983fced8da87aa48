package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.trust.DerObject;
import java.util.List;
import java.util.Optional;

/** TLS of a stream type: trust store of a client, certificate and key of a server. */
final class TlsCheck {

  private static final List<PolicyKey> NEED_TLS =
      List.of(
          PolicyKey.TLS_TRUST_STORE,
          PolicyKey.CLIENT_CERT,
          PolicyKey.SERVER_CERT,
          PolicyKey.SERVER_KEY,
          PolicyKey.CLIENT_TRUST_STORE);

  private TlsCheck() {}

  static void check(StreamDraft draft, References references) {
    Fields fields = draft.fields();
    boolean tls = fields.flag(PolicyKey.TLS);
    boolean known = !fields.has(PolicyKey.TLS) || fields.value(PolicyKey.TLS).isPresent();
    if (!tls && known) {
      for (PolicyKey key : NEED_TLS) {
        boolean later = key == PolicyKey.TLS_TRUST_STORE && fields.flag(PolicyKey.ALLOW_REDIRECTS);
        if (fields.has(key) && !fields.isSettled(key) && !later) {
          fields.reportKey(key, FindingCode.IGNORED, "'tls' is not true");
        }
      }
      protocolWithoutTls(draft);
    }
    priorKnowledge(draft, tls);
    if (draft.isServer()) {
      boolean attached = draft.endpoint().startsWith("!");
      if (tls && !attached) {
        require(fields, PolicyKey.SERVER_CERT);
        require(fields, PolicyKey.SERVER_KEY);
      }
      identity(fields, references.certificates());
      store(fields, PolicyKey.CLIENT_TRUST_STORE, references);
      clientsAreAsked(fields, tls);
    } else {
      store(fields, PolicyKey.TLS_TRUST_STORE, references);
    }
  }

  private static void store(Fields fields, PolicyKey key, References references) {
    fields
        .text(key)
        .ifPresent(name -> references.stores().resolveEarlier(name, fields.valuePlace(key)));
  }

  private static void clientsAreAsked(Fields fields, boolean tls) {
    PolicyKey key = PolicyKey.CLIENT_TRUST_STORE;
    if (tls && fields.has(key) && !fields.isSettled(key)) {
      fields.reportKey(
          key, FindingCode.SUSPICIOUS, "the reference ignores it, its servers let every client in");
    }
  }

  private static void protocolWithoutTls(StreamDraft draft) {
    if (draft.speaks(Protocol.H3)) {
      draft
          .fields()
          .reportValue(PolicyKey.PROTOCOL, FindingCode.CONFLICT, "h3 needs \"tls\": true");
    }
    if (draft.speaks(Protocol.H2)
        && draft.isClient()
        && !draft.fields().flag(PolicyKey.H2_PRIOR_KNOWLEDGE)) {
      draft
          .fields()
          .reportValue(
              PolicyKey.PROTOCOL, FindingCode.SUSPICIOUS, "h2 without \"tls\": true runs as h1");
    }
  }

  private static void priorKnowledge(StreamDraft draft, boolean tls) {
    Fields fields = draft.fields();
    PolicyKey key = PolicyKey.H2_PRIOR_KNOWLEDGE;
    if (!fields.flag(key) || fields.isSettled(key)) {
      return;
    }
    if (tls) {
      fields.reportKey(key, FindingCode.CONFLICT, "'tls' is true, where the peers agree on h2");
    } else {
      fields.reportKey(
          key, FindingCode.SUSPICIOUS, "the reference ignores it, its clients speak h1 there");
    }
  }

  private static void require(Fields fields, PolicyKey key) {
    if (!fields.has(key)) {
      fields.report(FindingCode.MISSING, "'" + key.key() + "' is required for a TLS server");
    }
  }

  private static void identity(Fields fields, Names<CertificateDefinition> certificates) {
    Optional<DerObject> shown = named(fields, PolicyKey.SERVER_CERT, certificates);
    Optional<DerObject> proof = named(fields, PolicyKey.SERVER_KEY, certificates);
    if (shown.isPresent() && shown.get() instanceof DerObject.Key) {
      fields.reportValue(
          PolicyKey.SERVER_CERT, FindingCode.ENCODING, "a private key, not a certificate");
    }
    if (proof.isPresent() && proof.get() instanceof DerObject.Certificate) {
      fields.reportValue(
          PolicyKey.SERVER_KEY, FindingCode.ENCODING, "a certificate, not a private key");
    }
    if (shown.isPresent()
        && proof.isPresent()
        && shown.get() instanceof DerObject.Certificate certificate
        && proof.get() instanceof DerObject.Key key
        && !key.belongsTo(certificate.certificate())) {
      fields.reportValue(
          PolicyKey.SERVER_KEY, FindingCode.ENCODING, "private key does not match 'server_cert'");
    }
  }

  private static Optional<DerObject> named(
      Fields fields, PolicyKey key, Names<CertificateDefinition> certificates) {
    return fields
        .text(key)
        .flatMap(name -> certificates.resolveEarlier(name, fields.valuePlace(key)))
        .map(CertificateDefinition::object);
  }
}
