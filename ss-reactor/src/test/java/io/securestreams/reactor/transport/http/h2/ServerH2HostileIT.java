package io.securestreams.reactor.transport.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.H2Client;
import io.securestreams.reactor.testing.H2Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that mean harm: what they do is bounded, and the listener serves the others. */
@ExtendWith(LeakCheck.class)
class ServerH2HostileIT {

  private static final ServerPlan PLAN = ServerFixture.plan(Protocol.H2, WsSettings.NONE);
  private static final int MANY = 12_000;

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Something for which a connection ends on which request 1 waits, and request 3 sends a body. */
  private enum Attack {
    PING_FLOOD(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        h2.flood(H2Peer.bytes(H2Peer.PING, 0, 0, new byte[8]), MANY);
      }
    },
    SETTINGS_FLOOD(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        h2.flood(H2Peer.bytes(H2Peer.SETTINGS, 0, 0), MANY);
      }
    },
    EMPTY_DATA_FLOOD(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        h2.flood(H2Peer.bytes(H2Peer.DATA, 0, 3), MANY);
      }
    },
    PRIORITY_FLOOD(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        h2.flood(H2Peer.bytes(H2Peer.PRIORITY, 0, 3, new byte[5]), MANY);
      }
    },
    WINDOW_UPDATE_FLOOD(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        h2.flood(H2Peer.bytes(H2Peer.WINDOW_UPDATE, 0, 0, H2Peer.number(1)), MANY);
      }
    },
    RAPID_RESET(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        for (int i = 0; i <= H2Guard.MAX_CLIENT_RESETS; i++) {
          h2.get(5 + 2 * i, "/");
          byte[] code = H2Peer.number((int) Http2Error.CANCEL.code());
          h2.write(H2Peer.RST_STREAM, 0, 5 + 2 * i, code);
        }
      }
    },
    PROVOKED_RESETS(Http2Error.ENHANCE_YOUR_CALM) {
      @Override
      void run(H2Client h2) {
        for (int i = 0; i <= H2Guard.MAX_CLIENT_RESETS; i++) {
          h2.get(5 + 2 * i, "/");
          h2.write(H2Peer.WINDOW_UPDATE, 0, 5 + 2 * i, H2Peer.number(0));
        }
      }
    },
    CONTINUATION_FLOOD(Http2Error.ENHANCE_YOUR_CALM, Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.HEADERS, 0, 5);
        h2.flood(H2Peer.bytes(H2Peer.CONTINUATION, 0, 5), MANY);
      }
    },
    HEADERS_WITHOUT_END(Http2Error.ENHANCE_YOUR_CALM, Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.HEADERS, 0, 5);
        h2.flood(H2Peer.bytes(H2Peer.CONTINUATION, 0, 5, new byte[4000]), 1000);
      }
    },
    WINDOW_OVERFLOW(Http2Error.FLOW_CONTROL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.WINDOW_UPDATE, 0, 0, H2Peer.number(Integer.MAX_VALUE));
      }
    },
    WINDOW_OF_ZERO(Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.WINDOW_UPDATE, 0, 0, H2Peer.number(0));
      }
    },
    DATA_ON_AN_IDLE_STREAM(Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.data(99, false, "abc");
      }
    },
    RESET_OF_AN_IDLE_STREAM(Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.RST_STREAM, 0, 99, H2Peer.number(0));
      }
    },
    A_STREAM_OF_THE_SERVERS(Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.get(2, "/");
      }
    },
    PUSH(Http2Error.PROTOCOL_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.PUSH_PROMISE, H2Peer.END_HEADERS, 3, H2Peer.number(2));
      }
    },
    A_FRAME_LONGER_THAN_ALLOWED(Http2Error.FRAME_SIZE_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.write(H2Peer.DATA, 0, 3, new byte[16_385]);
      }
    },
    GARBAGE(Http2Error.PROTOCOL_ERROR, Http2Error.FRAME_SIZE_ERROR) {
      @Override
      void run(H2Client h2) {
        h2.raw().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      }
    };

    private final Http2Error told;
    private final Http2Error orElse;

    Attack(Http2Error told) {
      this(told, told);
    }

    Attack(Http2Error told, Http2Error orElse) {
      this.told = told;
      this.orElse = orElse;
    }

    abstract void run(H2Client h2);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Attack.class)
  void endsTheConnectionAndItsStreamsAndNothingElse(Attack attack) {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.get(1, "/").post(3, "/");
      RecordedLink waiting = acceptor.next();
      RecordedLink sending = acceptor.next();
      waiting.next(Transaction.class);
      sending.next(Transaction.class);

      AtomicInteger code = new AtomicInteger(-1);
      Thread listening = new Thread(() -> code.set(heard(h2)), "listening");
      listening.start();
      try {
        attack.run(h2);
      } catch (UncheckedIOException hungUp) {
        assertThat(hungUp).hasMessageMatching(".*([Bb]roken pipe|reset).*");
      }

      assertThat(closed(waiting).cause().getMessage()).isNotEmpty();
      assertThat(closed(sending).cause().getMessage()).isNotEmpty();
      join(listening);
      assertThat(code.get())
          .as("what the client is told, unless a reset overtook it")
          .isIn(-1, (int) attack.told.code(), (int) attack.orElse.code());
    }
    serves(port);
  }

  /** The code of the GOAWAY before the connection's end, -1 if it was lost. */
  private static int heard(H2Client h2) {
    int code = -1;
    try {
      for (H2Peer.Frame frame = h2.next(); frame != null; frame = h2.next()) {
        if (frame.type() == H2Peer.GOAWAY) {
          code = ByteBuffer.wrap(frame.payload()).getInt(4);
        }
      }
    } catch (UncheckedIOException reset) {
      return code;
    }
    return code;
  }

  private static void join(Thread thread) {
    try {
      thread.join(ServerFixture.SOON.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as("the connection goes on").isFalse();
  }

  private static Closed closed(RecordedLink link) {
    LinkSignal signal = link.next();
    while (!(signal instanceof Closed)) {
      signal = link.next();
    }
    return (Closed) signal;
  }

  private void serves(int port) {
    try (H2Client other = H2Client.to(port)) {
      other.head(1, true, ":method", "GET", ":scheme", "http", ":path", "/other");
      RecordedLink link = acceptor.next();
      while (!isOther(link.next())) {
        link = acceptor.next();
      }
      link.answer(200, "x");
      assertThat(other.status(1)).isEqualTo("200");
    }
  }

  private static boolean isOther(LinkSignal signal) {
    return signal instanceof Transaction asked
        && asked.metadata().contains(new MetadataValue("path", "/other"));
  }

  /** A request that is malformed: its stream ends, and no other. */
  private enum Malformed {
    NO_METHOD(":scheme", "http", ":path", "/"),
    NO_SCHEME(":method", "GET", ":path", "/"),
    NO_PATH(":method", "GET", ":scheme", "http"),
    EMPTY_PATH(":method", "GET", ":scheme", "http", ":path", ""),
    TWO_METHODS(":method", "GET", ":method", "GET", ":scheme", "http", ":path", "/"),
    TWO_SCHEMES(":method", "GET", ":scheme", "http", ":scheme", "http", ":path", "/"),
    TWO_PATHS(":method", "GET", ":scheme", "http", ":path", "/", ":path", "/"),
    A_PATH_OF_A_TUNNEL(":method", "CONNECT", ":authority", "h:1", ":path", "/"),
    UNKNOWN_PSEUDO(":method", "GET", ":scheme", "http", ":path", "/", ":own", "1"),
    STATUS(":method", "GET", ":scheme", "http", ":path", "/", ":status", "200"),
    LATE_PSEUDO(":method", "GET", ":scheme", "http", "a", "b", ":path", "/"),
    UPPER_CASE(":method", "GET", ":scheme", "http", ":path", "/", "X-A", "b"),
    CONNECTION(":method", "GET", ":scheme", "http", ":path", "/", "connection", "close"),
    KEEP_ALIVE(":method", "GET", ":scheme", "http", ":path", "/", "keep-alive", "1"),
    CHUNKED(":method", "GET", ":scheme", "http", ":path", "/", "transfer-encoding", "chunked"),
    UPGRADE(":method", "GET", ":scheme", "http", ":path", "/", "upgrade", "h2c"),
    TE(":method", "GET", ":scheme", "http", ":path", "/", "te", "gzip"),
    LENGTH_WITHOUT_BODY(":method", "GET", ":scheme", "http", ":path", "/", "content-length", "5"),
    TWO_LENGTHS(
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        "/",
        "content-length",
        "0",
        "content-length",
        "1");

    private final String head;

    Malformed(String... head) {
      this.head = String.join("\n", head);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Malformed.class)
  void aMalformedRequestIsNotServedAndDisturbsNobody(Malformed malformed) {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.head(1, true, malformed.head.split("\n", -1));
      assertThat(h2.reset(1)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
      h2.get(3, "/");
      RecordedLink link = acceptor.next();
      while (link.rest().stream().anyMatch(Closed.class::isInstance)) {
        link = acceptor.next();
      }
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(h2.status(3)).isEqualTo("200");
    }
  }

  @Test
  void aBodyLongerThanItsLengthEndsTheStream() {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.head(1, false, ":method", "PUT", ":scheme", "http", ":path", "/", "content-length", "2");
      acceptor.next().next(Transaction.class);
      h2.data(1, false, "three");
      assertThat(h2.reset(1)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    }
  }

  @Test
  void trailersEndABodyUnlessTheyClaimToBeAHead() {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.post(1, "/").data(1, false, "a").head(1, true, "checksum", "1");
      RecordedLink good = acceptor.next();
      good.next(Transaction.class);
      good.next(LinkSignal.Frame.class);
      assertThat(good.next(LinkSignal.Frame.class).flags().eom()).isTrue();

      h2.post(3, "/").head(3, true, ":method", "GET");
      assertThat(h2.reset(3)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
      acceptor.next().next(Transaction.class);
    }
  }

  @Test
  void aSecondHeadAfterTheEndOfARequestEndsTheStream() {
    int port =
        fixture.bind(
            PLAN,
            link -> {
              RecordedLink recorded = acceptor.accept(link).map(RecordedLink.class::cast).get();
              return Optional.of(
                  signal -> {
                    recorded.signal(signal);
                    if (signal instanceof Transaction) {
                      recorded.answer(200, "at once");
                    }
                  });
            });
    try (H2Client h2 = H2Client.to(port)) {
      h2.next(H2Peer.SETTINGS);
      byte[] head = h2.block(":method", "GET", ":scheme", "http", ":path", "/");
      byte[] frame = H2Peer.bytes(H2Peer.HEADERS, H2Peer.END_HEADERS | H2Peer.END_STREAM, 1, head);
      h2.flood(frame, 2);
      // The codec calls it the former.
      assertThat(h2.reset(1))
          .isIn((int) Http2Error.PROTOCOL_ERROR.code(), (int) Http2Error.STREAM_CLOSED.code());
    }
  }

  @Test
  void aHeaderListPastTheLimitIsAnsweredWith431() {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.head(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "x", "y".repeat(16_300));
      assertThat(h2.status(1)).isEqualTo("431");
      assertThat(acceptor.isEmpty()).isTrue();
    }
    serves(port);
  }

  @Test
  void aHeaderListThatUnfoldsPastTheLimitIsNotKept() {
    // One entry of the table, then 10 000 references to it of one byte each.
    ByteArrayOutputStream block = new ByteArrayOutputStream();
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
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      h2.write(H2Peer.HEADERS, H2Peer.END_HEADERS | H2Peer.END_STREAM, 1, block.toByteArray());
      assertThat(h2.status(1)).isEqualTo("431");
      assertThat(acceptor.isEmpty()).isTrue();
    }
    serves(port);
  }

  @Test
  void aStreamThatDependsOnItselfIsAnErrorOfTheStream() {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.to(port)) {
      byte[] itself = {0, 0, 0, 1, 16};
      h2.get(1, "/").write(H2Peer.PRIORITY, 0, 1, itself);
      assertThat(h2.reset(1)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    }
    closed(acceptor.next());
    serves(port);
  }

  @Test
  void junkInPlaceOfSettingsEndsTheConnection() {
    int port = fixture.bind(PLAN, acceptor);
    try (H2Client h2 = H2Client.silent(port)) {
      h2.raw().send(H2Client.PREFACE + "GET / HTTP/1.1\r\n\r\n");
      assertThat(h2.goneAway()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
    }
    try (H2Client h2 = H2Client.silent(port)) {
      h2.raw().send("PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n");
      assertThat(h2.raw().heard()).startsWith("HTTP/1.1 505 ");
    }
    serves(port);
  }
}
