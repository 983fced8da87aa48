package io.securestreams.reactor.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** An http server of another make on the loopback interface. */
public final class HttpPeer implements AutoCloseable {

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Function<Asked, Reply> behaviour;
  private int port;
  private AutoCloseable server = () -> {};

  private HttpPeer(Function<Asked, Reply> behaviour) {
    this.behaviour = behaviour;
  }

  /** Makes the server. */
  public enum Make {
    /** The one of the JDK. */
    JDK {
      @Override
      void start(HttpPeer peer, Optional<SSLContext> tls) throws IOException {
        peer.startJdk(tls);
      }
    },
    /** Jetty. */
    JETTY {
      @Override
      void start(HttpPeer peer, Optional<SSLContext> tls) throws Exception {
        peer.startJetty(tls);
      }
    };

    abstract void start(HttpPeer peer, Optional<SSLContext> tls) throws Exception;

    /** A server without TLS. */
    public HttpPeer answering(Function<Asked, Reply> behaviour) {
      return started(behaviour, Optional.empty());
    }

    /** A server with TLS. */
    public HttpPeer answering(SSLContext tls, Function<Asked, Reply> behaviour) {
      return started(behaviour, Optional.of(tls));
    }

    private HttpPeer started(Function<Asked, Reply> behaviour, Optional<SSLContext> tls) {
      HttpPeer peer = new HttpPeer(behaviour);
      try {
        start(peer, tls);
        return peer;
      } catch (Exception e) {
        throw new IllegalStateException("an http peer could not start", e);
      }
    }
  }

  /**
   * A request.
   *
   * @param method its method
   * @param path path and query
   * @param headers names in lower case, the first value of each
   * @param body its whole body
   */
  public record Asked(String method, String path, Map<String, String> headers, byte[] body) {}

  /**
   * An answer.
   *
   * @param status its status
   * @param headers header lines besides the framing
   * @param pieces parts of the body, each written and flushed
   * @param framing how the body's end is told
   */
  public record Reply(
      int status, Map<String, String> headers, List<Piece> pieces, Framing framing) {

    /** How the end of a body is told. */
    public enum Framing {
      /** By its length; without pieces there is no body. */
      LENGTH,
      /** By chunks. */
      CHUNKED
    }

    /** Gives bytes when it is their turn. */
    public interface Piece {
      /** Called on the server's thread, which may wait. */
      byte[] bytes() throws IOException;
    }

    /** A body of known length. */
    public static Reply of(int status, String body) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return new Reply(
          status, Map.of(), bytes.length == 0 ? List.of() : List.of(() -> bytes), Framing.LENGTH);
    }

    /** A body in chunks. */
    public static Reply chunked(Piece... pieces) {
      return new Reply(200, Map.of(), List.of(pieces), Framing.CHUNKED);
    }

    /** This answer with one more header. */
    public Reply with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Reply(status, more, pieces, framing);
    }
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** The requests so far. */
  public List<Asked> asked() {
    return asked;
  }

  private Reply answer(Asked request) {
    asked.add(request);
    return behaviour.apply(request);
  }

  private void startJdk(Optional<SSLContext> tls) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer jdk =
        tls.isPresent() ? HttpsServer.create(address, 0) : HttpServer.create(address, 0);
    if (jdk instanceof HttpsServer secured) {
      secured.setHttpsConfigurator(new HttpsConfigurator(tls.orElseThrow()));
    }
    ExecutorService workers = Executors.newCachedThreadPool();
    jdk.setExecutor(workers);
    jdk.createContext("/", this::serveJdk);
    jdk.start();
    port = jdk.getAddress().getPort();
    server =
        () -> {
          jdk.stop(0);
          workers.shutdownNow();
        };
  }

  private void serveJdk(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    Reply reply =
        answer(
            new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                exchange.getRequestBody().readAllBytes()));
    reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    boolean chunked = reply.framing() == Reply.Framing.CHUNKED;
    long length = chunked ? 0 : -1;
    if (!chunked && !reply.pieces().isEmpty()) {
      length = reply.pieces().get(0).bytes().length;
    }
    exchange.sendResponseHeaders(reply.status(), length);
    try (OutputStream out = exchange.getResponseBody()) {
      for (Reply.Piece piece : reply.pieces()) {
        out.write(piece.bytes());
        out.flush();
      }
    }
    exchange.close();
  }

  private void startJetty(Optional<SSLContext> tls) throws Exception {
    Server jetty = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    SecureRequestCustomizer anyName = new SecureRequestCustomizer(false);
    configuration.addCustomizer(anyName);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    ServerConnector connector;
    if (tls.isPresent()) {
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setSslContext(tls.get());
      connector = new ServerConnector(jetty, factory, http);
    } else {
      connector = new ServerConnector(jetty, http);
    }
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    jetty.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws IOException {
            serveJetty(request, response);
            callback.succeeded();
            return true;
          }
        });
    jetty.start();
    port = connector.getLocalPort();
    server = jetty::stop;
  }

  private void serveJetty(Request request, Response response) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers.putIfAbsent(field.getLowerCaseName(), field.getValue());
    }
    Reply reply =
        answer(
            new Asked(
                request.getMethod(),
                request.getHttpURI().getPathQuery(),
                headers,
                Content.Source.asInputStream(request).readAllBytes()));
    response.setStatus(reply.status());
    reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (reply.framing() == Reply.Framing.LENGTH) {
      long length = reply.pieces().isEmpty() ? 0 : reply.pieces().get(0).bytes().length;
      if (reply.status() != 204) {
        response.getHeaders().put("content-length", length);
      }
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      for (Reply.Piece piece : reply.pieces()) {
        out.write(piece.bytes());
        out.flush();
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("an http peer did not stop", e);
    }
  }
}
