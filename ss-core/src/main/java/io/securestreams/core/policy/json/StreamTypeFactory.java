package io.securestreams.core.policy.json;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.AuthSettings.Token;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.TrustStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns drafts without errors into stream types. */
final class StreamTypeFactory {

  private final References references;
  private final Optional<SocksProxy> proxy;

  /**
   * Makes stream types of one policy.
   *
   * @param references what its names stand for
   * @param proxy what clients connect through that do not say otherwise
   */
  StreamTypeFactory(References references, Optional<SocksProxy> proxy) {
    this.references = references;
    this.proxy = proxy;
  }

  StreamType streamType(StreamDraft draft, List<String> blockers) {
    Fields fields = draft.fields();
    return new StreamType(
        draft.name(),
        draft.side(),
        draft.protocol().orElse(Protocol.H1),
        StreamSettings.template(fields, PolicyKey.ENDPOINT),
        (int) fields.whole(PolicyKey.PORT),
        proxy(draft),
        FlagKeys.STRATEGY.read(fields),
        fields.text(PolicyKey.STREAM_RETRY).flatMap(references.schemes()::accepted),
        fields.whole(PolicyKey.TIMEOUT_MS),
        tls(fields),
        StreamSettings.ip(fields),
        metadata(draft),
        StreamSettings.http(draft),
        auth(fields),
        StreamSettings.ws(fields),
        StreamSettings.mqtt(fields),
        draft.options(),
        StreamSettings.buffers(fields),
        fields.text(PolicyKey.PAYLOAD_FMT),
        blockers);
  }

  private Optional<SocksProxy> proxy(StreamDraft draft) {
    boolean inherits = draft.isClient() && !draft.fields().has(PolicyKey.STREAM_SOCKS5);
    return inherits
        ? proxy
        : draft.fields().text(PolicyKey.STREAM_SOCKS5).flatMap(SocksAddress::parse);
  }

  private TlsSettings tls(Fields fields) {
    return new TlsSettings(
        fields.flag(PolicyKey.TLS),
        store(fields, PolicyKey.TLS_TRUST_STORE),
        fields.has(PolicyKey.CLIENT_CERT)
            ? OptionalInt.of((int) fields.whole(PolicyKey.CLIENT_CERT))
            : OptionalInt.empty(),
        certificate(fields, PolicyKey.SERVER_CERT),
        certificate(fields, PolicyKey.SERVER_KEY),
        store(fields, PolicyKey.CLIENT_TRUST_STORE));
  }

  private Optional<TrustStore> store(Fields fields, PolicyKey key) {
    return fields.text(key).flatMap(references.stores()::accepted);
  }

  private Optional<CertificateEntry> certificate(Fields fields, PolicyKey key) {
    return fields
        .text(key)
        .flatMap(references.certificates()::accepted)
        .map(CertificateDefinition::entry);
  }

  private AuthSettings auth(Fields fields) {
    return new AuthSettings(
        fields.text(PolicyKey.USE_AUTH).flatMap(references.auths()::accepted),
        fields.text(PolicyKey.AWS_REGION),
        fields.text(PolicyKey.AWS_SERVICE),
        StreamSettings.header(fields, PolicyKey.HTTP_AUTH_HEADER),
        fields.text(PolicyKey.HTTP_AUTH_PREAMBLE),
        fields.flag(PolicyKey.AUTH_HEXIFY) ? Token.HEX : Token.PLAIN);
  }

  /** A server always has the method and the path of a request. */
  private static List<MetadataDeclaration> metadata(StreamDraft draft) {
    List<MetadataDeclaration> declarations = new ArrayList<>(draft.metadata().declarations());
    boolean http = draft.protocol().filter(p -> KeyScope.HTTP.covers(p, true)).isPresent();
    for (String name : List.of("method", "path")) {
      if (draft.isServer() && http && !draft.metadata().names().contains(name)) {
        declarations.add(new MetadataDeclaration(name, Optional.empty()));
      }
    }
    return declarations;
  }
}
