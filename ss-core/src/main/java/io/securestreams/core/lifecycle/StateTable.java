package io.securestreams.core.lifecycle;

import static io.securestreams.core.event.StreamState.ALL_RETRIES_FAILED;
import static io.securestreams.core.event.StreamState.AUTH_FAILED;
import static io.securestreams.core.event.StreamState.CONNECTED;
import static io.securestreams.core.event.StreamState.CONNECTING;
import static io.securestreams.core.event.StreamState.CREATING;
import static io.securestreams.core.event.StreamState.DESTROYING;
import static io.securestreams.core.event.StreamState.DISCONNECTED;
import static io.securestreams.core.event.StreamState.POLL;
import static io.securestreams.core.event.StreamState.QOS_ACK_LOCAL;
import static io.securestreams.core.event.StreamState.QOS_ACK_REMOTE;
import static io.securestreams.core.event.StreamState.QOS_NACK_LOCAL;
import static io.securestreams.core.event.StreamState.QOS_NACK_REMOTE;
import static io.securestreams.core.event.StreamState.SERVER_TXN;
import static io.securestreams.core.event.StreamState.SERVER_UPGRADE;
import static io.securestreams.core.event.StreamState.TIMEOUT;
import static io.securestreams.core.event.StreamState.UNREACHABLE;

import io.securestreams.core.event.StreamState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which state may be reported after which.
 *
 * <p>Written independently of {@link Lifecycle}: one decides, the other checks. Use {@link
 * RecordedState} to follow a stream; this class knows single cells only.
 *
 * <p>Source: {@code ss_state_txn_validity}, with its MQTT additions for every protocol.
 */
public final class StateTable {

  private static final Set<StreamState> FIRST =
      Collections.unmodifiableSet(EnumSet.of(CREATING, DESTROYING));

  private static final Map<StreamState, Set<StreamState>> ROWS = new EnumMap<>(StreamState.class);

  static {
    for (StreamState from : StreamState.values()) {
      ROWS.put(from, Collections.unmodifiableSet(row(from)));
    }
  }

  private StateTable() {}

  /** The states that may be reported first. */
  public static Set<StreamState> first() {
    return FIRST;
  }

  /**
   * The states that may be reported after another; states that are waved through are not listed.
   *
   * @param from the recorded state; empty for a state that is never recorded
   */
  public static Set<StreamState> after(StreamState from) {
    return ROWS.getOrDefault(from, Set.of());
  }

  /**
   * True if the state may be reported at any time and leaves no trace in the record.
   *
   * @param state the state to report
   */
  public static boolean isWavedThrough(StreamState state) {
    return switch (state) {
      case EVENT_WAIT_CANCELLED, UPSTREAM_LINK_RETRY, USER -> true;
      case CREATING,
          DISCONNECTED,
          UNREACHABLE,
          AUTH_FAILED,
          CONNECTED,
          CONNECTING,
          DESTROYING,
          POLL,
          ALL_RETRIES_FAILED,
          QOS_ACK_REMOTE,
          QOS_NACK_REMOTE,
          QOS_ACK_LOCAL,
          QOS_NACK_LOCAL,
          TIMEOUT,
          SERVER_TXN,
          SERVER_UPGRADE,
          SINK_JOIN,
          SINK_PART ->
          false;
    };
  }

  private static Set<StreamState> row(StreamState from) {
    return switch (from) {
      case CREATING -> EnumSet.of(CONNECTING, TIMEOUT, POLL, SERVER_UPGRADE, DESTROYING);
      case DISCONNECTED ->
          EnumSet.of(CONNECTING, CONNECTED, TIMEOUT, POLL, UNREACHABLE, DESTROYING);
      case UNREACHABLE ->
          EnumSet.of(
              ALL_RETRIES_FAILED, TIMEOUT, POLL, UNREACHABLE, CONNECTING, CONNECTED, DESTROYING);
      case AUTH_FAILED -> EnumSet.of(ALL_RETRIES_FAILED, TIMEOUT, CONNECTING, DESTROYING);
      case CONNECTED ->
          EnumSet.of(
              SERVER_UPGRADE,
              SERVER_TXN,
              AUTH_FAILED,
              QOS_ACK_REMOTE,
              QOS_NACK_REMOTE,
              QOS_ACK_LOCAL,
              QOS_NACK_LOCAL,
              DISCONNECTED,
              TIMEOUT,
              CONNECTING,
              POLL,
              DESTROYING);
      case CONNECTING ->
          EnumSet.of(
              UNREACHABLE,
              AUTH_FAILED,
              CONNECTING,
              CONNECTED,
              QOS_ACK_REMOTE,
              QOS_NACK_REMOTE,
              TIMEOUT,
              POLL,
              ALL_RETRIES_FAILED,
              DISCONNECTED,
              DESTROYING);
      case POLL -> EnumSet.of(CONNECTING, TIMEOUT, ALL_RETRIES_FAILED, DESTROYING);
      case ALL_RETRIES_FAILED -> EnumSet.of(CONNECTING, POLL, TIMEOUT, UNREACHABLE, DESTROYING);
      case QOS_ACK_REMOTE ->
          EnumSet.of(
              DISCONNECTED, TIMEOUT, CONNECTING, QOS_ACK_REMOTE, QOS_NACK_REMOTE, DESTROYING);
      case QOS_NACK_REMOTE ->
          EnumSet.of(DISCONNECTED, TIMEOUT, QOS_ACK_REMOTE, QOS_NACK_REMOTE, DESTROYING);
      case QOS_ACK_LOCAL -> EnumSet.of(DISCONNECTED, TIMEOUT, DESTROYING);
      case QOS_NACK_LOCAL -> EnumSet.of(TIMEOUT, DESTROYING);
      case TIMEOUT ->
          EnumSet.of(
              CONNECTING,
              CONNECTED,
              QOS_ACK_REMOTE,
              QOS_NACK_REMOTE,
              POLL,
              TIMEOUT,
              DISCONNECTED,
              UNREACHABLE,
              DESTROYING);
      case SERVER_TXN -> EnumSet.of(DISCONNECTED, TIMEOUT, SERVER_TXN, DESTROYING);
      case SERVER_UPGRADE ->
          EnumSet.of(SERVER_UPGRADE, SERVER_TXN, TIMEOUT, DISCONNECTED, DESTROYING);
      case DESTROYING, EVENT_WAIT_CANCELLED, UPSTREAM_LINK_RETRY, SINK_JOIN, SINK_PART, USER ->
          EnumSet.noneOf(StreamState.class);
    };
  }
}
