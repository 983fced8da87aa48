package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Identity;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Listeners over TCP and UDP that a new policy finds listening. */
@ExtendWith(LeakCheck.class)
class ListenerUpdateIT {

  private static final Authority CA = Authority.named("updated");
  private static final Identity SITE = CA.issue("localhost");

  @RegisterExtension final Stage stage = new Stage();

  /** Those that asked for "/held", which the test answers. */
  private final List<AcceptedStream> held = new CopyOnWriteArrayList<>();

  private StreamServer serve(SecureStreams streams) {
    StreamServer server = streams.serve("site");
    stage.ends(server.accepted().subscribe(this::serve)::dispose);
    return server;
  }

  private void serve(AcceptedStream client) {
    client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_TXN)
        .subscribe(
            request -> {
              client.serverAck(0);
              if (client.metadata("path").orElseThrow().equals("/held")) {
                held.add(client);
              } else {
                String from = client.metadata("from").orElse("nobody");
                client.tx().tryEmitNext(Payload.utf8("hello " + from)).orThrow();
              }
            });
  }

  private static TestPolicy site(String protocol, int port, String from, String members) {
    return new TestPolicy()
        .identity("it", SITE).stream(
            "site",
            ("'server':true,'endpoint':'127.0.0.1','port':%d,'protocol':'%s','tls':true,"
                    + "'server_cert':'it_cert','server_key':'it_key',"
                    + "'metadata':[{'method':'','path':'','from':'%s'}]%s")
                .formatted(port, protocol, from, members));
  }

  private static TestPolicy site(String protocol, int port) {
    return site(protocol, port, "x-other:", "");
  }

  private static PolicyEvent.Swapped update(SecureStreams streams, TestPolicy policy) {
    return streams.updatePolicy(policy.text()).blockOptional(SOON).orElseThrow();
  }

  private static TestPolicy asking(String protocol, int port, String members) {
    return new TestPolicy()
        .trust("own", CA)
        .client(
            "get",
            protocol,
            port,
            "'http_method':'GET','http_url':'${path}','tls':true,'tls_trust_store':'own',"
                + "'metadata':[{'path':'','from':'x-from:'}]"
                + members);
  }

  private static Mono<String> get(SecureStreams client, String path) {
    return client
        .exchange("get", stream -> stream.metadata("path", path).metadata("from", "me"))
        .map(Payload::utf8);
  }

  /** Asks over a connection of its own. */
  private String ask(String protocol, int port) {
    return get(stage.streams(asking(protocol, port, "")), "").block(SOON);
  }

  @Test
  void oneAddressGoesOverToH3AndBack() {
    int port = freePort();
    SecureStreams streams = stage.streams(site("h1", port));
    StreamServer server = serve(streams);
    assertThat(port(server)).isEqualTo(port);
    assertThat(ask("h1", port)).isEqualTo("hello nobody");

    PolicyEvent.Swapped there = update(streams, site("h3", port));

    assertThat(there.disturbed()).containsExactly(new Disturbance("site", SwapEffect.REBOUND, 1));
    assertThat(ask("h3", port)).isEqualTo("hello nobody");
    Stage.await("the closed TCP port", () -> refuses(port));

    PolicyEvent.Swapped back = update(streams, site("h2", port));

    assertThat(back.disturbed()).containsExactly(new Disturbance("site", SwapEffect.REBOUND, 1));
    assertThat(ask("h2", port)).isEqualTo("hello nobody");
    assertThat(port(server)).isEqualTo(port);
  }

  @Test
  void anUpdateThatKeepsH3KeepsTheSocket() {
    SecureStreams streams = stage.streams(site("h3", 0));
    StreamServer server = serve(streams);
    int port = port(server);
    SecureStreams client = stage.streams(asking("h3", port, ""));
    assertThat(get(client, "").block(SOON)).isEqualTo("hello nobody");

    PolicyEvent.Swapped swapped = update(streams, site("h3", 0, "x-from:", ""));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.RENEWED, 1));
    assertThat(port(server)).isEqualTo(port);
    assertThat(get(client, "").block(SOON)).isEqualTo("hello me");
  }

  @Test
  void aUdpPortThatIsTakenLeavesTheListenerWhereItIs() {
    int port = port(serve(stage.streams(site("h3", 0))));
    SecureStreams streams = stage.streams(site("h1", port));
    assertThat(port(serve(streams))).isEqualTo(port);

    assertThatThrownBy(() -> update(streams, site("h3", port)))
        .hasMessageContaining("cannot listen on 127.0.0.1:" + port);

    assertThat(ask("h1", port)).isEqualTo("hello nobody");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"h1", "h2", "h3"})
  void clientsAreTrustedByTheNewPolicyAtTheirNextConnection(String protocol) {
    Authority before = Authority.named("members");
    Authority after = Authority.named("new members");
    SecureStreams streams = stage.streams(trusting(protocol, before));
    StreamServer server = serve(streams);
    int port = port(server);
    SecureStreams alice = member(protocol, port, before);
    CompletableFuture<String> early = get(alice, "held").toFuture();
    Stage.await("the request", () -> held.size() == 1);

    PolicyEvent.Swapped swapped = update(streams, trusting(protocol, after));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.RENEWED, 1));
    assertThat(port(server)).isEqualTo(port);
    SecureStreams late = member(protocol, port, before);
    assertThatThrownBy(() -> get(late, "").block(SOON)).isInstanceOf(StreamFailedException.class);
    assertThat(get(member(protocol, port, after), "").block(SOON)).isEqualTo("hello nobody");
    held.get(0).tx().tryEmitNext(Payload.utf8("at last")).orThrow();
    assertThat(early.join()).isEqualTo("at last");
  }

  private static TestPolicy trusting(String protocol, Authority members) {
    return site(protocol, 0, "x-other:", ",'client_trust_store':'members'")
        .trust("members", members);
  }

  /** A client that shows a certificate of an authority. */
  private SecureStreams member(String protocol, int port, Authority issuer) {
    Identity own = issuer.issue("member");
    SystemBlobs blobs = new SystemBlobs();
    try {
      blobs.set(BlobKind.CLIENT_CERTIFICATE, Blob.of(own.certificate().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
    blobs.set(BlobKind.CLIENT_KEY, Blob.of(own.key().getEncoded()));
    return stage.streams(
        asking(protocol, port, ",'client_cert':0"), builder -> builder.blobs(blobs));
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

  /** Free a moment ago; what goes over to another socket of its port needs one that is not 0. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }
}
