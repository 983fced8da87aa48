package io.securestreams.bench;

/** The policy of the secure streams that are measured. */
final class BenchPolicy {

  private static final String TEXT =
      """
      {
        "release": "1", "product": "benchmarks", "schema-version": 1,
        "retry": [{"default": {"backoff": [1000], "conceal": 0}}],
        "certs": [{"authority": "AUTHORITY"}],
        "trust_stores": [{"name": "server", "stack": ["authority"]}],
        "s": [
          {"H1": {"endpoint": "127.0.0.1", "port": H1_PORT, "protocol": "h1", "http_method": "GET",
                  "http_url": "get", "opportunistic": true, "retry": "default"}},
          {"H1_TLS": {"endpoint": "127.0.0.1", "port": H1_TLS_PORT, "protocol": "h1", "tls": true,
                  "tls_trust_store": "server", "http_method": "GET", "http_url": "get",
                  "opportunistic": true, "retry": "default"}},
          {"H2C": {"endpoint": "127.0.0.1", "port": H2C_PORT, "protocol": "h2",
                  "h2_prior_knowledge": true, "http_method": "GET", "http_url": "get",
                  "opportunistic": true, "retry": "default"}},
          {"H2_TLS": {"endpoint": "127.0.0.1", "port": H2_TLS_PORT, "protocol": "h2", "tls": true,
                  "tls_trust_store": "server", "http_method": "GET", "http_url": "get",
                  "opportunistic": true, "retry": "default"}},
          {"H3": {"endpoint": "127.0.0.1", "port": H3_PORT, "protocol": "h3", "tls": true,
                  "tls_trust_store": "server", "http_method": "GET", "http_url": "get",
                  "opportunistic": true, "retry": "default"}},
          {"download": {"endpoint": "127.0.0.1", "port": H1_PORT, "protocol": "h1",
                  "http_method": "GET", "http_url": "download", "opportunistic": true,
                  "retry": "default"}},
          {"upload": {"endpoint": "127.0.0.1", "port": H1_PORT, "protocol": "h1",
                  "http_method": "POST", "http_url": "upload", "opportunistic": true,
                  "retry": "default"}},
          {"echo": {"endpoint": "127.0.0.1", "port": H1_PORT, "protocol": "ws", "http_url": "echo",
                  "ws_binary": true, "opportunistic": true, "retry": "default"}},
          {"raw": {"endpoint": "127.0.0.1", "port": TCP_PORT, "protocol": "raw",
                  "opportunistic": true, "retry": "default"}}
        ]
      }
      """;

  private BenchPolicy() {}

  static String text(Server server) {
    return TEXT.replace("H1_PORT", String.valueOf(server.port(Wire.H1)))
        .replace("H1_TLS_PORT", String.valueOf(server.port(Wire.H1_TLS)))
        .replace("H2C_PORT", String.valueOf(server.port(Wire.H2C)))
        .replace("H2_TLS_PORT", String.valueOf(server.port(Wire.H2_TLS)))
        .replace("H3_PORT", String.valueOf(server.port(Wire.H3)))
        .replace("TCP_PORT", String.valueOf(server.tcp()))
        .replace("AUTHORITY", server.authority());
  }
}
