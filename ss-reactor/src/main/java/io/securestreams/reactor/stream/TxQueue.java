package io.securestreams.reactor.stream;

import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.TxSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The bounded queue between an application and the connection of its stream.
 *
 * <p>A message occupies its place until it is written or given up, not only until it is taken: what
 * lies in the transport counts too.
 */
final class TxQueue implements TxSink {

  private static final AtomicIntegerFieldUpdater<TxQueue> SIZE =
      AtomicIntegerFieldUpdater.newUpdater(TxQueue.class, "size");

  private static final AtomicLongFieldUpdater<TxQueue> DISCARDED =
      AtomicLongFieldUpdater.newUpdater(TxQueue.class, "discarded");

  private final StreamShell stream;
  private final int capacity;

  private volatile int size;
  private volatile Gate gate = Gate.OPEN;
  private volatile long discarded;

  /** Offered by any thread, taken inside the mailbox. */
  @Nullable private volatile Queue<TxMessage> inbox;

  /** Given back by a connection, in order; goes first. Inside the mailbox only. */
  @Nullable private ArrayDeque<TxMessage> returned;

  private volatile Sinks.@Nullable Many<Payload> sent;

  TxQueue(StreamShell stream, int capacity) {
    this.stream = stream;
    this.capacity = capacity;
  }

  private enum Gate {
    OPEN,
    COMPLETED,
    CLOSED
  }

  // --- any thread ---------------------------------------------------------------------------

  @Override
  public Sinks.EmitResult tryEmitNext(Payload payload) {
    return offer(TxMessage.of(payload, null));
  }

  @Override
  public Sinks.EmitResult tryEmitComplete() {
    if (gate != Gate.OPEN) {
      return refusal();
    }
    gate = Gate.COMPLETED;
    stream.poke();
    return Sinks.EmitResult.OK;
  }

  @Override
  public Sinks.EmitResult tryEmitError(Throwable error) {
    return tryEmitComplete();
  }

