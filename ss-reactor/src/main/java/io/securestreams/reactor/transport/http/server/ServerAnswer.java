package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.TxPiece;
import java.util.List;
import java.util.Optional;

/**
 * Writes the answers of a connection, one after the other, without flushing. The head waits for the
 * first piece, so that a small answer is one buffer. Used on the connection's event loop.
 */
final class ServerAnswer {

  /** Where the current answer stands. */
  private enum Stage {
    /** No request waits. */
    NONE,
    /** A request waits. */
    DUE,
    /** The head is known and not written. */
    HEAD,
    /** The head is written, pieces follow. */
    BODY,
    /** Everything is written. */
    COMPLETE
  }

  private static final HttpResponse NO_RESPONSE =
      new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);

  private static final ServerBody NO_BODY =
      new ServerBody(new Answer(HttpResponseStatus.OK.code(), List.of(), BodyPlan.NONE), "");

  private final Channel channel;
  private final ServerResponseEncoder encoder;
  private final boolean endsByClosing;
  private final ChannelFutureListener pieceWritten;
  private final ChannelFutureListener answerWritten;

  private Stage stage = Stage.NONE;
  private boolean persistent = true;
  private boolean oldProtocol;
  private String method = "";
  private HttpResponse head = NO_RESPONSE;
  private ServerBody body = NO_BODY;

  /**
   * No answer.
   *
   * @param listening says whether lengths are told; else bodies end with the connection
   * @param channel where to write
   * @param encoder the channel's encoder
   * @param pieceWritten told when a piece that is not the last is written
   * @param answerWritten told when an answer's last byte is written
   */
  ServerAnswer(
      ServerListening listening,
      Channel channel,
      ServerResponseEncoder encoder,
      ChannelFutureListener pieceWritten,
      ChannelFutureListener answerWritten) {
    this.channel = channel;
    this.encoder = encoder;
    this.endsByClosing = listening.plan().contentLength() == HttpSettings.ContentLength.NEVER;
    this.pieceWritten = pieceWritten;
    this.answerWritten = answerWritten;
  }

  /** The answer that asks for the body of a request. */
  static HttpResponse interim() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /**
   * Expects the answer to a request.
   *
   * @param request head of the request
   */
  void expect(HttpRequest request) {
    stage = Stage.DUE;
    persistent = HttpUtil.isKeepAlive(request);
    oldProtocol = request.protocolVersion().minorVersion() == 0;
    method = request.method().name();
  }

  /** The connection can't be used for another request. */
  void closes() {
    persistent = false;
  }

  /** True if another request may follow. */
  boolean isPersistent() {
    return persistent;
  }

  /** True if a request waits and nothing of its answer is known. */
  boolean isDue() {
    return stage == Stage.DUE;
  }

  /** True if pieces are expected. */
  boolean isOpen() {
    return stage == Stage.HEAD || stage == Stage.BODY;
  }

  /** True if the head is not written yet, although it is known. */
  boolean holdsHead() {
    return stage == Stage.HEAD;
  }

  /** True if all is written, but maybe not flushed. */
  boolean isComplete() {
    return stage == Stage.COMPLETE;
  }

  /** True if pieces of the latest answer, of which only the head is sent, may still come. */
  boolean swallows() {
    return body.isHeadOnly();
  }

  /** True if a last piece was sent. */
  boolean hasBody() {
    return body.isSent();
  }

  /** The current answer is done with. */
  void forget() {
    stage = Stage.NONE;
    head = NO_RESPONSE;
  }

  /**
   * Starts the answer.
   *
   * @param answer status, headers, framing
   * @throws IllegalArgumentException if a header can't be sent
   */
  void begin(Answer answer) {
    body = new ServerBody(answer, method);
    HttpResponseStatus status = HttpResponseStatus.valueOf(answer.status());
    head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    HttpHeaders headers = head.headers();
    for (Header header : answer.headers()) {
      headers.add(header.name(), header.value());
    }
    frame(headers, answer.status());
    if (!body.isSent()) {
      stage = Stage.COMPLETE;
      write(full(Unpooled.EMPTY_BUFFER)).addListener(answerWritten);
    } else {
      stage = Stage.HEAD;
    }
  }

  private void frame(HttpHeaders headers, int status) {
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    if (status < 200
        || headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
      persistent = false;
    }
    switch (body.plan().kind()) {
      case NONE -> {
        if (endsByClosing) {
          persistent &= body.isHeadOnly();
        } else if (status != 304) {
          headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
      }
      case LENGTH ->
          headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(body.plan().length()));
      case CHUNKED -> {
        if (oldProtocol || endsByClosing) {
          persistent = false;
        } else {
          headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
      }
    }
    if (!persistent) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldProtocol) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /**
   * Adds a piece.
   *
   * @param piece the next piece of the body
   * @return what is wrong with it, in which case nothing was written; empty if nothing is
   */
  Optional<String> add(TxPiece piece) {
    Optional<String> mismatch = body.add(piece);
    if (mismatch.isPresent()) {
      return mismatch;
    }
    boolean last = piece.flags().eom();
    ByteBuf content = Payloads.buffer(channel.alloc(), piece.payload());
    if (!last) {
      writeHead();
      write(new DefaultHttpContent(content)).addListener(pieceWritten);
    } else {
      boolean whole = stage == Stage.HEAD;
      stage = Stage.COMPLETE;
      write(whole ? full(content) : new DefaultLastHttpContent(content)).addListener(answerWritten);
    }
    return Optional.empty();
  }

  /** Writes the head, if it waits for the first piece. */
  void writeHead() {
    if (stage == Stage.HEAD) {
      stage = Stage.BODY;
      encoder.headOnly(false);
      write(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  private DefaultFullHttpResponse full(ByteBuf content) {
    encoder.headOnly(body.isHeadOnly());
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        head.status(),
        content,
        head.headers(),
        LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders());
  }

  private ChannelFuture write(Object message) {
    return channel.write(message);
  }
}
