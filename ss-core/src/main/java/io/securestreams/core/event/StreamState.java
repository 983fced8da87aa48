package io.securestreams.core.event;

import java.util.Optional;

/**
 * The states of a secure stream, with the reference's names and codes.
 *
 * <p>Codes travel on the proxy link, so they never change; use {@link #code()}, never {@link
 * #ordinal()}. Source: {@code lws_ss_constate_t} ({@code LWSSSCS_*}).
 */
public enum StreamState {
  /** The stream exists; metadata can be set and requests made from here on. */
  CREATING(1),
  /** An established connection is gone. */
  DISCONNECTED(2),
  /** An attempt failed before CONNECTED. */
  UNREACHABLE(3),
  /** The peer refused the stream's credentials, or they were missing. */
  AUTH_FAILED(4),
  /** The connection is usable; over http: the response headers are there. */
  CONNECTED(5),
  /** An attempt starts. */
  CONNECTING(6),
  /** The last event of the stream. */
  DESTROYING(7),
  /** Something is to be sent and there is no connection; an attempt follows. */
  POLL(8),
  /** The series of attempts ended without success; the stream is idle. */
  ALL_RETRIES_FAILED(9),
  /** The peer confirmed: an http success status, an MQTT acknowledgement. */
  QOS_ACK_REMOTE(10),
  /** The peer refused, or did not confirm. */
  QOS_NACK_REMOTE(11),
  /** The local proxy confirmed; reserved by the reference. */
  QOS_ACK_LOCAL(12),
  /** The local proxy refused; reserved by the reference. */
  QOS_NACK_LOCAL(13),
  /** The stream's own timer expired. */
  TIMEOUT(14),
  /** A request arrived at an accepted stream; decide how to answer. */
  SERVER_TXN(15),
  /** The http connection of an accepted stream, or the one h2 or h3 stream, became a WebSocket. */
  SERVER_UPGRADE(16),
  /** Somebody woke the event loop on purpose. */
  EVENT_WAIT_CANCELLED(17),
  /** The link to the proxy is not up yet. */
  UPSTREAM_LINK_RETRY(18),
  /** A source wants to join a local sink. */
  SINK_JOIN(19),
  /** A source left a local sink. */
  SINK_PART(20),
  /** A state that the policy defines through {@code http_resp_map}; its code is its own. */
  USER(1000);

  /** The first code of user states. Source: {@code LWSSSCS_USER_BASE}. */
  public static final int USER_BASE = 1000;

  private static final StreamState[] BY_CODE = new StreamState[21];

  static {
    for (StreamState state : values()) {
      if (state != USER) {
        BY_CODE[state.code] = state;
      }
    }
  }

  private final int code;

  StreamState(int code) {
    this.code = code;
  }

  /** The wire code; for {@link #USER} the first of the user codes. */
  public int code() {
    return code;
  }

  /**
   * The state of a wire code.
   *
   * @param code 1 to 20, or 1000 and above
   * @return the state, {@link #USER} for 1000 and above, empty for any other code
   */
  public static Optional<StreamState> of(int code) {
    if (code >= USER_BASE) {
      return Optional.of(USER);
    }
    return code > 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }
}
