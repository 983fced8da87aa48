package io.securestreams.reactor.stream;

import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.TimingsEvent;
import io.securestreams.core.event.json.TimingsJson;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.api.RxHandler;
import io.securestreams.reactor.api.StateHandler;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.TxHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Who hears of a stream: one subscriber or one handler, and any number of observers of its states.
 *
 * <p>A handler answers each callback; a subscriber never objects. Inside the mailbox only, {@link
 * #states()} and {@link #change} excepted.
 */
final class Audience {

  private static final Logger LOGGER = LoggerFactory.getLogger(Audience.class);

  private final StreamShell stream;
  private final StateHub hub = new StateHub();
  @Nullable private EventOutlet outlet;

  /** Replaced as a whole, by any thread. */
  @Nullable private volatile Callbacks callbacks;

  Audience(StreamShell stream) {
    this.stream = stream;
  }

  /** The states, for any number of observers. */
  Flux<StateEvent> states() {
    return hub.flux();
  }

  /** Takes the one subscriber; false if somebody is there already. */
  boolean seat(CoreSubscriber<? super StreamEvent> subscriber) {
    if (outlet != null || callbacks != null) {
      return false;
    }
    outlet = new EventOutlet(subscriber, stream);
    subscriber.onSubscribe(outlet);
    return true;
  }

  /** Takes the callbacks of the one handler. */
  void seat(Callbacks handler) {
    callbacks = handler;
  }

  /** Replaces callbacks, from the next call of each on; null keeps what there is. */
  synchronized void change(
      @Nullable RxHandler rx, @Nullable TxHandler tx, @Nullable StateHandler state) {
    Callbacks before = callbacks;
    if (before == null) {
      throw StreamErrors.hasNoHandler(stream.streamType());
    }
    callbacks = before.with(rx, tx, state);
  }

  boolean hasHandler() {
    return callbacks != null;
  }

  /** The subscriber's context; empty for handlers. */
  Context context() {
    return outlet == null ? Context.empty() : outlet.actual().currentContext();
  }

  /** Events that wait for demand. */
  int undelivered() {
    return outlet == null ? 0 : outlet.undelivered();
  }

  /** Received pieces that may be delivered; a handler takes any number, nobody takes none. */
  long demand() {
    if (outlet != null) {
      return outlet.demand();
    }
    return callbacks == null ? 0 : Long.MAX_VALUE;
  }

  /** Tells a state. */
  StreamReturn state(StateEvent event) {
    LOGGER
        .atDebug()
        .addKeyValue("streamType", stream.streamType())
        .addKeyValue("state", event)
        .log("State");
    hub.publish(event);
    Callbacks callee = callbacks;
    if (callee != null) {
      return call(() -> callee.state().state(stream, event));
    }
    return offer(event);
  }

  /** Hands over a received piece. */
  StreamReturn payload(Payload payload, MessageFlags flags) {
    Callbacks callee = callbacks;
    if (callee != null) {
      return call(() -> callee.rx().rx(stream, payload, flags));
    }
    return offer(new PayloadEvent(payload, flags));
  }

  /** Hands over how long a connection took: to a handler as the reference's JSON. */
  StreamReturn timings(ConnectionTimings timings) {
    Callbacks callee = callbacks;
    if (callee != null) {
      Payload json = Payload.utf8(TimingsJson.text(timings));
      return call(() -> callee.rx().rx(stream, json, MessageFlags.PERF_JSON));
    }
    return offer(new TimingsEvent(timings));
  }

  /** Hands over metadata that a peer gave; a handler reads it from the stream. */
  void metadata(List<MetadataValue> values) {
    if (outlet != null) {
      for (MetadataValue value : values) {
        if (MetadataStore.isHeader(value)) {
          continue; // Nobody declared it; it is there to be asked for.
        }
        outlet.offer(new MetadataEvent(value.name(), value.value()));
      }
    }
  }

  /** Asks the handler for a piece to send. */
  StreamReturn tx(long ordinal, StreamHandler.TxBuffer buffer) {
    Callbacks callee = callbacks;
    return callee == null
        ? StreamReturn.TX_DONT_SEND
        : call(() -> callee.tx().tx(stream, ordinal, buffer));
  }

  /** Delivers what was asked for meanwhile. */
  void settle() {
    if (outlet != null) {
      outlet.settle();
    }
  }

  /** The stream could not be created, which a subscriber is told; a handler's caller knows. */
  void fail(Throwable cause) {
    if (outlet != null) {
      outlet.fail(cause);
    }
  }

  /** Nothing follows. */
  void end() {
    hub.end();
    if (outlet != null) {
      outlet.end();
    }
  }

  private StreamReturn offer(StreamEvent event) {
    if (outlet != null) {
      outlet.offer(event);
    }
    return StreamReturn.OK;
  }

  /** One callback of the handler. */
  private interface Callback {

    StreamReturn run();
  }

  private StreamReturn call(Callback callback) {
    try {
      return callback.run();
    } catch (Throwable failure) {
      Exceptions.throwIfFatal(failure);
      LOGGER
          .atError()
          .addKeyValue("streamType", stream.streamType())
          .setCause(failure)
          .log("A callback threw; its stream is destroyed");
      stream.failed();
      return StreamReturn.DESTROY_ME;
    }
  }
}
