/** The policy's backoff as a Reactor {@code Retry}. */
@NullMarked
package io.securestreams.reactor.retry;

import org.jspecify.annotations.NullMarked;
