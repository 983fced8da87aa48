package io.securestreams.core.policy.json;

import static io.securestreams.core.policy.json.ItemShape.definitions;
import static io.securestreams.core.policy.json.ItemShape.entries;
import static io.securestreams.core.policy.json.ItemShape.pairs;
import static io.securestreams.core.policy.json.ItemShape.plain;
import static io.securestreams.core.policy.json.KeyFacts.auth;
import static io.securestreams.core.policy.json.KeyFacts.both;
import static io.securestreams.core.policy.json.KeyFacts.client;
import static io.securestreams.core.policy.json.KeyFacts.metric;
import static io.securestreams.core.policy.json.KeyFacts.policy;
import static io.securestreams.core.policy.json.KeyFacts.retry;
import static io.securestreams.core.policy.json.KeyFacts.server;
import static io.securestreams.core.policy.json.KeyFacts.store;
import static io.securestreams.core.policy.json.KeyScope.ANY;
import static io.securestreams.core.policy.json.KeyScope.HTTP;
import static io.securestreams.core.policy.json.KeyScope.MQTT;
import static io.securestreams.core.policy.json.KeyScope.MULTIPLEX;
import static io.securestreams.core.policy.json.KeyScope.TRANSACTION;
import static io.securestreams.core.policy.json.KeyScope.WS;
import static io.securestreams.core.policy.json.KeyValue.ANYTHING;
import static io.securestreams.core.policy.json.KeyValue.BYTES;
import static io.securestreams.core.policy.json.KeyValue.FLAG;
import static io.securestreams.core.policy.json.KeyValue.TEXT;
import static io.securestreams.core.policy.json.KeyValue.items;
import static io.securestreams.core.policy.json.KeyValue.text;
import static io.securestreams.core.policy.json.KeyValue.whole;
import static io.securestreams.core.policy.json.Limits.U16;
import static io.securestreams.core.policy.json.Limits.U32;
import static io.securestreams.core.policy.json.Support.GONE;
import static io.securestreams.core.policy.json.Support.LATER;
import static io.securestreams.core.policy.json.Support.LATER_BLOCKS;
import static io.securestreams.core.policy.json.Support.SILENT;
import static io.securestreams.core.policy.json.Support.YES;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of the policy language, once: where it stands, what it may be set to, whom it concerns
 * and what this version does with it. Reader, writer, schema and documentation are driven by it;
 * what a key does is told in {@link KeySentence}.
 */
enum PolicyKey {
  RELEASE(policy("release", TEXT, YES)),
  PRODUCT(policy("product", TEXT, YES)),
  SCHEMA_VERSION(policy("schema-version", whole(1, Long.MAX_VALUE).absent(1), YES)),
  VIA_SOCKS5(policy("via-socks5", text(TextForm.PROXY), YES)),
  RETRY_SCHEMES(policy("retry", items(definitions(TextForm.NAME, KeySection.RETRY)), YES)),
  CERTS(policy("certs", items(pairs(TextForm.NAME, text(TextForm.BASE64))), YES)),
  TRUST_STORES(policy("trust_stores", items(entries(KeySection.TRUST_STORE)), YES)),
  AUTHS(policy("auth", items(entries(KeySection.AUTH)), LATER)),
  METRICS(policy("metrics", items(entries(KeySection.METRIC)), LATER)),
  STREAM_TYPES(policy("s", items(definitions(TextForm.STREAM_NAME, KeySection.STREAM)), YES)),

  BACKOFF(retry("backoff", items(0, Limits.BACKOFF_LEVELS, plain(KeyValue.DELAY)), YES)),
  CONCEAL(retry("conceal", whole(0, U16, "retries"), YES)),
  JITTERPC(retry("jitterpc", whole(0, 255, "percent"), YES)),
  SVALIDPING(retry("svalidping", whole(0, U16, "s"), YES)),
  SVALIDHUP(retry("svalidhup", whole(0, U16, "s"), YES)),

  STORE_NAME(store("name", text(TextForm.NAME), YES)),
  STORE_STACK(store("stack", items(1, Limits.STACK, plain(text(TextForm.NAME))), YES)),

