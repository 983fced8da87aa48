/** The plain byte stream: no framing, no transactions, start and end of message ignored. */
@NullMarked
package io.securestreams.reactor.transport.raw;

import org.jspecify.annotations.NullMarked;
