package io.securestreams.bench;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty's client, set up for each wire. */
final class NettyClients {

  /** The windows of a secure stream. */
  private static final int QUIC_WINDOW = 4 * 1024 * 1024;

  private static final int QUIC_STREAM_WINDOW = 256 * 1024;
  private static final Duration QUIC_IDLE = Duration.ofMinutes(1);

  private final Map<Wire, HttpClient> clients = new EnumMap<>(Wire.class);

  NettyClients(ConnectionProvider connections, Server server, Engine engine) {
    for (Wire wire : Wire.available()) {
      HttpClient client =
          HttpClient.create(connections).host(BenchServer.HOST).port(server.port(wire));
      clients.put(
          wire,
          switch (wire) {
            case H1 -> client;
            case H1_TLS -> secured(client, server, engine, ApplicationProtocolNames.HTTP_1_1);
            case H2C -> client.protocol(HttpProtocol.H2C);
            case H2_TLS ->
                secured(
                    client.protocol(HttpProtocol.H2),
                    server,
                    engine,
                    ApplicationProtocolNames.HTTP_2);
            case H3 -> overQuic(client, server);
          });
    }
  }

  private static HttpClient overQuic(HttpClient client, Server server) {
    Http3SslContextSpec tls =
        Http3SslContextSpec.forClient().configure(builder -> builder.trustManager(server.anchor()));
    return client
        .protocol(HttpProtocol.HTTP3)
        .secure(spec -> spec.sslContext(tls))
        .http3Settings(
            spec ->
                spec.idleTimeout(QUIC_IDLE)
                    .maxData(QUIC_WINDOW)
                    .maxStreamDataBidirectionalLocal(QUIC_STREAM_WINDOW));
  }

  private static HttpClient secured(
      HttpClient client, Server server, Engine engine, String protocol) {
    try {
      SslContext context =
          SslContextBuilder.forClient()
              .sslProvider(engine.provider())
              .trustManager(server.anchor())
              .protocols("TLSv1.3", "TLSv1.2")
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      protocol))
              .build();
      return client.secure(spec -> spec.sslContext(context));
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS by " + engine, e);
    }
  }

  HttpClient over(Wire wire) {
    return clients.getOrDefault(wire, HttpClient.create());
  }
}
