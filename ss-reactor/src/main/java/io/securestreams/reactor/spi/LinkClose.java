package io.securestreams.reactor.spi;

/** What the peer is told when a link is given up. */
public enum LinkClose {
  /** The application is done with it: ws code 1000. */
  NORMAL,
  /** The process goes away: ws code 1001. */
  GOING_AWAY,
  /** What the peer sent is unacceptable, or it is presumed dead: no farewell. */
  ABORT
}
