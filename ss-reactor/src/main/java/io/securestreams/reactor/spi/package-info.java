/** The seam between streams and transports: links, their signals and who may make them. */
@NullMarked
package io.securestreams.reactor.spi;

import org.jspecify.annotations.NullMarked;
