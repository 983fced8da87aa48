package io.securestreams.reactor.transport.http.h3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.transport.http.MultiplexedHeads;
import io.securestreams.reactor.transport.http.server.ServerCarrier;
import io.securestreams.reactor.transport.http.server.ServerExit;
import io.securestreams.reactor.transport.http.server.ServerListening;
import io.securestreams.reactor.transport.http.server.ServerMultiplexedHead;
import io.securestreams.reactor.transport.http.server.ServerReception;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One transaction's stream of a client's HTTP/3 connection. Lives on its event loop. */
final class H3ServerStream extends Http3RequestStreamInboundHandler implements ServerCarrier {

  private final H3ServerConnection connection;
  private final QuicStreamChannel stream;
  private final ServerListening listening;
  private final Deadline deadline;

  /** Null before the head of the request is there. */
  @Nullable private ServerReception reception;

  private boolean received;
  private boolean reading;
  private boolean ended;

  H3ServerStream(
      H3ServerConnection connection, ServerListening listening, QuicStreamChannel stream) {
    this.connection = connection;
    this.stream = stream;
    this.listening = listening;
    this.deadline = new Deadline(stream.eventLoop(), this::expired);
    deadline.arm(listening.settings().servers().head().toNanos());
  }

  // What the peer says.

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
    reading = true;
    ServerMultiplexedHead head = new ServerMultiplexedHead(frame.headers());
    if (reception != null) {
      if (!ServerMultiplexedHead.isTrailer(frame.headers())) {
        malformed("has a second head");
      }
    } else if (connection.isLeaving()) {
      reset(Reset.REFUSED);
    } else {
      begin(head);
    }
  }

  private void begin(ServerMultiplexedHead head) {
    Optional<String> flaw = head.flaw(listening.plan().upgrades());
    if (flaw.isPresent()) {
      malformed(flaw.get());
    } else {
      ServerReception begun = ServerReception.of(head, listening, stream, this);
      reception = begun;
      begun.begin(head, false);
    }
  }

  private void expired() {
    ServerReception current = reception;
    if (current == null) {
      reset(Reset.CANCELLED);
    } else {
      current.expired();
    }
  }

  private void failed(Throwable cause) {
    ServerReception current = reception;
    if (current == null) {
      ServerExit.failed(listening.plan().streamType(), stream, cause);
      reset(Reset.FAILED);
    } else {
      current.failed(cause);
    }
  }

  private void lost(FailureKind kind, String how) {
    ServerReception current = reception;
    if (current != null) {
      current.lost(kind, how);
    }
  }

  private void malformed(String how) {
    lost(FailureKind.PROTOCOL, "sent a request that " + how);
    end(Http3ErrorCode.H3_MESSAGE_ERROR);
  }

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
    reading = true;
    try {
      ServerReception current = reception;
      if (current != null) {
        current.data(frame.content(), false);
      }
    } finally {
      frame.release();
    }
  }

  @Override
  protected void channelInputClosed(ChannelHandlerContext ctx) {
    received = true;
    ServerReception current = reception;
    if (current != null) {
      current.end();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    stream.flush();
  }

  @Override
  protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
    if (exception instanceof QuicStreamResetException reset) {
      lost(FailureKind.CLOSED, "gave the request up: code " + reset.applicationProtocolCode());
      end(Http3ErrorCode.H3_REQUEST_CANCELLED);
    } else {
      exceptionCaught(FailureKind.CLOSED, exception);
    }
  }

  @Override
  protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception exception) {
    exceptionCaught(
        exception.errorCode() == Http3ErrorCode.H3_EXCESSIVE_LOAD
            ? FailureKind.LIMIT
            : FailureKind.PROTOCOL,
        exception);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof QuicException || cause instanceof Http3Exception) {
      super.exceptionCaught(ctx, cause);
    } else {
      failed(cause);
    }
  }

  private void exceptionCaught(FailureKind kind, Throwable cause) {
    lost(kind, "broke the stream: " + cause.getMessage());
    end(Http3ErrorCode.H3_MESSAGE_ERROR);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended = true;
    deadline.stop();
    connection.left();
    lost(FailureKind.CLOSED, "is gone");
    ctx.fireChannelInactive();
  }

  // What the transaction asks for.

  @Override
  public void head(Answer answer, boolean last, ChannelFutureListener written) {
    Http3Headers headers = MultiplexedHeads.answer(new DefaultHttp3Headers(false), answer);
    sent(stream.write(new DefaultHttp3HeadersFrame(headers)), last, written);
  }

  @Override
  public void piece(ByteBuf piece, boolean last, ChannelFutureListener written) {
    sent(stream.write(new DefaultHttp3DataFrame(piece)), last, written);
  }

  /** The end of the answer goes out before anybody hears that it is written. */
  private void sent(ChannelFuture sending, boolean last, ChannelFutureListener written) {
    if (last) {
      sending.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }
    sending.addListener((ChannelFutureListener) this::stopped).addListener(written);
  }

  /** What can't be written is not wanted, or has nobody to want it. */
  private void stopped(ChannelFuture sending) {
    if (!sending.isSuccess()) {
      lost(FailureKind.CLOSED, "does not want the answer");
      end(Http3ErrorCode.H3_REQUEST_CANCELLED);
    }
  }

  @Override
  public void flush() {
    if (!reading) {
      stream.flush();
    }
  }

  @Override
  public void taken(int bytes) {
    // What is read opens the window again by itself.
  }

  @Override
  public void reading(boolean wanted) {
    if (!ended && stream.config().isAutoRead() != wanted) {
      stream.config().setAutoRead(wanted);
    }
  }

  @Override
  public void limit(long nanos) {
    deadline.arm(nanos);
  }

  @Override
  public void complete() {
    if (!received) {
      // The client need not send the rest. Source: RFC 9114 section 4.1.
      stream
          .shutdownInput(Http3ErrorCode.H3_NO_ERROR.code(), stream.newPromise())
          .addListener(stopped -> Channels.close(stream));
    } else {
      Channels.close(stream);
    }
  }

  @Override
  public void reset(Reset why) {
    end(
        switch (why) {
          case CANCELLED -> Http3ErrorCode.H3_REQUEST_CANCELLED;
          case REFUSED -> Http3ErrorCode.H3_REQUEST_REJECTED;
          case FAILED -> Http3ErrorCode.H3_INTERNAL_ERROR;
        });
  }

  private void end(Http3ErrorCode code) {
    if (!ended) {
      ended = true;
      stream.shutdown(code.code(), stream.newPromise()).addListener(shut -> Channels.close(stream));
    }
  }
}
