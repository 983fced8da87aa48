package io.securestreams.reactor.testing;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** An HTTP/3 server of another make on the loopback interface. */
public final class H3Peer implements AutoCloseable {

  private static final int WINDOW = 1_000_000;

  private final LoopResources loops = LoopResources.create("test-h3-peer", 1, true);
  private final Set<SocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final DisposableServer server;

  /** A server that shows a certificate. */
  public H3Peer(
      TestPki.Identity identity,
      BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> behaviour) {
    this(new InetSocketAddress("127.0.0.1", 0), identity, behaviour);
  }

  /** A server at an address. */
  public H3Peer(
      InetSocketAddress address,
      TestPki.Identity identity,
      BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> behaviour) {
    Http3SslContextSpec tls =
        Http3SslContextSpec.forServer(
            identity.key(), null, new X509Certificate[] {identity.certificate()});
    server =
        HttpServer.create()
            .bindAddress(() -> address)
            .runOn(loops)
            .protocol(HttpProtocol.HTTP3)
            .secure(spec -> spec.sslContext(tls))
            .http3Settings(
                spec ->
                    spec.idleTimeout(Duration.ofSeconds(20))
                        .maxData(10L * WINDOW)
                        .maxStreamDataBidirectionalLocal(WINDOW)
                        .maxStreamDataBidirectionalRemote(WINDOW)
                        .maxStreamsBidirectional(100))
            .handle(
                (request, response) -> {
                  clients.add(request.remoteAddress());
                  return behaviour.apply(request, response);
                })
            .bindNow();
  }

  /** Its UDP port. */
  public int port() {
    return ((InetSocketAddress) server.address()).getPort();
  }

  /** From how many connections requests came. */
  public int connections() {
    return clients.size();
  }

  @Override
  public void close() {
    server.disposeNow();
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
  }
}
