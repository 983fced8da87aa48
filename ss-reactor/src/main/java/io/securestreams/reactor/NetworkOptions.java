package io.securestreams.reactor;

import io.securestreams.reactor.spi.TlsEngine;
import java.util.Objects;

/**
 * What the network transports may do and with what.
 *
 * @param fileEndpoints whether a policy may name files as endpoints
 * @param tlsEngine what encrypts
 */
record NetworkOptions(boolean fileEndpoints, TlsEngine tlsEngine) {

  /** No files, and the fastest engine that is there. */
  static final NetworkOptions DEFAULTS = new NetworkOptions(false, TlsEngine.NATIVE_IF_PRESENT);

  /** Checks the components. */
  NetworkOptions {
    Objects.requireNonNull(tlsEngine, "tlsEngine");
  }

  NetworkOptions withFileEndpoints(boolean permitted) {
    return new NetworkOptions(permitted, tlsEngine);
  }

  NetworkOptions withTlsEngine(TlsEngine engine) {
    return new NetworkOptions(fileEndpoints, engine);
  }
}
