package io.securestreams.core.event;

/**
 * What a {@code StreamHandler} callback asks for. Source: {@code lws_ss_state_return_t} ({@code
 * LWSSSSRET_*}).
 */
public enum StreamReturn {
  /** Go on. */
  OK(0),
  /** From a tx callback: nothing to send now. Elsewhere the same as {@link #OK}. */
  TX_DONT_SEND(1),
  /** Close the connection; the usual reconnect rules apply. */
  DISCONNECT_ME(-1),
  /** Destroy the stream. */
  DESTROY_ME(-2),
  /** This callback already called {@code destroy()}; has no wire code of its own. */
  HANDLE_DESTROYED(-2);

  private final int code;

  StreamReturn(int code) {
    this.code = code;
  }

  /** The reference's number. */
  public int code() {
    return code;
  }

  /** True if the stream is to be destroyed. */
  public boolean destroys() {
    return this == DESTROY_ME || this == HANDLE_DESTROYED;
  }
}
