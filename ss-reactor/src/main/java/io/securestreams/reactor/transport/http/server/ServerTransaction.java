package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.netty.Linger;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.server.ServerCarrier.Reset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on a stream of a connection that carries many: a link of its own, from the head
 * of the request to the end of the answer. On the event loop only.
 */
final class ServerTransaction implements ServerPhase, ServerReception {

  /** Where the answer stands. */
  private enum Stage {
    /** Nothing of it is known. */
    DUE,
    /** The head is written, pieces follow. */
    BODY,
    /** Everything is written, but maybe not sent. */
    COMPLETE
  }

  private final ServerListening listening;
  private final Channel channel;
  private final ServerCarrier carrier;
  private final ServerConnection connection;
  private final ServerExit exit;
  private final ServerBodyLimits limits;
  private final ServerBacklog backlog;
  private final ServerOutflow outflow;
  private final long limitNanos;
  private final ChannelFutureListener pieceWritten = this::pieceWritten;
  private final ChannelFutureListener answerWritten = this::answerWritten;

  private String method = "";
  private Stage stage = Stage.DUE;
  @Nullable private ServerBody body;

  private boolean inMessage;
  private boolean received;
  private boolean handing;
  private boolean gone;

  /**
   * A transaction that has not begun.
   *
   * @param listening what all connections of the listener share
   * @param channel on whose event loop it lives, and whose peer is meant
   * @param carrier its stream
   */
  ServerTransaction(ServerListening listening, Channel channel, ServerCarrier carrier) {
    this.listening = listening;
    this.channel = channel;
    this.carrier = carrier;
    this.connection = new ServerConnection(channel, listening.plan().streamType(), this);
    this.exit = new ServerExit(connection);
    this.limits = new ServerBodyLimits(listening.settings());
    this.backlog = new ServerBacklog(channel.alloc());
    this.outflow = new ServerOutflow(carrier, listening.settings().servers().stall());
    this.limitNanos = listening.settings().response().toNanos();
  }

  // What the peer says.

  @Override
  public void begin(ServerMultiplexedHead head, boolean last) {
    method = head.method();
    received = last;
    beginWindow();
    Optional<LinkObserver> observer = listening.acceptor().accept(connection);
    if (observer.isEmpty()) {
      gone = true;
      carrier.reset(Reset.REFUSED);
      return;
    }
    connection.observedBy(observer.get());
    Optional<ServerRefusal> refusal = limits.announced(head);
    if (refusal.isPresent()) {
      refuse(refusal.get());
      return;
    }
    connection.signal(new LinkSignal.Transaction(method, listening.metadata().of(head)));
    readIfWanted();
  }

  @Override
  public void data(ByteBuf data, boolean last) {
    if (gone) {
      return;
    }
    Optional<ServerRefusal> refusal = limits.came(data.readableBytes());
    if (refusal.isPresent()) {
      refuse(refusal.get());
      return;
    }
    if (last) {
      received();
    }
    if (backlog.isEmpty() && data.isReadable() && connection.claimCredit()) {
      hand(data);
    } else if (data.isReadable()) {
      backlog.keep(data);
    }
    handOut();
    readIfWanted();
  }

  private void received() {
    received = true;
    limit();
  }

  /** Time begins anew for the application, unless the client is waited for. */
  private void limit() {
    if (!outflow.isWaiting()) {
      carrier.limit(limitNanos);
    }
  }

  @Override
  public void end() {
    if (!gone && !received) {
      received();
      handOut();
    }
  }

  private void readIfWanted() {
    boolean wanted = gone || (backlog.isEmpty() && connection.hasCredit());
    if (!wanted) {
      limits.pace().held();
    }
    carrier.reading(wanted);
  }

  /** Time begins anew for the application, and for the body if it has not ended. */
  private void beginWindow() {
    limits.pace().begin();
    limit();
  }

