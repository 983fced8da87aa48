package io.securestreams.examples.dashboard;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.net.SocketAddress;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A listener of the policy's beside Spring's own port: tells the newest price to whoever asks. */
final class LatestPrice implements DisposableBean {

  private final StreamServer server;
  private final Disposable serving;

  LatestPrice(SecureStreams streams, Prices prices) {
    server = streams.serve("latest");
    serving =
        server
            .accepted()
            .flatMap(
                client ->
                    client
                        .events()
                        .ofType(StateEvent.class)
                        .filter(event -> event.state() == StreamState.SERVER_TXN)
                        .doOnNext(request -> answer(client, prices)),
                Integer.MAX_VALUE)
            .subscribe(request -> {}, Throwable::printStackTrace);
  }

  private static void answer(AcceptedStream client, Prices prices) {
    client.serverAck(prices.latest().isPresent() ? 200 : 503);
    client.metadata("mime", "application/json");
    String price = prices.latest().orElse("null");
    client.tx().tryEmitNext(Payload.utf8("{\"price\":" + price + "}")).orThrow();
  }

  /** Where it listens. */
  Mono<SocketAddress> address() {
    return server.address();
  }

  @Override
  public void destroy() {
    serving.dispose();
  }
}
