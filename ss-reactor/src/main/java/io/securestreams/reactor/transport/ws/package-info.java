/** WebSocket, client and the upgrade on a server. */
@NullMarked
package io.securestreams.reactor.transport.ws;

import org.jspecify.annotations.NullMarked;
