package io.securestreams.reactor.netty;

import static io.securestreams.reactor.testing.ClientFixture.get;
import static io.securestreams.reactor.testing.ClientFixture.ws;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.Target;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.AbstractSocketPeer;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.TestLinkObserver;
import io.securestreams.reactor.testing.UnixRelay;
import io.securestreams.reactor.testing.WsPeer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients over Unix domain sockets, against peers with the JDK's and with Netty's. */
@ExtendWith(LeakCheck.class)
class UnixSocketIT {

  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  @TempDir private Path directory;

  private final ClientFixture client = new ClientFixture();
  private final TestLinkObserver observer = new TestLinkObserver();

  @AfterEach
  void close() {
    client.close();
  }

  private Path path() {
    return directory.resolve("socket");
  }

  private static Target unix(String name) {
    return new Target(new Address.Unix(name), Optional.empty(), Route.DIRECT);
  }

  private static RawPlan raw(Target target) {
    return new RawPlan("test", target, Set.of());
  }

  private Link start(ClientPlan plan) {
    Link link = client.transports().link(plan, observer);
    link.request(Long.MAX_VALUE);
    link.start();
    return link;
  }

  private void expectText(String text) {
    assertThat(observer.nextUnlessWritten())
        .isInstanceOfSatisfying(
            LinkSignal.Frame.class, frame -> assertThat(frame.payload().utf8()).isEqualTo(text));
  }

  @Test
  void carriesBytes() throws Exception {
    try (RawPeer peer = new RawPeer(talk -> talk.write(talk.read(5)));
        UnixRelay relay = new UnixRelay(path(), peer.port())) {
      Link link = start(raw(unix(relay.name())));
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.NONE));

      expectText("hello");
      assertThat(observer.nextUnlessWritten()).isInstanceOf(LinkSignal.Closed.class);
    }
  }

  @Test
  void carriesHttp() throws Exception {
    StringBuilder head = new StringBuilder();
    try (RawPeer peer =
            new RawPeer(
                talk -> {
                  head.append(talk.head());
                  talk.write(NO_CONTENT);
                  talk.read();
                });
        UnixRelay relay = new UnixRelay(path(), peer.port())) {
      start(get(unix(relay.name()), "/x"));

      observer.expect(LinkSignal.Up.PLAIN);
      observer.expect(Event.ACKED);
      assertThat(head).contains("GET /x HTTP/1.1").containsIgnoringCase("host: localhost\r\n");
    }
  }

  @Test
  void carriesAWebSocket() throws Exception {
    try (WsPeer peer = WsPeer.echo();
        UnixRelay relay = new UnixRelay(path(), peer.port())) {
      Link link = start(ws(unix(relay.name())));
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.SOM_EOM));

      expectText("hello");
      link.close(LinkClose.NORMAL);
      assertThat(peer.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void findsAnAbstractName() {
    String name = "securestreams " + UUID.randomUUID();
    try (AbstractSocketPeer peer = new AbstractSocketPeer(name, text -> NO_CONTENT)) {
      Link link = start(raw(unix(peer.name())));
      observer.expect(LinkSignal.Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.NONE));
      expectText(NO_CONTENT);
      link.close(LinkClose.NORMAL);

      TestLinkObserver other = new TestLinkObserver();
      client.transports().link(get(unix(peer.name()), "/"), other).start();
      other.expect(LinkSignal.Up.PLAIN);
      other.expect(Event.ACKED);
    }
  }

  private LinkSignal.Failed failure(ClientPlan plan) {
    TestLinkObserver own = new TestLinkObserver();
    client.transports().link(plan, own).start();
    LinkSignal.Failed failed = own.next(LinkSignal.Failed.class);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CONNECT);
    return failed;
  }

  @Test
  void saysWhatIsWrongWithASocket() throws IOException {
    String name = path().toString();
    for (ClientPlan plan : new ClientPlan[] {raw(unix(name)), get(unix(name), "/")}) {
      assertThat(failure(plan).cause()).hasMessageContaining("+" + name + ": it does not exist");
    }

    Files.createFile(path());
    assertThat(failure(raw(unix(name))).cause()).hasMessageContaining("or it is no socket");

    Files.delete(path());
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path()))
        .close();
    assertThat(failure(raw(unix(name))).cause()).hasMessageContaining("nobody listens there");

    assertThat(failure(raw(unix("@nobody " + UUID.randomUUID()))).cause())
        .hasMessageContaining("nobody listens there");
  }

  @Test
  void worksWithTheJdksSocketsToo() throws Exception {
    try (ClientFixture jdk = ClientFixture.withoutNativeTransport();
        RawPeer peer = new RawPeer(Conversation::drain);
        UnixRelay relay = new UnixRelay(path(), peer.port())) {
      Link link = jdk.transports().link(raw(unix(relay.name())), observer);
      link.start();
      observer.expect(LinkSignal.Up.PLAIN);
      link.close(LinkClose.NORMAL);

      TestLinkObserver nowhere = new TestLinkObserver();
      jdk.transports().link(raw(unix(path() + "x")), nowhere).start();
      assertThat(nowhere.next(LinkSignal.Failed.class).cause())
          .hasMessageContaining("it does not exist");

      TestLinkObserver nameless = new TestLinkObserver();
      jdk.transports().link(raw(unix("@name")), nameless).start();
      assertThat(nameless.next(LinkSignal.Failed.class).cause())
          .hasMessageContaining("+@name")
          .hasMessageContaining(System.getProperty("os.name"))
          .hasMessageContaining("name a path");
    }
  }
}