  private void handOut() {
    if (handing) {
      return;
    }
    handing = true;
    try {
      while (!backlog.isEmpty() && connection.claimCredit()) {
        ByteBuf next = backlog.take();
        try {
          hand(next);
        } finally {
          next.release();
        }
      }
      if (received && inMessage && backlog.isEmpty() && !gone) {
        inMessage = false;
        connection.signal(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
      }
    } finally {
      handing = false;
    }
  }

  private void hand(ByteBuf data) {
    int bytes = data.readableBytes();
    boolean first = !inMessage;
    inMessage = true;
    if (received) {
      limit();
    } else {
      limits.pace().received(bytes);
    }
    boolean handed = handing;
    handing = true;
    connection.signal(new LinkSignal.Frame(Payloads.copy(data), MessageFlags.of(first, false)));
    handing = handed;
    if (!gone) {
      carrier.taken(bytes);
    }
  }

  @Override
  public void lost(FailureKind kind, String how) {
    if (!gone) {
      leave();
      exit.tell(kind, "Client " + how, null);
    }
  }

  @Override
  public void lost(LinkException cause) {
    if (!gone) {
      leave();
      exit.tell(cause.kind(), String.valueOf(cause.getMessage()), cause);
    }
  }

  @Override
  public void expired() {
    if (gone) {
      carrier.reset(Reset.CANCELLED);
    } else if (outflow.isWaiting()) {
      stop(FailureKind.TIMEOUT, "Client " + outflow.reason(), Reset.CANCELLED);
    } else if (!received && limits.pace().isEnough()) {
      beginWindow();
      readIfWanted();
    } else {
      String reason = received ? BodyPace.NO_ANSWER : limits.pace().reason();
      stop(FailureKind.TIMEOUT, reason, Reset.CANCELLED);
    }
  }

  private void stop(FailureKind kind, String message, Reset reset) {
    leave();
    exit.tell(kind, message, null);
    carrier.reset(reset);
  }

  /** The server itself answers, unless an answer is under way. */
  private void refuse(ServerRefusal refusal) {
    leave();
    exit.refused(refusal.reason());
    if (stage == Stage.DUE) {
      stage = Stage.COMPLETE;
      Answer answer = new Answer(refusal.status().code(), List.of(), BodyPlan.NONE);
      carrier.head(answer, true, answerWritten);
    }
    finish(Reset.CANCELLED);
    exit.tell(refusal.kind(), "Request " + refusal.reason(), null);
  }

  /** Has a complete answer go out, soon; any other ends here. */
  private void finish(Reset otherwise) {
    if (stage == Stage.COMPLETE) {
      outflow.ignore();
      carrier.limit(TimeUnit.SECONDS.toNanos(Linger.SECONDS));
      carrier.reading(true);
      carrier.flush();
    } else {
      carrier.reset(otherwise);
    }
  }

  private void leave() {
    gone = true;
    backlog.clear();
  }

  // What the observer commands.

  @Override
  public void credited() {
    if (!gone) {
      handOut();
      readIfWanted();
    }
  }

  @Override
  public void answer(Answer head) {
    if (gone) {
      return;
    }
    if (stage != Stage.DUE) {
      stop(FailureKind.PLAN, "Answer without a request that waits for it", Reset.FAILED);
      return;
    }
    if (head.status() < HttpResponseStatus.OK.code()) {
      wrong("answer of status " + head.status() + " is none that could end a request");
      return;
    }
    beginWindow();
    ServerBody announced = new ServerBody(head, method);
    boolean last = !announced.isSent();
    body = announced;
    stage = last ? Stage.COMPLETE : Stage.BODY;
    try {
      // A head that is lost is lost with its stream, which is told.
      ChannelFutureListener written = last ? answerWritten : sent -> {};
      carrier.head(ServerBody.announced(head, listening.plan()), last, written);
    } catch (IllegalArgumentException e) {
      stop(FailureKind.PLAN, "Answer has a header that can't be sent", Reset.FAILED);
    }
  }

  @Override
  public void send(TxPiece piece) {
    if (gone) {
      return;
    }
    ServerBody announced = body;
    if (announced != null && announced.isHeadOnly()) {
      connection.signal(LinkSignal.Written.ONE);
      return;
    }
    if (announced == null || stage != Stage.BODY) {
      stop(FailureKind.PLAN, "Piece without an answer that waits for it", Reset.FAILED);
      return;
    }
    Optional<String> mismatch = announced.add(piece);
    if (mismatch.isPresent()) {
      wrong(mismatch.get());
      return;
    }
    boolean last = piece.flags().eom();
    if (last) {
      stage = Stage.COMPLETE;
    }
    ByteBuf content = Payloads.buffer(channel.alloc(), piece.payload());
    outflow.give(content, last, last ? answerWritten : pieceWritten);
  }

  private void wrong(String what) {
    exit.wrongAnswer(what);
    stop(FailureKind.PLAN, what, Reset.FAILED);
  }

  private void pieceWritten(ChannelFuture written) {
    if (written.isSuccess() && !gone) {
      beginWindow();
      connection.signal(LinkSignal.Written.ONE);
    }
  }

  private void answerWritten(ChannelFuture written) {
    if (!written.isSuccess()) {
      // Lost with its stream, which is told.
      return;
    }
    boolean told = !gone;
    leave();
    carrier.complete();
    if (told) {
      if (body != null && body.isSent()) {
        connection.signal(LinkSignal.Written.ONE);
      }
      connection.signal(LinkSignal.Event.ANSWERED);
      exit.tell(FailureKind.CLOSED, "Answered", null);
    }
  }

  @Override
  public void flush() {
    carrier.flush();
  }

  @Override
  public void ping() {
    // Http has nothing to ask with.
  }

  @Override
  public void failed(Throwable cause) {
    exit.failed(cause);
    if (!gone) {
      stop(FailureKind.PLAN, "Command failed", Reset.FAILED);
    }
  }

  @Override
  public void close(LinkClose how) {
    if (gone) {
      return;
    }
    leave();
    if (how == LinkClose.ABORT) {
      carrier.reset(Reset.FAILED);
    } else {
      finish(how == LinkClose.FAULT ? Reset.FAILED : Reset.CANCELLED);
    }
  }
}
