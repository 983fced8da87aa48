package io.securestreams.reactor.transport.http.h2;

import static io.securestreams.reactor.testing.ClientFixture.multiplexed;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that mean harm: what they do is bounded, told, and ends their connection. */
@ExtendWith(LeakCheck.class)
class ClientH2HostileIT {

  private static final int MANY = 12_000;

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();
  private final CountDownLatch attacked = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);

  @AfterEach
  void close() {
    client.close();
  }

  /** Something done to a connection on which one request waits for its answer. */
  private enum Attack {
    PING_FLOOD(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        flood(h2, H2Peer.bytes(H2Peer.PING, 0, 0, new byte[8]));
      }
    },
    SETTINGS_FLOOD(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        flood(h2, H2Peer.bytes(H2Peer.SETTINGS, 0, 0));
      }
    },
    EMPTY_DATA_FLOOD(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.head(stream, false, 200);
        flood(h2, H2Peer.bytes(H2Peer.DATA, 0, stream));
      }
    },
    PRIORITY_FLOOD(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        flood(h2, H2Peer.bytes(H2Peer.PRIORITY, 0, stream, new byte[5]));
      }
    },
    WINDOW_UPDATE_FLOOD(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        flood(h2, H2Peer.bytes(H2Peer.WINDOW_UPDATE, 0, 0, H2Peer.number(1)));
      }
    },
    RESETS_OF_A_CLOSED_STREAM(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        byte[] code = H2Peer.number((int) Http2Error.CANCEL.code());
        flood(h2, H2Peer.bytes(H2Peer.RST_STREAM, 0, stream - 2, code));
      }
    },
    CONTINUATION_FLOOD(FailureKind.LIMIT, FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.write(H2Peer.HEADERS, 0, stream);
        flood(h2, H2Peer.bytes(H2Peer.CONTINUATION, 0, stream));
      }
    },
    HEADERS_WITHOUT_END(FailureKind.LIMIT, FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.write(H2Peer.HEADERS, 0, stream);
        flood(h2, H2Peer.bytes(H2Peer.CONTINUATION, 0, stream, new byte[4000]));
      }
    },
    HEADER_LIST_TOO_LONG(FailureKind.LIMIT) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.head(stream, false, 200, "x-long", "x".repeat(17 * 1024));
      }
    },
    HPACK_BOMB(FailureKind.LIMIT, FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        // One entry of the table, then 10 000 references to it of one byte each.
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x88);
        block.write(0x40);
        block.write(1);
        block.write('a');
        block.writeBytes(new byte[] {(byte) 0x7f, (byte) 0xa1, 0x1e});
        byte[] value = new byte[4000];
        Arrays.fill(value, (byte) 'x');
        block.writeBytes(value);
        for (int i = 0; i < 10_000; i++) {
          block.write(0xbe);
        }
        h2.write(H2Peer.HEADERS, H2Peer.END_HEADERS, stream, block.toByteArray());
      }
    },
    WINDOW_OVERFLOW(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.windowUpdate(0, Integer.MAX_VALUE);
      }
    },
    WINDOW_OF_ZERO(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.windowUpdate(0, 0);
      }
    },
    DATA_ON_AN_IDLE_STREAM(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.data(stream + 2, false, "abc");
      }
    },
    RESET_OF_AN_IDLE_STREAM(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.reset(stream + 2, 0);
      }
    },
    PUSH(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(H2Peer.number(2));
        payload.writeBytes(
            h2.block(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h"));
        h2.write(H2Peer.PUSH_PROMISE, H2Peer.END_HEADERS, stream, payload.toByteArray());
      }
    },
    MORE_THAN_THE_WINDOW(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.head(stream, false, 200);
        flood(h2, H2Peer.bytes(H2Peer.DATA, 0, stream, new byte[16_000]), 100);
        h2.next(H2Peer.RST_STREAM);
      }
    },
    GARBAGE(FailureKind.PROTOCOL) {
      @Override
      void run(H2Peer h2, int stream) throws IOException {
        h2.connection().write("HTTP/1.1 400 Bad Request\r\n\r\n");
      }
    };

    private final FailureKind told;
    private final FailureKind orElse;

    Attack(FailureKind told) {
      this(told, told);
    }

    Attack(FailureKind told, FailureKind orElse) {
      this.told = told;
      this.orElse = orElse;
    }

    abstract void run(H2Peer h2, int stream) throws IOException;

    static void flood(H2Peer h2, byte[] frame) throws IOException {
      flood(h2, frame, MANY);
    }

    static void flood(H2Peer h2, byte[] frame, int times) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < times; i++) {
        all.writeBytes(frame);
        if (all.size() > 60_000) {
          h2.connection().write(all.toByteArray());
          all.reset();
        }
      }
      h2.connection().write(all.toByteArray());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Attack.class)
  void isBoundedAndTold(Attack attack) throws InterruptedException {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              // A stream that is closed, and one that waits.
              h2.head(h2.next(H2Peer.HEADERS).stream(), true, 204);
              int stream = h2.next(H2Peer.HEADERS).stream();
              try {
                attack.run(h2, stream);
                attacked.countDown();
                h2.drain();
              } finally {
                hungUp.countDown();
              }
            })) {
      start(peer);
      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      Link link = start(peer);
      if (attack == Attack.MORE_THAN_THE_WINDOW) {
        assertThat(attacked.await(20, TimeUnit.SECONDS)).as("the stream was given up").isTrue();
      }
      link.request(Long.MAX_VALUE);
      assertThat(cause().kind()).isIn(attack.told, attack.orElse);
      client.close();
      assertThat(hungUp.await(20, TimeUnit.SECONDS)).as("the connection ended").isTrue();
    }
  }

  /** What the transaction ends with, whether or not its head was there. */
  private LinkException cause() {
    LinkSignal signal = observer.next();
    while (signal instanceof LinkSignal.Up || signal instanceof LinkSignal.Frame) {
      signal = observer.next();
    }
    return signal instanceof LinkSignal.Failed failed
        ? failed.cause()
        : ((LinkSignal.Closed) signal).cause();
  }

  private Link start(RawPeer peer) {
    Link link =
        client
            .transports()
            .link(multiplexed(target(peer.port()), "GET", "/", BodyPlan.NONE), observer);
    link.start();
    return link;
  }

  @Test
  void resetsWithoutEndCostNoMoreThanTheRequestsThatMetThem() {
    try (RawPeer peer =
        H2Peer.serving(
            h2 -> {
              while (true) {
                h2.reset(h2.next(H2Peer.HEADERS).stream(), (int) Http2Error.REFUSED_STREAM.code());
              }
            })) {
      for (int i = 0; i < 200; i++) {
        start(peer);
        assertThat(cause().kind()).isEqualTo(FailureKind.CLOSED);
      }
      assertThat(peer.connections()).isEqualTo(1);
    }
  }
}
