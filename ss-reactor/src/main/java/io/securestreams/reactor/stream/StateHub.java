package io.securestreams.reactor.stream;

import io.securestreams.core.event.StateEvent;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Lets any number of observers see the latest state; costs nothing until one comes. */
final class StateHub {

  @Nullable private StateEvent latest;
  private Sinks.@Nullable Many<StateEvent> sink;
  private boolean ended;

  /** The states from the latest on; an observer that is slow misses some. */
  Flux<StateEvent> flux() {
    return Flux.defer(() -> sink().asFlux().onBackpressureLatest());
  }

  /** Publishes a state; calls never overlap. */
  void publish(StateEvent event) {
    Sinks.Many<StateEvent> observers;
    synchronized (this) {
      latest = event;
      observers = sink;
    }
    if (observers != null) {
      observers.tryEmitNext(event);
    }
  }

  /** Nothing follows. */
  void end() {
    Sinks.Many<StateEvent> observers;
    synchronized (this) {
      ended = true;
      observers = sink;
    }
    if (observers != null) {
      observers.tryEmitComplete();
    }
  }

  private synchronized Sinks.Many<StateEvent> sink() {
    if (sink == null) {
      // Filled here, before anybody can see it: emissions of one sink must not overlap.
      Sinks.Many<StateEvent> created = Sinks.many().replay().latest();
      if (latest != null) {
        created.tryEmitNext(latest);
      }
      if (ended) {
        created.tryEmitComplete();
      }
      sink = created;
    }
    return sink;
  }
}
