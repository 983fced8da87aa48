package io.securestreams.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty as it comes. Bodies and messages are not copied out of its buffers. */
final class RawClient implements Contender {

  private final ConnectionProvider connections = ConnectionProvider.create("raw", 500);
  private final HttpClient client;

  RawClient(int port) {
    client = HttpClient.create(connections).host(BenchServer.HOST).port(port);
  }

  @Override
  public Mono<Integer> get() {
    return client
        .get()
        .uri(BenchServer.GET)
        .responseSingle((response, body) -> body.map(ByteBuf::readableBytes));
  }

  @Override
  public EchoLine echo(byte[] message) {
    NettyEchoLine line = new NettyEchoLine(message.length);
    Mono<Void> connection =
        client
            .websocket()
            .uri(BenchServer.ECHO)
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
                                              Unpooled.wrappedBuffer(message))))
                          .then());
                })
            .then();
    return line.open(connection);
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
