package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks.EmitResult;

/** Streams that several real threads use at once. */
class StreamThreadsTest {

  private static final int THREADS = 4;

  private static final String POLICY =
      """
      {"retry":[{"r":{"backoff":[5,10],"conceal":3,"svalidping":1,"svalidhup":3}}],
       "s":[
       {"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
               "opportunistic":true,"retry":"r"}},
       {"post":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST","http_url":"x",
               "retry":"r"}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws","nailed_up":true,"retry":"r"}},
       {"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
                "metadata":[{"method":"","path":""}]}}
       ]}
      """;

  @RegisterExtension
  final TestStreams context = TestStreams.local(builder -> builder.policy(POLICY).txCapacity(16));

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final ConcurrentLinkedQueue<AcceptedStream> accepted = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stopTheThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void endsInOrderWhateverTheThreadsDo(long seed) throws Exception {
    serve();
    List<EventLog> logs = new ArrayList<>();
    List<SecureStream> streams = new ArrayList<>();
    for (String type : List.of("get", "post", "chat")) {
      SecureStream stream = context.open(type);
      AtomicBoolean busy = new AtomicBoolean();
      streams.add(stream);
      logs.add(
          EventLog.of(
              stream,
              event -> {
                assertThat(busy.getAndSet(true)).as("overlapping signals").isFalse();
                Thread.onSpinWait();
                busy.set(false);
              }));
    }

    inAllThreads(
        thread -> {
          Random random = new Random(seed * THREADS + thread);
          for (int i = 0; i < 150; i++) {
            act(random, streams.get(random.nextInt(streams.size())));
          }
        });
    streams.forEach(SecureStream::destroy);

    logs.forEach(EventLog::assertEndedInOrder);
    context.streams().close();
    assertThat(context.streams().openStreams()).isZero();
    assertThat(context.errors().take()).isEmpty();
  }

  @Test
  void losesNothingThatManyThreadsEmit() throws Exception {
    List<String> arrived = new ArrayList<>();
    context
        .streams()
        .serve("site")
        .accepted()
        .subscribe(
            client ->
                client
                    .events()
                    .ofType(PayloadEvent.class)
                    .subscribe(rx -> arrived.add(rx.payload().utf8())));
    SecureStream stream = context.open("chat");
    EventLog.of(stream);
    ConcurrentLinkedQueue<EmitResult> refusals = new ConcurrentLinkedQueue<>();

    inAllThreads(
        thread -> {
          for (int i = 0; i < 500; i++) {
            Payload message = Payload.utf8(thread + ":" + i);
            EmitResult result = stream.tx().tryEmitNext(message);
            while (result.isFailure()) {
              refusals.add(result);
              result = stream.tx().tryEmitNext(message);
            }
          }
        });

    assertThat(refusals).allMatch(EmitResult.FAIL_OVERFLOW::equals);
    assertThat(arrived).hasSize(THREADS * 500).doesNotHaveDuplicates();
    for (int thread = 0; thread < THREADS; thread++) {
      String prefix = thread + ":";
      List<String> ofThread = arrived.stream().filter(text -> text.startsWith(prefix)).toList();
      for (int i = 0; i < 500; i++) {
        assertThat(ofThread.get(i)).isEqualTo(prefix + i);
      }
    }
    assertThat(stream.tx().discarded()).isZero();
  }

  private void act(Random random, SecureStream stream) {
    switch (random.nextInt(12)) {
      case 0, 1 -> stream.connect();
      case 2 -> stream.disconnect();
      case 3 -> stream.startTimeout(Duration.ofMillis(1 + random.nextInt(20)));
      case 4 -> stream.cancelTimeout();
      case 5, 6 -> stream.tx().tryEmitNext(Payload.utf8("m" + random.nextInt(100)));
      case 7 -> stream.requestTx();
      case 8, 9 -> context.passMs(random.nextInt(20));
      case 10 -> {
        AcceptedStream client = accepted.poll();
        if (client != null) {
          client.destroy();
        }
      }
      default -> {
        if (random.nextInt(40) == 0) {
          stream.destroy();
        }
      }
    }
  }

  private void serve() {
    context
        .streams()
        .serve("site")
        .accepted()
        .subscribe(
            client -> {
              accepted.add(client);
              EventLog.of(
                  client,
                  event -> {
                    String text = EventLog.text(event);
                    boolean get = client.metadata("method").orElse("").equals("GET");
                    if ((text.equals("SERVER_TXN") && get) || text.equals("rx(0,EOM)")) {
                      client.serverAck(0);
                      client.tx().tryEmitNext(Payload.utf8("answer"));
                    }
                  });
            });
  }

  /** Something that a thread does, told its number. */
  private interface Work {

    void run(int thread);
  }

  private void inAllThreads(Work work) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      running.add(
          threads.submit(
              () -> {
                start.await();
                work.run(thread);
                return null;
              }));
    }
    start.countDown();
    for (Future<?> future : running) {
      future.get(30, TimeUnit.SECONDS);
    }
  }
}
