package io.securestreams.reactor.transport.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Transaction;
import io.securestreams.reactor.spi.LinkSignal.Up;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import io.securestreams.reactor.testing.TestLinkObserver;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Listeners at Unix domain sockets, of Netty and of the JDK. */
@ExtendWith(LeakCheck.class)
class UnixListenerIT {

  @TempDir private Path directory;

  private ServerFixture fixture = new ServerFixture(TransportSettings.DEFAULTS);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);

  @AfterEach
  void close() {
    fixture.close();
  }

  private Path path() {
    return directory.resolve("socket");
  }

  private static ServerPlan plan(String name, Protocol protocol) {
    return new ServerPlan(
        "it",
        protocol,
        Optional.of("+" + name),
        0,
        Optional.empty(),
        WsSettings.NONE,
        List.of(),
        HttpSettings.ContentLength.SENT_WHEN_KNOWN);
  }

  private Listener listen(Protocol protocol) {
    return fixture.listen(plan(path().toString(), protocol), acceptor);
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path()));
  }

  private static void write(SocketChannel client, String text) throws IOException {
    client.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  private static String read(SocketChannel client, int bytes) throws IOException {
    return new String(Channels.newInputStream(client).readNBytes(bytes), US_ASCII);
  }

  @Test
  void carriesBytesAndLeavesNoFile() throws Exception {
    carriesBytes();
  }

  @Test
  void carriesBytesWithoutNettysTransport() throws Exception {
    fixture.close();
    fixture = new ServerFixture(TransportSettings.DEFAULTS, ClientFixture.nio("server-nio"));
    carriesBytes();
  }

  private void carriesBytes() throws IOException {
    Listener listener = listen(Protocol.RAW);
    assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path()));
    try (SocketChannel client = connect()) {
      RecordedLink link = acceptor.next();
      assertThat(link.next()).isEqualTo(Up.PLAIN);
      assertThat(link.link().peer()).isEmpty();
      write(client, "hello");
      assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("hello");
      link.send("world", MessageFlags.NONE);
      assertThat(read(client, 5)).isEqualTo("world");
      link.expectWritten(1);
      client.shutdownOutput();
      link.next(Closed.class);
    }
    listener.close().block(ServerFixture.SOON);
    assertThat(path()).doesNotExist();
  }

  @Test
  void answersHttp() throws Exception {
    listen(Protocol.H1);
    try (SocketChannel client = connect()) {
      write(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RecordedLink link = acceptor.next();
      link.next(Transaction.class);
      link.answer(200, "x");
      assertThat(read(client, 39)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nx");
    }
  }

  @Test
  void letsOwnerAndGroupIn() throws Exception {
    listen(Protocol.RAW);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-rw----");
  }

  @Test
  void takesTheFileOverThatAnotherProcessLeft() throws Exception {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path()));
    }
    assertThat(path()).exists();

    listen(Protocol.RAW);

    connect().close();
    acceptor.next().next(Up.class);
  }

  @Test
  void leavesAFileAloneWhereSomebodyListens() throws Exception {
    listen(Protocol.RAW);

    assertThatThrownBy(() -> listen(Protocol.RAW))
        .isInstanceOf(LinkException.class)
        .hasMessage(
            "cannot listen on +%s for it: somebody else listens there; name another path", path());

    connect().close();
    acceptor.next().next(Up.class);
  }

  @Test
  void leavesAFileAloneThatIsNoSocket() throws Exception {
    Files.writeString(path(), "precious");

    assertThatThrownBy(() -> listen(Protocol.RAW))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("there is a file that is no socket");
    assertThat(path()).hasContent("precious");
  }

  @Test
  void listensAtAnAbstractName() {
    String name = "@ss-" + UUID.randomUUID();
    fixture.listen(plan(name, Protocol.RAW), acceptor);
    TestLinkObserver client = new TestLinkObserver();
    try (ClientFixture dialling = new ClientFixture()) {
      Target target = new Target(new Address.Unix(name), Optional.empty(), Route.DIRECT);
      Link link = dialling.transports().link(new RawPlan("test", target, Set.of()), client);
      link.start();
      client.expect(Up.PLAIN);
      link.send(new TxPiece(Payload.utf8("hello"), MessageFlags.NONE));

      RecordedLink accepted = acceptor.next();
      accepted.next(Up.class);
      assertThat(accepted.next(Frame.class).payload().utf8()).isEqualTo("hello");
    }
  }

  @Test
  void anAbstractNameNeedsNettysTransport() {
    fixture.close();
    fixture = new ServerFixture(TransportSettings.DEFAULTS, ClientFixture.nio("server-nio"));

    assertThatThrownBy(() -> fixture.listen(plan("@ss", Protocol.RAW), acceptor))
        .isInstanceOf(LinkException.class)
        .hasMessageStartingWith("cannot listen on +@ss: abstract names need Linux");
  }
}
