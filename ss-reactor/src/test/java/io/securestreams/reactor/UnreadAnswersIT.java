package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.resources.LoopResources;

/**
 * A client asks for 64 MiB and does not read them: what was taken from the source, what of it is
 * still kept, and Netty's own memory stay far below that.
 */
@ExtendWith(LeakCheck.class)
class UnreadAnswersIT {

  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 1024;

  /** Never part of a frame's head, a chunk's length, or an encoded header of these answers. */
  private static final byte FILLING = 'z';

  /** Socket buffers of both sides, of 4 MiB at most, and one window of pieces. */
  private static final long MOST_TAKEN = 16L * 1024 * 1024;

  private static final long MOST_DIRECT = 16L * 1024 * 1024;
  private static final int RECEIVE_BUFFER = 64 * 1024;

  /** Turns of the server's only event loop without a change, after which nothing moves. */
  private static final int STILL = 50;

  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WIDE = 0x7000_0000;

  @RegisterExtension final Stage stage = new Stage();

  private final LoopResources loops = LoopResources.create("unread", 1, true);
  private final AtomicLong taken = new AtomicLong();
  private final List<WeakReference<byte[]>> kept = new CopyOnWriteArrayList<>();
  private final List<String> ends = new CopyOnWriteArrayList<>();

  /** How the answer is asked for, so that only the reader's pace is a limit. */
  private enum Way {
    H1("h1"),
    H2("h2"),
    WS("ws");

    private final String protocol;

    Way(String protocol) {
      this.protocol = protocol;
    }

    private RawClient ask(int port) {
      return switch (this) {
        case H1 -> narrow(RawClient.to(port)).send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        case WS ->
            narrow(RawClient.to(port))
                .send(
                    "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                        + "sec-websocket-version: 13\r\n"
                        + "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        case H2 -> {
          H2Client client = H2Client.to(port, INITIAL_WINDOW_SIZE, WIDE);
          client.write(H2Peer.WINDOW_UPDATE, 0, 0, H2Peer.number(WIDE)).get(1, "/");
          yield narrow(client.raw());
        }
      };
    }

    private static RawClient narrow(RawClient client) {
      try {
        client.socket().setReceiveBufferSize(RECEIVE_BUFFER);
        return client;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Way.class)
  void whatIsNotReadIsNotKept(Way way) throws IOException {
    // Given
    stage.with(loops::dispose);
    SecureStreams streams =
        stage.streams(
            new TestPolicy()
                .server("large", way.protocol, "'metadata':[{'method':'','path':''}]")
                .server("turns", "h1", "'metadata':[{'method':'','path':''}]"),
            builder -> builder.eventLoops(loops));
    RawClient turns = stage.with(RawClient.to(serve(streams.serve("turns"), this::turn)));
    int port = serve(streams.serve("large"), this::answer);
    turn(turns);
    long direct = directMemory();

    // When
    RawClient client = stage.with(way.ask(port));
    Stage.await("the answer's beginning", () -> taken.get() > 0);
    long still = 0;
    for (long before = -1; still < STILL; still++) {
      turn(turns);
      if (taken.get() != before) {
        before = taken.get();
        still = 0;
      }
    }

    // Then
    assertThat(taken.get() * PIECE).as("bytes taken from the source").isLessThan(MOST_TAKEN);
    assertThat(directMemory() - direct).as("bytes of Netty's").isLessThan(MOST_DIRECT);
    LeakCheck.found();
    assertThat(kept)
        .filteredOn(piece -> piece.get() != null)
        .as("pieces that are still kept")
        .hasSizeLessThanOrEqualTo(Link.WINDOW + 1);
    assertThat(ends).isEmpty();
    assertThat(filling(client)).as("bytes once it reads").isEqualTo((long) PIECES * PIECE);
    Stage.await("the end", () -> ends.equals(List.of("onComplete")));
  }

  private void answer(AcceptedStream client) {
    Flux<Payload> large = Flux.range(0, PIECES).map(number -> piece());
    client
        .events()
        .ofType(StateEvent.class)
        .filter(
            event ->
                event.state() == StreamState.SERVER_TXN
                    || event.state() == StreamState.SERVER_UPGRADE)
        .flatMap(
            request -> {
              client.serverAck(0);
              return client.tx().send(large).doFinally(end -> ends.add(end.toString()));
            })
        .onErrorComplete()
        .subscribe();
  }

  private Payload piece() {
    byte[] bytes = new byte[PIECE];
    Arrays.fill(bytes, FILLING);
    kept.add(new WeakReference<>(bytes));
    taken.incrementAndGet();
    return Payload.wrap(bytes);
  }

  /** Answers without serverAck: 404. */
  private void turn(AcceptedStream client) {
    client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_TXN)
        .subscribe(request -> client.requestTxLen(0));
  }

  private static void turn(RawClient client) {
    assertThat(client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").head()).startsWith("HTTP/1.1 404");
  }

  private interface Service {
    void serve(AcceptedStream client);
  }

  private int serve(StreamServer server, Service service) {
    Disposable use = server.accepted().subscribe(service::serve);
    stage.ends(use::dispose);
    return ((InetSocketAddress) server.address().block(SOON)).getPort();
  }

  /** Reads until all has come, and counts what belongs to the pieces. */
  private static long filling(RawClient client) throws IOException {
    InputStream in = client.socket().getInputStream();
    byte[] read = new byte[PIECE];
    long count = 0;
    while (count < (long) PIECES * PIECE) {
      int length = in.read(read);
      assertThat(length).as("bytes after " + count).isPositive();
      for (int i = 0; i < length; i++) {
        count += read[i] == FILLING ? 1 : 0;
      }
    }
    return count;
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }
}