  AUTH_NAME(auth("name", text(TextForm.NAME), SILENT)),
  AUTH_TYPE(auth("type", text(TextForm.AUTH_TYPE), SILENT)),
  AUTH_STREAMTYPE(auth("streamtype", TEXT, SILENT)),
  AUTH_BLOB(auth("blob", whole(0, 3), SILENT)),

  METRIC_NAME(metric("name", text(TextForm.NAME), SILENT)),
  METRIC_SCHEDULE(metric("us_schedule", whole(0, Long.MAX_VALUE, "µs"), SILENT)),
  METRIC_HALFLIFE(metric("us_halflife", whole(0, U32, "µs"), SILENT)),
  METRIC_OUTLIER(metric("min_outlier", whole(0, 255, "samples"), SILENT)),
  METRIC_REPORT(metric("report", TEXT, SILENT)),

  SERVER_SIDE(both("server", FLAG, ANY, YES)),
  ENDPOINT(both("endpoint", text(TextForm.NOT_EMPTY), ANY, YES)),
  PORT(both("port", whole(0, U16), ANY, YES)),
  PROTOCOL(both("protocol", text(TextForm.PROTOCOL, "h1"), ANY, YES)),
  STREAM_SOCKS5(client("via-socks5", text(TextForm.PROXY_OR_EMPTY), ANY, YES)),
  PAYLOAD_FMT(both("payload_fmt", TEXT, ANY, YES)),
  LOCAL_SINK(both("local_sink", FLAG, ANY, YES)),
  PLUGINS(both("plugins", ANYTHING, ANY, GONE)),

  OPPORTUNISTIC(client("opportunistic", FLAG, ANY, YES)),
  NAILED_UP(client("nailed_up", FLAG, ANY, YES)),
  URGENT_TX(client("urgent_tx", FLAG, ANY, YES)),
  URGENT_RX(client("urgent_rx", FLAG, ANY, YES)),
  LONG_POLL(client("long_poll", FLAG, MULTIPLEX, YES)),
  STREAM_RETRY(client("retry", text(TextForm.NAME), ANY, YES)),
  TIMEOUT_MS(both("timeout_ms", whole(0, U32, "ms"), ANY, YES)),
  SWAKE_VALIDITY(client("swake_validity", FLAG, ANY, YES)),
  PERF(client("perf", FLAG, ANY, YES)),

  TLS(both("tls", FLAG, ANY, YES)),
  TLS_TRUST_STORE(client("tls_trust_store", text(TextForm.NAME), ANY, YES)),
  CLIENT_CERT(client("client_cert", whole(0, 254).unset(), ANY, YES).also("client cert")),
  SERVER_CERT(server("server_cert", text(TextForm.NAME), ANY, YES)),
  SERVER_KEY(server("server_key", text(TextForm.NAME), ANY, YES)),
  CLIENT_TRUST_STORE(server("client_trust_store", text(TextForm.NAME), ANY, YES)),

  ATTR_PRIORITY(both("attr_priority", whole(0, 7), ANY, YES)),
  ATTR_LOW_LATENCY(both("attr_low_latency", FLAG, ANY, YES)),
  ATTR_HIGH_THROUGHPUT(both("attr_high_throughput", FLAG, ANY, YES)),
  ATTR_HIGH_RELIABILITY(both("attr_high_reliability", FLAG, ANY, YES)),
  ATTR_LOW_COST(both("attr_low_cost", FLAG, ANY, YES)),

  METADATA(
      both(
          "metadata",
          items(0, Limits.DECLARATIONS, pairs(TextForm.METADATA_NAME, KeyValue.HEADER)),
          ANY,
          YES)),

