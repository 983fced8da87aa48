package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.WsPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Policies that replace each other under real connections. */
@ExtendWith(LeakCheck.class)
class PolicyUpdateIT {

  private static final String REQUEST = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

  @RegisterExtension final Stage stage = new Stage();

  private final List<String> received = new CopyOnWriteArrayList<>();

  @Test
  void renewedCertificateHoldsForTheNextConnectionAndCutsNobodyOff() throws Exception {
    TestPki.Authority authority = TestPki.Authority.named("renewing");
    SecureStreams streams = streams(secured(0, authority.issue("localhost")));
    int port = port(serve(streams, "site"));
    SSLSocket early = stage.with(tls(authority, port));
    Certificate before = early.getSession().getPeerCertificates()[0];

    PolicyEvent.Swapped swapped = update(streams, secured(0, authority.issue("localhost")));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.RENEWED, 1));
    SSLSocket late = stage.with(tls(authority, port));
    assertThat(late.getSession().getPeerCertificates()[0]).isNotEqualTo(before);
    early.getOutputStream().write(REQUEST.getBytes(US_ASCII));
    assertThat(early.getInputStream().read()).as("an answer by the old connection").isEqualTo('H');
  }

  @Test
  void listenerMovesToAnotherPort() {
    int first = freePort();
    int second = freePort();
    SecureStreams streams = streams(site(first, ""));
    StreamServer server = serve(streams, "site");
    assertThat(port(server)).isEqualTo(first);
    RawClient client = stage.with(RawClient.to(first));
    assertThat(client.send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
    client.body(5);

    PolicyEvent.Swapped swapped = update(streams, site(second, ""));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.REBOUND, 1));
    assertThat(port(server)).isEqualTo(second);
    assertThat(client.read()).as("the old connection's end").isEqualTo(-1);
    Stage.await("the closed port", () -> refuses(first));
    assertThat(stage.with(RawClient.to(second)).send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void listenerTakesAnotherAddressOfTheSamePort() {
    int port = freePort();
    SecureStreams streams = streams(site(port, "'endpoint':'127.0.0.1',"));
    StreamServer server = serve(streams, "site");
    assertThat(port(server)).isEqualTo(port);

    update(streams, site(port, ""));

    InetSocketAddress address = (InetSocketAddress) server.address().block(SOON);
    assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
    assertThat(stage.with(RawClient.to(port)).send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void addressThatCannotBeHadLeavesTheListenerWhereItIs() {
    int port = freePort();
    SecureStreams streams = streams(site(port, ""));
    StreamServer server = serve(streams, "site");
    assertThat(port(server)).isEqualTo(port);

    assertThatThrownBy(() -> update(streams, site(port, "'endpoint':'203.0.113.1',")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("203.0.113.1:" + port);

    Stage.await("the old address again", () -> !refuses(port));
    assertThat(stage.with(RawClient.to(port)).send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
    assertThat(streams.policy().streamType("site").orElseThrow().endpoint()).isEmpty();
  }

  @Test
  void listenerThatMustBeSecureFromNowOnEndsPlainConnections() throws Exception {
    TestPki.Authority authority = TestPki.Authority.named("securing");
    int port = freePort();
    SecureStreams streams = streams(site(port, ""));
    serve(streams, "site").address().block(SOON);
    RawClient client = stage.with(RawClient.to(port));
    assertThat(client.send(REQUEST).head()).startsWith("HTTP/1.1 200 ");
    client.body(5);

    PolicyEvent.Swapped swapped = update(streams, secured(port, authority.issue("localhost")));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.SECURED, 1));
    assertThat(client.read()).as("the plain connection's end").isEqualTo(-1);
    assertThat(stage.with(tls(authority, port)).getSession().isValid()).isTrue();
  }

  @Test
  void trustThatChangesIsAskedAtTheNextConnection() {
    TestPki.Authority right = TestPki.Authority.named("right");
    TestPki.Authority wrong = TestPki.Authority.named("wrong");
    SecureStreams server = streams(secured(0, right.issue("localhost")));
    int port = port(serve(server, "site"));
    SecureStreams streams = streams(trusting(wrong, port));
    EventLog log = EventLog.of(streams.open("feed"));
    Stage.await("the refusal", () -> log.all().contains("UNREACHABLE"));

    update(streams, trusting(right, port));

    Stage.await("the connection", () -> log.all().contains("CONNECTED"));
  }

  @Test
  void everyMessageArrivesOnceWhileTheStreamMovesToAndFro() {
    // Given
    SecureStreams servers =
        streams(new TestPolicy().stream("a", listening(0)).stream("b", listening(0)));
    int a = port(collect(servers, "a"));
    int b = port(collect(servers, "b"));
    SecureStreams streams = streams(feed(a));
    SecureStream stream = streams.open("feed");
    EventLog log = EventLog.of(stream);
    int messages = 3000;

    // When
    Thread sender =
        new Thread(
            () ->
                IntStream.range(0, messages)
                    .forEach(i -> stream.tx().send(Payload.utf8(Integer.toString(i))).block(SOON)));
    sender.start();
    for (int i = 0; i < 6; i++) {
      int enough = messages / 8 * (i + 1);
      Stage.await("some messages", () -> received.size() >= enough);
      update(streams, feed(i % 2 == 0 ? b : a));
      // Messages that wait in sockets may be enough for the next step: the move must be over first.
      int connections = i + 2;
      Stage.await("the move", () -> Collections.frequency(log.all(), "CONNECTED") == connections);
    }
    Stage.await("all messages", () -> received.size() >= messages);

    // Then
    assertThat(received)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, messages).mapToObj(Integer::toString).toList());
    assertThat(log.all()).filteredOn("DISCONNECTED"::equals).hasSize(6);
    assertThat(log.all()).doesNotContain("UNREACHABLE");
  }

  @Test
  void streamThatDidNotChangeKeepsItsConnectionThroughManySwaps() {
    WsPeer peer = stage.with(WsPeer.echo());
    SecureStreams streams = streams(feed(peer.port()));
    SecureStream stream = streams.open("feed");
    EventLog log = EventLog.of(stream);
    Stage.await("the connection", () -> log.all().contains("CONNECTED"));

    for (int i = 0; i < 20; i++) {
      update(streams, feed(peer.port()).server("s" + i, "h1", ""));
    }
    stream.tx().send(Payload.utf8("still here")).block(SOON);

    Stage.await("the echo", () -> log.all().size() > 3);
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED", "rx(10,SOM|EOM)");
  }

  /** A context that runs to the end of the test. */
  private SecureStreams streams(TestPolicy policy) {
    SecureStreams streams = stage.streams(policy);
    stage.ends(streams);
    return streams;
  }

  private StreamServer serve(SecureStreams streams, String type) {
    StreamServer server = streams.serve(type);
    server
        .accepted()
        .subscribe(client -> client.events().subscribe(event -> answer(client, event)));
    return server;
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(0);
      client.tx().tryEmitNext(Payload.utf8("hello"));
    }
  }

  private StreamServer collect(SecureStreams streams, String type) {
    StreamServer server = streams.serve(type);
    server
        .accepted()
        .subscribe(
            client ->
                client
                    .events()
                    .ofType(PayloadEvent.class)
                    .subscribe(event -> received.add(event.payload().utf8())));
    return server;
  }

  private static PolicyEvent.Swapped update(SecureStreams streams, TestPolicy policy) {
    return streams.updatePolicy(policy.text()).blockOptional(SOON).orElseThrow();
  }

  private static TestPolicy feed(int port) {
    return new TestPolicy()
        .retry("r", 0, 200)
        .client("feed", "ws", port, "'nailed_up':true,'retry':'r'");
  }

  private static TestPolicy trusting(TestPki.Authority authority, int port) {
    return new TestPolicy()
        .retry("r", 9, 600_000).trust("store", authority).stream(
            "feed",
            "'endpoint':'localhost','port':"
                + port
                + ",'protocol':'ws','nailed_up':true,'retry':'r','tls':true,"
                + "'tls_trust_store':'store'");
  }

  private static TestPolicy site(int port, String members) {
    return new TestPolicy().stream("site", members + listening(port));
  }

  private static TestPolicy secured(int port, TestPki.Identity identity) {
    return new TestPolicy()
        .identity("site", identity).stream(
            "site",
            listening(port) + ",'tls':true,'server_cert':'site_cert','server_key':'site_key'");
  }

  private static String listening(int port) {
    return "'server':true,'protocol':'ws','port':" + port + ",'metadata':[{'method':'','path':''}]";
  }

  private static SSLSocket tls(TestPki.Authority authority, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            authority
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
    socket.startHandshake();
    return socket;
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().blockOptional(SOON).orElseThrow()).getPort();
  }

  private static boolean refuses(int port) {
    try (RawClient accepted = RawClient.to(port)) {
      return accepted == null;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  /** Free a moment ago; a listener that moves needs a port that is not 0. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }
}
