package io.securestreams.bench.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Reactor Netty and nothing else. */
final class NettyServer {

  private NettyServer() {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    HttpServer server = HttpServer.create().host(Ports.HOST).port(0).route(NettyServer::routes);
    int h1 = server.bindNow().port();
    int h2 = server.protocol(HttpProtocol.H2C, HttpProtocol.HTTP11).bindNow().port();
    Parent.serve(new Ports(h1, h2, h1, h1));
  }

  private static void routes(HttpServerRoutes routes) {
    byte[] body = new byte[SecureStreamServer.BODY_BYTES];
    Sinks.Many<byte[]> messages = Sinks.many().multicast().directBestEffort();
    routes
        .get(
            "/",
            (request, response) ->
                response
                    .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length))
                    .header(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                    .sendObject(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
        .ws("/echo", (in, out) -> out.sendObject(in.receiveFrames().map(WebSocketFrame::retain)))
        .ws("/feed", (in, out) -> feed(in, out, messages));
  }

  /** What any client sends goes to all of them. */
  private static Mono<Void> feed(
      WebsocketInbound in, WebsocketOutbound out, Sinks.Many<byte[]> messages) {
    Mono<Void> sending =
        out.sendObject(
                messages
                    .asFlux()
                    .map(bytes -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes))))
            .then();
    Mono<Void> receiving =
        in.receive().asByteArray().doOnNext(bytes -> messages.tryEmitNext(bytes).orThrow()).then();
    return Mono.firstWithSignal(sending, receiving);
  }
}
