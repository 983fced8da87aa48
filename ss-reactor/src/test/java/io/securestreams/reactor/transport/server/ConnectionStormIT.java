package io.securestreams.reactor.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.ServerFixture;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Connections that are opened and dropped at random while transactions run. The property {@code
 * ss.storm.connections} makes it more of them than 2 000, {@code ss.storm.seed} another choice.
 */
@ExtendWith(LeakCheck.class)
class ConnectionStormIT {

  private static final int CONNECTIONS = Integer.getInteger("ss.storm.connections", 2_000);
  private static final long SEED = Long.getLong("ss.storm.seed", 20260119L);

  /** More than these are never open at a time, so that the limit is met on the way. */
  private static final int MOST = 40;

  private static final int BODY = 100_000;
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final ServerFixture fixture =
      new ServerFixture(
          TransportSettings.DEFAULTS.withServers(ServerLimits.DEFAULTS.withConnections(MOST)));
  private final Semaphore ended = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Optional<LinkObserver> accept(ServerLink link) {
    begun.incrementAndGet();
    link.request(Long.MAX_VALUE);
    return Optional.of(signal -> answer(link, signal));
  }

  private void answer(ServerLink link, LinkSignal signal) {
    if (signal instanceof LinkSignal.Transaction) {
      link.answer(new Answer(200, List.of(), BodyPlan.ofLength(BODY)));
      link.send(new TxPiece(Payload.of(new byte[BODY]), MessageFlags.SOM_EOM));
    } else if (signal instanceof LinkSignal.Closed) {
      ended.release();
    }
  }

  @Test
  void transactionsGoOnWhileConnectionsComeAndGo() throws Exception {
    int port = fixture.bind(ServerFixture.plan(Protocol.H1, WsSettings.NONE), this::accept);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Integer> steady =
        CompletableFuture.supplyAsync(() -> transactions(port, over));
    Random random = new Random(SEED);
    Deque<RawClient> clients = new ArrayDeque<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      RawClient client = RawClient.to(port);
      clients.add(client);
      begin(client, random);
      // Beyond the limit: those that wait in the backlog are dropped there, too.
      while (clients.size() > MOST + 5 || (random.nextInt(3) == 0 && !clients.isEmpty())) {
        drop(random.nextBoolean() ? clients.removeFirst() : clients.removeLast(), random);
      }
    }
    clients.forEach(client -> drop(client, random));
    over.set(true);

    assertThat(steady.get(60, TimeUnit.SECONDS)).isPositive();
    assertThat(ended.tryAcquire(begun.get(), 60, TimeUnit.SECONDS))
        .as("all of %d connections ended, seed %d", begun.get(), SEED)
        .isTrue();
    // The listener is as good as before.
    try (RawClient last = RawClient.to(port).send(GET)) {
      last.head();
      assertThat(last.body(BODY)).hasSize(BODY);
    }
  }

  private static int transactions(int port, AtomicBoolean over) {
    try (RawClient client = RawClient.to(port)) {
      int done = 0;
      do {
        client.send(GET);
        client.head();
        assertThat(client.body(BODY)).hasSize(BODY);
        done++;
      } while (!over.get());
      return done;
    }
  }

  /** Says something, or nothing, and something wrong as well. */
  private static void begin(RawClient client, Random random) {
    switch (random.nextInt(7)) {
      case 0 -> client.send(GET.substring(0, 1 + random.nextInt(GET.length() - 1)));
      case 1 -> client.send(GET);
      case 2 -> client.send(GET + GET + GET);
      case 3 -> client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nsome");
      case 4 -> client.send("\u0016\u0003\u0001 no TLS here\r\n\r\n");
      case 5 -> client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz");
      default -> {
        // Not a word.
      }
    }
  }

  private static void drop(RawClient client, Random random) {
    try {
      if (random.nextBoolean()) {
        client.reset();
      } else {
        client.close();
      }
    } catch (UncheckedIOException alreadyGone) {
      client.close();
    }
  }
}
