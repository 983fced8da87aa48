package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.error.Quoted;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.AuthScheme;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the members of a stream type say about each other and about the rest of the policy. */
final class StreamChecks {

  /** The keys whose text may hold places for metadata. */
  private static final List<PolicyKey> TEMPLATES =
      List.of(
          PolicyKey.ENDPOINT,
          PolicyKey.HTTP_URL,
          PolicyKey.MQTT_TOPIC,
          PolicyKey.MQTT_SUBSCRIBE,
          PolicyKey.MQTT_WILL_TOPIC,
          PolicyKey.MQTT_WILL_MESSAGE,
          PolicyKey.MQTT_BIRTH_TOPIC,
          PolicyKey.MQTT_BIRTH_MESSAGE);

  private final References references;
  private final UploadCheck uploads;
  private final Map<String, String> listeners = new HashMap<>();

  StreamChecks(References references) {
    this.references = references;
    this.uploads = new UploadCheck(references);
  }

  void check(StreamDraft draft) {
    boolean partOnly = uploads.isTarget(draft);
    ScopeCheck.check(draft);
    AddressCheck.check(draft, partOnly);
    TlsCheck.check(draft, references);
    HttpCheck.check(draft, partOnly);
    MqttCheck.check(draft);
    uploads.check(draft);
    templates(draft);
    strategy(draft);
    authentication(draft);
    buffers(draft.fields());
    if (draft.isServer()) {
      server(draft);
    }
  }

  private static void templates(StreamDraft draft) {
    Fields fields = draft.fields();
    for (PolicyKey key : TEMPLATES) {
      Optional<String> text = fields.text(key);
      if (text.isEmpty()) {
        continue;
      }
      try {
        for (String name : Template.parse(text.get()).names()) {
          if (!draft.metadata().knows(name)) {
            fields.reportValue(
                key,
                FindingCode.UNKNOWN_REF,
                "metadata "
                    + Quoted.name(name)
                    + " is not declared"
                    + NearestName.hint(name, draft.metadata().names()));
          }
        }
      } catch (IllegalArgumentException unterminated) {
        fields.reportValue(key, FindingCode.VALUE, "'${' without '}'");
      }
    }
  }

  private void strategy(StreamDraft draft) {
    Fields fields = draft.fields();
    fields
        .text(PolicyKey.STREAM_RETRY)
        .ifPresent(
            name ->
                references
                    .schemes()
                    .resolveEarlier(name, fields.valuePlace(PolicyKey.STREAM_RETRY)));
    if (!fields.flag(PolicyKey.NAILED_UP) || !draft.isClient()) {
      return;
    }
    if (fields.flag(PolicyKey.OPPORTUNISTIC)) {
      fields.reportValue(
          PolicyKey.NAILED_UP,
          FindingCode.SUSPICIOUS,
          "will not reconnect after a drop, because 'opportunistic' is true");
    } else if (!fields.has(PolicyKey.STREAM_RETRY)) {
      fields.reportValue(
          PolicyKey.NAILED_UP,
          FindingCode.SUSPICIOUS,
          "without 'retry' one failed attempt ends it");
    }
  }

  private void authentication(StreamDraft draft) {
    Fields fields = draft.fields();
    fields
        .text(PolicyKey.STREAM_SOCKS5)
        .filter(text -> !text.isEmpty() && SocksAddress.parse(text).isEmpty())
        .ifPresent(
            text ->
                fields.reportValue(
                    PolicyKey.STREAM_SOCKS5, FindingCode.VALUE, SocksAddress.EXPECTED));
    for (PolicyKey key : List.of(PolicyKey.AWS_REGION, PolicyKey.AWS_SERVICE)) {
      Optional<String> name = fields.text(key);
      if (name.isPresent() && !draft.metadata().knows(name.get())) {
        fields.reportValue(key, FindingCode.UNKNOWN_REF, "this metadata is not declared");
      }
    }
    Optional<AuthScheme> scheme =
        fields
            .text(PolicyKey.USE_AUTH)
            .flatMap(
                name ->
                    references.auths().resolveEarlier(name, fields.valuePlace(PolicyKey.USE_AUTH)));
    if (scheme.flatMap(AuthScheme::type).filter(AuthScheme.Type.SIGV4::equals).isPresent()) {
      for (PolicyKey key : List.of(PolicyKey.AWS_REGION, PolicyKey.AWS_SERVICE)) {
        if (!fields.has(key)) {
          fields.report(FindingCode.MISSING, "'" + key.key() + "' is required with sigv4");
        }
      }
    }
  }

  private static void buffers(Fields fields) {
    buffer(fields, PolicyKey.PROXY_BUFLEN, PolicyKey.PROXY_RXFLOW_ON, PolicyKey.PROXY_RXFLOW_OFF);
    buffer(
        fields, PolicyKey.CLIENT_BUFLEN, PolicyKey.CLIENT_RXFLOW_ON, PolicyKey.CLIENT_RXFLOW_OFF);
  }

  private static void buffer(Fields fields, PolicyKey size, PolicyKey on, PolicyKey off) {
    if (fields.has(on) && fields.has(off) && fields.whole(off) >= fields.whole(on)) {
      fields.reportValue(off, FindingCode.SUSPICIOUS, "not less than '" + on.key() + "'");
    }
    long bytes = fields.whole(size) == 0 ? 32_768 : fields.whole(size);
    if (fields.whole(on) > bytes) {
      fields.reportValue(on, FindingCode.SUSPICIOUS, "the buffer holds " + bytes + " bytes only");
    }
  }

  private void server(StreamDraft draft) {
    Fields fields = draft.fields();
    boolean http = draft.protocol().filter(p -> KeyScope.HTTP.covers(p, true)).isPresent();
    boolean declared = draft.metadata().knows("method") && draft.metadata().knows("path");
    if (http && !declared) {
      fields.report(
          FindingCode.SUSPICIOUS,
          "metadata 'method' and 'path' are not declared; the reference drops every request");
    }
    long port = fields.whole(PolicyKey.PORT);
    if (port == 0 || draft.isUnixSocket() || draft.endpoint().startsWith("!")) {
      return;
    }
    String other = listeners.putIfAbsent(draft.endpoint() + "|" + port, draft.name());
    if (other != null) {
      fields.reportValue(
          PolicyKey.PORT, FindingCode.CONFLICT, "already used by " + Quoted.name(other));
    }
  }
}