  HTTP_METHOD(client("http_method", text(TextForm.TOKEN), TRANSACTION, YES)),
  HTTP_URL(client("http_url", text(TextForm.REQUEST_TARGET, "/"), HTTP, YES).also("aux")),
  HTTP_EXPECT(client("http_expect", KeyValue.STATUS.unset(), TRANSACTION, YES)),
  HTTP_FAIL_REDIRECT(client("http_fail_redirect", FLAG, TRANSACTION, YES)),
  ALLOW_REDIRECTS(client("allow_redirects", FLAG, HTTP, YES)),
  HTTP_RESP_MAP(
      client(
          "http_resp_map",
          items(0, Limits.RESPONSES, pairs(TextForm.STATUS, KeyValue.STATE)),
          TRANSACTION,
          YES)),
  HTTP_NO_CONTENT_LENGTH(both("http_no_content_length", FLAG, TRANSACTION, YES)),
  HTTP_AUTH_HEADER(client("http_auth_header", text(TextForm.HEADER), HTTP, YES)),
  HTTP_AUTH_PREAMBLE(client("http_auth_preamble", TEXT, HTTP, YES)),
  HTTP_DSN_HEADER(client("http_dsn_header", text(TextForm.HEADER), HTTP, YES)),
  HTTP_FWV_HEADER(client("http_fwv_header", text(TextForm.HEADER), HTTP, YES)),
  HTTP_DEVTYPE_HEADER(client("http_devtype_header", text(TextForm.HEADER), HTTP, YES)),
  AUTH_HEXIFY(client("auth_hexify", FLAG, HTTP, YES)),
  NGHTTP2_QUIRK(client("nghttp2_quirk_end_stream", FLAG, MULTIPLEX, YES)),
  H2Q_OFLOW_TXCR(client("h2q_oflow_txcr", FLAG, MULTIPLEX, YES)),
  H2_PRIOR_KNOWLEDGE(client("h2_prior_knowledge", FLAG, MULTIPLEX, YES)),
  MULTIPART_IN(client("http_multipart_ss_in", FLAG, TRANSACTION, YES)),
  MULTIPART_NAME(client("http_multipart_name", TEXT, TRANSACTION, YES)),
  MULTIPART_FILENAME(client("http_multipart_filename", TEXT, TRANSACTION, YES)),
  MIME_CONTENT_TYPE(
      client("http_mime_content_type", TEXT, TRANSACTION, YES).also("http_multipart_content_type")),
  FORM_URLENCODED(client("http_www_form_urlencoded", FLAG, TRANSACTION, YES)),
  HTTP_COOKIES(client("http_cookies", FLAG, HTTP, YES)),
  RIDESHARE(client("rideshare", text(TextForm.NAME), TRANSACTION, YES)),
  DIRECT_PROTO_STR(client("direct_proto_str", FLAG, TRANSACTION, YES)),

  WS_SUBPROTOCOL(both("ws_subprotocol", text(TextForm.TOKENS), WS, YES)),
  WS_BINARY(both("ws_binary", FLAG, WS, YES)),
  WS_PRIORITIZE_READS(client("ws_prioritize_reads", FLAG, WS, YES)),

  MQTT_TOPIC(client("mqtt_topic", TEXT, MQTT, LATER)),
  MQTT_SUBSCRIBE(client("mqtt_subscribe", TEXT, MQTT, LATER)),
  MQTT_QOS(client("mqtt_qos", whole(0, 2), MQTT, LATER).also("mqtt qos")),
  MQTT_RETAIN(client("mqtt_retain", FLAG, MQTT, LATER)),
  MQTT_KEEP_ALIVE(client("mqtt_keep_alive", whole(0, U16, "s"), MQTT, LATER)),
  MQTT_CLEAN_START(client("mqtt_clean_start", FLAG, MQTT, LATER)),
  MQTT_WILL_TOPIC(client("mqtt_will_topic", TEXT, MQTT, LATER)),
  MQTT_WILL_MESSAGE(client("mqtt_will_message", TEXT, MQTT, LATER)),
  MQTT_WILL_QOS(client("mqtt_will_qos", whole(0, 2), MQTT, LATER)),
  MQTT_WILL_RETAIN(client("mqtt_will_retain", FLAG, MQTT, LATER)),
  MQTT_BIRTH_TOPIC(client("mqtt_birth_topic", TEXT, MQTT, LATER)),
  MQTT_BIRTH_MESSAGE(client("mqtt_birth_message", TEXT, MQTT, LATER)),
  MQTT_BIRTH_QOS(client("mqtt_birth_qos", whole(0, 2), MQTT, LATER)),
  MQTT_BIRTH_RETAIN(client("mqtt_birth_retain", FLAG, MQTT, LATER)),
  AWS_IOT(client("aws_iot", FLAG, MQTT, LATER)),

