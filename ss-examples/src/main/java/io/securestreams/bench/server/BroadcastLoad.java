package io.securestreams.bench.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;

/** WebSockets that all receive what one of them sends. */
final class BroadcastLoad implements AutoCloseable {

  private static final int CLIENTS = 100;

  /** No more than the queues of either server hold for each client. */
  private static final int ROUND = 32;

  private static final long PATIENCE_SECONDS = 30;
  private static final byte[] MESSAGE = new byte[128];

  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong received = new AtomicLong();
  private volatile long awaited;
  private volatile CountDownLatch done = new CountDownLatch(0);

  BroadcastLoad(int port) throws InterruptedException {
    HttpClient http = HttpClient.create().host(Ports.HOST).port(port);
    while (clients.size() < CLIENTS) {
      Client client = new Client(http);
      clients.add(client);
      // Who hears itself is known to the server, and so are all before it.
      send(client, 1);
    }
  }

  /** Sends for a while, and tells how many messages were received. */
  long messages(int seconds) throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long count = 0;
    while (System.nanoTime() < end) {
      count += round();
    }
    return count;
  }

  /** Sends some messages, and tells how many were received for them. */
  long round() throws InterruptedException {
    send(clients.get(0), ROUND);
    return (long) ROUND * CLIENTS;
  }

  private void send(Client client, int messages) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    done = latch;
    awaited = received.get() + (long) messages * clients.size();
    client.send(messages);
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(awaited - received.get() + " messages did not arrive");
    }
  }

  private void arrived() {
    if (received.incrementAndGet() == awaited) {
      done.countDown();
    }
  }

  @Override
  public void close() {
    clients.forEach(Client::close);
  }

  private final class Client {

    private final Sinks.Many<Object> sends = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final CompletableFuture<Executor> loop = new CompletableFuture<>();

    Client(HttpClient http) {
      http.websocket()
          .uri("/feed")
          .handle(
              (in, out) -> {
                in.withConnection(stands -> loop.complete(stands.channel().eventLoop()));
                Flux<Object> frames =
                    sends
                        .asFlux()
                        .map(send -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(MESSAGE)));
                return Mono.firstWithSignal(
                    in.receiveFrames().doOnNext(frame -> arrived()).then(),
                    out.sendObject(frames).then(),
                    end.asMono());
              })
          .then()
          .subscribe(nothing -> {}, loop::completeExceptionally);
    }

    void send(int messages) {
      loop.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join()
          .execute(
              () -> {
                for (int i = 0; i < messages; i++) {
                  sends.tryEmitNext(MESSAGE).orThrow();
                }
              });
    }

    void close() {
      end.tryEmitEmpty();
    }
  }
}
