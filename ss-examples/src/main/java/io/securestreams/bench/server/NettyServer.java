package io.securestreams.bench.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

/** Reactor Netty and nothing else. */
final class NettyServer {

  private NettyServer() {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    HttpServer server = HttpServer.create().host(Ports.HOST).port(0).route(NettyServer::routes);
    int h1 = server.bindNow().port();
    int h2 = server.protocol(HttpProtocol.H2C, HttpProtocol.HTTP11).bindNow().port();
    Parent.serve(new Ports(h1, h2, h1));
  }

  private static void routes(HttpServerRoutes routes) {
    byte[] body = new byte[SecureStreamServer.BODY_BYTES];
    routes
        .get(
            "/",
            (request, response) ->
                response
                    .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length))
                    .header(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                    .sendObject(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
        .ws("/echo", (in, out) -> out.sendObject(in.receiveFrames().map(WebSocketFrame::retain)));
  }
}
