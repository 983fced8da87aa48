package io.securestreams.core.policy.json;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Takes a policy apart: what is written, and for what is not, what stands for it. */
final class OverviewReader {

  /** The sections that define something, in the order in which they are shown. */
  static final List<PolicyKey> SECTIONS =
      List.of(
          PolicyKey.RETRY_SCHEMES,
          PolicyKey.CERTS,
          PolicyKey.TRUST_STORES,
          PolicyKey.AUTHS,
          PolicyKey.METRICS,
          PolicyKey.STREAM_TYPES);

  /** What 0, or an empty list, means where it means something else. */
  private static final Map<PolicyKey, JsonValue> MEANT =
      Map.of(
          PolicyKey.JITTERPC, Written.whole(30),
          PolicyKey.BACKOFF, new JsonValue.Arr(0, List.of(Written.whole(3000))),
          PolicyKey.PROXY_BUFLEN, Written.whole(32_768),
          PolicyKey.CLIENT_BUFLEN, Written.whole(32_768));

  private static final String HIDDEN = "(hidden)";

  private final PolicyDatabase database;
  private final JsonValue.Obj written;

  OverviewReader(PolicyDatabase database) {
    this.database = database;
    this.written = PolicyTree.of(database);
  }

  /** The policy itself. */
  OverviewPart policy() {
    Map<String, JsonValue> given = members(written);
    hide(given, PolicyKey.VIA_SOCKS5, database.proxy());
    return part("", "", KeySection.POLICY, given, key -> !SECTIONS.contains(key));
  }

  /** What a section defines, in the order of the policy. */
  List<OverviewPart> definitions(PolicyKey section) {
    List<OverviewPart> parts = new ArrayList<>();
    if (members(written).get(section.key()) instanceof JsonValue.Arr array) {
      for (JsonValue item : array.items()) {
        parts.add(definition(section, (JsonValue.Obj) item));
      }
    }
    return parts;
  }

  private OverviewPart definition(PolicyKey section, JsonValue.Obj item) {
    JsonValue.Member first = item.members().get(0);
    return switch (section) {
      case CERTS -> new OverviewPart(section.key(), first.name(), certificate(first.name()));
      case RETRY_SCHEMES ->
          part(section.key(), first.name(), KeySection.RETRY, members(first.value()), key -> true);
      case STREAM_TYPES -> streamType(section, first);
      case TRUST_STORES -> named(section, KeySection.TRUST_STORE, item);
      case AUTHS -> named(section, KeySection.AUTH, item);
      default -> named(section, KeySection.METRIC, item);
    };
  }

  private List<OverviewPart.Setting> certificate(String name) {
    CertificateEntry entry = database.certificates().get(name);
    return entry == null ? List.of() : CertificateFacts.of(entry);
  }

  private OverviewPart streamType(PolicyKey section, JsonValue.Member member) {
    Map<String, JsonValue> given = members(member.value());
    StreamType type = database.streamTypes().get(member.name());
    if (type == null) {
      return part(section.key(), member.name(), KeySection.STREAM, given, key -> true);
    }
    hide(given, PolicyKey.STREAM_SOCKS5, type.proxy());
    return part(section.key(), type.name(), KeySection.STREAM, given, key -> concerns(key, type));
  }

  /** An object that has its name as a member. */
  private static OverviewPart named(PolicyKey section, KeySection keys, JsonValue.Obj item) {
    Map<String, JsonValue> given = members(item);
    String name = given.remove("name") instanceof JsonValue.Text text ? text.text() : "";
    return part(section.key(), name, keys, given, key -> !key.key().equals("name"));
  }

  private static OverviewPart part(
      String section,
      String name,
      KeySection keys,
      Map<String, JsonValue> given,
      Predicate<PolicyKey> wanted) {
    List<OverviewPart.Setting> settings = new ArrayList<>();
    for (PolicyKey key : PolicyKey.in(keys)) {
      JsonValue value = given.get(key.key());
      String unit = key.value() instanceof KeyValue.Whole whole ? whole.unit() : "";
      if (value != null && !SECTIONS.contains(key)) {
        settings.add(new OverviewPart.Setting(key.key(), value, unit, true));
      } else if (wanted.test(key) && key.support() != Support.GONE) {
        settings.add(new OverviewPart.Setting(key.key(), absent(key), unit, false));
      }
    }
    return new OverviewPart(section, name, settings);
  }

  /** What stands for a key that is not written. */
  private static JsonValue absent(PolicyKey key) {
    JsonValue meant = MEANT.get(key);
    if (meant != null) {
      return meant;
    }
    KeyValue value = key.value();
    if (value instanceof KeyValue.Flag) {
      return new JsonValue.Flag(0, false);
    } else if (value instanceof KeyValue.Whole whole && whole.absent().isPresent()) {
      return Written.whole(whole.absent().getAsLong());
    } else if (value instanceof KeyValue.Items) {
      return new JsonValue.Arr(0, List.of());
    } else if (value instanceof KeyValue.Text text && !text.absent().isEmpty()) {
      return Written.text(text.absent());
    }
    return new JsonValue.Null(0);
  }

  private static boolean concerns(PolicyKey key, StreamType type) {
    boolean server = type.side() == Side.SERVER;
    boolean side =
        switch (key.side()) {
          case BOTH -> true;
          case CLIENT -> type.side() == Side.CLIENT;
          case SERVER -> server;
        };
    Protocol protocol = type.protocol();
    boolean sink = type.side() == Side.LOCAL_SINK && key.scope() != KeyScope.ANY;
    return side && !sink && key.scope().covers(protocol, server);
  }

  private static void hide(
      Map<String, JsonValue> given, PolicyKey key, Optional<SocksProxy> proxy) {
    proxy
        .map(OverviewReader::withoutPassword)
        .ifPresent(hidden -> given.put(key.key(), Written.text(SocksAddress.format(hidden))));
  }

  private static SocksProxy withoutPassword(SocksProxy proxy) {
    return new SocksProxy(
        proxy.credentials().map(given -> new SocksProxy.Credentials(given.user(), HIDDEN)),
        proxy.host(),
        proxy.port());
  }

  private static Map<String, JsonValue> members(JsonValue value) {
    Map<String, JsonValue> members = new HashMap<>();
    if (value instanceof JsonValue.Obj object) {
      object.members().forEach(member -> members.put(member.name(), member.value()));
    }
    return members;
  }
}
