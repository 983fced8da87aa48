package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.plan.ResponseRules.Verdict;
import io.securestreams.core.plan.Target;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * One transaction of an h1 client. Everything happens on the event loop of its connection, once it
 * has one.
 */
final class ClientHttpLink implements Link {

  private static final LinkSignal END = new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM);

  private final HttpClients clients;
  private final HttpPlan plan;
  private final LinkObserver observer;
  private final ClientBody body = new ClientBody();
  private final AtomicBoolean sending = new AtomicBoolean();

  @Nullable private volatile ClientRequest request;
  @Nullable private volatile Disposable dial;
  @Nullable private volatile ClientHttpConnection connection;
  private volatile boolean closed;

  @Nullable private Verdict verdict;
  @Nullable private LinkException loss;
  private boolean keepAlive;
  private boolean complete;
  private boolean repeated;
  private boolean finished;

  ClientHttpLink(HttpClients clients, HttpPlan plan, LinkObserver observer) {
    this.clients = clients;
    this.plan = plan;
    this.observer = observer;
  }

  Target target() {
    return plan.target();
  }

  boolean head() {
    ClientRequest current = request;
    return current != null && current.head();
  }

  @Override
  public void start() {
    try {
      request = new ClientRequest(this, plan);
    } catch (IllegalArgumentException e) {
      notConnected(
          new LinkException(
              FailureKind.PLAN,
              "the request of stream type \"" + plan.streamType() + "\" cannot be sent",
              plan.target().toString(),
              e));
      return;
    }
    lease();
  }

  /** Looks for a connection. */
  void lease() {
    if (!closed) {
      pending(clients.lease(this));
    }
  }

  private void pending(Disposable attempt) {
    dial = attempt;
    if (closed) {
      attempt.dispose();
    }
  }

  /** No connection: nothing was sent. */
  void notConnected(LinkException cause) {
    finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  /** There is a connection, for this transaction alone. */
  void attached(ClientHttpConnection next) {
    connection = next;
    ClientRequest current = request;
    if (closed || current == null) {
      next.release(true);
      return;
    }
    current.start(next.channel());
    if (!current.bodiless()) {
      emit(Event.TX_READY);
      current.ready(next.channel());
    }
    limit();
  }

  @Override
  public void request(long frames) {
    boolean limited = body.allow(frames);
    ClientHttpConnection current = connection;
    if (!limited || current == null) {
      return;
    }
    EventLoop loop = current.loop();
    if (loop.inEventLoop()) {
      credited();
    } else {
      loop.execute(this::credited);
    }
  }

  @Override
  public void send(TxPiece piece) {
    ClientRequest current = request;
    ClientHttpConnection on = connection;
    if (closed || current == null) {
      return;
    }
    current.offer(piece);
    if (on == null) {
      return;
    }
    if (on.loop().inEventLoop()) {
      drain();
    } else if (sending.compareAndSet(false, true)) {
      on.loop()
          .execute(
              () -> {
                sending.set(false);
                drain();
              });
    }
  }

  /** Sends what waits. */
  void drain() {
    ClientRequest current = request;
    if (current != null && !finished && verdict == null) {
      current.drain();
      limit();
    }
  }

  @Override
  public void ping() {
    // HTTP has no proof of life beside its answers.
  }

  @Override
  public void close(LinkClose how) {
    closed = true;
    Disposable attempt = dial;
    if (attempt != null) {
      attempt.dispose();
    }
    ClientHttpConnection current = connection;
    if (current == null) {
      return;
    }
    if (current.loop().inEventLoop()) {
      current.drop(this);
    } else {
      current.loop().execute(() -> current.drop(this));
    }
  }

  @Override
  public Optional<String> peer() {
    ClientHttpConnection current = connection;
    return current == null ? Optional.empty() : Channels.peer(current.channel());
  }

  // What the connection tells.

  void written() {
    if (!finished) {
      emit(LinkSignal.Written.ONE);
      limit();
    }
  }

  void notWritten(Throwable cause) {
    ClientHttpConnection current = connection;
    // The end of the connection is told by itself, with the chance of another one.
    if (current != null && current.channel().isActive()) {
      broken(cause);
    }
  }

  /** What the application sends does not fit the request. */
  void unusable(String why) {
    broken(
        new LinkException(
            FailureKind.PLAN,
            "stream type \"" + plan.streamType() + "\": " + why,
            plan.target().toString(),
            null));
  }

  void head(HttpResponse response) {
    if (finished) {
      return;
    }
    ClientRequest current = request;
    boolean early = current == null || !current.complete();
    if (current != null) {
      current.stop();
    }
    Optional<LinkSignal> refusal = ClientRefusal.of(plan, response, clients.clock());
    if (refusal.isPresent()) {
      drop();
      finish(refusal.get());
      return;
    }
    int status = response.status().code();
    verdict = plan.rules().judge(status);
    keepAlive = !early && HttpUtil.isKeepAlive(response);
    List<MetadataValue> metadata = ClientHeads.metadata(plan.rules(), response.headers());
    int userState = plan.rules().userState(status);
    emit(
        metadata.isEmpty() && userState == 0
            ? LinkSignal.Up.PLAIN
            : new LinkSignal.Up(metadata, userState));
    gate();
  }

  void piece(ByteBuf bytes) {
    if (finished || closed || loss != null) {
      return;
    }
    Payload payload = Payloads.copy(bytes);
    if (body.drained() && body.wanted()) {
      emit(body.frame(payload));
    } else {
      body.hold(payload);
    }
    gate();
  }

  void last() {
    complete = true;
    ClientHttpConnection current = connection;
    if (current != null) {
      current.release(keepAlive);
    }
    settle();
  }

  /** The connection ended. */
  void gone() {
    ClientRequest current = request;
    ClientHttpConnection old = connection;
    if (finished || closed || complete || loss != null || old == null || current == null) {
      return;
    }
    if (verdict == null) {
      if (old.kept() && !old.touched() && !repeated && current.repeatable()) {
        repeated = true;
        connection = null;
        pending(clients.dial(this));
        return;
      }
      current.stop();
      finish(failed(failure(FailureKind.CLOSED, "closed the connection without an answer")));
      return;
    }
    loss = failure(FailureKind.CLOSED, "closed the connection inside the response");
    settle();
  }

  /** What came, or what happened to the connection, is of no use. */
  void broken(Throwable cause) {
    if (finished || loss != null) {
      return;
    }
    LinkException mapped = FailureMapping.map(cause, plan.target());
    ClientRequest current = request;
    if (current != null) {
      current.stop();
    }
    drop();
    if (verdict == null) {
      finish(failed(mapped));
    } else {
      // What came before is still handed out, as soon as it is wanted.
      loss = mapped;
      settle();
    }
  }

  /** The time limit passed. */
  void expired() {
    long ms =
        (verdict == null ? clients.settings().response() : clients.settings().inactivity())
            .toMillis();
    broken(failure(FailureKind.TIMEOUT, "gave no sign for " + ms + " ms"));
  }

  // Receiving.

  private void credited() {
    if (finished || verdict == null) {
      return;
    }
    settle();
    gate();
  }

  /** Hands out what is held, then the end if it has come. */
  private void settle() {
    LinkSignal.Frame next = body.next();
    while (next != null && !closed) {
      emit(next);
      next = closed ? null : body.next();
    }
    if (finished || closed || !body.drained()) {
      return;
    }
    if (loss != null) {
      finish(new LinkSignal.Closed(loss));
    } else if (complete) {
      if (body.begun()) {
        emit(END);
      }
      finish(verdict == Verdict.ACK ? Event.ACKED : Event.NACKED);
    }
  }

  /** Reads exactly while somebody wants it, and limits the time exactly while reading. */
  private void gate() {
    ClientHttpConnection current = connection;
    if (finished || complete || current == null || loss != null) {
      return;
    }
    current.reading(body.wanted());
    limit();
  }

  private void limit() {
    ClientHttpConnection current = connection;
    ClientRequest sent = request;
    if (finished || closed || complete || current == null || sent == null) {
      return;
    }
    if (verdict == null ? sent.waitsForPeer() : body.wanted()) {
      current.deadline().arm(verdict == null ? clients.responseNanos() : clients.inactivityNanos());
    } else {
      current.deadline().disarm();
    }
  }

  // Ends.

  private LinkSignal failed(LinkException cause) {
    ClientRequest current = request;
    boolean begun = current != null && current.begun();
    return new LinkSignal.Failed(cause, 0, begun ? Delivery.UNKNOWN : Delivery.NOT_SENT);
  }

  private LinkException failure(FailureKind kind, String what) {
    return ClientRefusal.failure(plan, kind, what);
  }

  private void drop() {
    ClientHttpConnection current = connection;
    if (current != null) {
      current.drop(this);
    }
  }

  private void finish(LinkSignal last) {
    if (!finished) {
      finished = true;
      if (!closed) {
        observer.signal(last);
      }
    }
  }

  private void emit(LinkSignal signal) {
    if (!finished && !closed) {
      observer.signal(signal);
    }
  }
}
