package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.ClientFixture.target;
import static io.securestreams.reactor.testing.ClientFixture.ws;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.WsWire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that mean harm when they are asked for a WebSocket, and once it is open. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class ClientWsHostileIT {

  private static final TransportSettings SETTINGS =
      ClientFixture.SHORT.withWebSocketCompression(true);

  private static final ClientFixture CLIENT = new ClientFixture(SETTINGS);

  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  private void expect(String expected, RawPeer.Script script) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            talk -> {
              try {
                script.run(talk);
                talk.drain();
              } finally {
                ended.countDown();
              }
            })) {
      Link link = CLIENT.transports().link(ws(target(peer.port())), observer);
      link.request(Long.MAX_VALUE);
      link.start();
      assertThat(outcome()).isEqualTo(expected);
      assertThat(ended.await(10, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }
  }

  private String outcome() {
    String told = "";
    while (true) {
      LinkSignal signal = observer.next();
      if (signal instanceof LinkSignal.Up) {
        told = "up ";
      } else if (signal instanceof LinkSignal.Failed failed) {
        return told + "failed " + failed.cause().kind();
      } else if (signal instanceof LinkSignal.Closed closed) {
        return told + "closed " + closed.cause().kind();
      }
    }
  }

  private static String accept(String head) {
    return WsWire.accept(WsWire.header(head, "sec-websocket-key").orElseThrow());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "no upgrade header | 101 X~connection: upgrade~sec-websocket-accept: K",
        "another upgrade | 101 X~upgrade: h2c~connection: upgrade~sec-websocket-accept: K",
        "no connection header | 101 X~upgrade: websocket~sec-websocket-accept: K",
        "no accept header | 101 X~upgrade: websocket~connection: upgrade",
        "an empty accept header | 101 X~upgrade: websocket~connection: upgrade"
            + "~sec-websocket-accept:",
        "the key itself | 101 X~upgrade: websocket~connection: upgrade~sec-websocket-accept: R",
        "success instead | 200 OK~upgrade: websocket~connection: upgrade~sec-websocket-accept: K",
        "an extension that was not offered | 101 X~upgrade: websocket~connection: upgrade"
            + "~sec-websocket-accept: K~sec-websocket-extensions: x-junk",
        "a parameter that was not offered | 101 X~upgrade: websocket~connection: upgrade"
            + "~sec-websocket-accept: K"
            + "~sec-websocket-extensions: permessage-deflate; client_max_window_bits=8",
        "the extension twice | 101 X~upgrade: websocket~connection: upgrade"
            + "~sec-websocket-accept: K"
            + "~sec-websocket-extensions: permessage-deflate"
            + "~sec-websocket-extensions: permessage-deflate",
        "two subprotocols | 101 X~upgrade: websocket~connection: upgrade"
            + "~sec-websocket-accept: K~sec-websocket-protocol: a, b",
      })
  void refusesAnUpgradeWithJunk(String what, String lines) throws InterruptedException {
    expect(
        "failed PROTOCOL",
        talk -> {
          String head = talk.head();
          String key = WsWire.header(head, "sec-websocket-key").orElseThrow();
          talk.write(
              "HTTP/1.1 "
                  + lines
                      .trim()
                      .replace("accept: K", "accept: " + accept(head))
                      .replace("accept: R", "accept: " + key)
                      .replace("~", "\r\n")
                  + "\r\n\r\n");
        });
  }

  static Stream<Arguments> floods() {
    return Stream.of(
        Arguments.of("headers", "HTTP/1.1 101 X\r\n", "x-some: header\r\n", "failed LIMIT"),
        Arguments.of("a status line", "HTTP/1.1 101 ", "x".repeat(1000), "failed LIMIT"),
        Arguments.of("interim answers", "", "HTTP/1.1 102 Go on\r\n\r\n", "failed TIMEOUT"),
        Arguments.of("a refusal's body", "HTTP/1.1 403 No\r\n\r\n", "junk", "failed PROTOCOL"));
  }

  @ParameterizedTest(name = "{0} without an end")
  @MethodSource("floods")
  void givesUpOnWhatHasNoEnd(String what, String start, String again, String expected)
      throws InterruptedException {
    expect(
        expected,
        talk -> {
          talk.head();
          talk.write(start);
          try {
            while (true) {
              talk.write(again);
            }
          } catch (IOException closed) {
            // As it must be.
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a response behind the upgrade, 485454502f312e3120323030204f4b0d0a0d0a, PROTOCOL",
    "a masked frame behind the upgrade, 8180000000002a, PROTOCOL",
    "half a frame behind the upgrade and nothing more, 82057f, CLOSED",
    "compressed junk behind the upgrade, c204ffffffff, PROTOCOL",
    "a frame that is announced too long, 827f00000001000000ff, LIMIT",
    "endless empty fragments, 01000000000000000000, CLOSED",
  })
  void survivesJunkBehindTheUpgrade(String what, String hex, FailureKind kind)
      throws InterruptedException {
    expect(
        "up closed " + kind,
        talk -> {
          String answer =
              "HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                  + "sec-websocket-extensions: permessage-deflate\r\n"
                  + "sec-websocket-accept: "
                  + accept(talk.head())
                  + "\r\n\r\n";
          StringBuilder junk = new StringBuilder(answer);
          for (int i = 0; i < hex.length(); i += 2) {
            junk.append((char) Integer.parseInt(hex.substring(i, i + 2), 16));
          }
          talk.write(junk.toString());
          if (kind == FailureKind.CLOSED) {
            talk.socket().shutdownOutput();
          }
        });
  }
}
