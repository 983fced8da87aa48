/** A Spring WebFlux application that passes a stream on to browsers. */
@NullMarked
package io.securestreams.examples.webflux;

import org.jspecify.annotations.NullMarked;
