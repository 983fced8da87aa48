/** The shell: performs the lifecycle's effects over a link; one runtime for all streams. */
@NullMarked
package io.securestreams.reactor.stream;

import org.jspecify.annotations.NullMarked;
