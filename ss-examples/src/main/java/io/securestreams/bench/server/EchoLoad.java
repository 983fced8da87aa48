package io.securestreams.bench.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.securestreams.bench.NettyEchoLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import reactor.netty.http.client.HttpClient;

/** WebSockets on which messages go round. */
final class EchoLoad implements AutoCloseable {

  private static final int LINES = 16;
  private static final int WINDOW = 16;
  private static final int ROUND = 6400;
  private static final byte[] MESSAGE = new byte[128];

  private final List<NettyEchoLine> lines = new ArrayList<>();

  EchoLoad(int port) {
    HttpClient client = HttpClient.create().host(Ports.HOST).port(port);
    for (int i = 0; i < LINES; i++) {
      lines.add(line(client));
    }
  }

  private static NettyEchoLine line(HttpClient client) {
    NettyEchoLine line = new NettyEchoLine(MESSAGE.length);
    return line.open(
        client
            .websocket()
            .uri("/echo")
            .handle(
                (in, out) -> {
                  in.withConnection(c -> line.stands(c.channel().eventLoop()));
                  return line.exchange(
                      in.receiveFrames().map(frame -> frame.content().readableBytes()),
                      out.sendObject(
                              line.sends()
                                  .map(
                                      send ->
                                          new BinaryWebSocketFrame(
                                              Unpooled.wrappedBuffer(MESSAGE))))
                          .then());
                })
            .then());
  }

  /** Sends on all of them for a while, and tells how many messages came back. */
  long messages(int seconds) {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long count = 0;
    while (System.nanoTime() < end) {
      count += round();
    }
    return count;
  }

  /** Has some messages go round on each of them, and tells how many. */
  long round() {
    CompletableFuture.allOf(
            lines.stream()
                .map(line -> CompletableFuture.runAsync(() -> round(line)))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return (long) LINES * ROUND;
  }

  private static void round(NettyEchoLine line) {
    try {
      line.roundTrips(ROUND, WINDOW);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    lines.forEach(NettyEchoLine::close);
  }
}
