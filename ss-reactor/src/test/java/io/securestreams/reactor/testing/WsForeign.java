package io.securestreams.reactor.testing;

import io.securestreams.core.event.Payload;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket.Listener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;

/** WebSocket peers of other makes. */
public final class WsForeign {

  private static final long PATIENCE_SECONDS = 20;

  private WsForeign() {}

  /** Servers that send every message back. */
  public enum ServerMake {
    /** Java-WebSocket. */
    JAVA_WEBSOCKET,
    /** Java-WebSocket, compressing. */
    JAVA_WEBSOCKET_DEFLATE;

    /** True if it agrees to compression. */
    public boolean compresses() {
      return this == JAVA_WEBSOCKET_DEFLATE;
    }

    /** Starts one. */
    public Server echo() {
      return new Server(draft(compresses()));
    }
  }

  /** Clients. */
  public enum ClientMake {
    /** Java-WebSocket. */
    JAVA_WEBSOCKET,
    /** Java-WebSocket, compressing. */
    JAVA_WEBSOCKET_DEFLATE,
    /** The JDK's, which knows no compression. */
    JDK;

    /** True if it agrees to compression. */
    public boolean compresses() {
      return this == JAVA_WEBSOCKET_DEFLATE;
    }

    /** Connects one to a port of this machine. */
    public Client connect(int port) {
      URI uri = URI.create("ws://127.0.0.1:" + port + "/");
      return this == JDK ? new Jdk(uri) : new JavaWebSocket(uri, draft(compresses()));
    }
  }

  private static Draft draft(boolean compresses) {
    return compresses ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455();
  }

  private static boolean isCompressed(Draft draft) {
    return ((Draft_6455) draft).getExtension() instanceof PerMessageDeflateExtension;
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** A client that a test drives. */
  public interface Client extends AutoCloseable {

    /** Sends a message. */
    void send(Payload message, boolean text);

    /** The next message that was received. */
    Payload message();

    /** Says good-bye. */
    void end(int code, String reason);

    /** True if compression was agreed on. */
    boolean compressed();

    @Override
    void close();
  }

  /** A server that sends every message back. */
  public static final class Server implements AutoCloseable {

    private final Echo server;

    Server(Draft draft) {
      server = new Echo(draft);
      server.setReuseAddr(true);
      server.setConnectionLostTimeout(0);
      server.start();
      await(server.started);
    }

    /** The port. */
    public int port() {
      return server.getPort();
    }

    /** Closes the connection. */
    public void close(int code, String reason) {
      await(server.connection).close(code, reason);
    }

    /** True if compression was agreed on. */
    public boolean compressed() {
      return isCompressed(await(server.connection).getDraft());
    }

    @Override
    public void close() {
      try {
        server.stop(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Echo extends WebSocketServer {

    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> connection = new CompletableFuture<>();

    Echo(Draft draft) {
      super(new InetSocketAddress("127.0.0.1", 0), 1, List.of(draft));
    }

    @Override
    public void onStart() {
      started.complete(null);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake request) {
      connection.complete(socket);
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onMessage(WebSocket socket, String message) {
      socket.send(message);
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
      socket.send(message);
    }

    @Override
    public void onError(WebSocket socket, Exception error) {
      started.completeExceptionally(error);
      connection.completeExceptionally(error);
    }
  }

  private static Payload taken(BlockingQueue<Payload> messages) {
    try {
      Payload message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message came");
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class JavaWebSocket extends WebSocketClient implements Client {

    private final BlockingQueue<Payload> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> open = new CompletableFuture<>();

    JavaWebSocket(URI uri, Draft draft) {
      super(uri, draft);
      setConnectionLostTimeout(0);
      connect();
      await(open);
    }

    @Override
    public void send(Payload message, boolean text) {
      if (text) {
        send(message.utf8());
      } else {
        send(message.bytes());
      }
    }

    @Override
    public Payload message() {
      return taken(messages);
    }

    @Override
    public void end(int code, String reason) {
      close(code, reason);
    }

    @Override
    public boolean compressed() {
      return isCompressed(getConnection().getDraft());
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      open.complete(null);
    }

    @Override
    public void onMessage(String message) {
      messages.add(Payload.utf8(message));
    }

    @Override
    public void onMessage(ByteBuffer message) {
      messages.add(Payload.of(message));
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception error) {
      open.completeExceptionally(error);
    }
  }

  private static final class Jdk implements Client, Listener {

    private final BlockingQueue<Payload> messages = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private final java.net.http.WebSocket socket;

    Jdk(URI uri) {
      socket = await(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, this));
    }

    @Override
    public void send(Payload payload, boolean isText) {
      await(
          isText
              ? socket.sendText(payload.utf8(), true)
              : socket.sendBinary(payload.asByteBuffer(), true));
    }

    @Override
    public Payload message() {
      return taken(messages);
    }

    @Override
    public void end(int code, String reason) {
      await(socket.sendClose(code, reason));
    }

    @Override
    public boolean compressed() {
      return false;
    }

    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(Payload.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(data);
    }

    @Override
    public CompletionStage<?> onBinary(
        java.net.http.WebSocket from, ByteBuffer data, boolean last) {
      message.writeBytes(Payload.of(data).bytes());
      if (last) {
        messages.add(Payload.wrap(message.toByteArray()));
        message.reset();
      }
      from.request(1);
      return CompletableFuture.completedFuture(data);
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
