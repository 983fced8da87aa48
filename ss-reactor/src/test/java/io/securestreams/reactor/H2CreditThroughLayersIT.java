package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.H2Peer.Frame;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import io.securestreams.reactor.testing.Words;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

/** Credit by hand on streams whose response is followed elsewhere, or taken apart. */
@ExtendWith(LeakCheck.class)
class H2CreditThroughLayersIT {

  private static final String GET =
      "'http_method':'GET','h2_prior_knowledge':true,'opportunistic':true";

  @RegisterExtension final Stage stage = new Stage();

  private final BlockingQueue<Integer> credits = new LinkedBlockingQueue<>();

  private SecureStream stream(RawPeer peer, String members) {
    return stage.streams(new TestPolicy().client("x", "h2", peer.port(), GET + members)).open("x");
  }

  private int credit() {
    try {
      Integer bytes = credits.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(bytes).as("credit").isNotNull();
      return bytes;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads up to the next credit for a stream, and tells of it. */
  private void credit(H2Peer h2, int stream) throws IOException {
    Frame update = h2.next(H2Peer.WINDOW_UPDATE);
    while (update.stream() != stream) {
      update = h2.next(H2Peer.WINDOW_UPDATE);
    }
    credits.add(update.number());
  }

  @Test
  void aRedirectTakesAlongAllThatWasGranted() {
    RawPeer peer =
        stage.with(
            H2Peer.serving(
                h2 -> {
                  int first = h2.next(H2Peer.HEADERS).stream();
                  credit(h2, first);
                  credit(h2, first);
                  h2.head(first, true, 307, "location", "/there");
                  int second = h2.next(H2Peer.HEADERS).stream();
                  credit(h2, second);
                  h2.head(second, false, 200);
                  h2.data(second, true, "exactly");
                  h2.drain();
                }));
    SecureStream stream = stream(peer, ",'allow_redirects':true");
    stream.manualTxCredit(3);

    StepVerifier.create(stream.events().map(Words::of))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING")
        .then(() -> assertThat(credit()).isEqualTo(3))
        .then(() -> stream.addPeerTxCredit(4))
        .then(() -> assertThat(credit()).isEqualTo(4))
        .then(() -> assertThat(credit()).as("on the second leg").isEqualTo(7))
        .expectNext("CONNECTED", "rx(7,SOM)", "rx(0,EOM)", "QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);
  }

  @Test
  void partsOfAResponseComeAsTheyAreGranted() {
    String one = "--B\r\n\r\nfirst\r\n--B";
    String two = "\r\n\r\nsecond\r\n--B--\r\n";
    RawPeer peer =
        stage.with(
            H2Peer.serving(
                h2 -> {
                  int request = h2.next(H2Peer.HEADERS).stream();
                  credit(h2, request);
                  h2.head(request, false, 200, "content-type", "multipart/mixed; boundary=B");
                  h2.data(request, false, one);
                  credit(h2, request);
                  h2.data(request, true, two);
                  h2.drain();
                }));
    SecureStream stream = stream(peer, ",'http_multipart_ss_in':true");
    stream.manualTxCredit(one.length());
    StringBuilder received = new StringBuilder();

    StepVerifier.create(
            stream
                .events()
                .doOnNext(event -> note(received, event))
                .map(Words::of)
                .filter(word -> !word.startsWith("rx")))
        .expectNext("CREATING")
        .then(stream::connect)
        .expectNext("CONNECTING", "CONNECTED")
        .then(() -> Stage.await("spent credit", () -> stream.estimatedPeerTxCredit() == 0))
        .then(() -> stream.addPeerTxCredit(two.length()))
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .thenCancel()
        .verify(SOON);

    assertThat(received).hasToString("\r\nfirst\r\nsecond");
    assertThat(credit()).isEqualTo(one.length());
    assertThat(credit()).isEqualTo(two.length());
  }

  private static void note(StringBuilder received, StreamEvent event) {
    if (event instanceof PayloadEvent piece) {
      received.append(piece.payload().utf8());
    }
  }
}
