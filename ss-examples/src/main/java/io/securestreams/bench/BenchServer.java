package io.securestreams.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.securestreams.examples.LocalAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.tcp.TcpServer;

/** What all columns talk to, in a process of its own, on raw Reactor Netty. */
final class BenchServer {

  static final String HOST = "127.0.0.1";
  static final String GET = "/get";
  static final String ECHO = "/echo";
  static final String DOWNLOAD = "/download";
  static final String UPLOAD = "/upload";

  /** Bytes of a small body. */
  static final int BODY_BYTES = 1024;

  /** Bytes of a large body, and of a raw transfer. */
  static final int BULK_BYTES = 100 * 1024 * 1024;

  /** Bytes that are handed over at a time. */
  static final int PIECE_BYTES = 64 * 1024;

  /** A client of the raw service begins with it to be sent {@link #BULK_BYTES}. */
  static final byte SEND_ME = 'r';

  /** A client of the raw service begins with it to send {@link #BULK_BYTES}, and gets one byte. */
  static final byte TAKE_THIS = 'w';

  /** Streams at a time; as many as h2 servers usually take. */
  private static final int QUIC_STREAMS = 100;

  private static final int QUIC_WINDOW = 1024 * 1024;
  private static final Duration QUIC_IDLE = Duration.ofMinutes(1);
  private static final byte[] PIECE = new byte[PIECE_BYTES];

  private BenchServer() {}

  /** Prints where it is and serves until standard input ends. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    System.out.println(start().word());
    while (System.in.read() >= 0) {
      // the parent lives
    }
    System.exit(0);
  }

  /** Starts it on free ports of the loopback. */
  static Server start() throws GeneralSecurityException, IOException {
    LocalAuthority authority = LocalAuthority.create();
    HttpServer plain = HttpServer.create().host(HOST).port(0).route(BenchServer::routes);
    SslContext h1 = tls(authority, ApplicationProtocolNames.HTTP_1_1);
    SslContext h2 = tls(authority, ApplicationProtocolNames.HTTP_2);
    Map<Wire, Integer> ports = new EnumMap<>(Wire.class);
    for (Wire wire : Wire.available()) {
      HttpServer server =
          switch (wire) {
            case H1 -> plain;
            case H1_TLS -> plain.secure(spec -> spec.sslContext(h1));
            case H2C -> plain.protocol(HttpProtocol.H2C, HttpProtocol.HTTP11);
            case H2_TLS -> plain.protocol(HttpProtocol.H2).secure(spec -> spec.sslContext(h2));
            case H3 -> overQuic(plain, authority);
          };
      ports.put(wire, server.bindNow().port());
    }
    DisposableServer tcp =
        TcpServer.create().host(HOST).port(0).handle(BenchServer::bytes).bindNow();
    return new Server(ports, tcp.port(), authority.authority());
  }

  private static HttpServer overQuic(HttpServer plain, LocalAuthority authority)
      throws GeneralSecurityException {
    Http3SslContextSpec tls =
        Http3SslContextSpec.forServer(key(authority), null, certificate(authority));
    return plain
        .protocol(HttpProtocol.HTTP3)
        .secure(spec -> spec.sslContext(tls))
        .http3Settings(
            spec ->
                spec.idleTimeout(QUIC_IDLE)
                    .maxData(QUIC_WINDOW)
                    .maxStreamDataBidirectionalRemote(QUIC_WINDOW)
                    .maxStreamsBidirectional(QUIC_STREAMS));
  }

  private static void routes(HttpServerRoutes routes) {
    byte[] body = new byte[BODY_BYTES];
    routes
        .get(
            GET,
            (request, response) ->
                response
                    .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(BODY_BYTES))
                    .sendObject(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
        .get(
            DOWNLOAD,
            (request, response) ->
                response
                    .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(BULK_BYTES))
                    .send(bulk()))
        .post(
            UPLOAD,
            (request, response) ->
                request
                    .receive()
                    .map(ByteBuf::readableBytes)
                    .reduce(0L, Long::sum)
                    .flatMap(count -> response.sendString(Mono.just(count.toString())).then()))
        .ws(ECHO, (in, out) -> out.sendObject(in.receiveFrames().map(WebSocketFrame::retain)));
  }

  private static Flux<ByteBuf> bulk() {
    return Flux.range(0, BULK_BYTES / PIECE_BYTES).map(i -> Unpooled.wrappedBuffer(PIECE));
  }

  /** Serves one transfer after the other on a connection. */
  private static Publisher<Void> bytes(NettyInbound in, NettyOutbound out) {
    AtomicLong missing = new AtomicLong();
    return in.receive()
        .concatMap(
            bytes -> {
              if (missing.get() == 0 && bytes.readByte() == SEND_ME) {
                return out.send(bulk()).then();
              }
              if (missing.get() == 0) {
                missing.set(BULK_BYTES);
              }
              return missing.addAndGet(-bytes.readableBytes()) == 0
                  ? out.sendByteArray(Mono.just(new byte[] {TAKE_THIS})).then()
                  : Mono.empty();
            })
        .then();
  }

  private static SslContext tls(LocalAuthority authority, String protocol)
      throws GeneralSecurityException, IOException {
    return SslContextBuilder.forServer(key(authority), certificate(authority))
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                protocol))
        .build();
  }

  private static X509Certificate certificate(LocalAuthority authority)
      throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(Base64.getDecoder().decode(authority.certificate())));
  }

  private static PrivateKey key(LocalAuthority authority) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(authority.key())));
  }
}
