/**
 * A Spring WebFlux application between a secure stream, browsers and clients of its own listener.
 */
@NullMarked
package io.securestreams.examples.dashboard;

import org.jspecify.annotations.NullMarked;
