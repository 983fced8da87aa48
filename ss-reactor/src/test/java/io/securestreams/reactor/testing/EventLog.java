package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.event.TimingsEvent;
import io.securestreams.reactor.api.SecureStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Subscribes the events of a stream with the demand that a test wants, and writes them down as
 * short texts: {@code CONNECTED}, {@code rx(5,SOM)}, {@code status=200}, {@code complete}.
 *
 * <p>It also keeps the payloads that Reactor's {@code onDiscard} was told of.
 */
public final class EventLog implements CoreSubscriber<StreamEvent> {

  private final List<StreamEvent> events = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<Payload> discarded = new ArrayList<>();
  private final Consumer<StreamEvent> reaction;
  private final long first;
  private final Context context;
  private int seen;
  private Optional<Throwable> error = Optional.empty();
  private Optional<Subscription> subscription = Optional.empty();

  private EventLog(long first, Consumer<StreamEvent> reaction, Context context) {
    this.first = first;
    this.reaction = reaction;
    this.context = Operators.enableOnDiscard(context, this::discarded);
  }

  /** Subscribes with unbounded demand. */
  public static EventLog of(SecureStream stream) {
    return of(stream, Long.MAX_VALUE);
  }

  /** Subscribes with some demand, maybe none. */
  public static EventLog of(SecureStream stream, long demand) {
    return subscribed(stream, new EventLog(demand, event -> {}, Context.empty()));
  }

  /** Subscribes with unbounded demand and does something at each event, from inside it. */
  public static EventLog of(SecureStream stream, Consumer<StreamEvent> reaction) {
    return subscribed(stream, new EventLog(Long.MAX_VALUE, reaction, Context.empty()));
  }

  /** Subscribes with unbounded demand and does something at each state of a kind. */
  public static EventLog at(StreamState state, SecureStream stream, Runnable reaction) {
    return of(
        stream,
        event -> {
          if (event instanceof StateEvent reached && reached.state() == state) {
            reaction.run();
          }
        });
  }

  /** Subscribes with unbounded demand and a context of the test's. */
  public static EventLog of(SecureStream stream, Context context) {
    return subscribed(stream, new EventLog(Long.MAX_VALUE, event -> {}, context));
  }

  private static EventLog subscribed(SecureStream stream, EventLog log) {
    stream.events().subscribe(log);
    return log;
  }

  @Override
  public Context currentContext() {
    return context;
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = Optional.of(given);
    if (first > 0) {
      given.request(first);
    }
  }

  @Override
  public void onNext(StreamEvent event) {
    synchronized (this) {
      events.add(event);
      texts.add(text(event));
    }
    reaction.accept(event);
  }

  @Override
  public synchronized void onError(Throwable cause) {
    error = Optional.of(cause);
    texts.add("error");
  }

  @Override
  public synchronized void onComplete() {
    texts.add("complete");
  }

  private synchronized void discarded(Object value) {
    if (value instanceof Payload payload) {
      discarded.add(payload);
    }
  }

  /** Asks for more events. */
  public void request(long n) {
    subscription.orElseThrow().request(n);
  }

  /** Wants no more events. */
  public void cancel() {
    subscription.orElseThrow().cancel();
  }

  /** Everything so far. */
  public synchronized List<String> all() {
    return List.copyOf(texts);
  }

  /** Everything since the last call. */
  public synchronized List<String> fresh() {
    List<String> since = List.copyOf(texts.subList(seen, texts.size()));
    seen = texts.size();
    return since;
  }

  /** Forgets what was written down so far, for {@link #fresh()}. */
  public void skip() {
    fresh();
  }

  /** The last event that reported a state. */
  public synchronized StateEvent last(StreamState state) {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i) instanceof StateEvent event && event.state() == state) {
        return event;
      }
    }
    throw new AssertionError("no " + state + " in " + texts);
  }

  /** The states so far. */
  public synchronized List<StreamState> states() {
    return events.stream()
        .filter(StateEvent.class::isInstance)
        .map(event -> ((StateEvent) event).state())
        .toList();
  }

  /** What was received, as text. */
  public synchronized String received() {
    StringBuilder text = new StringBuilder();
    for (StreamEvent event : events) {
      if (event instanceof PayloadEvent rx) {
        text.append(rx.payload().utf8());
      }
    }
    return text.toString();
  }

  /** The payloads that reached {@code onDiscard}, as text. */
  public synchronized List<String> discarded() {
    return discarded.stream().map(Payload::utf8).toList();
  }

  /** The error that ended the events. */
  public synchronized Throwable error() {
    return error.orElseThrow(() -> new AssertionError("no error in " + texts));
  }

  /** Checks that a stream came to its end in order: at most one DESTROYING, and it is the last. */
  public synchronized void assertEndedInOrder() {
    assertThat(texts).filteredOn("DESTROYING"::equals).hasSize(1);
    assertThat(texts).endsWith("DESTROYING", "complete");
  }

  /** How an event is written down. */
  public static String text(StreamEvent event) {
    if (event instanceof PayloadEvent rx) {
      return "rx(" + rx.payload().size() + "," + rx.flags() + ")";
    }
    if (event instanceof MetadataEvent metadata) {
      return metadata.name() + "=" + metadata.value();
    }
    if (event instanceof TimingsEvent) {
      return "perf";
    }
    StateEvent state = (StateEvent) event;
    return state.state() == StreamState.USER
        ? Integer.toString(state.code())
        : state.state().name();
  }
}
