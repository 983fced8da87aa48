package io.securestreams.reactor.transport.raw;

import io.securestreams.core.error.LinkException;

/** How the end of a byte stream is told, by the side that it is on. */
interface RawEnds {

  /** The connection failed. */
  LinkException failure(Throwable cause);

  /** The peer closed the connection. */
  LinkException left();
}
