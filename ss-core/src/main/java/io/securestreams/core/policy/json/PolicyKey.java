package io.securestreams.core.policy.json;

import static io.securestreams.core.policy.json.KeyScope.ANY;
import static io.securestreams.core.policy.json.KeyScope.HTTP;
import static io.securestreams.core.policy.json.KeyScope.MQTT;
import static io.securestreams.core.policy.json.KeyScope.MULTIPLEX;
import static io.securestreams.core.policy.json.KeyScope.TRANSACTION;
import static io.securestreams.core.policy.json.KeyScope.WS;
import static io.securestreams.core.policy.json.KeySection.AUTH;
import static io.securestreams.core.policy.json.KeySection.METRIC;
import static io.securestreams.core.policy.json.KeySection.POLICY;
import static io.securestreams.core.policy.json.KeySection.RETRY;
import static io.securestreams.core.policy.json.KeySection.STREAM;
import static io.securestreams.core.policy.json.KeySection.TRUST_STORE;
import static io.securestreams.core.policy.json.KeySide.BOTH;
import static io.securestreams.core.policy.json.KeySide.CLIENT;
import static io.securestreams.core.policy.json.KeySide.SERVER;
import static io.securestreams.core.policy.json.Support.GONE;
import static io.securestreams.core.policy.json.Support.LATER;
import static io.securestreams.core.policy.json.Support.LATER_BLOCKS;
import static io.securestreams.core.policy.json.Support.SILENT;
import static io.securestreams.core.policy.json.Support.YES;
import static io.securestreams.core.policy.json.ValueType.FLAG;
import static io.securestreams.core.policy.json.ValueType.LIST;
import static io.securestreams.core.policy.json.ValueType.TEXT;
import static io.securestreams.core.policy.json.ValueType.WHOLE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every key of the policy language, once: where it stands, what it may be set to, whom it concerns
 * and what this version does with it. The reader is driven by it.
 */
enum PolicyKey {
  RELEASE(POLICY, "release", TEXT, YES),
  PRODUCT(POLICY, "product", TEXT, YES),
  SCHEMA_VERSION(POLICY, "schema-version", 1, Long.MAX_VALUE, YES),
  VIA_SOCKS5(POLICY, "via-socks5", TEXT, LATER_BLOCKS),
  RETRY_SCHEMES(POLICY, "retry", LIST, YES),
  CERTS(POLICY, "certs", LIST, YES),
  TRUST_STORES(POLICY, "trust_stores", LIST, YES),
  AUTHS(POLICY, "auth", LIST, LATER),
  METRICS(POLICY, "metrics", LIST, LATER),
  STREAM_TYPES(POLICY, "s", LIST, YES),

  BACKOFF(RETRY, "backoff", LIST, YES),
  CONCEAL(RETRY, "conceal", 0, Max.U16, YES),
  JITTERPC(RETRY, "jitterpc", 0, 255, YES),
  SVALIDPING(RETRY, "svalidping", 0, Max.U16, YES),
  SVALIDHUP(RETRY, "svalidhup", 0, Max.U16, YES),

  STORE_NAME(TRUST_STORE, "name", TEXT, YES),
  STORE_STACK(TRUST_STORE, "stack", LIST, YES),

  AUTH_NAME(AUTH, "name", TEXT, SILENT),
  AUTH_TYPE(AUTH, "type", TEXT, SILENT),
  AUTH_STREAMTYPE(AUTH, "streamtype", TEXT, SILENT),
  AUTH_BLOB(AUTH, "blob", 0, 3, SILENT),

  METRIC_NAME(METRIC, "name", TEXT, SILENT),
  METRIC_SCHEDULE(METRIC, "us_schedule", 0, Long.MAX_VALUE, SILENT),
  METRIC_HALFLIFE(METRIC, "us_halflife", 0, Max.U32, SILENT),
  METRIC_OUTLIER(METRIC, "min_outlier", 0, 255, SILENT),
  METRIC_REPORT(METRIC, "report", TEXT, SILENT),

  SERVER_SIDE("server", FLAG, BOTH, ANY, YES),
  ENDPOINT("endpoint", TEXT, BOTH, ANY, YES),
  PORT("port", 0, Max.U16, BOTH, ANY, YES),
  PROTOCOL("protocol", TEXT, BOTH, ANY, YES),
  STREAM_SOCKS5("via-socks5", TEXT, CLIENT, ANY, LATER_BLOCKS),
  PAYLOAD_FMT("payload_fmt", TEXT, BOTH, ANY, YES),
  LOCAL_SINK("local_sink", FLAG, BOTH, ANY, LATER_BLOCKS),
  PLUGINS("plugins", ValueType.ANY, BOTH, ANY, GONE),

  OPPORTUNISTIC("opportunistic", FLAG, CLIENT, ANY, YES),
  NAILED_UP("nailed_up", FLAG, CLIENT, ANY, YES),
  URGENT_TX("urgent_tx", FLAG, CLIENT, ANY, YES),
  URGENT_RX("urgent_rx", FLAG, CLIENT, ANY, YES),
  LONG_POLL("long_poll", FLAG, CLIENT, MULTIPLEX, LATER),
  STREAM_RETRY("retry", TEXT, CLIENT, ANY, YES),
  TIMEOUT_MS("timeout_ms", 0, Max.U32, BOTH, ANY, YES),
  SWAKE_VALIDITY("swake_validity", FLAG, CLIENT, ANY, YES),
  PERF("perf", FLAG, CLIENT, ANY, LATER),

