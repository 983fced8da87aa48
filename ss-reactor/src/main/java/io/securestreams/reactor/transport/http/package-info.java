/** Clients of every version of http, with the connections of HTTP/1.1. */
@NullMarked
package io.securestreams.reactor.transport.http;

import org.jspecify.annotations.NullMarked;
