/** HTTP/3 over QUIC: connections of clients that carry many transactions. */
@NullMarked
package io.securestreams.reactor.transport.http.h3;

import org.jspecify.annotations.NullMarked;
