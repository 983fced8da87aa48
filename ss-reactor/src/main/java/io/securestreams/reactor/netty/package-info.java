/** Shared wiring of the network transports: TLS contexts, failure kinds, payload copies. */
@NullMarked
package io.securestreams.reactor.netty;

import org.jspecify.annotations.NullMarked;
