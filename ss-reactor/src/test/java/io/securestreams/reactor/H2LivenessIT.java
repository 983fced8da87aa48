package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.H2Peer.Frame;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

/** Responses over h2 that pause: for as long as they like, or until the peer is given up. */
@ExtendWith(LeakCheck.class)
class H2LivenessIT {

  @RegisterExtension final Stage stage = new Stage();

  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicReference<Frame> request = new AtomicReference<>();

  private SecureStream stream(RawPeer peer, TransportSettings settings, String members) {
    TestPolicy policy =
        new TestPolicy()
            .retry("watched", "'backoff':[10],'conceal':0,'svalidping':1,'svalidhup':2")
            .client(
                "x",
                "h2",
                peer.port(),
                "'http_method':'GET','h2_prior_knowledge':true,'opportunistic':true" + members);
    return stage.streams(policy, builder -> builder.settings(settings)).open("x");
  }

  /** Answers the head and one piece, then counts pings without an answer. */
  private void fallSilent(H2Peer h2) throws IOException {
    request.set(h2.next(H2Peer.HEADERS));
    int stream = request.get().stream();
    h2.head(stream, false, 200);
    h2.data(stream, false, "piece");
    try {
      while (true) {
        h2.next(H2Peer.PING);
        pings.incrementAndGet();
      }
    } catch (EOFException closed) {
      // The client gave up.
    }
  }

  /** Answers a number of pings before the response goes on. */
  private void pauseFor(int answered, H2Peer h2) throws IOException {
    request.set(h2.next(H2Peer.HEADERS));
    int stream = request.get().stream();
    h2.head(stream, false, 200);
    while (pings.get() < answered) {
      Frame ping = h2.next(H2Peer.PING);
      if ((ping.flags() & H2Peer.ACK) == 0) {
        pings.incrementAndGet();
        h2.write(H2Peer.PING, H2Peer.ACK, 0, ping.payload());
      }
    }
    h2.data(stream, true, "late");
    h2.drain();
  }

  @Test
  void aPeerThatAnswersNoPingIsGivenUp() {
    RawPeer peer = stage.with(H2Peer.serving(this::fallSilent));
    SecureStream stream = stream(peer, TransportSettings.DEFAULTS, ",'retry':'watched'");

    StepVerifier.create(stream.events())
        .expectNext(StateEvent.of(StreamState.CREATING))
        .then(stream::connect)
        .expectNext(StateEvent.of(StreamState.CONNECTING), StateEvent.of(StreamState.CONNECTED))
        .expectNextMatches(event -> Words.of(event).equals("rx(5,SOM)"))
        .consumeNextWith(
            event -> assertThat(Words.withKind(event)).isEqualTo("DISCONNECTED[TIMEOUT]"))
        .thenCancel()
        .verify(SOON);

    assertThat(pings).hasValue(1);
    Stage.await("the end of the connection", () -> peer.open() == 0);
  }

  @Test
  void aPeerThatAnswersPingsMayPauseLongerThanTheHangup() {
    RawPeer peer = stage.with(H2Peer.serving(h2 -> pauseFor(3, h2)));
    SecureStream stream = stream(peer, TransportSettings.DEFAULTS, ",'retry':'watched'");

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(4,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void aLongPollEndsItsRequestAndMayPauseLongerThanOtherResponses() {
    RawPeer peer = stage.with(H2Peer.serving(h2 -> pauseFor(3, h2)));
    SecureStream stream = stream(peer, ClientFixture.SHORT, ",'long_poll':true,'retry':'watched'");

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "rx(4,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
    assertThat(request.get().ends()).as("the request's end, in its head").isTrue();
  }

  @Test
  void anotherResponseMayNot() {
    RawPeer peer = stage.with(H2Peer.serving(h2 -> pauseFor(3, h2)));
    SecureStream stream = stream(peer, ClientFixture.SHORT, ",'retry':'watched'");

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .expectNext("DISCONNECTED[" + FailureKind.TIMEOUT + "]")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void overH1ALongPollIsAnyOtherRequest() {
    RawPeer peer =
        stage.with(
            new RawPeer(
                talk -> {
                  talk.head();
                  talk.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
                  talk.drain();
                }));
    TestPolicy policy =
        new TestPolicy()
            .client(
                "x",
                "h1",
                peer.port(),
                "'http_method':'GET','opportunistic':true,'long_poll':true");
    SecureStreams streams = stage.streams(policy, builder -> builder.settings(ClientFixture.SHORT));
    SecureStream stream = streams.open("x");

    StepVerifier.create(stream.events().map(Words::withKind))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED", "DISCONNECTED[TIMEOUT]")
        .thenCancel()
        .verify(SOON);
    assertThat(streams.findings()).anyMatch(finding -> finding.path().endsWith(".x.long_poll"));
  }
}