  USE_AUTH(client("use_auth", text(TextForm.NAME), TRANSACTION, LATER_BLOCKS)),
  AWS_REGION(client("aws_region", TEXT, TRANSACTION, LATER_BLOCKS)),
  AWS_SERVICE(client("aws_service", TEXT, TRANSACTION, LATER_BLOCKS)),

  OPTIONS(server("options", items(pairs(TextForm.FREE, TEXT)), ANY, YES)),

  PROXY_BUFLEN(both("proxy_buflen", BYTES, ANY, SILENT)),
  PROXY_RXFLOW_ON(both("proxy_buflen_rxflow_on_above", BYTES, ANY, SILENT)),
  PROXY_RXFLOW_OFF(both("proxy_buflen_rxflow_off_below", BYTES, ANY, SILENT)),
  CLIENT_BUFLEN(both("client_buflen", BYTES, ANY, SILENT)),
  CLIENT_RXFLOW_ON(both("client_buflen_rxflow_on_above", BYTES, ANY, SILENT)),
  CLIENT_RXFLOW_OFF(both("client_buflen_rxflow_off_below", BYTES, ANY, SILENT));

  private static final Map<KeySection, Map<String, PolicyKey>> BY_SECTION =
      new EnumMap<>(KeySection.class);

  /** By the spellings that the reference's README uses. */
  private static final Map<String, PolicyKey> BY_ALIAS = new HashMap<>();

  static {
    for (KeySection section : KeySection.values()) {
      BY_SECTION.put(section, new HashMap<>());
    }
    for (PolicyKey key : values()) {
      keys(key.section()).put(key.key(), key);
      if (!key.facts.alias().isEmpty()) {
        BY_ALIAS.put(key.facts.alias(), key);
      }
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // records of numbers, texts and enums
  private final KeyFacts facts;

  PolicyKey(KeyFacts facts) {
    this.facts = facts;
  }

  /** The key of a section by its proper spelling. */
  static Optional<PolicyKey> of(KeySection section, String key) {
    return Optional.ofNullable(keys(section).get(key));
  }

  /** The key that a documented other spelling stands for. */
  static Optional<PolicyKey> ofAlias(KeySection section, String alias) {
    return Optional.ofNullable(BY_ALIAS.get(alias)).filter(key -> key.section() == section);
  }

  /** The proper spellings of a section, for "did you mean". */
  static List<String> spellings(KeySection section) {
    return keys(section).keySet().stream().sorted().toList();
  }

  /** The keys of a section, in the order of the table. */
  static List<PolicyKey> in(KeySection section) {
    return Arrays.stream(values()).filter(key -> key.section() == section).toList();
  }

  private static Map<String, PolicyKey> keys(KeySection section) {
    return BY_SECTION.getOrDefault(section, Map.of());
  }

  /** The objects that may have it. */
  KeySection section() {
    return facts.section();
  }

  /** The spelling in a policy. */
  String key() {
    return facts.key();
  }

  /** The spelling that the reference's README uses instead. */
  Optional<String> alias() {
    return Optional.of(facts.alias()).filter(spelling -> !spelling.isEmpty());
  }

  /** What it may be set to, with the limits. */
  KeyValue value() {
    return facts.value();
  }

  /** What it may be set to. */
  ValueType type() {
    return value().type();
  }

  /** The least number allowed; 0 if it is not set to numbers. */
  long min() {
    return value() instanceof KeyValue.Whole whole ? whole.min() : 0;
  }

  /** The greatest number allowed; 0 if it is not set to numbers. */
  long max() {
    return value() instanceof KeyValue.Whole whole ? whole.max() : 0;
  }

  /** The number it stands for when it is absent. Absent flags are false, absent texts none. */
  long absent() {
    return value() instanceof KeyValue.Whole whole ? whole.absent().orElse(0) : 0;
  }

  /** Whom it concerns. */
  KeySide side() {
    return facts.side();
  }

  /** The protocols it concerns. */
  KeyScope scope() {
    return facts.scope();
  }

  /** What this version does with it. */
  Support support() {
    return facts.support();
  }
}
