/** HTTP/1.1 servers, and what their connections may be upgraded to. */
@NullMarked
package io.securestreams.reactor.transport.http.server;

import org.jspecify.annotations.NullMarked;