  @Override
  public void emitNext(Payload payload, Sinks.EmitFailureHandler failureHandler) {
    for (; ; ) {
      Sinks.EmitResult result = tryEmitNext(payload);
      if (result.isSuccess()) {
        return;
      }
      if (!failureHandler.onEmitFailure(SignalType.ON_NEXT, result)) {
        Operators.onDiscard(payload, context());
        if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
          throw overflow();
        }
        throw closed();
      }
    }
  }

  @Override
  public void emitComplete(Sinks.EmitFailureHandler failureHandler) {
    tryEmitComplete();
  }

  @Override
  public void emitError(Throwable error, Sinks.EmitFailureHandler failureHandler) {
    tryEmitComplete();
  }

  @Override
  public int currentSubscriberCount() {
    return gate == Gate.CLOSED ? 0 : 1;
  }

  @Override
  public Flux<Payload> asFlux() {
    return Flux.defer(() -> sentView().asFlux().onBackpressureBuffer(capacity));
  }

  @Override
  public Mono<Void> send(Payload message) {
    return Mono.create(outcome -> offerOrFail(TxMessage.of(message, outcome), outcome));
  }

  @Override
  public Mono<Void> send(Publisher<Payload> pieces) {
    return Mono.create(outcome -> offerOrFail(TxMessage.of(pieces, -1, outcome), outcome));
  }

  @Override
  public Mono<Void> send(Publisher<Payload> pieces, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative message length " + length);
    }
    return Mono.create(outcome -> offerOrFail(TxMessage.of(pieces, length, outcome), outcome));
  }

  @Override
  public Mono<Void> send(List<Payload> parts) {
    List<Payload> upload = List.copyOf(parts);
    return Mono.create(
        outcome -> {
          if (upload.size() != stream.partCount()) {
            outcome.error(
                StreamErrors.partsDiffer(stream.streamType(), upload.size(), stream.partCount()));
            return;
          }
          offerOrFail(TxMessage.upload(upload, outcome), upload.size(), outcome);
        });
  }

  @Override
  public long discarded() {
    return discarded;
  }

  @Override
  @Nullable
  public Object scanUnsafe(@SuppressWarnings("rawtypes") Scannable.Attr key) {
    if (key == Scannable.Attr.BUFFERED) {
      return size;
    }
    if (key == Scannable.Attr.CAPACITY) {
      return capacity;
    }
    if (key == Scannable.Attr.TERMINATED) {
      return gate != Gate.OPEN;
    }
    return null;
  }

  /** A broadcast had something for this queue, which was full. */
  void missed(Payload payload, Context broadcaster) {
    DISCARDED.incrementAndGet(this);
    Operators.onDiscard(payload, broadcaster);
  }

  private void offerOrFail(TxMessage message, MonoSink<Void> outcome) {
    offerOrFail(message, 1, outcome);
  }

  private void offerOrFail(TxMessage first, int count, MonoSink<Void> outcome) {
    Sinks.EmitResult result = offer(first, count);
    if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
      outcome.error(overflow());
    } else if (result.isFailure()) {
      outcome.error(closed());
    }
  }

  private Sinks.EmitResult offer(TxMessage message) {
    return offer(message, 1);
  }

  /** Takes a message and those that follow it, or none of them. */
  private Sinks.EmitResult offer(TxMessage first, int count) {
    if (gate != Gate.OPEN) {
      return refusal();
    }
    if (SIZE.addAndGet(this, count) > capacity) {
      SIZE.addAndGet(this, -count);
      return Sinks.EmitResult.FAIL_OVERFLOW;
    }
    inbox().add(first);
    stream.txOffered();
    return Sinks.EmitResult.OK;
  }

  private Sinks.EmitResult refusal() {
    return gate == Gate.CLOSED ? Sinks.EmitResult.FAIL_CANCELLED : Sinks.EmitResult.FAIL_TERMINATED;
  }

  private RuntimeException overflow() {
    return Exceptions.failWithOverflow(
        "the tx queue of '"
            + stream.streamType()
            + "' holds "
            + capacity
            + " messages and is full; wait for sends to complete before adding more");
  }

  private StreamClosedException closed() {
    return new StreamClosedException(
        stream.streamType(),
        "stream '" + stream.streamType() + "' takes no more messages: its tx side has ended");
  }

  private Queue<TxMessage> inbox() {
    Queue<TxMessage> queue = inbox;
    if (queue == null) {
      synchronized (this) {
        queue = inbox;
        if (queue == null) {
          queue = Queues.<TxMessage>unboundedMultiproducer().get();
          inbox = queue;
        }
      }
    }
    return queue;
  }

  private Sinks.Many<Payload> sentView() {
    Sinks.Many<Payload> view = sent;
    if (view == null) {
      synchronized (this) {
        view = sent;
        if (view == null) {
          view = Sinks.many().multicast().directBestEffort();
          if (gate == Gate.CLOSED) {
            view.tryEmitComplete();
          }
          sent = view;
        }
      }
    }
    return view;
  }

  // --- inside the mailbox -------------------------------------------------------------------

  /** True if nothing waits to be taken. */
  boolean isEmpty() {
    if (returned != null && !returned.isEmpty()) {
      return false;
    }
    Queue<TxMessage> queue = inbox;
    return queue == null || queue.isEmpty();
  }

  /** True if nothing waits, and nothing taken is still to be written or acknowledged. */
  boolean isDrained() {
    return size == 0;
  }

  /** True if the application completed the sink and everything is done. */
  boolean isFinished() {
    return gate == Gate.COMPLETED && size == 0;
  }

  /** Takes the next message; its place stays occupied. */
  @Nullable TxMessage take() {
    if (returned != null && !returned.isEmpty()) {
      return returned.removeFirst();
    }
    Queue<TxMessage> queue = inbox;
    TxMessage first = queue == null ? null : queue.poll();
    if (first != null && first.follower() != null) {
      giveBackFollowers(first.follower());
    }
    return first;
  }

  private void giveBackFollowers(@Nullable TxMessage next) {
    if (next != null) {
      giveBackFollowers(next.follower());
      giveBack(next);
    }
  }

  /** True if the next message is the first of an upload that was given as a whole. */
  boolean nextStartsUpload() {
    TxMessage next = returned == null ? null : returned.peekFirst();
    Queue<TxMessage> queue = inbox;
    if (next == null && queue != null) {
      next = queue.peek();
    }
    return next != null && next.follower() != null && !next.follows();
  }

  /** True if nothing waits and nothing more will come. */
  boolean endsHere() {
    return gate != Gate.OPEN && isEmpty();
  }

  /** Gives a taken message back; the last one given back is taken first. */
  void giveBack(TxMessage message) {
    if (returned == null) {
      returned = new ArrayDeque<>();
    }
    returned.addFirst(message);
  }

  /** Tells the observers that the whole message was handed to the connection. */
  void handed(Payload payload) {
    Sinks.Many<Payload> view = sent;
    if (view != null) {
      view.tryEmitNext(payload);
    }
  }

  /** The message was delivered as far as the protocol can tell. */
  void succeed(TxMessage message) {
    SIZE.decrementAndGet(this);
    message.succeed();
  }

  /** The message cannot be delivered. */
  void fail(TxMessage message, Throwable cause) {
    SIZE.decrementAndGet(this);
    if (message.follows()) {
      return;
    }
    MonoSink<Void> outcome = message.outcome();
    if (outcome != null) {
      outcome.error(cause);
      return;
    }
    DISCARDED.incrementAndGet(this);
    Payload whole = message.whole();
    if (whole != null) {
      Operators.onDiscard(whole, context());
    }
    stream.txLost(cause);
  }

  /**
   * Fails everything that waits; what is offered in answer to that waits anew.
   *
   * @param cause asked only if something waits: exceptions are dear, and most ends are orderly
   */
  void failAll(Supplier<? extends Throwable> cause) {
    if (isEmpty()) {
      return;
    }
    List<TxMessage> waiting = new ArrayList<>();
    for (TxMessage message = take(); message != null; message = take()) {
      waiting.add(message);
    }
    for (TxMessage message : waiting) {
      fail(message, cause.get());
    }
  }

  /** Takes nothing more. */
  void close() {
    gate = Gate.CLOSED;
    Sinks.Many<Payload> view = sent;
    if (view != null) {
      view.tryEmitComplete();
    }
  }

  private Context context() {
    return stream.context();
  }
}
