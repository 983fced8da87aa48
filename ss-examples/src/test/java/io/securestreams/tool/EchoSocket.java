package io.securestreams.tool;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;

/** An echoing WebSocket server that is not ours; the message "close" closes. */
final class EchoSocket extends WebSocketServer {

  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  EchoSocket() {
    super(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        1,
        List.of(new Draft_6455(Collections.emptyList(), List.of(new Protocol("echo")))));
    setReuseAddr(true);
  }

  int awaitPort() throws Exception {
    return port.get(10, TimeUnit.SECONDS);
  }

  @Override
  public void onStart() {
    port.complete(getPort());
  }

  @Override
  public void onMessage(WebSocket client, String message) {
    if (message.equals("close")) {
      client.close();
    } else {
      client.send(message);
    }
  }

  @Override
  public void onMessage(WebSocket client, ByteBuffer message) {
    client.send(message);
  }

  @Override
  public void onOpen(WebSocket client, ClientHandshake handshake) {}

  @Override
  public void onClose(WebSocket client, int code, String reason, boolean remote) {}

  @Override
  public void onError(WebSocket client, Exception failure) {
    port.completeExceptionally(failure);
  }
}
