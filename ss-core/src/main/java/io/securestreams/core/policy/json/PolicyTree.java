package io.securestreams.core.policy.json;

import io.securestreams.core.policy.AuthScheme;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.MetricPolicy;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TrustStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A database as a document: every definition before its use, and each in an object of its own. */
final class PolicyTree {

  private PolicyTree() {}

  /** The document with what the policy gives. */
  static JsonValue.Obj of(PolicyDatabase database) {
    return of(database, new StreamMembers(database.proxy()));
  }

  /** The document with what the reference needs. */
  static JsonValue.Obj forReference(PolicyDatabase database) {
    return of(database, StreamMembers.forReference(database.proxy()));
  }

  private static JsonValue.Obj of(PolicyDatabase database, StreamMembers streams) {
    return new Written.Members()
        .put(PolicyKey.RELEASE, Written.text(database.release()))
        .put(PolicyKey.PRODUCT, Written.text(database.product()))
        .put(PolicyKey.SCHEMA_VERSION, Optional.of(Written.whole(database.schemaVersion())))
        .put(PolicyKey.VIA_SOCKS5, Written.text(database.proxy().map(SocksAddress::format)))
        .put(PolicyKey.RETRY_SCHEMES, definitions(database.retrySchemes(), PolicyTree::scheme))
        .put(PolicyKey.CERTS, definitions(database.certificates(), PolicyTree::certificate))
        .put(PolicyKey.TRUST_STORES, entries(database.trustStores(), PolicyTree::store))
        .put(PolicyKey.AUTHS, entries(database.authSchemes(), PolicyTree::auth))
        .put(PolicyKey.METRICS, entries(database.metricPolicies(), PolicyTree::metric))
        .put(PolicyKey.STREAM_TYPES, Optional.of(streamTypes(database, streams)))
        .object();
  }

  private static JsonValue streamTypes(PolicyDatabase database, StreamMembers streams) {
    List<JsonValue> items = new ArrayList<>();
    for (StreamType type : database.streamTypes().values()) {
      items.add(Written.pair(type.name(), streams.of(type)));
    }
    return new JsonValue.Arr(0, items);
  }

  private static JsonValue scheme(RetryScheme scheme) {
    return new Written.Members()
        .put(PolicyKey.BACKOFF, Written.list(scheme.backoff(), Written::whole))
        .put(PolicyKey.CONCEAL, Written.unlessZero(scheme.conceal()))
        .put(PolicyKey.JITTERPC, Written.unlessZero(scheme.jitter()))
        .put(PolicyKey.SVALIDPING, Written.unlessZero(scheme.validityPing()))
        .put(PolicyKey.SVALIDHUP, Written.unlessZero(scheme.validityHangup()))
        .object();
  }

  private static JsonValue certificate(CertificateEntry entry) {
    return Written.text(Base64.getEncoder().encodeToString(entry.der()));
  }

  private static JsonValue store(TrustStore store) {
    return new Written.Members()
        .put(PolicyKey.STORE_NAME, Optional.of(Written.text(store.name())))
        .put(
            PolicyKey.STORE_STACK, Written.list(store.stack(), entry -> Written.text(entry.name())))
        .object();
  }

  private static JsonValue auth(AuthScheme scheme) {
    return new Written.Members()
        .put(PolicyKey.AUTH_NAME, Optional.of(Written.text(scheme.name())))
        .put(PolicyKey.AUTH_TYPE, Written.text(scheme.type().map(AuthScheme.Type::key)))
        .put(PolicyKey.AUTH_STREAMTYPE, Written.text(scheme.streamType()))
        .put(PolicyKey.AUTH_BLOB, Written.unlessZero(scheme.blob()))
        .object();
  }

  private static JsonValue metric(MetricPolicy metric) {
    Optional<String> report =
        Optional.of(String.join(", ", metric.report())).filter(names -> !names.isEmpty());
    return new Written.Members()
        .put(PolicyKey.METRIC_NAME, Optional.of(Written.text(metric.name())))
        .put(PolicyKey.METRIC_SCHEDULE, Written.unlessZero(metric.scheduleUs()))
        .put(PolicyKey.METRIC_HALFLIFE, Written.unlessZero(metric.halflifeUs()))
        .put(PolicyKey.METRIC_OUTLIER, Written.unlessZero(metric.minOutlier()))
        .put(PolicyKey.METRIC_REPORT, Written.text(report))
        .object();
  }

  /** Objects that have their name as a member. */
  private static <T> Optional<JsonValue> entries(
      Map<String, T> named, Function<T, JsonValue> entry) {
    return Written.list(inSafeOrder(named), entry);
  }

  /** Objects of one member, whose name is that of the definition. */
  private static <T> Optional<JsonValue> definitions(
      Map<String, T> named, Function<T, JsonValue> definition) {
    List<JsonValue> items = new ArrayList<>();
    for (String name : safeOrder(named.keySet())) {
      items.add(Written.pair(name, definition.apply(named.get(name))));
    }
    return Written.list(items, Function.identity());
  }

  private static <T> List<T> inSafeOrder(Map<String, T> named) {
    return safeOrder(named.keySet()).stream().map(named::get).toList();
  }

  /**
   * The names in their order, but a longer one before a shorter one that it begins with. The
   * reference takes a reference for a prefix of what it means and the latest definition first: so
   * it finds the one that is meant.
   */
  static Set<String> safeOrder(Set<String> names) {
    NavigableSet<String> sorted = new TreeSet<>(names);
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : names) {
      sorted.tailSet(name, true).stream()
          .takeWhile(other -> other.startsWith(name))
          .sorted(Comparator.comparingInt(String::length).reversed())
          .forEach(ordered::add);
    }
    return ordered;
  }
}
