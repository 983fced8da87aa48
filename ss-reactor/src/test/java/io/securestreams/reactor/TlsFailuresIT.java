package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Validity;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** A peer that cannot be trusted sees no request, and is tried again as the policy says. */
@ExtendWith(LeakCheck.class)
class TlsFailuresIT {

  private static final Authority CA = Authority.named("trusted");
  private static final Authority STRANGER = Authority.named("unknown");
  private static final int ATTEMPTS = 3;

  private static final TransportSettings SHORT =
      new TransportSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(400),
          Duration.ofSeconds(5),
          Duration.ofSeconds(4),
          16 * 1024,
          1024 * 1024,
          1024 * 1024);

  @RegisterExtension final Stage stage = new Stage();

  /** What the peer read of requests. */
  private final List<String> heads = new CopyOnWriteArrayList<>();

  /** Starts a peer that would answer every request well. */
  private interface Peer {
    RawPeer start(TlsFailuresIT test);
  }

  static Stream<Arguments> faults() {
    return Stream.of("h1", "ws")
        .flatMap(
            protocol ->
                Stream.of(
                    fault(
                        protocol,
                        "an expired certificate",
                        FailureKind.TLS_EXPIRED,
                        tls(CA.issue("localhost", Validity.EXPIRED))),
                    fault(
                        protocol,
                        "a certificate of tomorrow",
                        FailureKind.TLS_NOT_YET_VALID,
                        tls(CA.issue("localhost", Validity.NOT_YET))),
                    fault(
                        protocol,
                        "a certificate for another host",
                        FailureKind.TLS_HOST,
                        tls(CA.issue("elsewhere.test"))),
                    fault(
                        protocol,
                        "an unknown authority",
                        FailureKind.TLS_UNTRUSTED,
                        tls(STRANGER.issue("localhost"))),
                    fault(
                        protocol,
                        "a self-signed certificate",
                        FailureKind.TLS_UNTRUSTED,
                        tls(TestPki.selfSigned("localhost"))),
                    fault(
                        protocol,
                        "no TLS at all",
                        FailureKind.TLS_HANDSHAKE,
                        test -> new RawPeer(test::plainRefusal)),
                    fault(
                        protocol,
                        "a handshake that never ends",
                        FailureKind.TIMEOUT,
                        test -> new RawPeer(Conversation::drain))));
  }

  private static Arguments fault(String protocol, String fault, FailureKind kind, Peer peer) {
    return Arguments.of(protocol, fault, kind, peer);
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("faults")
  void aPeerWithoutValidTlsIsUnreachableAndSeesNoRequest(
      String protocol, String fault, FailureKind kind, Peer kindOfPeer) {
    // Given
    RawPeer peer = stage.with(kindOfPeer.start(this));
    SecureStream stream =
        stream(
            protocol,
            peer.port(),
            kind == FailureKind.TIMEOUT ? SHORT : TransportSettings.DEFAULTS);

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then: a second series shows that the first one ended once.
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext(Words.failing("POLL CONNECTING", kind, ATTEMPTS))
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", kind, ATTEMPTS))
        .then(stream::destroy)
        .expectNext("DESTROYING")
        .expectComplete()
        .verify(SOON);
    assertThat(peer.connections()).isEqualTo(2 * ATTEMPTS);
    assertThat(heads).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void aPeerThatWantsAClientCertificateServesNoRequest(String protocol) {
    // Given
    RawPeer peer =
        stage.with(
            new RawPeer(
                CA.issue("localhost").serverContext().getServerSocketFactory(),
                conversation -> {
                  ((SSLSocket) conversation.socket()).setNeedClientAuth(true);
                  answer(conversation);
                }));
    SecureStream stream = stream(protocol, peer.port());

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext(Words.failing("POLL CONNECTING", FailureKind.AUTH, ATTEMPTS))
        .thenCancel()
        .verify(SOON);
    assertThat(heads).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "ws"})
  void thesePeersServeWhoeverTrustsThem(String protocol) {
    // Given: what every fault above is a deviation from.
    RawPeer peer = stage.with(tls(CA.issue("localhost")).start(this));
    SecureStream stream = stream(protocol, peer.port());

    // When
    StepVerifier.FirstStep<String> events =
        StepVerifier.create(stream.events().map(Words::withKind));

    // Then
    events
        .expectNext("CREATING")
        .then(stream::requestTx)
        .expectNext(
            "POLL", "CONNECTING", "CONNECTED", "rx(2,SOM" + (protocol.equals("ws") ? "|EOM)" : ")"))
        .thenCancel()
        .verify(SOON);
    assertThat(heads).hasSize(1);
  }

  private SecureStream stream(String protocol, int port) {
    return stream(protocol, port, TransportSettings.DEFAULTS);
  }

  private SecureStream stream(String protocol, int port, TransportSettings settings) {
    String request = protocol.equals("h1") ? ",'http_method':'GET'" : "";
    TestPolicy policy =
        new TestPolicy()
            .retry("r2", ATTEMPTS - 1, 10)
            .trust("ours", CA)
            .client(
                "it",
                protocol,
                port,
                "'retry':'r2','tls':true,'tls_trust_store':'ours','opportunistic':true" + request);
    return stage.streams(policy, builder -> builder.settings(settings)).open("it");
  }

  private static Peer tls(TestPki.Identity identity) {
    SSLContext context = identity.serverContext();
    return test -> new RawPeer(context.getServerSocketFactory(), test::answer);
  }

  private void answer(Conversation conversation) throws IOException {
    String head = conversation.head();
    if (head.isEmpty()) {
      return;
    }
    heads.add(head);
    if (head.contains("Sec-WebSocket-Key") || head.contains("sec-websocket-key")) {
      WsWire wire = WsWire.accepted(conversation, head);
      wire.text("hi");
    } else {
      conversation.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    }
    conversation.drain();
  }

  private void plainRefusal(Conversation conversation) throws IOException {
    conversation.read(1);
    conversation.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    conversation.drain();
  }
}
