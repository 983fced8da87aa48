package io.securestreams.reactor.transport.http.h3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H3Puppet;
import io.securestreams.reactor.testing.H3Puppet.Manner;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.TestLinkObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that come before the request's body is sent. Source: RFC 9114 section 4.1. */
@ExtendWith(LeakCheck.class)
class ClientH3EarlyAnswersIT {

  private static final TxPiece PIECE = new TxPiece(Payload.of(new byte[100]), MessageFlags.NONE);

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Link post(H3Puppet peer) {
    Link link = client.transports().link(peer.plan("POST", BodyPlan.CHUNKED), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    observer.expect(Event.TX_READY);
    link.send(PIECE);
    observer.expect(Written.ONE);
    return link;
  }

  private void expectAnswer() {
    LinkSignal next = observer.next();
    while (next instanceof Written) {
      next = observer.next();
    }
    assertThat(next).isInstanceOf(LinkSignal.Up.class);
    assertThat(observer.next(LinkSignal.Frame.class).payload().utf8()).isEqualTo("too much");
    assertThat(observer.next(LinkSignal.Frame.class).flags().eom()).isTrue();
    observer.expect(Event.NACKED);
  }

  @Test
  void tellsThePeerAtOnceThatTheRestOfTheBodyDoesNotCome() {
    try (H3Puppet peer = new H3Puppet(Manner.AT_ONCE)) {
      post(peer);

      expectAnswer();

      assertThat(peer.reset()).isEqualTo(Http3ErrorCode.H3_NO_ERROR.code());
    }
  }

  @Test
  void hearsTheAnswerOfAPeerThatWantsNoMoreOfTheBody() {
    try (H3Puppet peer = new H3Puppet(Manner.AFTER_A_STOP)) {
      Link link = post(peer);

      QuicStreamChannel stopped = peer.held();
      for (int i = 0; i < 3; i++) { // What the peer said before has come, too.
        link.ping();
        observer.expect(Event.ALIVE);
      }
      link.send(PIECE);
      peer.answer(stopped);

      expectAnswer();
    }
  }
}
