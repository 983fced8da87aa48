/** Listening sockets: bound, secured and guarded; what is spoken on a connection is given. */
@NullMarked
package io.securestreams.reactor.transport.server;

import org.jspecify.annotations.NullMarked;
