package io.securestreams.core.policy.json;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.HttpSettings.ContentLength;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.WsSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns drafts without errors into stream types. */
final class StreamTypeFactory {

  private static final Map<PolicyKey, Strategy> STRATEGIES =
      Map.of(
          PolicyKey.OPPORTUNISTIC, Strategy.OPPORTUNISTIC,
          PolicyKey.NAILED_UP, Strategy.NAILED_UP,
          PolicyKey.URGENT_TX, Strategy.URGENT_TX,
          PolicyKey.URGENT_RX, Strategy.URGENT_RX,
          PolicyKey.SWAKE_VALIDITY, Strategy.WAKES_SYSTEM);

  private final References references;

  StreamTypeFactory(References references) {
    this.references = references;
  }

  StreamType streamType(StreamDraft draft, List<String> blockers) {
    Fields fields = draft.fields();
    Set<Strategy> strategy = EnumSet.noneOf(Strategy.class);
    STRATEGIES.forEach(
        (key, meaning) -> {
          if (fields.flag(key) && draft.isClient()) {
            strategy.add(meaning);
          }
        });
    return new StreamType(
        draft.name(),
        draft.side(),
        draft.protocol().orElse(Protocol.H1),
        fields.text(PolicyKey.ENDPOINT).map(Template::parse),
        (int) fields.whole(PolicyKey.PORT),
        strategy,
        fields
            .text(PolicyKey.STREAM_RETRY)
            .filter(name -> draft.isClient())
            .flatMap(name -> value(references.schemes(), name)),
        fields.whole(PolicyKey.TIMEOUT_MS),
        tls(draft),
        http(draft),
        ws(fields),
        metadata(draft),
        fields.text(PolicyKey.PAYLOAD_FMT),
        blockers);
  }

  private Optional<TlsSettings> tls(StreamDraft draft) {
    Fields fields = draft.fields();
    if (!fields.flag(PolicyKey.TLS)) {
      return Optional.empty();
    }
    return Optional.of(
        new TlsSettings(
            fields
                .text(PolicyKey.TLS_TRUST_STORE)
                .flatMap(name -> value(references.stores(), name)),
            certificate(fields, PolicyKey.SERVER_CERT),
            certificate(fields, PolicyKey.SERVER_KEY)));
  }

  private Optional<CertificateEntry> certificate(Fields fields, PolicyKey key) {
    return fields
        .text(key)
        .flatMap(name -> value(references.certificates(), name))
        .map(CertificateDefinition::entry);
  }

  private static <T> Optional<T> value(Names<T> names, String name) {
    return Optional.ofNullable(names.defined().get(name)).flatMap(Names.Definition::value);
  }

  private static HttpSettings http(StreamDraft draft) {
    Fields fields = draft.fields();
    return new HttpSettings(
        draft.method(),
        Template.parse(fields.text(PolicyKey.HTTP_URL).orElse("")),
        (int) fields.whole(PolicyKey.HTTP_EXPECT),
        draft.responses(),
        fields.flag(PolicyKey.HTTP_NO_CONTENT_LENGTH)
            ? ContentLength.NEVER
            : ContentLength.SENT_WHEN_KNOWN);
  }

  private static WsSettings ws(Fields fields) {
    return new WsSettings(
        fields.text(PolicyKey.WS_SUBPROTOCOL),
        fields.flag(PolicyKey.WS_BINARY) ? WsSettings.Frames.BINARY : WsSettings.Frames.TEXT);
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
