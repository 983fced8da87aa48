/** One listener that answers http requests and WebSocket messages. */
@NullMarked
package io.securestreams.examples.server;

import org.jspecify.annotations.NullMarked;
