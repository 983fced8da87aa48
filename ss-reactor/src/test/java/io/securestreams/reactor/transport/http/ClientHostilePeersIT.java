package io.securestreams.reactor.transport.http;

import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that mean harm: what they do is bounded, reported with a kind, and closed. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class ClientHostilePeersIT {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";
  private static final ClientFixture CLIENT = new ClientFixture(ClientFixture.SHORT);

  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  /** Runs a request against a peer, and tells the signals in short, without what was received. */
  private String outcome(RawPeer peer) {
    Link link = CLIENT.transports().link(get(target(peer.port()), "/"), observer);
    link.request(Long.MAX_VALUE);
    link.start();
    StringBuilder told = new StringBuilder();
    while (true) {
      LinkSignal signal = observer.next();
      if (signal instanceof LinkSignal.Up) {
        told.append("up ");
      } else if (signal instanceof LinkSignal.Failed failed) {
        return told + "failed " + failed.cause().kind();
      } else if (signal instanceof LinkSignal.Closed closed) {
        return told + "closed " + closed.cause().kind();
      } else if (signal instanceof Event) {
        return told + signal.toString();
      }
    }
  }

  private void expect(String expected, RawPeer.Script script) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawPeer peer =
        new RawPeer(
            talk -> {
              try {
                talk.head();
                script.run(talk);
                talk.drain();
              } finally {
                ended.countDown();
              }
            })) {
      assertThat(outcome(peer)).isEqualTo(expected);
      assertThat(ended.await(10, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a negative length | content-length: -5 | failed PROTOCOL",
        "a length that is no number | content-length: 5x | failed PROTOCOL",
        "a length with a sign | content-length: +5 | failed PROTOCOL",
        "a length beyond 64 bits | content-length: 99999999999999999999 | failed PROTOCOL",
        "two lengths in one header | content-length: 5, 6 | failed PROTOCOL",
        "two lengths in two headers | content-length: 5~content-length: 6 | failed PROTOCOL",
        "an empty length | content-length: | failed PROTOCOL",
        "an unknown coding | transfer-encoding: gzip | failed PROTOCOL",
        "a coding below chunks | transfer-encoding: gzip, chunked | failed PROTOCOL",
        "chunks twice | transfer-encoding: chunked, chunked | failed PROTOCOL",
        "chunks that are not the last | transfer-encoding: chunked, identity | failed PROTOCOL",
        "a coding that only looks like it | transfer-encoding: xchunked | failed PROTOCOL",
        "a length beside chunks | content-length: 5~transfer-encoding: chunked | failed PROTOCOL",
        "a blank in a name: none of ours | content length: 5 | up closed TIMEOUT",
        "a blank before the colon is no part of it | content-length : 10 | up ACKED",
        "a line without a colon | nonsense | failed PROTOCOL",
      })
  void refusesHeadersThatSayWhatCannotBe(String what, String lines, String expected)
      throws InterruptedException {
    expect(
        expected,
        talk -> talk.write(OK + lines.trim().replace("~", "\r\n") + "\r\n\r\n0\r\n\r\nhello"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "no status | HTTP/1.1~~ | failed PROTOCOL",
        "a status of two digits | HTTP/1.1 20 OK~~ | failed PROTOCOL",
        "a status that is no number | HTTP/1.1 2xx OK~~ | failed PROTOCOL",
        "a negative status | HTTP/1.1 -200 OK~~ | failed PROTOCOL",
        "another protocol | ICY 200 OK~~ | failed PROTOCOL",
        "another version | HTTP/3.7 200 OK~~ | failed PROTOCOL",
        "lines ended by a line feed | HTTP/1.1 200 OK^content-length: 0^^ | failed PROTOCOL",
        "a folded line is one | HTTP/1.1 200 OK~x: a~ b~content-length: 0~~ | up ACKED",
        "a NUL in a value | HTTP/1.1 200 OK~x: a!b~content-length: 0~~ | failed PROTOCOL",
      })
  void refusesHeadsThatAreNone(String what, String head, String expected)
      throws InterruptedException {
    expect(
        expected,
        talk -> talk.write(head.trim().replace("~", "\r\n").replace('^', '\n').replace('!', '\0')));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a size that is none | zz~ | up closed PROTOCOL",
        "a negative size | -1~x~ | up closed PROTOCOL",
        "a size beyond 64 bits | fffffffffffffffff~x | up closed PROTOCOL",
        "a size beyond 31 bits | 80000000~x | up closed PROTOCOL",
        "more than its size | 3~abcdef~0~~ | up closed PROTOCOL",
        "an empty size | ~abc~ | up closed PROTOCOL",
        "a size that never comes true | 7fffffff~abc | up closed TIMEOUT",
      })
  void refusesChunksThatAreNone(String what, String chunks, String expected)
      throws InterruptedException {
    expect(expected, talk -> talk.write(CHUNKED + chunks.trim().replace("~", "\r\n")));
  }

  static Stream<Arguments> endless() {
    return Stream.of(
        Arguments.of("a status line", "HTTP/1.1 200 ", "x".repeat(1000), "failed LIMIT"),
        Arguments.of("a header", OK + "x: ", "y".repeat(1000), "failed LIMIT"),
        Arguments.of("headers", OK, "x-some: header\r\n", "failed LIMIT"),
        Arguments.of("headers of one byte", OK, "a:\r\n", "failed LIMIT"),
        Arguments.of("a name", OK, "n".repeat(1000), "failed LIMIT"),
        Arguments.of("empty lines", "", "\r\n\r\n\r\n\r\n", "failed LIMIT"),
        Arguments.of("interim answers", "", "HTTP/1.1 102 Processing\r\n\r\n", "failed TIMEOUT"),
        Arguments.of(
            "interim answers with headers",
            "",
            "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n",
            "failed TIMEOUT"),
        Arguments.of("a chunk's extension", CHUNKED + "1;", "x".repeat(1000), "up closed LIMIT"),
        Arguments.of("a chunk's size", CHUNKED, "0".repeat(1000), "up closed LIMIT"),
        Arguments.of("trailers", CHUNKED + "0\r\n", "x-some: trailer\r\n", "up closed LIMIT"));
  }

  @ParameterizedTest(name = "{0} without an end")
  @MethodSource("endless")
  void givesUpOnWhatHasNoEnd(String what, String start, String again, String expected)
      throws InterruptedException {
    expect(
        expected,
        talk -> {
          talk.write(start);
          flood(talk, again);
        });
  }

  private static void flood(Conversation talk, String text) {
    try {
      while (true) {
        talk.write(text);
      }
    } catch (IOException closed) {
      // As it must be.
    }
  }

  static Stream<Arguments> drips() {
    return Stream.of(
        Arguments.of("a head", OK + "x: ", "y", "failed TIMEOUT"),
        Arguments.of("interim answers", "", "HTTP/1.1 102 Go on\r\n\r\n", "failed TIMEOUT"));
  }

  /** Each drip comes long before any time limit. */
  @ParameterizedTest(name = "{0}, drop by drop")
  @MethodSource("drips")
  void waitsForTheWholeHeadOnlySoLong(String what, String start, String drop, String expected)
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    expect(
        expected,
        talk -> {
          talk.write(start);
          try {
            while (!never.await(50, TimeUnit.MILLISECONDS)) {
              talk.write(drop);
            }
          } catch (IOException closed) {
            // As it must be.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a body that must not be, 204 No Content",
    "a body behind a response that has none, 304 Not Modified",
  })
  void doesNotTakeABodyForTheNextAnswer(String what, String status) throws InterruptedException {
    String answer = "HTTP/1.1 " + status + "\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    expect(status.startsWith("204") ? "up ACKED" : "up NACKED", talk -> talk.write(answer));
  }

  /** Nothing is expanded that nobody asked to be compressed. */
  @Test
  void leavesACompressedBombAlone() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bomb)) {
      zipped.write(new byte[50_000_000]);
    }
    try (RawPeer peer =
        new RawPeer(
            talk -> {
              talk.head();
              talk.write(
                  OK + "content-encoding: gzip\r\ncontent-length: " + bomb.size() + "\r\n\r\n");
              talk.write(bomb.toByteArray());
              talk.drain();
            })) {
      Link link = CLIENT.transports().link(get(target(peer.port()), "/"), observer);
      link.request(Long.MAX_VALUE);
      link.start();

      observer.expect(LinkSignal.Up.PLAIN);
      assertThat(observer.message()).hasSize(bomb.size());
      observer.expect(Event.ACKED);
    }
  }
}
