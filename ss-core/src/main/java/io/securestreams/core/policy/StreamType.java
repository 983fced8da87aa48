package io.securestreams.core.policy;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the policy says about one stream type. Source: policy key {@code s[].*}.
 *
 * @param name the stream type
 * @param side client, server or local sink
 * @param protocol wire protocol. Source: {@code protocol}
 * @param endpoint where a client connects to, what a server binds; empty for a server on all
 *     interfaces and for sinks. Source: {@code endpoint}
 * @param port TCP port, 0..65535. Source: {@code port}
 * @param strategy when to connect
 * @param retry the scheme; empty means no retries. Source: {@code retry}
 * @param timeoutMs value of "timeout from policy", 0..4294967295 ms. Source: {@code timeout_ms}
 * @param tls TLS settings, present exactly if TLS is required. Source: {@code tls}
 * @param http http settings
 * @param ws WebSocket settings
 * @param metadata declared names in order. Source: {@code metadata}
 * @param payloadFormat opaque label. Source: {@code payload_fmt}
 * @param blockers keys whose behaviour this version lacks and without which the stream would be
 *     insecure or speak the wrong protocol: opening it is refused
 */
public record StreamType(
    String name,
    Side side,
    Protocol protocol,
    Optional<Template> endpoint,
    int port,
    Set<Strategy> strategy,
    Optional<RetryScheme> retry,
    long timeoutMs,
    Optional<TlsSettings> tls,
    HttpSettings http,
    WsSettings ws,
    List<MetadataDeclaration> metadata,
    Optional<String> payloadFormat,
    List<String> blockers) {

  /** Copies the collections. */
  public StreamType {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(endpoint, "endpoint");
    strategy =
        strategy.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(strategy));
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(ws, "ws");
    metadata = List.copyOf(metadata);
    Objects.requireNonNull(payloadFormat, "payloadFormat");
    blockers = List.copyOf(blockers);
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
