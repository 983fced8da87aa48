/** HTTP/1.1, client and server. */
@NullMarked
package io.securestreams.reactor.transport.http;

import org.jspecify.annotations.NullMarked;
