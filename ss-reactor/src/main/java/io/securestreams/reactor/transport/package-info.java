/** The network transports of clients, by the kind of the plan. */
@NullMarked
package io.securestreams.reactor.transport;

import org.jspecify.annotations.NullMarked;
