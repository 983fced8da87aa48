package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Written;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What must happen in time. */
@ExtendWith(LeakCheck.class)
class ServerTimeLimitIT {

  private static final TransportSettings SHORT =
      new TransportSettings(
              Duration.ofSeconds(20),
              Duration.ofMillis(300),
              Duration.ofSeconds(30),
              Duration.ofSeconds(4),
              16 * 1024,
              1024,
              1024)
          .withServers(
              ServerLimits.DEFAULTS
                  .withHead(Duration.ofMillis(300))
                  .withStall(Duration.ofMillis(300))
                  .withBodyRate(1000));

  private final ServerFixture fixture = new ServerFixture(SHORT);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void endsARequestThatNobodyAnswers() {
    try (RawClient client = connect().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);

      assertThat(client.read()).isEqualTo(-1);
      assertTimeout(link);
    }
  }

  @Test
  void endsAnAnswerThatStops() {
    try (RawClient client = connect().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);

      link.link().answer(new Answer(200, List.of(), BodyPlan.ofLength(5)));
      link.send("par", MessageFlags.SOM);
      assertThat(link.next()).isEqualTo(Written.ONE);

      assertThat(client.rest()).endsWith("\r\n\r\npar");
      assertTimeout(link);
    }
  }

  @Test
  void endsABodyThatStops() {
    try (RawClient client =
        connect().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);

      assertThat(client.read()).isEqualTo(-1);
      assertTimeout(link);
    }
  }

  @Test
  void endsAHeadThatStops() {
    try (RawClient client = connect().send("GET / HTTP/1.1\r\nHo")) {
      RecordedLink link = acceptor.next();

      assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
      assertTimeout(link);
    }
  }

  @Test
  void givesAKeptConnectionTheTimeItNeeds() {
    try (RawClient client = connect().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(link.next()).isEqualTo(Written.ONE);
      assertThat(link.next()).isEqualTo(Event.ANSWERED);
      client.head();
      client.body(1);

      // Another connection runs into the limit while this one is idle.
      endsARequestThatNobodyAnswers();

      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      link.next(Transaction.class);
    }
  }

  private RawClient connect() {
    return RawClient.to(fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), acceptor));
  }

  private static void assertTimeout(RecordedLink link) {
    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.TIMEOUT);
    assertThat(link.rest()).isEmpty();
  }
}
