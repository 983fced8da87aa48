package io.securestreams.reactor;

import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

/** How streams reach the network, as an application chose it step by step; in any order. */
final class NetworkOptions {

  private TransportSettings settings = TransportSettings.DEFAULTS;
  @Nullable private Boolean webSocketCompression;
  @Nullable private ServerLimits serverLimits;
  private boolean fileEndpoints;
  private TlsEngine tlsEngine = TlsEngine.NATIVE_IF_PRESENT;
  @Nullable private LoopResources loops;
  @Nullable private ClientTransport clients;
  @Nullable private ServerTransport servers;

  void settings(TransportSettings value) {
    settings = Objects.requireNonNull(value, "settings");
  }

  void webSocketCompression(boolean value) {
    webSocketCompression = value;
  }

  void serverLimits(ServerLimits value) {
    serverLimits = Objects.requireNonNull(value, "limits");
  }

  void fileEndpoints(boolean permitted) {
    fileEndpoints = permitted;
  }

  void tlsEngine(TlsEngine value) {
    tlsEngine = Objects.requireNonNull(value, "engine");
  }

  void loops(LoopResources value) {
    loops = Objects.requireNonNull(value, "loops");
  }

  void clients(ClientTransport value) {
    clients = Objects.requireNonNull(value, "transport");
  }

  void servers(ServerTransport value) {
    servers = Objects.requireNonNull(value, "transport");
  }

  /** The settings, with what was set beside them. */
  TransportSettings settings() {
    TransportSettings all = settings;
    if (webSocketCompression != null) {
      all = all.withWebSocketCompression(webSocketCompression);
    }
    return serverLimits == null ? all : all.withServers(serverLimits);
  }

  /** Whether a policy may name files as endpoints. */
  boolean fileEndpoints() {
    return fileEndpoints;
  }

  /** What encrypts. */
  TlsEngine tlsEngine() {
    return tlsEngine;
  }

  /** What runs the connections. */
  LoopResources loops() {
    return loops == null ? TcpResources.get() : loops;
  }

  /**
   * The transport of clients.
   *
   * @param usual unless another one was given
   */
  ClientTransport clientsOr(ClientTransport usual) {
    return clients == null ? usual : clients;
  }

  /**
   * The transport of listeners.
   *
   * @param usual unless another one was given
   */
  ServerTransport serversOr(ServerTransport usual) {
    return servers == null ? usual : servers;
  }
}
