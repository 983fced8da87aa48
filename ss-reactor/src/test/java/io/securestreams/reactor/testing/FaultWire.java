package io.securestreams.reactor.testing;

import io.securestreams.reactor.testing.RawPeer.Conversation;
import java.io.IOException;
import java.util.Locale;
import javax.net.ServerSocketFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The protocols that the fault matrix runs through; a new one is a new row here. */
public enum FaultWire {
  /** A request without a body. */
  H1_GET(Sending.REQUEST, "h1", "'http_method':'GET'"),
  /** A request with a body. */
  H1_POST(Sending.MESSAGE, "h1", "'http_method':'POST'"),
  /** A request without a body, over TLS. */
  H1_TLS_GET(Sending.REQUEST, "h1", "'http_method':'GET'," + Tls.MEMBERS),
  /** A request with a body, over TLS. */
  H1_TLS_POST(Sending.MESSAGE, "h1", "'http_method':'POST'," + Tls.MEMBERS),
  /** A request without a body, over HTTP/2. */
  H2_GET(Sending.REQUEST, "h2", "'http_method':'GET'," + Tls.MEMBERS),
  /** A request with a body, over HTTP/2. */
  H2_POST(Sending.MESSAGE, "h2", "'http_method':'POST'," + Tls.MEMBERS),
  /** A request without a body, over HTTP/2 without TLS. */
  H2C_GET(Sending.REQUEST, "h2", "'http_method':'GET','h2_prior_knowledge':true"),
  /** A request with a body, over HTTP/2 without TLS. */
  H2C_POST(Sending.MESSAGE, "h2", "'http_method':'POST','h2_prior_knowledge':true"),
  /** A request without a body, over HTTP/3. */
  H3_GET(Sending.REQUEST, "h3", "'http_method':'GET'," + Tls.MEMBERS),
  /** A request with a body, over HTTP/3. */
  H3_POST(Sending.MESSAGE, "h3", "'http_method':'POST'," + Tls.MEMBERS),
  /** A WebSocket. */
  WS(Sending.SESSION, "ws", "'http_url':'ws'"),
  /** A WebSocket over TLS. */
  WS_TLS(Sending.SESSION, "ws", "'http_url':'ws'," + Tls.MEMBERS),
  /** Bytes. */
  RAW(Sending.SESSION, "raw", "'nailed_up':true"),
  /** Bytes over TLS. */
  RAW_TLS(Sending.SESSION, "raw", "'nailed_up':true," + Tls.MEMBERS);

  /** What is sent, and when it is over. */
  public enum Sending {
    /** A transaction without a message. */
    REQUEST,
    /** A transaction with a message. */
    MESSAGE,
    /** Messages on a connection that stands. */
    SESSION
  }

  /** A server of the other side. */
  public interface Peer extends AutoCloseable {

    /** Its port. */
    int port();

    @Override
    void close();
  }

  /** The body of every answer to a request. */
  public static final String ANSWER = "payload again";

  /** Bytes of it. */
  static final int ANSWER_BYTES = ANSWER.length();

  private static final class Tls {

    static final TestPki.Authority CA = TestPki.Authority.named("matrix");
    static final TestPki.Identity PEER = CA.issue("localhost");
    static final String MEMBERS = "'tls':true,'tls_trust_store':'matrix'";
  }

  private final Sending sending;
  private final String protocol;
  private final String members;

  FaultWire(Sending sending, String protocol, String members) {
    this.sending = sending;
    this.protocol = protocol;
    this.members = members;
  }

  /** What is sent. */
  public Sending sending() {
    return sending;
  }

  /** Starts a server. */
  public Peer peer() {
    return switch (this) {
      case H1_GET, H1_POST -> raw(FaultWire::answers);
      case H1_TLS_GET, H1_TLS_POST -> tls(FaultWire::answers);
      case H2_GET, H2_POST -> multiplexing(H2Server.Kind.H2);
      case H2C_GET, H2C_POST -> multiplexing(H2Server.Kind.H2C);
      case H3_GET, H3_POST -> overQuic();
      case WS -> raw(FaultWire::echoes);
      case WS_TLS -> tls(FaultWire::echoes);
      case RAW -> raw(FaultWire::repeats);
      case RAW_TLS -> tls(FaultWire::repeats);
    };
  }

  /** True if it goes over UDP. */
  public boolean overDatagrams() {
    return protocol.equals("h3");
  }

  /** What servers show to clients that know one of them. */
  public static TestPki.Identity identity() {
    return Tls.PEER;
  }

  /** A way to a server. */
  FaultPath path(int port, FaultSchedule schedule) {
    return overDatagrams()
        ? new DatagramFaultProxy(port, schedule)
        : new FaultProxy(port, schedule);
  }

  /** A policy whose stream type {@code it} goes to a port of this machine. */
  public TestPolicy policy(int port) {
    String retry = "'retry':'r2'," + members;
    TestPolicy policy = new TestPolicy().retry("r2", 2, 1);
    if (members.contains("tls")) {
      policy.trust("matrix", protocol.equals("h2") ? H2Server.authority() : Tls.CA);
    }
    return policy.client("it", protocol, port, retry);
  }

  private static Publisher<Void> answers(HttpServerRequest request, HttpServerResponse response) {
    return request.receive().then().thenMany(response.sendString(Mono.just(ANSWER)));
  }

  private static Peer overQuic() {
    H3Peer server = new H3Peer(Tls.PEER, FaultWire::answers);
    return new Peer() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static Peer multiplexing(H2Server.Kind kind) {
    H2Server server = kind.serving(FaultWire::answers);
    return new Peer() {
      @Override
      public int port() {
        return server.target().port();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static Peer raw(RawPeer.Script script) {
    return peer(new RawPeer(script));
  }

  private static Peer tls(RawPeer.Script script) {
    ServerSocketFactory sockets = Tls.PEER.serverContext().getServerSocketFactory();
    return peer(new RawPeer(sockets, script));
  }

  private static Peer peer(RawPeer server) {
    return new Peer() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static void answers(Conversation talk) throws IOException {
    for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
      String lower = head.toLowerCase(Locale.ROOT);
      int at = lower.indexOf("content-length:");
      if (at >= 0) {
        String digits = lower.substring(at + 15, lower.indexOf('\r', at)).trim();
        talk.read(digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0);
      }
      talk.write(
          "HTTP/1.1 200 OK\r\nx-some: header\r\ntransfer-encoding: chunked\r\n\r\n"
              + "7\r\npayload\r\n6;x=y\r\n again\r\n0\r\n\r\n");
    }
  }

  private static void repeats(Conversation talk) throws IOException {
    for (int next = talk.read(); next >= 0; next = talk.read()) {
      talk.write(new byte[] {(byte) next});
    }
  }

  private static void echoes(Conversation talk) throws IOException {
    WsWire wire = WsWire.accepted(talk);
    while (true) {
      WsWire.Frame frame = wire.read();
      wire.frame(frame.opcode(), frame.fin(), frame.payload());
      if (frame.opcode() == WsWire.CLOSE) {
        return;
      }
    }
  }
}
