package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.core.policy.WsSettings.Frames;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Our client and our server, sending back every message that a peer says to them. */
public final class WsEchoes implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final ClientFixture client;
  private final ServerFixture server;
  private final BlockingQueue<Echo> accepted = new LinkedBlockingQueue<>();
  private final Map<Frames, Integer> ports = new EnumMap<>(Frames.class);
  private final String headers;

  /** Who is tried, and how bytes reach it. */
  public enum Manner {
    /** The client, at once. */
    CLIENT,
    /** The client, byte by byte. */
    CLIENT_CHOPPED,
    /** The server, at once. */
    SERVER,
    /** The server, byte by byte. */
    SERVER_CHOPPED;

    private boolean isClient() {
      return this == CLIENT || this == CLIENT_CHOPPED;
    }

    private boolean chops() {
      return this == CLIENT_CHOPPED || this == SERVER_CHOPPED;
    }
  }

  /**
   * Both, ready for peers.
   *
   * @param settings limits, and compression
   * @param headers lines that every peer adds to its part of the handshake
   */
  public WsEchoes(TransportSettings settings, String headers) {
    this.headers = headers;
    client = new ClientFixture(settings);
    server = new ServerFixture(settings);
    for (Frames kind : Frames.values()) {
      WsSettings frames = new WsSettings(Optional.empty(), kind, WsSettings.Turn.FAIR);
      ports.put(kind, server.bind(ServerFixture.plan(Protocol.WS, frames), this::accept));
    }
  }

  private Optional<LinkObserver> accept(ServerLink link) {
    Echo echo = new Echo();
    echo.on(link);
    accepted.add(echo);
    return Optional.of(echo);
  }

  /** Each case in each manner, at once and byte by byte. */
  public static Stream<Arguments> everyManner(List<WsCase> cases) {
    return inManners(cases, Manner.values());
  }

  /** Each case in some manners. */
  public static Stream<Arguments> inManners(List<WsCase> cases, Manner... manners) {
    List<Arguments> all = new ArrayList<>();
    for (Manner manner : manners) {
      cases.forEach(tried -> all.add(Arguments.of(manner, tried)));
    }
    return all.stream();
  }

  /** Has a peer go through a case, and looks how our end saw it end. */
  public void run(Manner manner, WsCase tried) throws Exception {
    if (manner.isClient()) {
      tryClient(manner, tried);
    } else {
      tryServer(manner, tried);
    }
  }

  private void tryClient(Manner manner, WsCase tried) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      WsPlan plan =
          ClientFixture.ws(
              ClientFixture.target(listening.getLocalPort()), Optional.empty(), tried.kind());
      Echo echo = new Echo();
      Link link = client.transports().link(plan, echo);
      echo.on(link);
      link.start();
      try (Socket socket = listening.accept();
          WsPuppet puppet = WsPuppet.server(socket, manner.chops(), headers)) {
        tried.run(puppet);
      }
      assertThat(echo.end()).isEqualTo(tried.failure());
    }
  }

  private void tryServer(Manner manner, WsCase tried) throws Exception {
    try (WsPuppet puppet = WsPuppet.client(ports.get(tried.kind()), manner.chops(), headers)) {
      Echo echo = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(puppet.head()).startsWith("HTTP/1.1 101 ");
      tried.run(puppet);
      if (tried.failure() == FailureKind.CLOSED) {
        // It is the server's part to end the connection. RFC 6455, 7.1.1.
        assertThat(puppet.hearsTheEnd()).isTrue();
      }
      assertThat(echo.end()).isEqualTo(tried.failure());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    client.close();
  }

  private static final class Echo implements LinkObserver {

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final CompletableFuture<FailureKind> end = new CompletableFuture<>();
    private boolean inMessage;
    private volatile Optional<Link> link = Optional.empty();

    void on(Link given) {
      link = Optional.of(given);
      given.request(Long.MAX_VALUE);
    }

    FailureKind end() {
      return end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void signal(LinkSignal signal) {
      if (signal instanceof LinkSignal.Frame frame) {
        if (frame.flags().som() == inMessage) {
          end.completeExceptionally(new AssertionError("out of order: " + frame));
        }
        inMessage = !frame.flags().eom();
        message.writeBytes(frame.payload().bytes());
        if (frame.flags().eom()) {
          Payload whole = Payload.wrap(message.toByteArray());
          message.reset();
          link.orElseThrow().send(new TxPiece(whole, MessageFlags.SOM_EOM));
        }
      } else if (signal instanceof LinkSignal.Closed closed) {
        end.complete(closed.cause().kind());
      } else if (signal instanceof LinkSignal.Failed failed) {
        end.completeExceptionally(failed.cause());
      }
    }
  }
}
