package io.securestreams.core.policy;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the policy says about one stream type, also where it has no effect with this side or
 * protocol. Two of equal value behave alike. Source: policy key {@code s[].*}.
 *
 * @param name the stream type
 * @param side client, server or local sink
 * @param protocol wire protocol. Source: {@code protocol}
 * @param endpoint where a client connects to, what a server binds; empty for a server on all
 *     interfaces and for sinks. Source: {@code endpoint}
 * @param port TCP port, 0..65535. Source: {@code port}
 * @param proxy what a client connects through: its own, else the policy's; empty means none.
 *     Source: {@code via-socks5}
 * @param strategy how a client goes about its connections
 * @param retry the scheme of a client; empty means no retries. Source: {@code retry}
 * @param timeoutMs value of "timeout from policy", 0..4294967295 ms. Source: {@code timeout_ms}
 * @param tlsSettings TLS settings, whether it is used or not
 * @param ip what its packets ask of the network
 * @param metadata declared names in order. Source: {@code metadata}
 * @param http http settings
 * @param auth what authenticates its requests
 * @param ws WebSocket settings
 * @param mqtt MQTT settings
 * @param options options of a server, in the order of the text. Source: {@code options}
 * @param buffers what a link to a proxy holds for it
 * @param payloadFormat opaque label. Source: {@code payload_fmt}
 * @param blockers keys whose behaviour this version lacks and without which the stream would be
 *     insecure or speak the wrong protocol: opening it is refused. They follow from the rest
 */
public record StreamType(
    String name,
    Side side,
    Protocol protocol,
    Optional<Template> endpoint,
    int port,
    Optional<SocksProxy> proxy,
    Set<Strategy> strategy,
    Optional<RetryScheme> retry,
    long timeoutMs,
    TlsSettings tlsSettings,
    IpAttributes ip,
    List<MetadataDeclaration> metadata,
    HttpSettings http,
    AuthSettings auth,
    WsSettings ws,
    MqttSettings mqtt,
    Map<String, String> options,
    BufferSettings buffers,
    Optional<String> payloadFormat,
    List<String> blockers) {

  /** Copies the collections. */
  public StreamType {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(proxy, "proxy");
    strategy = Copies.flags(strategy);
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(tlsSettings, "tlsSettings");
    Objects.requireNonNull(ip, "ip");
    metadata = List.copyOf(metadata);
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(auth, "auth");
    Objects.requireNonNull(ws, "ws");
    Objects.requireNonNull(mqtt, "mqtt");
    options = Copies.ordered(options);
    Objects.requireNonNull(buffers, "buffers");
    Objects.requireNonNull(payloadFormat, "payloadFormat");
    blockers = List.copyOf(blockers);
  }

  /** TLS settings in force: present exactly if TLS is required. */
  public Optional<TlsSettings> tls() {
    return tlsSettings.required() ? Optional.of(tlsSettings) : Optional.empty();
  }

  /** True if the endpoint is a file, which is read as if it were received. */
  public boolean isFile() {
    return endpoint.filter(template -> template.text().startsWith("file://")).isPresent();
  }

  /** True if each message is a transaction that the peer answers. */
  public boolean isTransactional() {
    return protocol.isTransactional() && !isFile() && side != Side.LOCAL_SINK;
  }

  /**
   * True if the stream type declares the name.
   *
   * @param metadataName a metadata name
   */
  public boolean declares(String metadataName) {
    for (MetadataDeclaration declaration : metadata) {
      if (declaration.name().equals(metadataName)) {
        return true;
      }
    }
    return false;
  }
}
