package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Byte for byte: what http clients may say and get, well-behaved or not. */
@ExtendWith(LeakCheck.class)
class ServerHttpWireIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void answersWithNothingBeyondTheNecessary() {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.answer(200, "hello", new Header("x-a", "b"));

      assertThat(client.head()).isEqualTo("HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\n\r\n");
      assertThat(client.body(5)).isEqualTo("hello");
    }
  }

  @Test
  void marksTheEndOfAnUnknownLengthByChunks() {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      assertThat(client.head()).isEqualTo("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      link.send("ab", MessageFlags.SOM);
      assertThat(client.body(7)).isEqualTo("2\r\nab\r\n");
      link.send("", MessageFlags.EOM);
      assertThat(client.body(5)).isEqualTo("0\r\n\r\n");

      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
    }
  }

  @Test
  void marksTheEndOfAnUnknownLengthByClosingForOldClients() {
    try (RawClient client = connect().send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      link.send("ab", MessageFlags.SOM_EOM);

      assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nab");
    }
  }

  @Test
  void keepsTheConnectionOfAnOldClientThatAsksForIt() {
    try (RawClient client = connect().send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.NONE));

      assertThat(client.head())
          .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n");
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      client.send("GET /2 HTTP/1.0\r\n\r\n");
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(client.rest()).endsWith("connection: close\r\n\r\nx");
    }
  }

  @ParameterizedTest(name = "status {0}")
  @ValueSource(ints = {204, 304})
  void sendsNoLengthWithAStatusThatHasNoBody(int status) {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(status, List.of(), BodyPlan.NONE));

      assertThat(client.head().split("\r\n", 2)[1].trim()).isEmpty();
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      client.send(GET);
      link.next(Transaction.class);
    }
  }

  @Test
  void answersHeadWithTheHeadOnlyAndSwallowsPieces() {
    try (RawClient client = connect().send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + GET)) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.ofLength(4)));
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      assertThat(client.head()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
      link.next(Transaction.class);
      link.send("ab", MessageFlags.SOM);
      assertThat(link.next()).isEqualTo(Written.ONE);
      link.send("cd", MessageFlags.EOM);
      assertThat(link.next()).isEqualTo(Written.ONE);

      link.answer(200, "body");
      assertThat(client.head()).startsWith("HTTP/1.1 200 OK");
      assertThat(client.body(4)).isEqualTo("body");
    }
  }

  @Test
  void closesIfTheClientAsksForIt() {
    try (RawClient client =
        connect().send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")) {
      RecordedLink link = transaction();

      link.answer(200, "x");

      assertThat(client.rest()).contains("connection: close\r\n").endsWith("\r\n\r\nx");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      assertClosed(link, FailureKind.CLOSED);
    }
  }

  @Test
  void passesAnyMethodAndTheRawPathOn() {
    try (RawClient client = connect().send("BREW /pot%2F1?strong HTTP/1.1\r\nHost: h\r\n\r\n")) {
      RecordedLink link = acceptor.next();

      assertThat(link.next(Transaction.class))
          .isEqualTo(
              new Transaction(
                  "BREW",
                  List.of(
                      new MetadataValue("method", "BREW"), new MetadataValue("path", "/pot%2F1"))));
      link.answer(418, "");
      assertThat(client.head()).startsWith("HTTP/1.1 418 ");
    }
  }

  @Test
  void servesPipelinedRequestsOneAfterTheOther() {
    try (RawClient client = connect().send(GET + GET.replace("/ ", "/2 ") + GET)) {
      RecordedLink link = transaction();
      assertThat(link.rest()).isEmpty();

      link.answer(200, "1");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      assertThat(link.next(Transaction.class).metadata()).contains(new MetadataValue("path", "/2"));
      assertThat(client.head()).contains("200");
      assertThat(client.body(1)).isEqualTo("1");
      link.answer(201, "2");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      link.next(Transaction.class);
      assertThat(client.head()).contains("201");
    }
  }

  @Test
  void takesAHeadInDripsForOneTransaction() {
    try (RawClient client =
        connect().drip("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")) {
      RecordedLink link = transaction();

      StringBuilder body = new StringBuilder();
      Frame frame = link.next(Frame.class);
      assertThat(frame.flags().som()).isTrue();
      while (!frame.flags().eom()) {
        body.append(frame.payload().utf8());
        frame = link.next(Frame.class);
      }
      assertThat(body.toString()).isEqualTo("abc");
      assertThat(frame.payload()).isEqualTo(Payload.empty());
      link.answer(200, "ok");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
    }
  }

  /** A line break is written as a bar; a line feed alone as a tilde, a return alone as a caret. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "no text;\u00fe\u00ff\u0001||",
        "no request line;not http at all||",
        "no host;GET / HTTP/1.1||",
        "two hosts;GET / HTTP/1.1|Host: a|Host: b||",
        "a bad header;GET / HTTP/1.1|Host: a|bad header||",
        "an endless body;POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip||",
        "two lengths;POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2||x",
        "a negative length;POST / HTTP/1.1|Host: a|Content-Length: -1||",
        "a signed length;POST / HTTP/1.1|Host: a|Content-Length: +1||x",
        "two equal lengths;POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 1||x",
        "lengths in a list;POST / HTTP/1.1|Host: a|Content-Length: 1, 2||x",
        "both ends;POST / HTTP/1.1|Host: a|Content-Length: 4|Transfer-Encoding: chunked||0||",
        "both ends, turned;POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 4||0||",
        "identity;POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity||0||",
        "two codings;POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip|Transfer-Encoding: chunked||0||",
        "a hidden coding;POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
        "an old chunked body;POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
        "a space before a colon;POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||",
        "bare line feeds;GET / HTTP/1.1~Host: a~~",
        "a bare line feed in a head;GET / HTTP/1.1|Host: a~X: b||",
        "a bare return;GET / HTTP/1.1|Host: a^X: b||",
        "a folded first line;GET / HTTP/1.1| Host: a||",
      })
  void refusesWhatIsNotHttp(String what, String request) {
    String sent = request.replace("|", "\r\n").replace('~', '\n').replace('^', '\r');
    try (RawClient client = connect().send(sent)) {
      RecordedLink link = acceptor.next();

      assertThat(client.rest())
          .as(what)
          .startsWith("HTTP/1.1 400 ")
          .contains("connection: close\r\n");
      assertClosed(link, FailureKind.PROTOCOL);
    }
  }

  @Test
  void refusesOtherVersions() {
    try (RawClient client = connect().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      assertThat(client.rest()).startsWith("HTTP/1.1 505 ");
      assertClosed(acceptor.next(), FailureKind.PROTOCOL);
    }
  }

  @Test
  void refusesABodyThatIsNotChunkedAsAnnounced() {
    try (RawClient client =
        connect().send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")) {
      RecordedLink link = transaction();

      assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
      assertClosed(link, FailureKind.PROTOCOL);
    }
  }

  /** Source: RFC 9112 section 5.2, which lets a server join the lines or refuse them. */
  @Test
  void joinsAFoldedHeader() {
    try (RawClient client =
        connect().send("POST / HTTP/1.1\r\nHost: a\r\nX: b\r\n Content-Length: 9\r\n\r\n")) {
      RecordedLink link = transaction();
      link.answer(200, "x");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.body(1)).isEqualTo("x");
      assertThat(link.next()).isEqualTo(Written.ONE);
      // Without a body, the request is over.
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5;x=", "5 ", "0000000000", "5;"})
  void limitsTheHeadOfAChunk(String begin) {
    try (RawClient client =
        connect()
            .send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            .send(begin + "0".repeat(17 * 1024))) {
      RecordedLink link = transaction();

      assertThat(client.rest()).startsWith("HTTP/1.1 4");
      link.next(Closed.class);
    }
  }

  @Test
  void limitsTheHead() {
    String long17k = "x".repeat(17 * 1024);
    try (RawClient url = connect().send("GET /" + long17k + " HTTP/1.1\r\nHost: h\r\n\r\n");
        RawClient header =
            connect().send("GET / HTTP/1.1\r\nHost: h\r\nx: " + long17k + "\r\n\r\n")) {
      assertThat(url.rest()).startsWith("HTTP/1.1 414 ");
      assertThat(header.rest()).startsWith("HTTP/1.1 431 ");
      for (int i = 0; i < 2; i++) {
        assertThat(assertClosed(acceptor.next(), FailureKind.LIMIT)).contains("headerBytes");
      }
    }
  }

  @Test
  void asksForAnExpectedBodyOnceItIsRead() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (RawClient client = connect(frugal)) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);

      link.link().request(1);

      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      client.send("hi");
      assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("hi"), MessageFlags.SOM));
      assertThat(link.next()).isEqualTo(new Frame(Payload.empty(), MessageFlags.EOM));
      link.answer(200, "x");
      assertThat(client.head()).doesNotContain("connection: close");
    }
  }

  @Test
  void closesIfAnExpectedBodyIsNotWanted() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (RawClient client = connect(frugal)) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);

      link.answer(403, "no");

      assertThat(client.rest()).startsWith("HTTP/1.1 403").contains("connection: close");
    }
  }

  @Test
  void keepsTheConnectionBesideASmallUnreadBody() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (RawClient client = connect(frugal)) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(client.head()).contains("200");
      assertThat(client.body(1)).isEqualTo("x");

      client.send("123456789" + GET);

      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      link.next(Transaction.class);
    }
  }

  @Test
  void closesBesideALargeUnreadBodyAfterTheAnswerArrived() {
    RecordingAcceptor frugal = new RecordingAcceptor(0);
    try (RawClient client = connect(frugal)) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
      RecordedLink link = frugal.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      client.send("y".repeat(200_000));

      assertThat(client.rest()).endsWith("\r\n\r\nx");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      assertClosed(link, FailureKind.CLOSED);
    }
  }

  @ParameterizedTest(name = "{0} of 4 bytes")
  @ValueSource(strings = {"abc", "abcde"})
  void closesIfPiecesDoNotHaveTheAnnouncedLength(String body) {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.ofLength(4)));
      link.send(body, MessageFlags.SOM_EOM);

      // The head may be out by the time the piece is refused; no octet of the body ever is.
      assertThat(client.heard()).matches("(?s)|HTTP/1\\.1 200 OK\r\n.*\r\n\r\n");
      assertThat(assertClosed(link, FailureKind.PLAN)).contains("4 bytes");
    }
  }

  /** A line break is written as a bar; a line feed alone as a tilde, a return alone as a caret. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "before a word;''",
        "in a head;GET / HT",
        "before a body;POST / HTTP/1.1|Host: h|Content-Length: 5||",
        "in a body;POST / HTTP/1.1|Host: h|Content-Length: 5||abc",
        "before the answer;GET / HTTP/1.1|Host: h||",
        "in the second head;GET / HTTP/1.1|Host: h||GET / HTTP/1.1|",
      })
  void tellsThatTheClientVanished(String when, String words) {
    String sent = words.replace("|", "\r\n");
    RawClient client = connect().send(sent);
    RecordedLink link = acceptor.next();
    if (sent.contains("\r\n\r\n")) {
      link.next(Transaction.class);
    }

    client.close();

    if (sent.endsWith("abc")) {
      link.next(Frame.class);
    }
    assertThat(assertClosed(link, FailureKind.CLOSED)).as(when).contains("127.0.0.1");
  }

  @Test
  void tellsThatTheClientVanishedDuringAnAnswer() {
    RecordedLink link;
    try (RawClient client = connect().send(GET)) {
      link = transaction();
      link.link().answer(new Answer(200, List.of(), BodyPlan.CHUNKED));
      link.send("a", MessageFlags.SOM);
      assertThat(link.next()).isEqualTo(Written.ONE);
      client.head();
      client.reset();
    }

    assertClosed(link, FailureKind.CLOSED);
    link.send("b", MessageFlags.EOM);
    assertThat(link.rest()).isEmpty();
  }

  @Test
  void closesWithoutASignalAndAfterACompleteAnswer() {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.answer(200, "all");
      link.link().close(LinkClose.NORMAL);

      assertThat(client.rest()).endsWith("\r\n\r\nall");
      assertThat(link.rest()).doesNotHaveAnyElementsOfTypes(Closed.class);
    }
  }

  @Test
  void closesWithinAnAnswer() {
    try (RawClient client = connect().send(GET)) {
      RecordedLink link = transaction();

      link.link().answer(new Answer(200, List.of(), BodyPlan.ofLength(10)));
      link.send("part", MessageFlags.SOM);
      link.link().close(LinkClose.NORMAL);

      assertThat(client.rest()).doesNotContain("\r\n0\r\n");
      assertThat(link.rest()).doesNotHaveAnyElementsOfTypes(Closed.class);
    }
  }

  private RawClient connect() {
    return connect(acceptor);
  }

  private RawClient connect(RecordingAcceptor by) {
    return RawClient.to(fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), by));
  }

  private RecordedLink transaction() {
    RecordedLink link = acceptor.next();
    link.next(Transaction.class);
    return link;
  }

  private static String assertClosed(RecordedLink link, FailureKind kind) {
    Closed closed = link.next(Closed.class);
    assertThat(closed.cause().kind()).isEqualTo(kind);
    assertThat(link.rest()).isEmpty();
    return closed.cause().getMessage();
  }
}
