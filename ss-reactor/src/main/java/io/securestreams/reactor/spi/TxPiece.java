package io.securestreams.reactor.spi;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import java.util.Objects;

/**
 * A piece of a message to be sent.
 *
 * @param payload the bytes, possibly none
 * @param flags SOM on the first piece of a message, EOM on the last
 */
public record TxPiece(Payload payload, MessageFlags flags) {

  /** Checks the components. */
  public TxPiece {
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(flags, "flags");
  }
}
