package io.securestreams.reactor.transport.ws;

import io.securestreams.core.error.FailureKind;

/** What a peer sent is not acceptable. */
final class ClientWsViolation extends Exception {

  private static final long serialVersionUID = 1L;

  static final int PROTOCOL_ERROR = 1002;
  static final int INVALID_PAYLOAD = 1007;
  static final int TOO_BIG = 1009;

  private final int code;

  ClientWsViolation(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The code of the close frame that the peer deserves. */
  int code() {
    return code;
  }

  FailureKind kind() {
    return code == TOO_BIG ? FailureKind.LIMIT : FailureKind.PROTOCOL;
  }
}
