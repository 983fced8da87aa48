package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.reactor.testing.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class WsBatchTest {

  private final Socket socket = new Socket();
  private final EmbeddedChannel channel = new EmbeddedChannel(socket);
  private final List<Integer> taken = new ArrayList<>();

  @ParameterizedTest(name = "{0} bytes, masked: {1}")
  @CsvSource({
    "0, false",
    "0, true",
    "7, true",
    "8, true",
    "13, true",
    "125, false",
    "125, true",
    "126, false",
    "126, true",
    "65535, false",
    "65535, true",
    "65536, false",
    "65536, true"
  })
  void isReadByTheCodec(int length, boolean masked) {
    byte[] payload = random(length);
    int size = length + WsFrameEncoder.HEADER_BYTES;
    WsBatch batch = batch(2 * size, masked ? WsChannel.Side.CLIENT : WsChannel.Side.SERVER);

    batch.add(new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(payload)));
    assertThat(batch.fits(size)).isTrue();
    batch.add(new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(payload)));

    assertThat(batch.size()).isBetween(2 * length, 2 * size);
    batch.writeTo(channel);
    EmbeddedChannel peer = new EmbeddedChannel(new WebSocket13FrameDecoder(masked, false, 1 << 20));
    peer.writeInbound(socket.written.toArray());
    assertThat(peer.<WebSocketFrame>readInbound()).satisfies(frame -> check(frame, false, payload));
    assertThat(peer.<WebSocketFrame>readInbound()).satisfies(frame -> check(frame, true, payload));
    peer.finishAndReleaseAll();
  }

  @Test
  void tellsEachFrameWithItsLastByte() {
    WsBatch batch = batch(100, WsChannel.Side.SERVER);
    for (int i = 0; i < 5; i++) {
      batch.add(eightBytes()); // 10 with their header
    }
    batch.writeTo(channel);
    ChannelProgressivePromise write = socket.promise();

    write.tryProgress(9, 50);
    assertThat(taken).isEmpty();
    write.tryProgress(10, 50);
    write.tryProgress(39, 50);
    write.trySuccess();

    assertThat(taken).containsExactly(1, 2, 2);
    socket.release();
  }

  @Test
  void tellsNothingOfWhatTheSocketRefused() {
    WsBatch batch = batch(100, WsChannel.Side.SERVER);
    batch.add(eightBytes());
    batch.add(eightBytes());
    batch.writeTo(channel);

    socket.promise().tryProgress(19, 20);
    socket.promise().tryFailure(new IOException("the peer is gone"));

    assertThat(taken).containsExactly(1);
    socket.release();
  }

  private WsBatch batch(int capacity, WsChannel.Side side) {
    WsFrameEncoder encoder = new WsFrameEncoder(side);
    channel.pipeline().addLast(encoder);
    return new WsBatch(UnpooledByteBufAllocator.DEFAULT, capacity, encoder, taken::add);
  }

  private static WebSocketFrame eightBytes() {
    return new BinaryWebSocketFrame(Unpooled.wrappedBuffer(random(8)));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void check(WebSocketFrame frame, boolean last, byte[] payload) {
    assertThat(frame.isFinalFragment()).isEqualTo(last);
    assertThat(ByteBufUtil.getBytes(frame.content())).isEqualTo(payload);
    frame.release();
  }

  /** Keeps what is written, and leaves the outcome to the test. */
  private static final class Socket extends ChannelOutboundHandlerAdapter {

    private final List<Object> written = new ArrayList<>();
    private final List<ChannelPromise> promises = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      written.add(message);
      promises.add(promise);
    }

    ChannelProgressivePromise promise() {
      return (ChannelProgressivePromise) promises.get(0);
    }

    void release() {
      written.forEach(ReferenceCountUtil::release);
    }
  }
}
