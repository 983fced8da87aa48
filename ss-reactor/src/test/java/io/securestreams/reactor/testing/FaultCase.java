package io.securestreams.reactor.testing;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.RecordedState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A stream over connections with faults, from its beginning to its end. */
public final class FaultCase {

  private static final int MESSAGES = 3;
  private static final String MESSAGE = "some message";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration SHORT = Duration.ofMillis(250);

  private final FaultWire wire;
  private final FaultSchedule schedule;
  private final FaultPath proxy;
  private final SecureStreams streams;
  private final List<StreamEvent> events = new ArrayList<>();
  private final Sinks.Empty<Void> answered = Sinks.empty();
  private final Sinks.Empty<Void> echoed = Sinks.empty();
  private boolean acknowledged;
  private RecordedState state = RecordedState.NONE;
  private Optional<String> wrong = Optional.empty();
  private long received;

  /**
   * A case that runs once.
   *
   * @param wire what it speaks
   * @param server whom to
   * @param stage closes what it opens
   * @param schedule what goes wrong
   * @param limit how long it waits for a connection and for an answer
   */
  public FaultCase(
      FaultWire wire, FaultWire.Peer server, Stage stage, FaultSchedule schedule, Duration limit) {
    this.wire = wire;
    this.schedule = schedule;
    this.proxy = stage.with(wire.path(server.port(), schedule));
    TransportSettings settings =
        new TransportSettings(
            limit, limit, limit, Duration.ofMillis(50), 16 * 1024, 1024 * 1024, 1024 * 1024);
    this.streams = stage.streams(wire.policy(proxy.port()), builder -> builder.settings(settings));
  }

  /** True if the message arrived, as far as the peer's answer tells. */
  public boolean succeeded() {
    return acknowledged || isEchoed();
  }

  private boolean isEchoed() {
    return received >= MESSAGES * (long) MESSAGE.length();
  }

  /** The way that it takes. */
  public FaultPath path() {
    return proxy;
  }

  /**
   * Runs it.
   *
   * @return what is wrong; empty if nothing is
   */
  public Mono<Optional<String>> run() {
    SecureStream stream = streams.open("it");
    Mono<Void> life = stream.events().doOnNext(this::note).then();
    Mono<Void> work = Mono.defer(() -> send(stream)).doFinally(end -> stream.destroy());
    return Mono.when(life, work)
        .then(Mono.defer(this::closed))
        .timeout(PATIENCE)
        .then(Mono.fromSupplier(this::verdict))
        .onErrorResume(hang -> Mono.just(Optional.of(told(hang.toString()))));
  }

  private Mono<Void> send(SecureStream stream) {
    return switch (wire.sending()) {
      case REQUEST -> Mono.fromRunnable(stream::requestTx).then(answered.asMono());
      case MESSAGE -> settled(stream, Payload.utf8("some body"));
      case SESSION ->
          Flux.range(0, MESSAGES)
              .flatMap(i -> settled(stream, Payload.utf8(MESSAGE)))
              .then(echoed.asMono().timeout(SHORT, Mono.empty()));
    };
  }

  /** A send ends with an acknowledgement or with a failure of its own, or is found to hang. */
  private static Mono<Void> settled(SecureStream stream, Payload message) {
    return stream
        .tx()
        .send(message)
        .onErrorResume(StreamFailedException.class, failed -> Mono.empty());
  }

  private void note(StreamEvent event) {
    events.add(event);
    if (event instanceof PayloadEvent rx) {
      received += rx.payload().size();
      if (isEchoed()) {
        echoed.tryEmitEmpty();
      }
    } else if (event instanceof StateEvent next) {
      if (!state.accepts(next.state())) {
        wrong = Optional.of(next.state() + " after " + state);
        return;
      }
      state = state.after(next.state());
      look(next.state());
    }
  }

  private void look(StreamState next) {
    switch (next) {
      case CONNECTING -> received = 0;
      case QOS_ACK_REMOTE -> {
        if (received != FaultWire.ANSWER_BYTES && !mayBeCorrupt()) {
          wrong = Optional.of("acknowledged after " + received + " bytes");
        }
        acknowledged = true;
        answered.tryEmitEmpty();
      }
      case QOS_NACK_REMOTE, ALL_RETRIES_FAILED -> answered.tryEmitEmpty();
      default -> {
        // Says nothing about the transaction.
      }
    }
  }

  /** A QUIC connection lets nothing pass that was changed. */
  private boolean mayBeCorrupt() {
    return schedule.has(Kind.CORRUPT) && !wire.overDatagrams();
  }

  /** Waits until nothing is left of the connections; to look may block. */
  private Mono<Void> closed() {
    streams.close();
    return Flux.interval(LOOK, Schedulers.boundedElastic())
        .filter(tick -> proxy.open() == 0 && streams.openStreams() == 0)
        .next()
        .then();
  }

  private Optional<String> verdict() {
    if (wrong.isPresent()) {
      return wrong.map(this::told);
    }
    boolean ended = state.state().filter(last -> last == StreamState.DESTROYING).isPresent();
    return ended ? Optional.empty() : Optional.of(told("no end"));
  }

  private String told(String what) {
    return schedule.name()
        + ": "
        + what
        + "; "
        + events.stream().map(Words::withKind).toList()
        + ", "
        + proxy.open()
        + " of "
        + proxy.connections()
        + " connections open";
  }
}
