package io.securestreams.reactor.testing;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** An HTTP/2 server of Reactor Netty on the loopback interface. */
public final class H2Server implements AutoCloseable {

  private static final TestPki.Authority ROOT = TestPki.Authority.named("root");

  private final AtomicInteger connections = new AtomicInteger();
  private final Kind kind;
  private final DisposableServer server;

  private H2Server(
      Kind kind,
      UnaryOperator<HttpServer> change,
      BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
    this.kind = kind;
    HttpServer made =
        change
            .apply(kind.secured(HttpServer.create()))
            .host("127.0.0.1")
            .port(0)
            .doOnChannelInit((observer, channel, remote) -> connections.incrementAndGet())
            .handle(handler);
    this.server = made.bindNow(Duration.ofSeconds(10));
  }

  /** What is spoken. */
  public enum Kind {
    /** HTTP/2 without TLS, from the first byte on. */
    H2C {
      @Override
      HttpServer secured(HttpServer server) {
        return server.protocol(HttpProtocol.H2C);
      }
    },
    /** HTTP/2 by ALPN. */
    H2 {
      @Override
      HttpServer secured(HttpServer server) {
        return server
            .protocol(HttpProtocol.H2)
            .secure(spec -> spec.sslContext(context(ApplicationProtocolNames.HTTP_2)));
      }
    };

    abstract HttpServer secured(HttpServer server);

    /** Starts a server. */
    public H2Server serving(
        BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
      return serving(UnaryOperator.identity(), handler);
    }

    /** Starts a server that is not as usual. */
    public H2Server serving(
        UnaryOperator<HttpServer> change,
        BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
      return new H2Server(this, change, handler);
    }
  }

  /** Who vouches for the servers. */
  public static TestPki.Authority authority() {
    return ROOT;
  }

  /** TLS of a server that knows these protocols. */
  public static SslContext context(String... protocols) {
    TestPki.Identity identity = ROOT.issue("localhost");
    try {
      return SslContextBuilder.forServer(identity.key(), identity.certificate())
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  protocols))
          .build();
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  /** Trusts one authority. */
  public static TlsPlan trusting(X509Certificate anchor) {
    try {
      return new TlsPlan(
          Optional.of(
              new TrustStore("test", List.of(new CertificateEntry("root", anchor.getEncoded())))));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it listens. */
  public Target target() {
    return kind == Kind.H2
        ? new Target("localhost", server.port(), Optional.of(trusting(ROOT.certificate())))
        : new Target("127.0.0.1", server.port(), Optional.empty());
  }

  /** A request to it. */
  public HttpPlan plan(String method, String path, BodyPlan body) {
    return ClientFixture.multiplexed(target(), method, path, body);
  }

  /** Connections so far. */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(10));
  }
}
