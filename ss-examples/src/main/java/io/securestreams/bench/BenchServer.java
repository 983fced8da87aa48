package io.securestreams.bench;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What all columns talk to, in a process of its own: a GET and an echo, on raw Reactor Netty. */
final class BenchServer {

  static final String HOST = "127.0.0.1";
  static final String GET = "/get";
  static final String ECHO = "/echo";

  static final int BODY_BYTES = 1024;

  private BenchServer() {}

  /** Prints the port and serves until standard input ends. */
  public static void main(String[] args) throws IOException {
    DisposableServer server = start();
    System.out.println(server.port());
    while (System.in.read() >= 0) {
      // the parent lives
    }
    server.disposeNow();
  }

  /** Starts it on a free port of the loopback. */
  static DisposableServer start() {
    byte[] body = new byte[BODY_BYTES];
    return HttpServer.create()
        .host(HOST)
        .port(0)
        .route(
            routes ->
                routes
                    .get(
                        GET,
                        (request, response) ->
                            response
                                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(BODY_BYTES))
                                .sendObject(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
                    .ws(
                        ECHO,
                        (in, out) ->
                            out.sendObject(in.receiveFrames().map(WebSocketFrame::retain))))
        .bindNow();
  }
}
