package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;
import static io.securestreams.bench.BenchServer.PIECE_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.TcpClient;

/** Reactor Netty as it comes. Bodies and messages are not copied out of its buffers. */
final class RawClient implements Contender {

  private final ConnectionProvider connections = ConnectionProvider.create("raw", 500);
  private final Server server;
  private final NettyClients clients;
  private final byte[] piece = new byte[PIECE_BYTES];

  RawClient(Server server, Engine engine) {
    this.server = server;
    this.clients = new NettyClients(connections, server, engine);
  }

  @Override
  public Mono<Integer> get(Wire wire) {
    return clients
        .over(wire)
        .get()
        .uri(BenchServer.GET)
        .responseSingle((response, body) -> body.map(ByteBuf::readableBytes));
  }

  @Override
  public Mono<Long> download() {
    return clients
        .over(Wire.H1)
        .get()
        .uri(BenchServer.DOWNLOAD)
        .responseContent()
        .map(ByteBuf::readableBytes)
        .reduce(0L, Long::sum);
  }

  @Override
  public Mono<Long> upload() {
    return clients
        .over(Wire.H1)
        .headers(headers -> headers.set("content-length", BULK_BYTES))
        .post()
        .uri(BenchServer.UPLOAD)
        .send(bulk())
        .responseSingle((response, body) -> body.asString())
        .map(Long::valueOf);
  }

  private Flux<ByteBuf> bulk() {
    return Flux.range(0, BULK_BYTES / PIECE_BYTES).map(i -> Unpooled.wrappedBuffer(piece));
  }

  @Override
  public EchoLine echo(byte[] message) {
    NettyEchoLine line = new NettyEchoLine(message.length);
    HttpClient client = clients.over(Wire.H1);
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
  public ByteLine bytes() {
    Connection connection =
        TcpClient.create(ConnectionProvider.newConnection())
            .host(BenchServer.HOST)
            .port(server.tcp())
            .connectNow();
    ByteCount count = new ByteCount();
    connection.inbound().receive().subscribe(bytes -> count.add(bytes.readableBytes()), lost -> {});
    return new ByteLine() {
      @Override
      public Mono<Void> receive() {
        Mono<Void> all = count.expect(BULK_BYTES);
        return connection
            .outbound()
            .sendByteArray(Mono.just(new byte[] {BenchServer.SEND_ME}))
            .then()
            .then(all);
      }

      @Override
      public Mono<Void> send() {
        Mono<Void> taken = count.expect(1);
        return connection
            .outbound()
            .sendByteArray(Mono.just(new byte[] {BenchServer.TAKE_THIS}))
            .send(bulk())
            .then()
            .then(taken);
      }

      @Override
      public void close() {
        connection.disposeNow();
      }
    };
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
