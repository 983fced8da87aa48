package io.securestreams.tool;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.api.SecureStream;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tour: server and clients from one policy, and a peer that goes away and comes back. */
final class Demo {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String KEPT = "sent while the peer was away";

  private final Terminal terminal;
  private final SecureStreamsBuilder builder;
  private final DemoPrinter printer;
  private final AtomicReference<Throwable> serverFailure = new AtomicReference<>();
  private String waitingFor = "the start";

  Demo(Terminal terminal, SecureStreamsBuilder builder) {
    this.terminal = terminal;
    this.builder = builder;
    this.printer = new DemoPrinter(terminal);
  }

  /** Runs the tour; {@link Ending#REACHED} if everything was shown. */
  Ending run() {
    LocalPolicy policy = LocalPolicy.load(Demo.class, "demo-policy.json");
    printer.title("Secure Streams for Java, a tour");
    printer.line(
        "One policy, one process: a TLS server and its clients on 127.0.0.1:" + policy.port());
    try (SecureStreams streams = builder.policy(policy.json()).build()) {
      DemoServer server = startServer(streams);
      fetch(streams);
      long failures = leaveAndReturn(streams, server);
      printer.line("");
      printer.title(
          "Shown in "
              + printer.seconds()
              + ": an https fetch, a WebSocket echo, and a peer that went away and came back ("
              + failures
              + " failed attempts, no message lost).");
      return Ending.REACHED;
    } catch (CompletionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    }
  }

  private Ending failed(Throwable cause) {
    String reason =
        cause instanceof TimeoutException
            ? "it did not come within " + DurationText.format(PATIENCE)
            : String.valueOf(cause.getMessage());
    terminal.diagnose("the tour broke off while waiting for " + waitingFor + ": " + reason);
    Throwable behind = serverFailure.get();
    if (behind != null) {
      terminal.diagnose("the server ended: " + behind.getMessage());
    }
    return Ending.OUT_OF_TIME;
  }

  private DemoServer startServer(SecureStreams streams) {
    printer.step("A server: stream type \"site\" answers https and WebSocket on one port");
    DemoServer server = DemoServer.start(streams, serverFailure::set);
    await(server.address(), "the listener");
    printer.note("streams.serve(\"site\").accepted()  is listening");
    return server;
  }

  private void fetch(SecureStreams streams) {
    printer.step("A fetch over https: stream type \"fetch\", protocol h1, its own trust store");
    printer.note("streams.events(\"fetch\", s -> s.metadata(\"id\", \"42\").connect())");
    await(
        streams
            .events(
                "fetch",
                stream -> {
                  stream.metadata("id", "42");
                  stream.connect();
                })
            .doOnNext(event -> printer.event("fetch", event))
            .takeUntil(event -> isState(event, StreamState.DISCONNECTED))
            .filter(event -> isState(event, StreamState.QOS_ACK_REMOTE))
            .single(),
        "the acknowledged response");
    printer.note("the same in one line: streams.exchange(\"fetch\", ...), a Mono<Payload>");
    Payload body =
        await(
            streams.exchange("fetch", stream -> stream.metadata("id", "43")),
            "the second response");
    printer.line("   " + printer.palette().link("◀ ") + PayloadText.preview(body));
  }

  private long leaveAndReturn(SecureStreams streams, DemoServer server) {
    printer.step("A WebSocket: stream type \"echo\", protocol ws; the Java does not change");
    printer.note("SecureStream echo = streams.open(\"echo\");  one Flux for everything below");
    SecureStream echo = streams.open("echo");
    ConnectableFlux<StreamEvent> events =
        echo.events().doOnNext(event -> printer.event("echo", event)).replay();
    events.connect();
    Awaited seen = new Awaited(events);
    seen.next(event -> isState(event, StreamState.CONNECTED), "the WebSocket");
    send(echo, "hello");
    seen.next(event -> isText(event, "hello"), "the echo");

    printer.step("The peer goes away");
    printer.note("the listener is closed; the policy's retry scheme takes over");
    await(server.stop(), "the end of the listener");
    seen.next(event -> isState(event, StreamState.DISCONNECTED), "the loss of the connection");
    send(echo, KEPT);
    seen.next(event -> isState(event, StreamState.UNREACHABLE), "a failed attempt");
    seen.next(event -> isState(event, StreamState.UNREACHABLE), "a second failed attempt");

    printer.step("The peer comes back");
    printer.note("nobody calls connect(): the stream finds it by itself, and sends what waited");
    await(DemoServer.start(streams, serverFailure::set).address(), "the listener");
    seen.next(event -> isState(event, StreamState.CONNECTED), "the new connection");
    seen.next(event -> isText(event, KEPT), "the message that waited");
    echo.destroy();
    seen.next(event -> isState(event, StreamState.DESTROYING), "the end of the stream");
    return seen.count(StreamState.UNREACHABLE);
  }

  private void send(SecureStream stream, String text) {
    printer.sent("echo", text);
    stream.tx().tryEmitNext(Payload.utf8(text)).orThrow();
  }

  private <T> T await(Mono<T> result, String what) {
    waitingFor = what;
    return result.timeout(PATIENCE).toFuture().join();
  }

  private static boolean isState(StreamEvent event, StreamState state) {
    return event instanceof StateEvent seen && seen.state() == state;
  }

  private static boolean isText(StreamEvent event, String text) {
    return event instanceof PayloadEvent rx && rx.payload().utf8().equals(text);
  }

  /** Waits for events of one stream, in their order. */
  private final class Awaited {

    private final Flux<StreamEvent> events;
    private long passed;

    Awaited(Flux<StreamEvent> events) {
      this.events = events;
    }

    void next(Predicate<StreamEvent> wanted, String what) {
      passed =
          await(
              events
                  .index()
                  .skip(passed)
                  .filter(indexed -> wanted.test(indexed.getT2()))
                  .next()
                  .map(indexed -> indexed.getT1() + 1),
              what);
    }

    long count(StreamState state) {
      return await(events.take(passed).filter(event -> isState(event, state)).count(), "a count");
    }
  }
}
