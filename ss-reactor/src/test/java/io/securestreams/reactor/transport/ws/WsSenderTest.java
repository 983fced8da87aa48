package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class WsSenderTest {

  private final Flushes flushes = new Flushes();
  private final WsFrameEncoder encoder = new WsFrameEncoder(WsChannel.Side.SERVER);
  private final EmbeddedChannel channel = new EmbeddedChannel(flushes, encoder);
  private final EmbeddedChannel peer =
      new EmbeddedChannel(new WebSocket13FrameDecoder(false, true, 65536));
  private final List<LinkSignal> signals = new ArrayList<>();
  private final WsSender sender = sender(true);

  private WsSender sender(boolean text) {
    return new WsSender(
        channel,
        encoder,
        new WsChannel.Owner() {
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
        },
        text,
        null);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    peer.finishAndReleaseAll();
  }

  @Test
  void lets64PiecesOutTogether() {
    for (int i = 0; i < 64; i++) {
      sender.send(piece("x", MessageFlags.SOM_EOM));
      sender.flush();
    }
    assertThat(flushes.count).isZero();

    sender.release();

    assertThat(flushes.count).isEqualTo(1);
    assertThat(signals).containsExactly(new Written(64));
    assertThat(channel.outboundMessages()).as("buffers").hasSizeLessThan(10);
    assertThat(sizes()).containsOnly(1).hasSize(64);
  }

  @Test
  void putsAsManyIntoOneBufferAsBefore() {
    for (int flush = 0; flush < 2; flush++) {
      channel.releaseOutbound();
      sender.hold();
      for (int i = 0; i < 16; i++) {
        sender.send(piece("x", MessageFlags.SOM_EOM));
      }
      sender.release();
    }

    assertThat(channel.outboundMessages()).hasSize(1);
    assertThat(sizes()).hasSize(16);
  }

  @Test
  void givesBackWhatNobodyWillWrite() {
    sender.send(piece("x", MessageFlags.SOM_EOM));

    sender.end();

    assertThat(sizes()).isEmpty();
    assertThat(signals).isEmpty();
  }

  @Test
  void letsAPieceOutAtOnceOutsideOfABatch() {
    sender.release();

    sender.send(piece("x", MessageFlags.SOM_EOM));
    sender.flush();

    expect(TextWebSocketFrame.class, true, "x");
    assertThat(signals).containsExactly(Written.ONE);
  }

  @Test
  void cutsMessagesAsTheFlagsSay() {
    WsSender binary = sender(false);

    assertThat(binary.send(piece("a", MessageFlags.SOM))).isTrue();
    assertThat(binary.send(piece("b", MessageFlags.NONE))).isTrue();
    assertThat(binary.send(piece("c", MessageFlags.EOM))).isTrue();
    assertThat(binary.send(piece("d", MessageFlags.EOM))).as("no message was begun").isFalse();
    assertThat(binary.send(piece("e", MessageFlags.SOM))).isTrue();
    assertThat(binary.send(piece("f", MessageFlags.SOM))).as("inside a message").isFalse();
    binary.release();

    expect(BinaryWebSocketFrame.class, false, "a");
    expect(ContinuationWebSocketFrame.class, false, "b");
    expect(ContinuationWebSocketFrame.class, true, "c");
    expect(BinaryWebSocketFrame.class, false, "e");
    assertThat(signals).containsExactly(new Written(4));
  }

  @Test
  void keepsWhatTheSocketDoesNotTake() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
    for (String text : List.of("aaa", "bbb", "ccc")) {
      sender.send(piece(text, MessageFlags.SOM_EOM));
    }
    sender.pong(ping("1"));
    sender.pong(ping("2"));

    // A flush empties this channel: each makes room for the next.
    sender.release();

    expect(TextWebSocketFrame.class, true, "aaa");
    expect(TextWebSocketFrame.class, true, "bbb");
    expect(TextWebSocketFrame.class, true, "ccc");
    expect(PongWebSocketFrame.class, true, "2");
    assertThat(flushes.count).isGreaterThan(1);
    assertThat(written()).isEqualTo(3);
  }

  @Test
  void saysGoodbyeAfterWhatWasSentAndNothingElse() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
    sender.send(piece("aaa", MessageFlags.SOM_EOM));
    sender.send(piece("bbb", MessageFlags.SOM_EOM));
    sender.pong(ping("late"));
    sender.finishPieces();

    assertThat(sender.close(1001).isSuccess()).isTrue();
    sender.pong(ping("later"));
    sender.release();

    expect(TextWebSocketFrame.class, true, "aaa");
    expect(TextWebSocketFrame.class, true, "bbb");
    CloseWebSocketFrame farewell = (CloseWebSocketFrame) next();
    assertThat(farewell.statusCode()).isEqualTo(1001);
    farewell.release();
    assertThat(sizes()).isEmpty();
    assertThat(written()).isEqualTo(2);
  }

  @Test
  void forgetsWhatWaitsIfTheGoodbyeIsUrgent() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
    sender.send(piece("aaa", MessageFlags.SOM_EOM));
    sender.send(piece("bbb", MessageFlags.SOM_EOM));

    assertThat(sender.close(0).isSuccess()).isTrue();

    expect(TextWebSocketFrame.class, true, "aaa");
    expect(CloseWebSocketFrame.class, true, "");
    assertThat(sizes()).isEmpty();
  }

  @Test
  void asksAndAnswers() {
    sender.ping();
    sender.pong(ping("7"));
    sender.release();

    expect(PingWebSocketFrame.class, true, "");
    expect(PongWebSocketFrame.class, true, "7");
    assertThat(signals).isEmpty();
  }

  private int written() {
    return signals.stream().mapToInt(signal -> ((Written) signal).pieces()).sum();
  }

  private void expect(Class<? extends WebSocketFrame> kind, boolean last, String text) {
    WebSocketFrame frame = next();
    assertThat(frame).isInstanceOf(kind);
    assertThat(frame.isFinalFragment()).isEqualTo(last);
    assertThat(frame.content().toString(StandardCharsets.UTF_8)).isEqualTo(text);
    frame.release();
  }

  /** The next frame, as the peer sees it. */
  private WebSocketFrame next() {
    arrive();
    return peer.readInbound();
  }

  /** The size of each frame that the peer did not look at yet. */
  private List<Integer> sizes() {
    arrive();
    List<Integer> sizes = new ArrayList<>();
    for (WebSocketFrame frame = peer.readInbound(); frame != null; frame = peer.readInbound()) {
      sizes.add(frame.content().readableBytes());
      frame.release();
    }
    return sizes;
  }

  private void arrive() {
    for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
      peer.writeInbound(bytes);
    }
  }

  private static TxPiece piece(String text, MessageFlags flags) {
    return new TxPiece(Payload.utf8(text), flags);
  }

  /** Of a heap that needs no release by whoever made it. */
  private static PingWebSocketFrame ping(String text) {
    ByteBuf content =
        Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    return new PingWebSocketFrame(content);
  }

  private static final class Flushes extends ChannelOutboundHandlerAdapter {

    private int count;

    @Override
    public void flush(ChannelHandlerContext context) {
      count++;
      context.flush();
    }
  }
}
