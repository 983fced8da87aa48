package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.Finding;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Asked;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import io.securestreams.reactor.testing.WsWire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Redirects from one kind of connection to another, and those of WebSocket upgrades. */
@ExtendWith(LeakCheck.class)
class RedirectsIT {

  private static final Authority CA = Authority.named("redirects");
  private static final String FOLLOWS = "'allow_redirects':true,'opportunistic':true";
  private static final String TLS = ",'tls':true,'tls_trust_store':'own'";

  @RegisterExtension final Stage stage = new Stage();

  private final List<String> heads = Collections.synchronizedList(new ArrayList<>());

  private SecureStream stream(String protocol, int port, String members) {
    return stage
        .streams(new TestPolicy().trust("own", CA).client("x", protocol, port, members))
        .open("x");
  }

  private HttpPeer secured(Reply reply) {
    return stage.with(
        HttpPeer.Make.JDK.answering(CA.issue("localhost").serverContext(), asked -> reply));
  }

  private HttpPeer plain(Reply reply) {
    return stage.with(HttpPeer.Make.JETTY.answering(asked -> reply));
  }

  @Test
  void aRedirectMayLeadToTlsWhereTheTrustStoreOfTheStreamTypeHolds() {
    HttpPeer there = secured(Reply.of(200, "safe"));
    HttpPeer peer =
        plain(Reply.of(302, "").with("location", "https://localhost:" + there.port() + "/there"));
    SecureStream stream =
        stream("h1", peer.port(), "'http_method':'GET','tls_trust_store':'own'," + FOLLOWS);

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(4,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(there.asked()).extracting(Asked::path).containsExactly("/there");
  }

  @Test
  void aTrustStoreForRedirectsIsNotCalledWithoutEffect() {
    String members = "'http_method':'GET','tls_trust_store':'own'";
    TestPolicy policy =
        new TestPolicy()
            .trust("own", CA)
            .client("follows", "h1", 80, members + ",'allow_redirects':true")
            .client("stays", "h1", 80, members);

    assertThat(stage.streams(policy).findings())
        .extracting(Finding::path)
        .containsExactly("$.s[1].stays.tls_trust_store");
  }

  @Test
  void aRedirectToTlsTrustsNobodyElse() {
    HttpPeer there =
        stage.with(
            HttpPeer.Make.JDK.answering(
                Authority.named("stranger").issue("localhost").serverContext(),
                asked -> Reply.of(200, "")));
    HttpPeer peer =
        plain(Reply.of(302, "").with("location", "https://localhost:" + there.port() + "/"));
    SecureStream stream =
        stream("h1", peer.port(), "'http_method':'GET','tls_trust_store':'own'," + FOLLOWS);

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.TLS_UNTRUSTED, 1))
        .thenCancel()
        .verify(SOON);
    assertThat(there.asked()).isEmpty();
  }

  @Test
  void aRedirectThatLeavesTlsIsRefused() {
    HttpPeer there = plain(Reply.of(200, "unsafe"));
    HttpPeer peer =
        secured(Reply.of(302, "").with("location", "http://localhost:" + there.port() + "/"));
    SecureStream stream = stream("h1", peer.port(), "'http_method':'GET'," + FOLLOWS + TLS);

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.PROTOCOL, 1))
        .thenCancel()
        .verify(SOON);
    assertThat(peer.asked()).hasSize(1);
    assertThat(there.asked()).isEmpty();
  }

  /** Answers an upgrade of {@code /} with a redirect, and accepts that of {@code /there}. */
  private void redirectOnce(RawPeer.Conversation talk) throws java.io.IOException {
    for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
      heads.add(head);
      if (head.startsWith("GET /there")) {
        WsWire.accepted(talk, head).text("hello");
        talk.drain();
        return;
      }
      talk.write(
          "HTTP/1.1 307 There\r\nlocation: /there\r\nset-cookie: sid=1; Path=/\r\n"
              + "content-length: 0\r\n\r\n");
    }
  }

  @Test
  void anUpgradeFollowsRedirectsAndTakesTheirCookiesAlong() {
    RawPeer peer = stage.with(new RawPeer(this::redirectOnce));
    SecureStream stream = stream("ws", peer.port(), FOLLOWS + ",'http_cookies':true");

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(5,SOM|EOM)")
        .thenCancel()
        .verify(SOON);

    assertThat(heads).hasSize(2);
    assertThat(WsWire.header(heads.get(0), "cookie")).isEmpty();
    assertThat(WsWire.header(heads.get(1), "cookie")).contains("sid=1");
    assertThat(WsWire.header(heads.get(1), "upgrade")).contains("websocket");
  }

  @Test
  void theNextUpgradeOfTheStreamTypeSendsItsCookies() {
    RawPeer peer = stage.with(new RawPeer(this::redirectOnce));
    SecureStreams streams =
        stage.streams(
            new TestPolicy().client("x", "ws", peer.port(), FOLLOWS + ",'http_cookies':true"));

    for (int i = 0; i < 2; i++) {
      Payload first = streams.receive("x").blockFirst(SOON);
      assertThat(first).isEqualTo(Payload.utf8("hello"));
    }

    assertThat(heads)
        .extracting(head -> WsWire.header(head, "cookie").orElse("-"))
        .containsExactly("-", "sid=1", "sid=1", "sid=1");
  }

  @ParameterizedTest(name = "http_cookies {0}")
  @ValueSource(strings = {"", ",'http_cookies':false"})
  void withoutTheKeyNoCookieIsSent(String members) {
    RawPeer peer = stage.with(new RawPeer(this::redirectOnce));
    SecureStream stream = stream("ws", peer.port(), FOLLOWS + members);

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(5,SOM|EOM)")
        .thenCancel()
        .verify(SOON);

    assertThat(heads).hasSize(2).noneMatch(head -> WsWire.header(head, "cookie").isPresent());
  }

  @Test
  void anUpgradeIsNotRedirectedUnasked() {
    RawPeer peer = stage.with(new RawPeer(this::redirectOnce));
    SecureStream stream = stream("ws", peer.port(), "'opportunistic':true");

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext(Words.failing("CONNECTING", FailureKind.PROTOCOL, 1))
        .thenCancel()
        .verify(SOON);
    assertThat(heads).hasSize(1);
  }
}
