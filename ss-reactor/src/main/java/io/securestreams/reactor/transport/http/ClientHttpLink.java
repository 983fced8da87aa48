package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ConnectionKey.Credit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One transaction of an http client, over any version of http. Everything happens on the event loop
 * of its connection, once it has one.
 */
public final class ClientHttpLink implements Link {

  private final ClientSource source;
  private final ClientLimits limits;
  private final HttpPlan plan;
  private final ClientOutlet outlet;
  private final ClientTimings timings;
  private final ClientRequest request;
  private final ClientResponse response = new ClientResponse();
  private final AtomicBoolean sending = new AtomicBoolean();

  private final Disposable.Swap attempt = Disposables.swap();

  @Nullable private volatile ClientExchange exchange;
  private ConnectionKey key;
  private long initialCredit;
  private boolean repeated;

  ClientHttpLink(ClientSource source, ClientLimits limits, HttpPlan plan, LinkObserver observer) {
    this.source = source;
    this.limits = limits;
    this.plan = plan;
    this.outlet = new ClientOutlet(observer);
    this.timings = new ClientTimings(plan, outlet);
    this.key = ConnectionKey.of(plan, Credit.AUTOMATIC);
    this.request = new ClientRequest(this, plan);
  }

  public HttpPlan plan() {
    return plan;
  }

  /** Which connections it may use. */
  ConnectionKey key() {
    return key;
  }

  @Override
  public void start() {
    ClientRefusal.unsendable(plan).ifPresentOrElse(this::notConnected, this::lease);
  }

  /** Looks for a place on a connection. */
  public void lease() {
    if (!outlet.isClosed()) {
      attempt.replace(source.lease(this));
    }
  }

  /** How long it takes. */
  ClientTimings timings() {
    return timings;
  }

