package io.securestreams.reactor.stream;

import io.securestreams.reactor.spi.Link;
import org.jspecify.annotations.Nullable;

/** What the application says about the peer's credit; any thread. */
final class PeerCredit {

  private static final long AUTOMATIC = 0;

  private volatile long initial = AUTOMATIC;
  @Nullable private volatile Link link;

  /**
   * The application grants by itself, from the next link on.
   *
   * @param bytes granted at the beginning
   */
  void manual(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "manual credit must begin with 1 byte or more, not " + bytes);
    }
    initial = bytes;
  }

  /** A link that is about to start. */
  void begun(Link starting) {
    long bytes = initial;
    if (bytes != AUTOMATIC) {
      starting.manualTxCredit(bytes);
    }
    link = starting;
  }

  /** The link is gone. */
  void ended() {
    link = null;
  }

  void add(long bytes) {
    Link current = link;
    if (current != null && bytes > 0) {
      current.addPeerTxCredit(bytes);
    }
  }

  long estimate() {
    Link current = link;
    return current == null ? 0 : current.estimatedPeerTxCredit();
  }
}
