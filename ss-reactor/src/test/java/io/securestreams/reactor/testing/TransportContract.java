package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.AttemptRequest;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.Planner;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TxPiece;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What streams rely on, whatever the transport: which signals come, and in which order. */
public interface TransportContract {

  /** A client's transport. */
  ClientTransport clients();

  /** The server's transport that the client reaches. */
  ServerTransport servers();

  /** A get is answered with up, the body's pieces, an empty end and the acknowledgement. */
  @Test
  default void answersARequest() {
    try (Meeting meeting = new Meeting(this, "get", AttemptRequest.EMPTY)) {
      LinkSignal.Transaction asked = meeting.server().next(LinkSignal.Transaction.class);

      meeting.server().answer(200, "hello");

      assertThat(asked.method()).isEqualTo("GET");
      meeting.client().next(LinkSignal.Up.class);
      assertThat(meeting.client().message()).isEqualTo("SOM:hello");
      assertThat(meeting.client().next()).isEqualTo(LinkSignal.Event.ACKED);
      meeting.server().next(LinkSignal.Written.class);
      assertThat(meeting.server().next()).isEqualTo(LinkSignal.Event.ANSWERED);
    }
  }

  /** A status that is no success refuses, after the body. */
  @Test
  default void refusesByTheStatus() {
    try (Meeting meeting = new Meeting(this, "get", AttemptRequest.EMPTY)) {
      meeting.server().next(LinkSignal.Transaction.class);

      meeting.server().answer(404, "sorry");

      meeting.client().next(LinkSignal.Up.class);
      assertThat(meeting.client().message()).isEqualTo("SOM:sorry");
      assertThat(meeting.client().next()).isEqualTo(LinkSignal.Event.NACKED);
    }
  }

  /** A body is asked for, and arrives with its start and its end. */
  @Test
  default void carriesTheBodyOfARequest() {
    AttemptRequest request =
        new AttemptRequest(Map.of(), AttemptRequest.Body.PRESENT, OptionalLong.of(4));
    try (Meeting meeting = new Meeting(this, "post", request)) {
      assertThat(meeting.client().next()).isEqualTo(LinkSignal.Event.TX_READY);

      meeting.send("ab", MessageFlags.SOM);
      meeting.send("cd", MessageFlags.EOM);

      meeting.server().next(LinkSignal.Transaction.class);
      assertThat(ClientRecord.message(meeting.server()::next)).isEqualTo("SOM:abcd");
      meeting.server().answer(200, "ok");
    }
  }

  /** Nothing is delivered that was not asked for. */
  @Test
  default void waitsForCredit() {
    try (Meeting meeting = new Meeting(this, "get", AttemptRequest.EMPTY, 0)) {
      meeting.server().next(LinkSignal.Transaction.class);
      meeting.server().answer(200, "hello");
      meeting.client().next(LinkSignal.Up.class);
      assertThat(meeting.client().rest()).isEmpty();

      meeting.link().request(1);

      assertThat(meeting.client().message()).isEqualTo("SOM:hello");
    }
  }

  /** Messages go both ways after the upgrade, and the sender learns that they were written. */
  @Test
  default void carriesMessagesOfASession() {
    try (Meeting meeting = new Meeting(this, "chat", AttemptRequest.EMPTY)) {
      meeting.client().next(LinkSignal.Up.class);
      meeting.server().next(LinkSignal.Upgraded.class);

      meeting.send("ping", MessageFlags.SOM_EOM);

      assertThat(meeting.client().next(LinkSignal.Written.class).pieces()).isEqualTo(1);
      LinkSignal.Frame ping = meeting.server().next(LinkSignal.Frame.class);
      assertThat(ping.payload().utf8() + ping.flags()).isEqualTo("pingSOM|EOM");
      meeting.server().send("pong", MessageFlags.SOM_EOM);
      assertThat(meeting.client().next(LinkSignal.Frame.class).payload().utf8()).isEqualTo("pong");
    }
  }

