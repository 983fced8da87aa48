package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When what is sent goes out. */
@ExtendWith(LeakCheck.class)
class WsChannelTest {

  private final Flushes flushes = new Flushes();
  private final EmbeddedChannel channel = new EmbeddedChannel(flushes, new Turn());
  private final Listening owner = new Listening();
  private final WsChannel socket =
      WsChannel.on(
          channel,
          WsChannel.Side.SERVER,
          owner,
          new WsTerms(false, TransportSettings.DEFAULTS, Optional.empty()));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void letsOutTogetherWhatIsSentInOneTurnOfTheEventLoop() {
    endOfBatch();

    inOneTurn(
        () -> {
          for (int i = 0; i < 32; i++) {
            send();
          }
          assertThat(flushes.count).isZero();
        });

    assertThat(flushes.count).isEqualTo(1);
    assertThat(owner.signals).containsExactly(new LinkSignal.Written(32));
  }

  @Test
  void flushesAgainInTheNextTurn() {
    endOfBatch();
    inOneTurn(this::send);
    inOneTurn(this::send);

    assertThat(flushes.count).isEqualTo(2);
  }

  @Test
  void leavesTheFlushToTheEndOfABatch() {
    inOneTurn(this::send);
    assertThat(flushes.count).isZero();

    socket.channelReadComplete(channel.pipeline().lastContext());

    assertThat(flushes.count).isEqualTo(1);
  }

  private void endOfBatch() {
    socket.channelReadComplete(channel.pipeline().lastContext());
    flushes.count = 0;
  }

  /** Does something on the event loop, whose other tasks wait until it is done. */
  private void inOneTurn(Runnable work) {
    channel.writeInbound(work);
  }

  private void send() {
    socket.send(new TxPiece(Payload.utf8("x"), MessageFlags.SOM_EOM));
    socket.flush();
  }

  private static final class Flushes extends ChannelOutboundHandlerAdapter {

    private int count;

    @Override
    public void flush(ChannelHandlerContext context) {
      count++;
      context.flush();
    }
  }

  /** Runs what is received. */
  private static final class Turn extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object work) {
      ((Runnable) work).run();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      // No frame was received.
    }
  }

  private static final class Listening implements WsChannel.Owner {

    private final List<LinkSignal> signals = new ArrayList<>();

    @Override
    public boolean hasCredit() {
      return false;
    }

    @Override
    public boolean claimCredit() {
      return false;
    }

    @Override
    public void signal(LinkSignal signal) {
      signals.add(signal);
    }

    @Override
    public void ended(WsEnd end) {
      throw new AssertionError(end);
    }
  }
}
