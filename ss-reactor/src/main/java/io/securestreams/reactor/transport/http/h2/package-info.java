/** HTTP/2: connections of clients that carry many transactions. */
@NullMarked
package io.securestreams.reactor.transport.http.h2;

import org.jspecify.annotations.NullMarked;
