package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;
import static io.securestreams.bench.BenchServer.PIECE_BYTES;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Spring's clients over Reactor Netty. */
final class SpringClient implements Contender {

  private final ConnectionProvider connections = ConnectionProvider.create("spring", 500);
  private final Map<Wire, WebClient> clients = new EnumMap<>(Wire.class);
  private final HttpClient netty;
  private final URI echo;
  private final byte[] piece = new byte[PIECE_BYTES];

  SpringClient(Server server, Engine engine) {
    NettyClients byWire = new NettyClients(connections, server, engine);
    for (Wire wire : Wire.available()) {
      clients.put(
          wire,
          WebClient.builder()
              .clientConnector(new ReactorClientHttpConnector(byWire.over(wire)))
              .baseUrl(
                  (wire.secure() ? "https://" : "http://")
                      + BenchServer.HOST
                      + ":"
                      + server.port(wire))
              .build());
    }
    netty = byWire.over(Wire.H1);
    echo = URI.create("ws://" + BenchServer.HOST + ":" + server.port(Wire.H1) + BenchServer.ECHO);
  }

  private WebClient over(Wire wire) {
    return clients.getOrDefault(wire, WebClient.create());
  }

  @Override
  public Mono<Integer> get(Wire wire) {
    return over(wire)
        .get()
        .uri(BenchServer.GET)
        .retrieve()
        .bodyToMono(byte[].class)
        .map(body -> body.length);
  }

  @Override
  public Mono<Long> download() {
    return over(Wire.H1)
        .get()
        .uri(BenchServer.DOWNLOAD)
        .retrieve()
        .bodyToFlux(DataBuffer.class)
        .map(
            bytes -> {
              int count = bytes.readableByteCount();
              DataBufferUtils.release(bytes);
              return count;
            })
        .reduce(0L, Long::sum);
  }

  @Override
  public Mono<Long> upload() {
    Flux<DataBuffer> bulk =
        Flux.range(0, BULK_BYTES / PIECE_BYTES)
            .map(i -> DefaultDataBufferFactory.sharedInstance.wrap(piece));
    return over(Wire.H1)
        .post()
        .uri(BenchServer.UPLOAD)
        .header(HttpHeaders.CONTENT_LENGTH, String.valueOf(BULK_BYTES))
        .body(BodyInserters.fromDataBuffers(bulk))
        .retrieve()
        .bodyToMono(String.class)
        .map(Long::valueOf);
  }

  @Override
  public EchoLine echo(byte[] message) {
    NettyEchoLine line = new NettyEchoLine(message.length);
    HttpClient observed = netty.doOnConnected(c -> line.stands(c.channel().eventLoop()));
    return line.open(
        new ReactorNettyWebSocketClient(observed)
            .execute(
                echo,
                session ->
                    line.exchange(
                        session.receive().map(m -> m.getPayload().readableByteCount()),
                        session.send(
                            line.sends()
                                .map(
                                    send ->
                                        session.binaryMessage(
                                            factory -> factory.wrap(message)))))));
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
