package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.transport.server.LimitText;
import java.util.List;
import java.util.Optional;

/**
 * Why the server itself answers a request, and closes.
 *
 * @param status what the peer is told
 * @param kind what the link is told
 * @param reason one clause for logs and exceptions
 */
record ServerRefusal(HttpResponseStatus status, FailureKind kind, String reason) {

  /**
   * Looks for a reason to refuse what could not be decoded.
   *
   * @param result the decoder's verdict
   * @param headerBytes the configured limit
   */
  static Optional<ServerRefusal> of(DecoderResult result, int headerBytes) {
    if (!result.isFailure()) {
      return Optional.empty();
    }
    Throwable cause = result.cause();
    if (cause instanceof TooLongHttpLineException) {
      return Optional.of(
          tooLong(HttpResponseStatus.REQUEST_URI_TOO_LONG, "request line", headerBytes));
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Optional.of(
          tooLong(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "header block", headerBytes));
    }
    return Optional.of(malformed("cannot be decoded: " + cause.getMessage()));
  }

  /**
   * Looks for a reason to refuse a decoded head.
   *
   * @param request head of a request
   * @param bodyBytes most bytes of its body
   */
  static Optional<ServerRefusal> of(HttpRequest request, long bodyBytes) {
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return Optional.of(
          new ServerRefusal(
              HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
              FailureKind.PROTOCOL,
              "has version " + version));
    }
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() > 0)) {
      return Optional.of(malformed("has " + hosts.size() + " host headers"));
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean chunked =
        codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0));
    if (!codings.isEmpty() && (!chunked || version.minorVersion() == 0)) {
      return Optional.of(malformed("has a transfer coding that is not chunked alone"));
    }
    if (request.headers().contains(HttpHeaderNames.EXPECT)
        && !request
            .headers()
            .containsValue(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)) {
      return Optional.of(
          new ServerRefusal(
              HttpResponseStatus.EXPECTATION_FAILED,
              FailureKind.PROTOCOL,
              "expects something unknown"));
    }
    if (HttpUtil.getContentLength(request, 0L) > bodyBytes) {
      return Optional.of(tooLarge(bodyBytes));
    }
    return Optional.empty();
  }

  /** The body is longer than it may be. */
  static ServerRefusal tooLarge(long bodyBytes) {
    return new ServerRefusal(
        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
        FailureKind.LIMIT,
        "has a body longer than " + LimitText.of("bodyBytes", bodyBytes));
  }

  /** The head took too long. */
  static ServerRefusal slow(String reason) {
    return new ServerRefusal(HttpResponseStatus.REQUEST_TIMEOUT, FailureKind.TIMEOUT, reason);
  }

  /** The peer broke the protocol. */
  static ServerRefusal malformed(String reason) {
    return new ServerRefusal(HttpResponseStatus.BAD_REQUEST, FailureKind.PROTOCOL, reason);
  }

  /** What the peer is told, unless an upgrade's answer says more. */
  HttpResponse response() {
    return closing(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
  }

  /** Makes an answer without a body the last of its connection. */
  static HttpResponse closing(HttpResponse response) {
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
    return response;
  }

  private static ServerRefusal tooLong(HttpResponseStatus status, String what, int headerBytes) {
    return new ServerRefusal(
        status, FailureKind.LIMIT, "has a " + what + " longer than headerBytes = " + headerBytes);
  }
}
