package io.securestreams.reactor.transport.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Upgraded;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Neither side makes the other hold more than it asked for. */
@ExtendWith(LeakCheck.class)
class ServerBackpressureIT {

  /** More than the buffers of both sockets hold together. */
  private static final int FLOOD = 64 * 1024 * 1024;

  private static final long STALL_MS = 1_000;

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor frugal = new RecordingAcceptor(0);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void stopsAFloodingHttpClientUntilThereIsCredit() throws IOException {
    try (SocketChannel client = connect()) {
      client.write(
          ascii("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + (4L * FLOOD) + "\r\n\r\n"));
      RecordedLink link = frugal.next();
      link.next(Transaction.class);

      assertThat(flood(client, new byte[64 * 1024])).isLessThan(FLOOD);
      assertThat(link.rest()).isEmpty();

      link.link().request(3);
      for (int i = 0; i < 3; i++) {
        link.next(Frame.class);
      }
      assertThat(link.rest()).isEmpty();
    }
  }

  @Test
  void stopsAFloodingWebSocketUntilThereIsCredit() throws IOException {
    try (SocketChannel client = connect()) {
      client.write(
          ascii(
              "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  + "Sec-WebSocket-Version: 13\r\n\r\n"));
      RecordedLink link = frugal.next();
      link.next(Upgraded.class);
      // Binary, of 122 bytes, with a mask of zeroes.
      byte[] frame = new byte[128];
      frame[0] = (byte) 0x82;
      frame[1] = (byte) (0x80 | 122);

      assertThat(flood(client, frame)).isLessThan(FLOOD);
      assertThat(link.rest()).isEmpty();

      link.link().request(3);
      for (int i = 0; i < 3; i++) {
        assertThat(link.next(Frame.class).payload().size()).isEqualTo(122);
      }
      assertThat(link.rest()).isEmpty();
    }
  }

  @Test
  void tellsPiecesAsWrittenOnlyOnceTheClientReads() {
    RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    Payload megabyte = Payload.of(new byte[1024 * 1024]);
    try (RawClient client =
        RawClient.to(fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), acceptor))) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.link()
          .answer(new Answer(200, List.of(), BodyPlan.ofLength((long) Link.WINDOW * 1024 * 1024)));
      for (int i = 0; i < Link.WINDOW; i++) {
        link.link().send(new TxPiece(megabyte, MessageFlags.of(i == 0, i == Link.WINDOW - 1)));
      }
      int written = 0;
      while (link.rest().size() > written) {
        written = link.rest().size();
      }
      assertThat(written).isLessThan(Link.WINDOW);

      client.head();
      client.body(FLOOD);

      int pieces = 0;
      LinkSignal signal = link.next();
      while (signal instanceof Written some) {
        pieces += some.pieces();
        signal = link.next();
      }
      assertThat(pieces).isEqualTo(Link.WINDOW);
      assertThat(signal).isEqualTo(Event.ANSWERED);
    }
  }

  private SocketChannel connect() throws IOException {
    int port = fixture.bind(ServerFixture.plan(Protocol.WS, WsSettings.NONE), frugal);
    SocketChannel client = SocketChannel.open();
    client.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return client;
  }

  /** Writes until the socket takes no more for a while; gives the number of bytes. */
  private static long flood(SocketChannel client, byte[] chunk) throws IOException {
    client.configureBlocking(false);
    long sent = 0;
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      while (sent < FLOOD && selector.select(STALL_MS) > 0) {
        selector.selectedKeys().clear();
        for (int n = client.write(buffer); n > 0; n = client.write(buffer)) {
          sent += n;
          if (!buffer.hasRemaining()) {
            buffer.clear();
          }
        }
      }
    }
    return sent;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }
}
