package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our frames against Netty's codec, cut at every kind of place. */
class ClientWsReaderTest {

  private static final int LIMIT = 1 << 20;

  private static Payload random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Payload.wrap(bytes);
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 200_000})
  void writesWhatNettyReads(int size) {
    Payload payload = random(new Random(size), size);
    EmbeddedChannel server =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .maxFramePayloadLength(LIMIT)
                    .build()));
    ByteBuf out = Unpooled.buffer(0);

    ClientWsFrames.frame(out, ClientWsReader.BINARY, true, payload);
    server.writeInbound(out);

    WebSocketFrame frame = server.readInbound();
    assertThat(frame).isInstanceOf(BinaryWebSocketFrame.class);
    assertThat(frame.isFinalFragment()).isTrue();
    assertThat(Payload.of(frame.content().nioBuffer())).isEqualTo(payload);
    frame.release();
    server.finishAndReleaseAll();
  }

  @ParameterizedTest(name = "in pieces of {0}")
  @ValueSource(ints = {1, 2, 3, 13, 1000, 70_000, LIMIT})
  void readsWhatNettyWrites(int piece) throws ClientWsViolation {
    Random random = new Random(piece);
    List<Payload> sent = new ArrayList<>();
    ByteBuf wire = Unpooled.buffer();
    EmbeddedChannel server = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
    for (int size : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 200_000, 3}) {
      Payload payload = random(random, size);
      sent.add(payload);
      server.writeOutbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload.bytes())));
    }
    for (ByteBuf part = server.readOutbound(); part != null; part = server.readOutbound()) {
      wire.writeBytes(part);
      part.release();
    }
    ClientWsReader reader = new ClientWsReader(LIMIT, LIMIT);
    List<LinkSignal.Frame> received = new ArrayList<>();

    while (wire.isReadable()) {
      ByteBuf next = wire.readSlice(Math.min(piece, wire.readableBytes()));
      while (reader.next(next)) {
        received.add(reader.frame());
      }
      assertThat(next.isReadable()).isFalse();
    }

    assertThat(received)
        .isEqualTo(sent.stream().map(p -> new LinkSignal.Frame(p, MessageFlags.SOM_EOM)).toList());
    server.finishAndReleaseAll();
  }
}
