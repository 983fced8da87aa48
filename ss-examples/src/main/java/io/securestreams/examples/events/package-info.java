/** Server-sent events: an answer that has no end, for any number of clients. */
@NullMarked
package io.securestreams.examples.events;

import org.jspecify.annotations.NullMarked;