  /** No connection: nothing was sent. */
  public void notConnected(LinkException cause) {
    timings.failed();
    outlet.finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  /** There is a place on a connection, for this transaction alone. */
  public void attached(ClientExchange on) {
    exchange = on;
    if (outlet.isClosed()) {
      on.release(true);
      return;
    }
    on.prepare(plan);
    on.grant(initialCredit);
    timings.begin();
    request.start(on);
    if (!request.bodiless()) {
      outlet.emit(Event.TX_READY);
      request.ready(on);
    }
    limit();
  }

  @Override
  public void request(long frames) {
    if (response.allow(frames)) {
      onLoop(on -> credited());
    }
  }

  @Override
  public void send(TxPiece piece) {
    ClientExchange on = exchange;
    if (outlet.isClosed()) {
      return;
    }
    request.offer(piece);
    if (on != null && on.channel().eventLoop().inEventLoop()) {
      drain();
    } else if (on != null && sending.compareAndSet(false, true)) {
      on.channel().eventLoop().execute(this::drainSent);
    }
  }

  private void drainSent() {
    sending.set(false);
    drain();
  }

  /** Sends what waits. */
  public void drain() {
    if (!outlet.over() && !response.begun()) {
      request.drain();
      limit();
    }
  }

  @Override
  public void manualTxCredit(long bytes) {
    key = ConnectionKey.of(plan, Credit.MANUAL);
    initialCredit = bytes;
  }

  @Override
  public void addPeerTxCredit(long bytes) {
    onLoop(on -> on.grant(bytes));
  }

  @Override
  public long estimatedPeerTxCredit() {
    ClientExchange on = exchange;
    return on == null ? 0 : on.credit();
  }

  @Override
  public void ping() {
    onLoop(ClientExchange::ping);
  }

  @Override
  public void close(LinkClose how) {
    outlet.close();
    attempt.dispose();
    if (how == LinkClose.ABORT) {
      onLoop(on -> on.abort(this));
    } else {
      onLoop(on -> on.drop(this));
    }
  }

  private void onLoop(Consumer<ClientExchange> task) {
    ClientExchange on = exchange;
    if (on != null) {
      Channels.run(on.channel(), () -> task.accept(on));
    }
  }

  @Override
  public Optional<String> peer() {
    ClientExchange on = exchange;
    return on == null ? Optional.empty() : on.peer();
  }

  // What the sending side tells.

  void written() {
    outlet.emit(LinkSignal.Written.ONE);
    limit();
  }

  void notWritten(Throwable cause) {
    ClientExchange on = exchange;
    // The end of the connection is told by itself, with the chance of another one.
    if (on == null || !on.channel().isActive()) {
      return;
    }
    if (cause instanceof ChannelOutputShutdownException) {
      // The peer wants no more of the body, which is no reason not to hear its answer.
      request.stop();
      limit();
    } else {
      broken(cause);
    }
  }

  // What the connection tells.

  /** The final head came. */
  public void head(ResponseHead head) {
    if (outlet.over()) {
      return;
    }
    request.stop();
    timings.answered(head.status());
    outlet.show(head);
    Optional<LinkSignal> refusal = ClientRefusal.of(plan, head, limits.clock());
    if (refusal.isPresent()) {
      drop();
      outlet.finish(refusal.get());
      return;
    }
    outlet.emit(response.begin(plan.rules(), head));
    gate();
  }

  /** A piece of the body came, which stays the caller's. */
  public void piece(ByteBuf bytes) {
    if (!outlet.over() && response.open()) {
      LinkSignal.Frame frame = response.offer(Payloads.copy(bytes));
      if (frame != null) {
        hand(frame);
      }
      gate();
    }
  }

  /** The response is complete. */
  public void last() {
    response.completed();
    ClientExchange on = exchange;
    if (on != null) {
      on.release(request.complete());
    }
    settle();
  }

  /** The peer proved to be there. */
  public void alive() {
    outlet.emit(Event.ALIVE);
  }

  /** The connection ended. */
  public void gone() {
    ClientExchange old = exchange;
    if (outlet.over() || !response.open() || old == null) {
      return;
    }
    if (response.begun()) {
      response.lose(failure(FailureKind.CLOSED, "closed the connection inside the response"));
      settle();
      return;
    }
    if (old.stale() && !repeated && request.repeatable()) {
      repeated = true;
      exchange = null;
      attempt.replace(source.dial(this));
      return;
    }
    request.stop();
    fail(failure(FailureKind.CLOSED, "closed the connection without an answer"));
  }

  /** The peer says that it did not act on the request. */
  public void refused(LinkException cause) {
    if (response.begun()) {
      broken(cause);
    } else {
      request.stop();
      drop();
      notConnected(cause);
    }
  }

  /** What came, or what happened to the connection, is of no use. */
  public void broken(Throwable cause) {
    if (outlet.over() || !response.open()) {
      return;
    }
    LinkException mapped = FailureMapping.map(cause, plan.target());
    request.stop();
    drop();
    if (response.begun()) {
      response.lose(mapped);
      settle();
    } else {
      fail(mapped);
    }
  }

  /** The time limit passed. */
  public void expired() {
    long nanos = response.begun() ? limits.inactivityNanos() : limits.responseNanos();
    broken(failure(FailureKind.TIMEOUT, "gave no sign for " + nanos / 1_000_000 + " ms"));
  }

  // Receiving.

  private void credited() {
    if (!outlet.over() && response.begun()) {
      settle();
      gate();
    }
  }

  /** Hands out what may be handed out, the end included. */
  private void settle() {
    while (!outlet.over()) {
      LinkSignal next = response.next();
      if (next == null) {
        return;
      }
      if (next instanceof LinkSignal.Frame frame) {
        hand(frame);
      } else {
        outlet.finish(next);
      }
    }
  }

  private void hand(LinkSignal.Frame frame) {
    ClientExchange on = exchange;
    if (on != null && response.open()) {
      on.taken(frame.payload().size());
    }
    outlet.emit(frame);
  }

  /** Reads exactly while somebody wants it, and limits the time exactly while reading. */
  private void gate() {
    ClientExchange on = exchange;
    if (!outlet.over() && on != null && response.open()) {
      on.reading(response.wanted());
      limit();
    }
  }

  private void limit() {
    ClientExchange on = exchange;
    if (outlet.over() || response.complete() || on == null) {
      return;
    }
    long nanos = limits.nanos(request, response);
    if (nanos == ClientLimits.NONE) {
      on.unlimit();
    } else {
      on.limit(nanos);
    }
  }

  // Ends.

  private void fail(LinkException cause) {
    timings.failed();
    outlet.finish(
        new LinkSignal.Failed(cause, 0, request.begun() ? Delivery.UNKNOWN : Delivery.NOT_SENT));
  }

  private LinkException failure(FailureKind kind, String what) {
    return ClientRefusal.failure(plan, kind, what);
  }

  private void drop() {
    ClientExchange on = exchange;
    if (on != null) {
      on.drop(this);
    }
  }
}
