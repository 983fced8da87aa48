package io.securestreams.reactor.transport.http.h2;

import io.netty.handler.codec.http2.Http2Error;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Target;
import io.securestreams.reactor.transport.http.SharedConnection;

/**
 * What goes wrong on an h2 connection, in words.
 *
 * @param target the peer
 */
record H2Failures(Target target) {

  /** The peer broke a rule. */
  LinkException protocol(String what) {
    return failure(FailureKind.PROTOCOL, what);
  }

  /** The peer went past a limit of ours. */
  LinkException limit(String what) {
    return failure(FailureKind.LIMIT, what);
  }

  /** The peer did not answer a PING in time. */
  LinkException silent() {
    return failure(FailureKind.TIMEOUT, "does not answer a PING");
  }

  /** The connection ended. */
  LinkException closed() {
    return failure(FailureKind.CLOSED, "closed the connection");
  }

  /** The peer gave one stream up. */
  LinkException reset(long code) {
    return code == Http2Error.HTTP_1_1_REQUIRED.code()
        ? protocol(SharedConnection.HTTP_1_1_REQUIRED)
        : failure(kind(code), "gave the stream up: " + name(code));
  }

  /** The peer takes no more streams, this one included. */
  LinkException goneAway(long code) {
    return code == Http2Error.HTTP_1_1_REQUIRED.code()
        ? protocol(SharedConnection.HTTP_1_1_REQUIRED)
        : failure(kind(code), "goes away before it takes the request: " + name(code));
  }

  private static FailureKind kind(long code) {
    Http2Error error = Http2Error.valueOf(code);
    if (error == Http2Error.ENHANCE_YOUR_CALM) {
      return FailureKind.LIMIT;
    }
    return error == Http2Error.NO_ERROR
            || error == Http2Error.CANCEL
            || error == Http2Error.REFUSED_STREAM
        ? FailureKind.CLOSED
        : FailureKind.PROTOCOL;
  }

  /** The name of an error code of h2. */
  static String name(long code) {
    Http2Error error = Http2Error.valueOf(code);
    return error == null ? "error " + code : error.name();
  }

  private LinkException failure(FailureKind kind, String what) {
    String peer = target.toString();
    return new LinkException(kind, peer + " " + what, peer, null);
  }
}
