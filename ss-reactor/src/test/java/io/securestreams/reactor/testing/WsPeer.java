package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;

/** A WebSocket server of another make. */
public final class WsPeer implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final Server server;

  private WsPeer(Server server) {
    this.server = server;
    server.setReuseAddr(true);
    server.setConnectionLostTimeout(0);
    server.start();
    await(server.started);
  }

  /** Sends back what comes. */
  public static WsPeer echo() {
    return new WsPeer(new Server("", true));
  }

  /** Sends nothing by itself. */
  public static WsPeer silent() {
    return new WsPeer(new Server("", false));
  }

  /** Chooses a subprotocol if it is offered. */
  public static WsPeer speaking(String subprotocol) {
    return new WsPeer(new Server(subprotocol, false));
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** The port. */
  public int port() {
    return server.getPort();
  }

  /** The first connection. */
  public WebSocket connection() {
    return await(server.connection);
  }

  /** A header of the first upgrade request. */
  public String header(String name) {
    return await(server.handshake).getFieldValue(name);
  }

  /** Waits for the end of the first connection. */
  public int closeCode() {
    return await(server.closed);
  }

  /** Waits for a PONG. */
  public void expectPong() {
    try {
      assertThat(server.pong.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Server extends WebSocketServer {

    private final boolean echo;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> connection = new CompletableFuture<>();
    private final CompletableFuture<ClientHandshake> handshake = new CompletableFuture<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CountDownLatch pong = new CountDownLatch(1);

    Server(String subprotocol, boolean echo) {
      super(
          new InetSocketAddress("127.0.0.1", 0),
          1,
          List.of(new Draft_6455(List.of(), List.of(new Protocol(subprotocol)))));
      this.echo = echo;
    }

    @Override
    public void onStart() {
      started.complete(null);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake request) {
      handshake.complete(request);
      connection.complete(socket);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
      closed.complete(code);
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
      if (echo) {
        socket.send(message);
      }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
      if (echo) {
        socket.send(message);
      }
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata frame) {
      pong.countDown();
    }

    @Override
    public void onError(WebSocket socket, Exception error) {
      started.completeExceptionally(error);
    }
  }
}
