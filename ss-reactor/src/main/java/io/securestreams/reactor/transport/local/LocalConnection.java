package io.securestreams.reactor.transport.local;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ResponseRules.Verdict;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.local.LocalTransport.LocalListener;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * Both ends of one connection. All that happens on it happens in one order: a call made while
 * another is at work waits for it, on whatever thread.
 */
final class LocalConnection {

  private final LocalTransport transport;
  private final RequestPlan plan;
  private final Client client;
  private final Server server = new Server();
  private final Queue<Runnable> tasks = Queues.<Runnable>unboundedMultiproducer().get();
  private final AtomicInteger pending = new AtomicInteger();

  private boolean over;

  LocalConnection(LocalTransport transport, RequestPlan plan, LinkObserver observer) {
    this.transport = transport;
    this.plan = plan;
    this.client = new Client();
    this.client.observer = observer;
  }

  Link client() {
    return client;
  }

  private void run(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
        next.run();
      }
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }

  // --- the client's attempt -------------------------------------------------------------------

  private void open() {
    Optional<LinkSignal.Failed> fault = transport.nextFault();
    if (fault.isPresent()) {
      fail(fault.get());
      return;
    }
    Optional<LocalListener> listener = transport.listener(plan.target());
    if (listener.isEmpty() || listener.get().isPaused()) {
      fail(FailureKind.CONNECT, "nobody listens at " + plan.target());
      return;
    }
    LinkObserver observer = listener.get().acceptor().accept(server).orElse(null);
    if (observer == null) {
      fail(FailureKind.CONNECT, plan.target() + " refused the connection");
      return;
    }
    server.observer = observer;
    if (plan instanceof HttpPlan http) {
      request(http, listener.get());
    } else if (plan instanceof WsPlan ws) {
      upgrade(ws, listener.get());
    }
  }

  private void request(HttpPlan http, LocalListener listener) {
    server.signal(
        new LinkSignal.Transaction(
            http.method(), LocalRequest.metadata(http.method(), http, listener.plan())));
    if (http.body().kind() != BodyPlan.Kind.NONE) {
      client.signal(LinkSignal.Event.TX_READY);
    }
  }

  private void upgrade(WsPlan ws, LocalListener listener) {
    Optional<String> spoken = listener.plan().ws().subprotocol();
    boolean agreed = ws.subprotocol().isEmpty() || ws.subprotocol().equals(spoken);
    if (!listener.plan().upgrades() || !agreed) {
      server.end(new LinkException(FailureKind.CLOSED, "the client went away"));
      fail(FailureKind.PROTOCOL, plan.target() + " did not accept the upgrade");
      return;
    }
    server.signal(new LinkSignal.Upgraded(LocalRequest.metadata("GET", ws, listener.plan())));
    client.signal(LinkSignal.Up.PLAIN);
  }

  private void fail(FailureKind kind, String message) {
    fail(
        new LinkSignal.Failed(
            new LinkException(kind, message, plan.target().toString(), null),
            0,
            LinkSignal.Delivery.NOT_SENT));
  }

  private void fail(LinkSignal.Failed failure) {
    over = true;
    client.signal(failure);
    client.observer = null;
  }

  // --- the server's answer --------------------------------------------------------------------

  private void respond(Answer answer, HttpPlan http) {
    Verdict verdict = http.rules().judge(answer.status());
    server.verdict = verdict;
    switch (verdict) {
      case ACK, NACK -> {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : answer.headers()) {
          headers.merge(
              header.name().toLowerCase(Locale.ROOT), header.value(), (a, b) -> a + ", " + b);
        }
        client.signal(
            new LinkSignal.Up(
                http.rules().metadata(headers::get), http.rules().userState(answer.status())));
      }
      case UNAVAILABLE ->
          fail(FailureKind.PROTOCOL, plan.target() + " answered " + answer.status());
      case REDIRECT -> fail(http.redirectRefused(), plan.target() + " answered " + answer.status());
      case AUTH_FAILED -> {
        client.signal(
            new LinkSignal.AuthRefused(
                new LinkException(
                    FailureKind.AUTH, plan.target() + " answered " + answer.status())));
        client.observer = null;
      }
    }
    if (answer.body().kind() == BodyPlan.Kind.NONE || http.method().equals("HEAD")) {
      answered();
    }
  }

  private void answered() {
    client.signal(server.verdict == Verdict.ACK ? LinkSignal.Event.ACKED : LinkSignal.Event.NACKED);
    client.observer = null;
    server.signal(LinkSignal.Event.ANSWERED);
    server.end(new LinkException(FailureKind.CLOSED, "the client closed the connection"));
    over = true;
  }

  // --- the two ends ---------------------------------------------------------------------------

  /** What both ends do: signal, and hold frames until they are asked for. */
  private abstract class End implements ServerLink {

    @Nullable LinkObserver observer;

    private final Queue<TxPiece> arrived = Queues.<TxPiece>unbounded().get();
    private long credit;
    private boolean inMessage;

    abstract End other();

    final void signal(LinkSignal signal) {
      LinkObserver told = observer;
      if (told != null) {
        told.signal(signal);
      }
    }

    /** The other end went away. */
    final void end(LinkException cause) {
      deliver(Long.MAX_VALUE);
      signal(new LinkSignal.Closed(cause));
      observer = null;
    }

    final void deliver(long allowed) {
      credit = allowed == Long.MAX_VALUE ? allowed : credit + allowed;
      while (!arrived.isEmpty() && (credit > 0 || isEndMark())) {
        TxPiece piece = arrived.remove();
        if (credit != Long.MAX_VALUE && !piece.payload().isEmpty()) {
          credit--;
        }
        take(piece);
        other().signal(LinkSignal.Written.ONE);
        afterTaken(piece);
      }
    }

    private boolean isEndMark() {
      TxPiece next = arrived.peek();
      return next != null && next.payload().isEmpty() && !next.flags().som();
    }

    private void take(TxPiece piece) {
      if (plan instanceof WsPlan) {
        signal(new LinkSignal.Frame(piece.payload(), piece.flags()));
        return;
      }
      if (!piece.payload().isEmpty()) {
        signal(new LinkSignal.Frame(piece.payload(), MessageFlags.of(!inMessage, false)));
        inMessage = true;
      }
      if (piece.flags().eom()) {
        if (inMessage) {
          signal(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
        }
        inMessage = false;
      }
    }

    /** A piece was taken by this end. */
    void afterTaken(TxPiece piece) {}

    @Override
    public final void request(long frames) {
      run(() -> deliver(frames));
    }

    @Override
    public final void send(TxPiece piece) {
      run(
          () -> {
            if (observer != null && !over) {
              other().arrived.add(piece);
              other().deliver(0);
            }
          });
    }

    @Override
    public final void ping() {
      run(
          () -> {
            if (other().observer != null) {
              signal(LinkSignal.Event.ALIVE);
            }
          });
    }

    @Override
    public final void close(LinkClose how) {
      run(
          () -> {
            observer = null;
            over = true;
            other().end(new LinkException(FailureKind.CLOSED, "the peer closed the connection"));
          });
    }

    @Override
    public final Optional<String> peer() {
      return Optional.of("local");
    }
  }

  private final class Client extends End {

    @Override
    End other() {
      return server;
    }

    @Override
    public void start() {
      run(LocalConnection.this::open);
    }

    @Override
    public void answer(Answer answer) {
      throw new UnsupportedOperationException("a client does not answer");
    }

    @Override
    void afterTaken(TxPiece piece) {
      if (piece.flags().eom() && plan instanceof HttpPlan) {
        answered();
      }
    }
  }

  private final class Server extends End {

    private Verdict verdict = Verdict.ACK;

    @Override
    End other() {
      return client;
    }

    @Override
    public void start() {
      // A server's link is there from the start.
    }

    @Override
    public void answer(Answer answer) {
      run(
          () -> {
            if (!over && plan instanceof HttpPlan http) {
              respond(answer, http);
            }
          });
    }
  }
}