  /** A peer that is there proves it. */
  @Test
  default void provesValidity() {
    try (Meeting meeting = new Meeting(this, "chat", AttemptRequest.EMPTY)) {
      meeting.client().next(LinkSignal.Up.class);
      meeting.server().next(LinkSignal.Upgraded.class);

      meeting.link().ping();

      assertThat(meeting.client().next()).isEqualTo(LinkSignal.Event.ALIVE);
    }
  }

  /** Who is left behind learns that the connection is gone; who left hears nothing. */
  @Test
  default void tellsTheOtherSideOfTheEnd() {
    try (Meeting meeting = new Meeting(this, "chat", AttemptRequest.EMPTY)) {
      meeting.client().next(LinkSignal.Up.class);
      meeting.server().next(LinkSignal.Upgraded.class);

      meeting.server().link().close(LinkClose.NORMAL);

      LinkSignal.Closed closed = meeting.client().next(LinkSignal.Closed.class);
      assertThat(closed.cause().kind()).isEqualTo(FailureKind.CLOSED);
      assertThat(meeting.server().rest()).isEmpty();
    }
  }

  /** An attempt where nobody listens fails, and provably nothing was sent. */
  @Test
  default void failsWhereNobodyListens() {
    ClientRecord client = new ClientRecord();
    int unused;
    try (Meeting meeting = new Meeting(this, "get", AttemptRequest.EMPTY)) {
      unused = meeting.port();
    }

    clients().link(Meeting.plan("get", unused, AttemptRequest.EMPTY), client).start();

    LinkSignal.Failed failed = client.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(failed.delivery()).isEqualTo(LinkSignal.Delivery.NOT_SENT);
  }

  /** A client and a server that met. */
  final class Meeting implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
    private final ClientRecord client = new ClientRecord();
    private final Listener listener;
    private final Link link;
    private final RecordedLink server;

    Meeting(TransportContract contract, String type, AttemptRequest request) {
      this(contract, type, request, Long.MAX_VALUE);
    }

    Meeting(TransportContract contract, String type, AttemptRequest request, long credit) {
      ServerPlan plan = Planner.server(type("site", 0));
      listener = contract.servers().bind(plan, acceptor).blockOptional(SOON).orElseThrow();
      link = contract.clients().link(plan(type, port(), request), client);
      if (credit > 0) {
        link.request(credit);
      }
      link.start();
      server = acceptor.next();
    }

    static ClientPlan plan(String type, int port, AttemptRequest request) {
      return Planner.client(type(type, port), request);
    }

    private static StreamType type(String name, int port) {
      String json =
          """
          {"s":[
          {"get":{"endpoint":"127.0.0.1","port":PORT,"protocol":"h1","http_method":"GET",
                  "http_url":"x","opportunistic":true}},
          {"post":{"endpoint":"127.0.0.1","port":PORT,"protocol":"h1","http_method":"POST",
                  "http_url":"x","opportunistic":true}},
          {"chat":{"endpoint":"127.0.0.1","port":PORT,"protocol":"ws","ws_subprotocol":"p",
                   "opportunistic":true}},
          {"site":{"server":true,"port":PORT,"protocol":"h1","ws_subprotocol":"p",
                   "metadata":[{"method":"","path":""}]}}]}
          """;
      PolicyDatabase policy =
          PolicyParser.lenient()
              .parse(json.replace("PORT", Integer.toString(port)), "contract")
              .orThrow();
      return policy.streamType(name).orElseThrow();
    }

    int port() {
      return ((InetSocketAddress) listener.address()).getPort();
    }

    Link link() {
      return link;
    }

    ClientRecord client() {
      return client;
    }

    RecordedLink server() {
      return server;
    }

    void send(String text, MessageFlags flags) {
      link.send(new TxPiece(Payload.utf8(text), flags));
    }

    @Override
    public void close() {
      link.close(LinkClose.NORMAL);
      listener.close().block(SOON);
    }
  }
}
