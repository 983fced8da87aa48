package io.securestreams.reactor.transport.ws;

import io.securestreams.reactor.spi.TransportSettings;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an open WebSocket speaks.
 *
 * @param text whether messages are sent as text
 * @param settings limits of what is received
 * @param compression what was agreed on; empty if nothing is compressed
 */
record WsTerms(boolean text, TransportSettings settings, Optional<WsCompression> compression) {

  /** Checks the components. */
  WsTerms {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(compression, "compression");
  }

  /** Compresses what a side sends; null if nothing does. */
  @Nullable WsDeflater deflater(WsChannel.Side side) {
    return compression.map(agreed -> new WsDeflater(agreed.keeps(side))).orElse(null);
  }

  /** Expands what a side receives; null if nothing does. */
  @Nullable WsInflater inflater(WsChannel.Side side) {
    return compression.map(agreed -> new WsInflater(agreed.keeps(side.other()))).orElse(null);
  }
}
