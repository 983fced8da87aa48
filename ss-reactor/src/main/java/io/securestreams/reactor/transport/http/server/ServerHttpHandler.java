package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.netty.Linger;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.server.ServerRequests.Stage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The http phase of an accepted connection.
 *
 * <p>The socket is read by explicit request only: for a head, for a body if there is credit, and
 * while an answer is awaited, to see the peer leave.
 */
final class ServerHttpHandler extends ChannelInboundHandlerAdapter
    implements ServerPhase, ServerRequests.Receiver {

  private final ServerListening listening;
  private final Channel channel;
  private final ServerConnection connection;
  private final ServerRequests requests;
  private final ServerAnswer answer;
  private final ServerExit exit;
  private final ServerFlush flush;
  private final ServerPatience patience;

  private boolean accepted;
  private int served;
  private boolean sawMessage;
  private boolean readPending;
  private boolean headLater;
  private boolean awaitsContinue;
  private boolean closesWhenWritten;
  @Nullable private Throwable failure;

  /**
   * The handler of a channel.
   *
   * @param listening what all connections of the listener share
   * @param channel the accepted channel
   * @param encoder the channel's encoder
   */
  ServerHttpHandler(ServerListening listening, Channel channel, ServerResponseEncoder encoder) {
    this.listening = listening;
    this.channel = channel;
    this.connection = new ServerConnection(channel, listening.plan().streamType(), this);
    this.requests = new ServerRequests(connection, listening, this);
    this.answer =
        new ServerAnswer(listening, channel, encoder, this::pieceWritten, this::answerWritten);
    this.exit = new ServerExit(connection);
    this.flush = new ServerFlush(channel);
    this.patience = new ServerPatience(channel, listening.settings(), this::timedOut);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    accept();
    channel.read();
  }

  /** Begins within a batch of received messages; maybe a head has begun there, too. */
  void takeOver(boolean began) {
    sawMessage = !began;
    accept();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      exit.close();
    }
    ReferenceCountUtil.release(event);
  }

  private void accept() {
    accepted = true;
    Optional<LinkObserver> observer = listening.acceptor().accept(connection);
    observer.ifPresent(connection::observedBy);
    if (observer.isEmpty()) {
      requests.gone();
      exit.close();
    } else if (!requests.isGone()) {
      patience.forRequest();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    flush.batchBegins();
    sawMessage = true;
    if (message instanceof HttpObject object && channel.isActive()) {
      requests.add(object);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readPending = false;
    if (!sawMessage && accepted && requests.stage() == Stage.HEAD) {
      patience.forHead();
    }
    sawMessage = false;
    flush.batchEnds();
    flush();
    readIfWanted();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone();
    exit.tell(FailureKind.CLOSED, "Client is gone", failure);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failure = cause;
    exit.failed(cause);
    exit.close();
  }

  private void readIfWanted() {
    if (flush.isHeld() || readPending || requests.isGone()) {
      return;
    }
    if (!requests.isTaken() || (requests.stage() == Stage.BODY && !connection.hasCredit())) {
      patience.bodyHeld();
      return;
    }
    if (requests.stage() == Stage.BODY && awaitsContinue) {
      awaitsContinue = false;
      channel.write(ServerAnswer.interim()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      flush.flushWritten();
    }
    readPending = true;
    channel.read();
  }

  // What was received.

  @Override
  public void head(HttpRequest request) {
    awaitsContinue = HttpUtil.is100ContinueExpected(request);
    answer.expect(request);
    if (++served == listening.settings().servers().requests()) {
      answer.closes();
    }
    patience.forBody();
    connection.signal(
        new LinkSignal.Transaction(request.method().name(), listening.metadata().of(request)));
  }

  @Override
  public void received(int bytes) {
    awaitsContinue = false;
    if (requests.stage() == Stage.BODY) {
      patience.bodyCame(bytes);
    } else {
      patience.forAnswer();
    }
  }

  @Override
  public void upgrade(HttpRequest request) {
    HttpResponse response = listening.upgrade().answer(request, listening.plan());
    if (response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
      refuse(
          ServerRefusal.closing(response),
          ServerRefusal.malformed("asks for an upgrade that can't be had"));
      return;
    }
    boolean inBatch = flush.isHeld();
    gone();
    channel.write(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    channel.pipeline().remove(ServerResponseEncoder.class);
    ServerPhase next =
        listening
            .upgrade()
            .takeOver(connection, channel, listening.plan(), new ServerSingleHead(request));
    connection.speak(next);
    connection.signal(new LinkSignal.Upgraded(listening.metadata().of(request)));
    channel.pipeline().remove(this);
    // What the decoder holds goes on to the new handlers.
    channel.pipeline().remove(HttpRequestDecoder.class);
    if (!inBatch) {
      channel.pipeline().fireChannelReadComplete();
    }
  }

  @Override
  public void refuse(ServerRefusal refusal) {
    refuse(refusal.response(), refusal);
  }

  private void refuse(HttpResponse response, ServerRefusal refusal) {
    boolean answering = requests.stage() == Stage.BODY && !answer.isDue();
    exit.refused(refusal.reason());
    linger(channel.writeAndFlush(answering ? Unpooled.EMPTY_BUFFER : response));
    exit.tell(refusal.kind(), "Request " + refusal.reason(), null);
  }

  @Override
  public void drained(boolean over) {
    if (over) {
      patience.forRequest();
    } else {
      exit.tell(FailureKind.CLOSED, "Unread body is too long", null);
      linger(channel.newSucceededFuture());
    }
  }

  // Ends.

  private void timedOut() {
    String reason = patience.reason();
    if (patience.isForHead()) {
      refuse(ServerRefusal.slow(reason));
    } else {
      stop(FailureKind.TIMEOUT, reason);
    }
  }

  private void stop(FailureKind kind, String message) {
    gone();
    exit.tell(kind, message, null);
    exit.close();
  }

  private void linger(ChannelFuture lastWords) {
    gone();
    exit.linger(this, lastWords);
  }

  private void gone() {
    patience.stop();
    requests.gone();
  }

  // What the observer commands.

  @Override
  public void credited() {
    requests.take();
    readIfWanted();
  }

  @Override
  public void answer(Answer head) {
    if (requests.isGone()) {
      return;
    }
    if (!answer.isDue()) {
      stop(FailureKind.PLAN, "Answer without a request that waits for it");
      return;
    }
    patience.forAnswer();
    if (awaitsContinue) {
      // The client may send the body or not: the next request can't be found.
      awaitsContinue = false;
      answer.closes();
    }
    try {
      answer.begin(head);
      if (!answer.holdsHead()) {
        flush.written();
      }
    } catch (IllegalArgumentException e) {
      stop(FailureKind.PLAN, "Answer has a header that can't be sent");
    }
  }

  @Override
  public void send(TxPiece piece) {
    if (requests.isGone()) {
      return;
    }
    if (!answer.isOpen() && answer.swallows()) {
      connection.signal(LinkSignal.Written.ONE);
      return;
    }
    if (!answer.isOpen()) {
      stop(FailureKind.PLAN, "Piece without an answer that waits for it");
      return;
    }
    Optional<String> mismatch = answer.add(piece);
    flush.written();
    if (mismatch.isPresent()) {
      exit.wrongAnswer(mismatch.get());
      stop(FailureKind.PLAN, mismatch.get());
    }
  }

  @Override
  public void flush() {
    if (!answer.holdsHead()) {
      flush.flush();
    } else if (!headLater && !flush.isHeld()) {
      // Its first piece may be on the way: head and piece in one packet.
      headLater = true;
      channel.eventLoop().execute(this::flushHead);
    }
  }

  private void flushHead() {
    headLater = false;
    if (!requests.isGone() && answer.holdsHead()) {
      answer.writeHead();
      flush.flushWritten();
    }
  }

  private void pieceWritten(ChannelFuture written) {
    if (written.isSuccess()) {
      patience.forAnswer();
      connection.signal(LinkSignal.Written.ONE);
    }
  }

  private void answerWritten(ChannelFuture written) {
    if (requests.isGone() || !written.isSuccess()) {
      if (closesWhenWritten) {
        exit.close();
      }
      return;
    }
    boolean received = requests.stage() == Stage.ANSWER;
    boolean persistent = answer.isPersistent();
    boolean body = answer.hasBody();
    answer.forget();
    requests.answered();
    if (body) {
      connection.signal(LinkSignal.Written.ONE);
    }
    connection.signal(LinkSignal.Event.ANSWERED);
    if (requests.isGone()) {
      return;
    }
    if (!persistent) {
      exit.tell(FailureKind.CLOSED, "Answered, as the last request", null);
      // A peer that still sends must not lose the answer to a reset.
      linger(channel.newSucceededFuture());
      return;
    }
    if (received) {
      patience.forRequest();
    } else {
      patience.forRest();
    }
    requests.take();
    readIfWanted();
  }

  @Override
  public void ping() {
    // Http has nothing to ask with.
  }

  @Override
  public void failed(Throwable cause) {
    channel.pipeline().fireExceptionCaught(cause);
  }

  @Override
  public void close(LinkClose how) {
    if (requests.isGone()) {
      return;
    }
    gone();
    if (answer.isComplete() && how != LinkClose.ABORT) {
      closesWhenWritten = true;
      channel.flush();
      channel
          .eventLoop()
          .schedule(exit::close, Linger.SECONDS, TimeUnit.SECONDS)
          .addListener(timer -> {});
    } else {
      exit.close();
    }
  }
}
