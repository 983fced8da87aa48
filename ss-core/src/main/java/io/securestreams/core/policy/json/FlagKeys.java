package io.securestreams.core.policy.json;

import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes.Service;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.Strategy;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The flags of a stream type that are kept as a set: which key switches which on.
 *
 * @param <E> the flags of one set
 */
final class FlagKeys<E extends Enum<E>> {

  static final FlagKeys<Strategy> STRATEGY =
      new FlagKeys<>(
          Map.of(
              PolicyKey.OPPORTUNISTIC, Strategy.OPPORTUNISTIC,
              PolicyKey.NAILED_UP, Strategy.NAILED_UP,
              PolicyKey.URGENT_TX, Strategy.URGENT_TX,
              PolicyKey.URGENT_RX, Strategy.URGENT_RX,
              PolicyKey.LONG_POLL, Strategy.LONG_POLL,
              PolicyKey.SWAKE_VALIDITY, Strategy.WAKES_SYSTEM,
              PolicyKey.PERF, Strategy.PERF));

  static final FlagKeys<Service> SERVICE =
      new FlagKeys<>(
          Map.of(
              PolicyKey.ATTR_LOW_LATENCY, Service.LOW_LATENCY,
              PolicyKey.ATTR_HIGH_THROUGHPUT, Service.HIGH_THROUGHPUT,
              PolicyKey.ATTR_HIGH_RELIABILITY, Service.HIGH_RELIABILITY,
              PolicyKey.ATTR_LOW_COST, Service.LOW_COST));

  static final FlagKeys<HttpSettings.Flag> HTTP =
      new FlagKeys<>(
          Map.of(
              PolicyKey.HTTP_FAIL_REDIRECT, HttpSettings.Flag.FAIL_REDIRECT,
              PolicyKey.ALLOW_REDIRECTS, HttpSettings.Flag.ALLOW_REDIRECTS,
              PolicyKey.FORM_URLENCODED, HttpSettings.Flag.FORM_URLENCODED,
              PolicyKey.HTTP_COOKIES, HttpSettings.Flag.COOKIES,
              PolicyKey.DIRECT_PROTO_STR, HttpSettings.Flag.DIRECT_HEADERS,
              PolicyKey.NGHTTP2_QUIRK, HttpSettings.Flag.QUIRK_END_STREAM,
              PolicyKey.H2Q_OFLOW_TXCR, HttpSettings.Flag.OVERFLOW_CREDIT,
              PolicyKey.H2_PRIOR_KNOWLEDGE, HttpSettings.Flag.PRIOR_KNOWLEDGE));

  static final FlagKeys<MqttSettings.Flag> MQTT =
      new FlagKeys<>(
          Map.of(
              PolicyKey.MQTT_RETAIN, MqttSettings.Flag.RETAIN,
              PolicyKey.MQTT_CLEAN_START, MqttSettings.Flag.CLEAN_START,
              PolicyKey.AWS_IOT, MqttSettings.Flag.AWS_IOT));

  private final Map<PolicyKey, E> flags;

  private FlagKeys(Map<PolicyKey, E> flags) {
    this.flags = Collections.unmodifiableMap(new EnumMap<>(flags));
  }

  /** Which key switches which on. */
  Map<PolicyKey, E> flags() {
    return flags;
  }

  /** The flags that the members switch on. */
  Set<E> read(Fields fields) {
    Set<E> on = new HashSet<>();
    flags.forEach(
        (key, flag) -> {
          if (fields.flag(key)) {
            on.add(flag);
          }
        });
    return on;
  }
}
