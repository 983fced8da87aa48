package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Upgraded;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestPki;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A WebSocket client of another make against the server. */
@ExtendWith(LeakCheck.class)
class ServerWsForeignIT {

  private final ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void carriesMessagesBothWaysAndEndsWithoutError() {
    int port = fixture.bind(plan(WsSettings.Frames.TEXT, Optional.empty()), acceptor);
    Client client = new Client("ws://127.0.0.1:" + port + "/");
    client.connect();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);
    assertThat(client.next()).isEqualTo("open");

    client.send("grüße");
    assertThat(link.next()).isEqualTo(new Frame(Payload.utf8("grüße"), MessageFlags.SOM_EOM));
    client.sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[3]), false);
    client.sendFragmentedFrame(Opcode.BINARY, ByteBuffer.wrap(new byte[2]), true);
    assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.SOM);
    assertThat(link.next(Frame.class).flags()).isEqualTo(MessageFlags.EOM);
    link.send("zur", MessageFlags.SOM);
    link.send("ück", MessageFlags.EOM);
    assertThat(client.next()).isEqualTo("zurück");
    link.expectWritten(2);
    client.sendPing();
    assertThat(client.next()).isEqualTo("pong");
    link.link().ping();
    assertThat(link.next()).isEqualTo(Event.ALIVE);

    client.close(4000, "enough");
    assertThat(client.next()).isEqualTo("close 4000");
    assertThat(link.next(Closed.class).cause().kind()).isEqualTo(FailureKind.CLOSED);
  }

  @Test
  void carriesAMegabyteBothWaysOverTls() {
    TestPki.Authority authority = TestPki.Authority.named("root");
    int port = fixture.bind(plan(WsSettings.Frames.BINARY, Optional.of(authority)), acceptor);
    Client client = new Client("wss://127.0.0.1:" + port + "/");
    client.setSocketFactory(authority.clientContext().getSocketFactory());
    client.connect();
    RecordedLink link = acceptor.next();
    link.next(Upgraded.class);
    assertThat(client.next()).isEqualTo("open");
    byte[] megabyte = new byte[1024 * 1024];

    client.send(megabyte);
    assertThat(link.next(Frame.class).payload()).isEqualTo(Payload.of(megabyte));
    link.link().send(new TxPiece(Payload.of(megabyte), MessageFlags.SOM_EOM));
    assertThat(client.next()).isEqualTo("1048576 bytes");

    link.link().close(LinkClose.NORMAL);
    assertThat(client.next()).isEqualTo("close 1000");
  }

  private static ServerPlan plan(WsSettings.Frames frames, Optional<TestPki.Authority> authority) {
    return ServerFixture.plan(
        Protocol.WS,
        new WsSettings(Optional.empty(), frames, WsSettings.Turn.FAIR),
        authority.map(it -> identity(it.issue("127.0.0.1"))));
  }

  private static ServerPlan.Identity identity(TestPki.Identity identity) {
    return new ServerPlan.Identity(
        new CertificateEntry("cert", decoded(identity.certificateText())),
        new CertificateEntry("key", decoded(identity.keyText())));
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder().decode(text);
  }

  /** What the client received, in words. */
  private static final class Client extends WebSocketClient {

    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    Client(String uri) {
      super(URI.create(uri), new Draft_6455(List.of()));
      setConnectionLostTimeout(0);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      words.add("open");
    }

    @Override
    public void onMessage(String message) {
      words.add(message);
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
      words.add(bytes.remaining() + " bytes");
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
      words.add("pong");
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      words.add("close " + code);
    }

    @Override
    public void onError(Exception error) {
      words.add("error " + error);
    }

    String next() {
      try {
        String word = words.poll(10, TimeUnit.SECONDS);
        assertThat(word).isNotNull();
        return word;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
