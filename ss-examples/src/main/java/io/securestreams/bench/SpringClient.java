package io.securestreams.bench;

import java.net.URI;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Spring's clients over Reactor Netty. */
final class SpringClient implements Contender {

  private final ConnectionProvider connections = ConnectionProvider.create("spring", 500);
  private final HttpClient netty = HttpClient.create(connections);
  private final int port;
  private final WebClient client;

  SpringClient(int port) {
    this.port = port;
    client =
        WebClient.builder()
            .clientConnector(new ReactorClientHttpConnector(netty))
            .baseUrl("http://" + BenchServer.HOST + ":" + port)
            .build();
  }

  @Override
  public Mono<Integer> get() {
    return client
        .get()
        .uri(BenchServer.GET)
        .retrieve()
        .bodyToMono(byte[].class)
        .map(body -> body.length);
  }

  @Override
  public EchoLine echo(byte[] message) {
    NettyEchoLine line = new NettyEchoLine(message.length);
    HttpClient observed = netty.doOnConnected(c -> line.stands(c.channel().eventLoop()));
    URI uri = URI.create("ws://" + BenchServer.HOST + ":" + port + BenchServer.ECHO);
    return line.open(
        new ReactorNettyWebSocketClient(observed)
            .execute(
                uri,
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
