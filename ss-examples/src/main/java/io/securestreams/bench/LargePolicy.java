package io.securestreams.bench;

import io.securestreams.examples.LocalAuthority;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text of a policy as a large service would have it. */
final class LargePolicy {

  private static final int SHARED = 10;

  private static final String RETRY =
      """
      {"retry-%1$d": {"backoff": [1000, 2000, 3000, 5000, 10000], "conceal": 65535,
        "jitterpc": 2%1$d, "svalidping": 30, "svalidhup": 35}}""";
  private static final String STORE = "{\"name\": \"store-%1$d\", \"stack\": [\"ca-%1$d\"]}";
  private static final List<String> STREAMS =
      List.of(
          """
          {"fetch-%1$d": {"endpoint": "${region}.host-%1$d.example.com", "port": 443,
            "protocol": "h1", "http_method": "GET", "http_url": "v1/items/${id}?lang=${lang}",
            "http_resp_map": [{"409": 1409}, {"429": 1429}],
            "metadata": [{"id": ""}, {"lang": ""}, {"region": ""}, {"ctype": "content-type:"}],
            "tls": true, "tls_trust_store": "store-%2$d", "opportunistic": true,
            "retry": "retry-%2$d", "timeout_ms": 5000}}""",
          """
          {"report-%1$d": {"endpoint": "host-%1$d.example.com", "port": 443, "protocol": "h1",
            "http_method": "POST", "http_url": "v1/report", "http_expect": 201,
            "metadata": [{"ctype": "content-type:"}, {"trace": "x-trace-id:"}],
            "tls": true, "tls_trust_store": "store-%2$d", "opportunistic": true,
            "retry": "retry-%2$d"}}""",
          """
          {"feed-%1$d": {"endpoint": "host-%1$d.example.com", "port": 443, "protocol": "ws",
            "http_url": "feed?channel=${channel}", "ws_subprotocol": "news", "ws_binary": true,
            "metadata": [{"channel": ""}], "tls": true, "tls_trust_store": "store-%2$d",
            "nailed_up": true, "retry": "retry-%2$d"}}""",
          """
          {"site-%1$d": {"server": true, "endpoint": "127.0.0.1", "port": %3$d, "protocol": "h1",
            "ws_subprotocol": "news",
            "metadata": [{"mime": "content-type:", "method": "", "path": ""}]}}""");

  private LargePolicy() {}

  /** A policy with so many stream types, four kinds in turn; the certificates are new ones. */
  static String text(int streamTypes) {
    List<String> certificates = new ArrayList<>();
    for (int i = 0; i < SHARED; i++) {
      certificates.add("{\"ca-" + i + "\": \"" + LocalAuthority.create().authority() + "\"}");
    }
    return "{\"release\": \"1\", \"product\": \"benchmarks\", \"schema-version\": 1,\n\"retry\": "
        + array(SHARED, i -> RETRY.formatted(i))
        + ",\n\"certs\": "
        + array(SHARED, certificates::get)
        + ",\n\"trust_stores\": "
        + array(SHARED, i -> STORE.formatted(i))
        + ",\n\"s\": "
        + array(streamTypes, LargePolicy::stream)
        + "}\n";
  }

  private static String stream(int number) {
    String kind = STREAMS.get(number % STREAMS.size());
    return kind.formatted(number, number % SHARED, 1024 + number);
  }

  private static String array(int size, IntFunction<String> item) {
    return IntStream.range(0, size).mapToObj(item).collect(Collectors.joining(",\n", "[", "]"));
  }
}
