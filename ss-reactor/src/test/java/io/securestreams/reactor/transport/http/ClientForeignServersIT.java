package io.securestreams.reactor.transport.http;

import static io.securestreams.reactor.testing.ClientFixture.RULES;
import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.http;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.TestPki.Authority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions of an h1 client with the JDK's server, and with the network itself. */
@ExtendWith(LeakCheck.class)
class ClientForeignServersIT {

  private static final int BIG = 3 * 1024 * 1024 + 17;

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    client.close();
    threads.shutdownNow();
  }

  private HttpServer serve(HttpServer server) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/echo", ClientForeignServersIT::echo);
    server.start();
    return server;
  }

  private static void echo(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("x-method", exchange.getRequestMethod());
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private byte[] exchange(Target target, BodyPlan plan, byte[] body, int piece) {
    Link link = client.transports().link(http(target, "POST", "/echo", plan, RULES), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    observer.expect(Event.TX_READY);
    Payload whole = Payload.of(body);
    int underWay = 0;
    for (int at = 0; at < body.length; at += piece) {
      int end = Math.min(body.length, at + piece);
      link.send(new TxPiece(whole.slice(at, end), MessageFlags.of(at == 0, end == body.length)));
      if (++underWay == Link.WINDOW) {
        observer.expectWritten(underWay);
        underWay = 0;
      }
    }
    assertThat(observer.nextUnlessWritten()).isEqualTo(LinkSignal.Up.PLAIN);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(observer.message());
    observer.expect(Event.ACKED);
    return all.toByteArray();
  }

  private static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 9));
    }
    return bytes;
  }

  @Test
  void carriesBodiesOfEveryKindBothWays() throws IOException {
    HttpServer server = serve(HttpServer.create());
    try {
      Target target = target(server.getAddress().getPort());
      byte[] body = pattern(BIG);
      assertThat(exchange(target, BodyPlan.ofLength(BIG), body, BIG)).isEqualTo(body);
      assertThat(exchange(target, BodyPlan.ofLength(BIG), body, 10_000)).isEqualTo(body);
      assertThat(exchange(target, BodyPlan.CHUNKED, body, 10_000)).isEqualTo(body);
      assertThat(exchange(target, BodyPlan.CHUNKED, body, BIG)).isEqualTo(body);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void carriesBodiesOverTls() throws IOException, CertificateEncodingException {
    Authority root = Authority.named("root");
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(root.issue("localhost").serverContext()));
    serve(server);
    TlsPlan tls =
        new TlsPlan(
            Optional.of(
                new TrustStore(
                    "test",
                    List.of(new CertificateEntry("root", root.certificate().getEncoded())))));
    try {
      Target target = target(server.getAddress().getPort(), tls);
      byte[] body = pattern(BIG);
      assertThat(exchange(target, BodyPlan.ofLength(BIG), body, 10_000)).isEqualTo(body);
      assertThat(exchange(target, BodyPlan.CHUNKED, body, 100_000)).isEqualTo(body);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void runsManyTransactionsAtOnce() throws IOException, InterruptedException {
    int transactions = 500;
    HttpServer server = serve(HttpServer.create());
    try {
      Target target = target(server.getAddress().getPort());
      CountDownLatch done = new CountDownLatch(transactions);
      AtomicInteger failures = new AtomicInteger();
      for (int i = 0; i < transactions; i++) {
        Link link =
            client
                .transports()
                .link(
                    get(target, "/echo"),
                    signal -> {
                      if (signal == Event.ACKED) {
                        done.countDown();
                      } else if (signal != LinkSignal.Up.PLAIN) {
                        failures.incrementAndGet();
                        done.countDown();
                      }
                    });
        link.request(Long.MAX_VALUE);
        link.start();
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void reportsANameThatDoesNotExist() {
    client
        .transports()
        .link(get(new Target("no-such-host.invalid", 80, Optional.empty()), "/"), observer)
        .start();
    assertThat(observer.next(LinkSignal.Failed.class).cause().kind()).isEqualTo(FailureKind.DNS);
  }

  @Test
  void waitsForAConnectionOnlySoLong() throws IOException {
    TransportSettings settings = ClientFixture.SHORT;
    List<Socket> queue = new ArrayList<>();
    // Nobody accepts: once the queue is full the system answers no more.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ClientFixture hasty = new ClientFixture(settings)) {
      while (queue.size() < 64 && joins(queue, full)) {
        // Until one waits in vain.
      }
      hasty.transports().link(get(target(full.getLocalPort()), "/"), observer).start();
      LinkSignal.Failed failed = observer.next(LinkSignal.Failed.class);
      assertThat(failed.cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  private static boolean joins(List<Socket> queue, ServerSocket server) throws IOException {
    Socket socket = new Socket();
    queue.add(socket);
    try {
      socket.connect(server.getLocalSocketAddress(), 300);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
