package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.Protocol;
import java.util.Set;

/** Keys that belong to another protocol or to the other side. */
final class ScopeCheck {

  private static final Set<PolicyKey> SERVER_TLS =
      Set.of(PolicyKey.SERVER_CERT, PolicyKey.SERVER_KEY, PolicyKey.CLIENT_TRUST_STORE);

  private ScopeCheck() {}

  static void check(StreamDraft draft) {
    Fields fields = draft.fields();
    if (draft.isServer() && draft.speaks(Protocol.MQTT)) {
      fields.reportValue(PolicyKey.PROTOCOL, FindingCode.CONFLICT, "mqtt has no server side");
      return;
    }
    boolean scoped = draft.isServer() || draft.isClient() || fields.has(PolicyKey.PROTOCOL);
    for (PolicyKey key : fields.keys()) {
      if (draft.isServer() && key == PolicyKey.TLS_TRUST_STORE) {
        fields.reportKey(key, FindingCode.CONFLICT, "only for clients");
      } else if (!draft.isServer() && SERVER_TLS.contains(key)) {
        fields.reportKey(key, FindingCode.CONFLICT, "only for \"server\": true");
      } else if (scoped && draft.protocol().isPresent()) {
        protocol(draft, key, draft.protocol().get());
      }
      boolean wrongSide =
          (draft.isServer() && key.side() == KeySide.CLIENT)
              || (draft.isClient() && key.side() == KeySide.SERVER);
      if (wrongSide && isSet(fields, key) && !fields.isSettled(key)) {
        String side = draft.isServer() ? "a server" : "a client";
        fields.reportKey(key, FindingCode.IGNORED, "has no effect on " + side);
      }
    }
  }

  private static void protocol(StreamDraft draft, PolicyKey key, Protocol protocol) {
    boolean httpName = key.key().startsWith("http_") || key.key().startsWith("ws_");
    boolean conflict =
        protocol == Protocol.MQTT
            ? httpName
            : protocol != Protocol.RAW && key.scope() == KeyScope.MQTT;
    if (conflict) {
      String message = "does not apply to " + protocol.key();
      draft.fields().reportKey(key, FindingCode.CONFLICT, message);
    } else if (!key.scope().covers(protocol, draft.isServer())
        && isSet(draft.fields(), key)
        && !draft.fields().isSettled(key)) {
      String message = "has no effect with " + protocol.key();
      draft.fields().reportKey(key, FindingCode.IGNORED, message);
    }
  }

  /** False for a flag that says what its absence says. */
  private static boolean isSet(Fields fields, PolicyKey key) {
    return key.type() != ValueType.FLAG || fields.flag(key);
  }
}