  TLS("tls", FLAG, BOTH, ANY, YES),
  TLS_TRUST_STORE("tls_trust_store", TEXT, CLIENT, ANY, YES),
  CLIENT_CERT("client_cert", 0, 254, CLIENT, ANY, LATER_BLOCKS),
  SERVER_CERT("server_cert", TEXT, SERVER, ANY, YES),
  SERVER_KEY("server_key", TEXT, SERVER, ANY, YES),

  ATTR_PRIORITY("attr_priority", 0, 7, BOTH, ANY, LATER),
  ATTR_LOW_LATENCY("attr_low_latency", FLAG, BOTH, ANY, LATER),
  ATTR_HIGH_THROUGHPUT("attr_high_throughput", FLAG, BOTH, ANY, LATER),
  ATTR_HIGH_RELIABILITY("attr_high_reliability", FLAG, BOTH, ANY, LATER),
  ATTR_LOW_COST("attr_low_cost", FLAG, BOTH, ANY, LATER),

  METADATA("metadata", LIST, BOTH, ANY, YES),

  HTTP_METHOD("http_method", TEXT, CLIENT, TRANSACTION, YES),
  HTTP_URL("http_url", TEXT, CLIENT, HTTP, YES),
  HTTP_EXPECT("http_expect", 100, 599, CLIENT, TRANSACTION, YES),
  HTTP_FAIL_REDIRECT("http_fail_redirect", FLAG, CLIENT, TRANSACTION, LATER),
  ALLOW_REDIRECTS("allow_redirects", FLAG, CLIENT, HTTP, LATER),
  HTTP_RESP_MAP("http_resp_map", LIST, CLIENT, TRANSACTION, YES),
  HTTP_NO_CONTENT_LENGTH("http_no_content_length", FLAG, BOTH, TRANSACTION, YES),
  HTTP_AUTH_HEADER("http_auth_header", TEXT, CLIENT, HTTP, LATER_BLOCKS),
  HTTP_AUTH_PREAMBLE("http_auth_preamble", TEXT, CLIENT, HTTP, LATER),
  HTTP_DSN_HEADER("http_dsn_header", TEXT, CLIENT, HTTP, LATER),
  HTTP_FWV_HEADER("http_fwv_header", TEXT, CLIENT, HTTP, LATER),
  HTTP_DEVTYPE_HEADER("http_devtype_header", TEXT, CLIENT, HTTP, LATER),
  AUTH_HEXIFY("auth_hexify", FLAG, CLIENT, TRANSACTION, LATER),
  NGHTTP2_QUIRK("nghttp2_quirk_end_stream", FLAG, CLIENT, MULTIPLEX, YES),
  H2Q_OFLOW_TXCR("h2q_oflow_txcr", FLAG, CLIENT, MULTIPLEX, YES),
  MULTIPART_IN("http_multipart_ss_in", FLAG, CLIENT, TRANSACTION, LATER_BLOCKS),
  MULTIPART_NAME("http_multipart_name", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  MULTIPART_FILENAME("http_multipart_filename", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  MIME_CONTENT_TYPE("http_mime_content_type", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  FORM_URLENCODED("http_www_form_urlencoded", FLAG, CLIENT, TRANSACTION, LATER_BLOCKS),
  HTTP_COOKIES("http_cookies", FLAG, CLIENT, HTTP, LATER),
  RIDESHARE("rideshare", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  DIRECT_PROTO_STR("direct_proto_str", FLAG, CLIENT, TRANSACTION, LATER),

  WS_SUBPROTOCOL("ws_subprotocol", TEXT, BOTH, WS, YES),
  WS_BINARY("ws_binary", FLAG, BOTH, WS, YES),
  WS_PRIORITIZE_READS("ws_prioritize_reads", FLAG, CLIENT, WS, YES),

  MQTT_TOPIC("mqtt_topic", TEXT, CLIENT, MQTT, LATER),
  MQTT_SUBSCRIBE("mqtt_subscribe", TEXT, CLIENT, MQTT, LATER),
  MQTT_QOS("mqtt_qos", 0, 2, CLIENT, MQTT, LATER),
  MQTT_RETAIN("mqtt_retain", FLAG, CLIENT, MQTT, LATER),
  MQTT_KEEP_ALIVE("mqtt_keep_alive", 0, Max.U16, CLIENT, MQTT, LATER),
  MQTT_CLEAN_START("mqtt_clean_start", FLAG, CLIENT, MQTT, LATER),
  MQTT_WILL_TOPIC("mqtt_will_topic", TEXT, CLIENT, MQTT, LATER),
  MQTT_WILL_MESSAGE("mqtt_will_message", TEXT, CLIENT, MQTT, LATER),
  MQTT_WILL_QOS("mqtt_will_qos", 0, 2, CLIENT, MQTT, LATER),
  MQTT_WILL_RETAIN("mqtt_will_retain", FLAG, CLIENT, MQTT, LATER),
  MQTT_BIRTH_TOPIC("mqtt_birth_topic", TEXT, CLIENT, MQTT, LATER),
  MQTT_BIRTH_MESSAGE("mqtt_birth_message", TEXT, CLIENT, MQTT, LATER),
  MQTT_BIRTH_QOS("mqtt_birth_qos", 0, 2, CLIENT, MQTT, LATER),
  MQTT_BIRTH_RETAIN("mqtt_birth_retain", FLAG, CLIENT, MQTT, LATER),
  AWS_IOT("aws_iot", FLAG, CLIENT, MQTT, LATER),

  USE_AUTH("use_auth", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  AWS_REGION("aws_region", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),
  AWS_SERVICE("aws_service", TEXT, CLIENT, TRANSACTION, LATER_BLOCKS),

  OPTIONS("options", LIST, SERVER, ANY, YES),

  PROXY_BUFLEN("proxy_buflen", 0, Max.U32, BOTH, ANY, SILENT),
  PROXY_RXFLOW_ON("proxy_buflen_rxflow_on_above", 0, Max.U32, BOTH, ANY, SILENT),
  PROXY_RXFLOW_OFF("proxy_buflen_rxflow_off_below", 0, Max.U32, BOTH, ANY, SILENT),
  CLIENT_BUFLEN("client_buflen", 0, Max.U32, BOTH, ANY, SILENT),
  CLIENT_RXFLOW_ON("client_buflen_rxflow_on_above", 0, Max.U32, BOTH, ANY, SILENT),
  CLIENT_RXFLOW_OFF("client_buflen_rxflow_off_below", 0, Max.U32, BOTH, ANY, SILENT);

  /** Spellings that the reference's README uses, and what its parser calls the same. */
  private static final Map<String, PolicyKey> ALIASES =
      Map.of(
          "client cert", CLIENT_CERT,
          "mqtt qos", MQTT_QOS,
          "http_multipart_content_type", MIME_CONTENT_TYPE,
          "aux", HTTP_URL);

  private static final Map<KeySection, Map<String, PolicyKey>> BY_SECTION =
      Arrays.stream(values())
          .collect(
              Collectors.groupingBy(
                  PolicyKey::section, Collectors.toMap(PolicyKey::key, Function.identity())));

  private final KeySection section;
  private final String key;
  private final ValueType type;
  private final long min;
  private final long max;
  private final KeySide side;
  private final KeyScope scope;
  private final Support support;

  PolicyKey(KeySection section, String key, ValueType type, Support support) {
    this(section, key, type, 0, 0, BOTH, ANY, support);
  }

  PolicyKey(KeySection section, String key, long min, long max, Support support) {
    this(section, key, WHOLE, min, max, BOTH, ANY, support);
  }

  PolicyKey(String key, ValueType type, KeySide side, KeyScope scope, Support support) {
    this(STREAM, key, type, 0, 0, side, scope, support);
  }

  PolicyKey(String key, long min, long max, KeySide side, KeyScope scope, Support support) {
    this(STREAM, key, WHOLE, min, max, side, scope, support);
  }

  PolicyKey(
      KeySection section,
      String key,
      ValueType type,
      long min,
      long max,
      KeySide side,
      KeyScope scope,
      Support support) {
    this.section = section;
    this.key = key;
    this.type = type;
    this.min = min;
    this.max = max;
    this.side = side;
    this.scope = scope;
    this.support = support;
  }

  private static final class Max {
    static final long U16 = 65_535;
    static final long U32 = 4_294_967_295L;
  }

  /** The key of a section by its proper spelling. */
  static Optional<PolicyKey> of(KeySection section, String key) {
    return Optional.ofNullable(keys(section).get(key));
  }

  /** The key that a documented other spelling stands for. */
  static Optional<PolicyKey> ofAlias(KeySection section, String alias) {
    return Optional.ofNullable(ALIASES.get(alias)).filter(key -> key.section == section);
  }

  /** The proper spellings of a section, for "did you mean". */
  static List<String> spellings(KeySection section) {
    return keys(section).keySet().stream().sorted().toList();
  }

  private static Map<String, PolicyKey> keys(KeySection section) {
    return BY_SECTION.getOrDefault(section, Map.of());
  }

  /** The objects that may have it. */
  KeySection section() {
    return section;
  }

  /** The spelling in a policy. */
  String key() {
    return key;
  }

  /** What it may be set to. */
  ValueType type() {
    return type;
  }

  /** The least number allowed. */
  long min() {
    return min;
  }

  /** The greatest number allowed. */
  long max() {
    return max;
  }

  /** The number it stands for when it is absent. Absent flags are false, absent texts none. */
  long absent() {
    return this == SCHEMA_VERSION ? 1 : 0;
  }

  /** Whom it concerns. */
  KeySide side() {
    return side;
  }

  /** The protocols it concerns. */
  KeyScope scope() {
    return scope;
  }

  /** What this version does with it. */
  Support support() {
    return support;
  }
}
