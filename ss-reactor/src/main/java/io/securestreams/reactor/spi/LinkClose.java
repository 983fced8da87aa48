package io.securestreams.reactor.spi;

/** What the peer is told when a link is given up. */
public enum LinkClose {
  /** The application is done with it: ws code 1000. */
  NORMAL,
  /** The process goes away: ws code 1001. */
  GOING_AWAY,
  /** The application failed: ws code 1011, and an internal error of h2 and h3. */
  FAULT,
  /** What the peer sent is unacceptable, or it is presumed dead: no farewell. */
  ABORT
}
