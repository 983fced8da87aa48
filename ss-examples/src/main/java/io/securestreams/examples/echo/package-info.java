/** A WebSocket client: messages out, messages in, one Flux. */
@NullMarked
package io.securestreams.examples.echo;

import org.jspecify.annotations.NullMarked;
