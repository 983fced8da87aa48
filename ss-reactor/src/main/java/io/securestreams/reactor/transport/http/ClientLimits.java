package io.securestreams.reactor.transport.http;

import io.securestreams.reactor.spi.TransportSettings;
import java.time.Clock;

/**
 * Times that hold for all transactions.
 *
 * @param responseNanos longest wait for an answer, in ns
 * @param inactivityNanos longest pause inside a response that is being read, in ns
 * @param clock is asked when a response says until when to wait and has no date of its own
 */
record ClientLimits(long responseNanos, long inactivityNanos, Clock clock) {

  /** There is no limit. */
  static final long NONE = 0;

  static ClientLimits of(TransportSettings settings, Clock clock) {
    return new ClientLimits(settings.response().toNanos(), settings.inactivity().toNanos(), clock);
  }

  /** How long the peer may give no sign, in ns: {@link #NONE} while it is not waited for. */
  long nanos(ClientRequest request, ClientResponse response) {
    if (!response.begun()) {
      return request.waitsForPeer() ? responseNanos : NONE;
    }
    return response.wanted() && !request.longPoll() ? inactivityNanos : NONE;
  }
}
